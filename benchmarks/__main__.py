"""The command: ``python -m benchmarks [NAME] [--json FILE] [--quick]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.results import text
from benchmarks.running import measure
from benchmarks.settings import Settings

__all__ = ["BENCHMARKS", "main"]

BENCHMARKS: Final = {
    "decide": "one decision: ours, by hand, and by other engines",
    "growth": "12 to 100,000 rules: load, first and steady decision, memory",
    "load": "loading a pack against reading its YAML alone",
    "timestamps": "reading RFC 3339 text against datetime.fromisoformat",
    "messages": "reasons in words, in two languages",
    "explain": "a decision with the value of every sub-expression",
    "check": "finding every problem of the licence pack",
    "suites": "the cases of a suite, against deciding their requests",
    "http": "the service against uvicorn with a constant, and with a decision by hand",
    "log": "records a second of the decision log, strict and buffered",
    "playground": "from a key press to what it changes in the page, and what a visit loads",
    "process": "the command line as a process of its own",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one benchmark, or list them."""
    options = _parser().parse_args(arguments)
    if options.name is None:
        width = max(map(len, (*BENCHMARKS, "report")))
        lines = [f"{name:{width}}  {what}" for name, what in BENCHMARKS.items()]
        lines.append(f"{'report':{width}}  all of them, written to docs/performance.md")
        sys.stdout.write("\n".join(lines) + "\n")
        return 0
    settings = Settings(quick=options.quick, requests=options.requests, peers=options.peers)
    if options.name == "report":
        from benchmarks.report import run

        return run(settings, options.folder)
    result, told = measure(options.name, settings)
    sys.stdout.write(text(result, told["environment"]))
    if options.json:
        options.json.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=(*BENCHMARKS, "report"), metavar="NAME")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--quick", action="store_true", help="fewer requests and rounds")
    parser.add_argument("--requests", type=int, metavar="N", help="how many requests to decide")
    parser.add_argument(
        "--no-peers", dest="peers", action="store_false", help="leave other engines out"
    )
    parser.add_argument(
        "--folder", type=Path, help="for the report: read the JSON files there, run nothing"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
