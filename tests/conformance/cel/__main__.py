"""``python -m tests.conformance.cel FOLDER [--list-failures] [--file NAME]``.

Runs every fact of the files in a folder and ends with the line ``passed N of M``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.conformance.cel.reading import facts
from tests.conformance.cel.runner import failure


def main() -> int:
    """Print what fails and how many facts hold; 0 when all do."""
    options = argparse.ArgumentParser(prog="python -m tests.conformance.cel", description=__doc__)
    options.add_argument("folder", type=Path, help="a folder of *.jsonl files")
    options.add_argument("--list-failures", action="store_true", help="say why each fact fails")
    options.add_argument("--file", help="only the facts of this file, without its ending")
    given = options.parse_args()
    passed: dict[str, list[bool]] = {}
    for fact in facts(given.folder, given.file):
        why = failure(fact)
        passed.setdefault(fact.file, []).append(why is None)
        if why is not None and given.list_failures:
            sys.stdout.write(f"{fact.name}: {fact.expression}\n    {why}\n")
    for file, results in passed.items():
        sys.stdout.write(f"{file}: {sum(results)} of {len(results)}\n")
    everything = [result for results in passed.values() for result in results]
    sys.stdout.write(f"passed {sum(everything)} of {len(everything)}\n")
    return 0 if everything and all(everything) else 1


if __name__ == "__main__":
    sys.exit(main())
