"""``python -m tests.server.faults.report``: tries all faults and writes docs/reliability.md."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Final

from benchmarks.machine import environment
from tests.server.faults import __main__ as faults
from tests.server.faults import changes, endurance, overload

__all__ = ["PAGE", "main"]

PAGE: Final = Path(__file__).parents[3] / "docs" / "reliability.md"

_TEXT: Final = """\
# Reliability

What happens to decisions when something happens to the service. Written by `python -m
tests.server.faults.report`; not to be edited by hand. Each fault is a real one, done to real
processes under load, and the small versions of all of them are tests.

{machine}, commit {commit}.

## The decision log

Clients ask as fast as they are answered. *Told* is how many decisions they were given, *refused*
how many requests were answered with 503, *records* how many decisions the log has in the end. A
decision that was told and is not in the log would be *lost*. Records may be more than told: a
process that is killed has written some that nobody heard of. The chain is that of the records'
hashes, verified over all files.

{log}
`killed` is `kill -9` in the midst of requests, with `--durability strict`; a full disk is a limit
on the size of files; the folder of the log is taken away and put back.

## Policies that change

Four clients ask two workers while the policies are harmed and mended. *Other answers* would be
any but the decision that the last good policies or the next ones give, *mixed* a version that
answered with a rule of another.

{changes}
## More than it can do

Clients ask for decisions over a connection each, as fast as they are answered; service (one worker)
and clients have a core each. Beyond `limits.queue` requests that wait, the service answers with 503
and `Retry-After: 1`; *refused ask again* says whether clients heed that. *Answers* are decisions,
with how long they took, *refused* is followed by how long a refusal took.

{overload}
Without the limit all are answered, and all late: each waits for all others. With it, who is
accepted waits for no more than the queue, whatever the number of clients. Refusing has its price,
which clients that ask again at once take from the others. `python -m tests.server.faults.overload`
does this alone.

## For long

64 clients ask a service with a buffered log, no two requests alike. *Memory* is what the process
holds after so many requests, its 4,096 remembered answers with it; *more* is by how much it grew
since the line before, for each 100,000 requests. `python -m tests.server.faults.endurance
--requests N` does this alone.

{endurance}

## Bad input

`tests/server/` holds the service to an answer in a sentence, and never a 5xx, for: bodies that
are too long, too slow, announced and not sent, nested too deep, no JSON, not UTF-8, with
duplicate keys or NaN; wrong types in every field; header bombs, repeated headers, bytes that are
no text; half-open connections by the thousand; expired, unsigned and foreign tokens; requests
made by schemathesis from the OpenAPI document.
"""


def main() -> int:
    """Writes the page; 1 if anything was lost."""
    about = environment()
    log, lost = _table(faults.main)
    changed, wrong = _table(changes.main)
    crowded, failed = _table(lambda: overload.main([]))
    lasting, grown = _table(lambda: endurance.main([]))
    tables = {"log": log, "changes": changed, "overload": crowded, "endurance": lasting}
    text = _TEXT.format(machine=about["machine"], commit=about["commit"], **tables)
    PAGE.write_text(text, "utf-8")
    return int(lost or wrong or failed or grown)


def _table(run: Callable[[], int]) -> tuple[str, int]:
    told = io.StringIO()
    with redirect_stdout(told):
        code = run()
    return told.getvalue(), code


if __name__ == "__main__":
    sys.exit(main())
