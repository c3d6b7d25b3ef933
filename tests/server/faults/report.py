"""``python -m tests.server.faults.report``: tries all faults and writes docs/reliability.md.

With names of parts, such as ``overload``, those are tried and the others stay as they are;
``--requests N`` is how many ``endurance`` asks.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.machine import environment
from tests.server.faults import __main__ as faults
from tests.server.faults import changes, endurance, overload

__all__ = ["PAGE", "main"]

PAGE: Final = Path(__file__).parents[3] / "docs" / "reliability.md"

_HEAD: Final = """\
# Reliability

What happens to decisions when something happens to the service. Written by `python -m
tests.server.faults.report`; not to be edited by hand. Each fault is a real one, done to real
processes under load, and the small versions of all of them are tests.

"""

_TAIL: Final = """\
## Bad input

`tests/server/` holds the service to an answer in a sentence, and never a 5xx, for: bodies that
are too long, too slow, announced and not sent, nested too deep, no JSON, not UTF-8, with
duplicate keys or NaN; wrong types in every field; header bombs, repeated headers, bytes that are
no text; half-open connections by the thousand; expired, unsigned and foreign tokens; requests
made by schemathesis from the OpenAPI document.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page: its title, what prints its table, the text around that."""

    title: str
    run: Callable[[Sequence[str]], int]
    text: str


PARTS: Final[Mapping[str, Part]] = {
    "log": Part(
        "The decision log",
        lambda _: faults.main([]),
        """\
Clients ask as fast as they are answered. *Told* is how many decisions they were given, *refused*
how many requests were answered with 503, *records* how many decisions the log has in the end. A
decision that was told and is not in the log would be *lost*. Records may be more than told: a
process that is killed has written some that nobody heard of. The chain is that of the records'
hashes, verified over all files.

{table}
`killed` is `kill -9` in the midst of requests, with `--durability strict`; a full disk is a limit
on the size of files; the folder of the log is taken away and put back.
""",
    ),
    "changes": Part(
        "Policies that change",
        lambda _: changes.main([]),
        """\
Four clients ask two workers while the policies are harmed and mended. *Other answers* would be
any but the decision that the last good policies or the next ones give, *mixed* a version that
answered with a rule of another.

{table}""",
    ),
    "overload": Part(
        "More than it can do",
        lambda _: overload.main([]),
        """\
Clients ask for decisions over a connection each, as fast as they are answered, each decided anew;
service (one worker) and clients have a core each. Beyond `limits.queue` requests that wait, the
service answers with 503 and `Retry-After: 1`; *refused ask again* says whether clients heed that.
*Answers* are decisions, with how long they took, *refused* is followed by how long a refusal took.

{table}
Without the limit all are answered, and all late: each waits for all others. With it, who is
accepted waits for the queue, and for the refusals beside it. Those have their price, which clients
that ask again at once take from the others.
""",
    ),
    "endurance": Part(
        "For long",
        endurance.main,
        """\
64 clients ask a service with a buffered log, no two requests alike. *Memory* is what the process
holds after so many requests, its 4,096 remembered answers with it; *more* is by how much it grew
since the line before, for each 100,000 requests. `python -m tests.server.faults.endurance
--requests N` does this alone.

{table}""",
    ),
}


def main(arguments: list[str] | None = None) -> int:
    """Writes the page; 1 if anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.server.faults.report")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART")
    parser.add_argument("--requests", metavar="N", default="1000000")
    options = parser.parse_args(arguments)
    chosen: list[str] = options.parts or list(PARTS)
    told = _sections(PAGE.read_text("utf-8"))
    about = environment()
    failed = False
    for name in chosen:
        part = PARTS[name]
        printed = io.StringIO()
        with redirect_stdout(printed):
            failed = bool(part.run(["--requests", options.requests])) or failed
        text = part.text.format(table=printed.getvalue())
        told[part.title] = f"{text}\n{about['machine']}, commit {about['commit']}.\n\n"
    titles = [part.title for part in PARTS.values() if part.title in told]
    body = "".join(f"## {title}\n\n{told[title]}" for title in titles)
    PAGE.write_text(f"{_HEAD}{body}{_TAIL}", "utf-8")
    return int(failed)


def _sections(page: str) -> dict[str, str]:
    """The sections of the page by their titles."""
    found = {}
    for section in page.split("\n## ")[1:]:
        title, _, text = section.partition("\n\n")
        found[title] = f"{text}\n"
    return found


if __name__ == "__main__":
    sys.exit(main())
