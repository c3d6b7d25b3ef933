"""Logs of decisions: JSON Lines, read one record at a time, damaged lines and all.

A record is one of

- ``{"request": ..., "decision": DECISION, "decided_at": INSTANT}``, what ``evaluator decide --log``
  writes; ``decided_at`` may be left out where ``DECISION`` has it;
- ``DECISION`` itself with ``request`` among its members;
- ``{"request": ..., "decision": "allow"}``, of which the effect alone is compared;
- a request alone, where decisions are not needed.

``masked`` beside ``request`` has the JSON pointers of what is not there as it was sent.

``DECISION`` is what ``schemas/decision.schema.json`` describes, of which all but ``decision`` may
be missing; what is missing is not compared. ``INSTANT`` is RFC 3339. A ``context.time`` of the
request goes before it, as it does when a request is decided.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from evaluator.diagnostics import Diagnostic
from evaluator.documents.json_documents import load_json
from evaluator.history import problems
from evaluator.history.answers import Answer, read_answer
from evaluator.language.instants import parse_instant

__all__ = ["LONGEST", "MASK", "Damaged", "Record", "read_log", "read_record", "record"]

LONGEST: Final = 16 << 20
"""The longest line that is read, in bytes."""
MASK: Final = "[masked]"
"""What stands in place of what is masked."""

_CHUNK: Final = 1 << 20
_REQUEST: Final = ("subject", "action", "resource")
_TIME: Final = "/context/time"


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One logged request: where it stands, when it was decided, and what was.

    ``decided_at`` is nanoseconds since the epoch, None where neither record nor request tells it;
    ``answer`` is None where the record has no decision. ``masked`` are the JSON pointers of what is
    not in the request as it was sent.
    """

    line: int
    request: Mapping[str, Any]
    decided_at: int | None
    answer: Answer | None
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Damaged:
    """A line that is no record, and why. The diagnostics' places are in the text of the line."""

    line: int
    diagnostics: tuple[Diagnostic, ...]


def record(request: Mapping[str, Any], decision: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a request and its decision as JSON, in the order of the first form."""
    return {"decided_at": decision["decided_at"], "request": request, "decision": decision}


def read_log(stream: BinaryIO, *, longest: int = LONGEST) -> Iterator[Record | Damaged]:
    """The records of a log, one line each, in constant memory; empty lines are passed over.

    What keeps the stream from being read to its end is the last thing that comes, as damage.
    """
    number = 0
    while True:
        number += 1
        try:
            line = stream.readline(longest + 1)
            if len(line) > longest and not line.endswith(b"\n"):
                while line and not line.endswith(b"\n"):
                    line = stream.readline(_CHUNK)
                yield Damaged(number, (problems.record_too_long(longest),))
                continue
        except (OSError, EOFError, ValueError, zlib.error) as error:
            yield Damaged(number, (problems.log_unreadable(str(error) or type(error).__name__),))
            return
        if not line:
            return
        if line.strip():
            value, diagnostics = load_json(line, name=f"line {number}")
            found = diagnostics or read_record(value, number)
            yield Damaged(number, found) if isinstance(found, tuple) else found


def read_record(value: Any, line: int) -> Record | tuple[Diagnostic, ...]:
    """The record that a JSON value is, or what is wrong with it."""
    if not isinstance(value, dict):
        return (problems.record_without_request(_kind(value)),)
    request = value.get("request")
    if request is None and all(part in value for part in _REQUEST):
        return Record(line, value, _time(value), None)
    if not isinstance(request, dict):
        kind = "an object" if request is None else f"an object whose `request` is {_kind(request)}"
        return (problems.record_without_request(kind),)
    stated = value.get("decision")
    document = stated if isinstance(stated, dict) else value
    written = value.get("decided_at", document.get("decided_at"))
    moment = parse_instant(written) if isinstance(written, str) else None
    if written is not None and moment is None:
        return (problems.record_moment(written),)
    answer = None if stated is None else read_answer(document)
    if isinstance(answer, Diagnostic):
        return (answer,)
    time = _time(request)
    masked = _pointers(value.get("masked"))
    if _TIME in masked:  # the record has the moment all the same
        context = {key: item for key, item in request["context"].items() if key != "time"}
        request = {**request, "context": context}
    return Record(line, request, moment if time is None else time, answer, masked)


def _pointers(value: Any) -> tuple[str, ...]:
    """What a record says is masked; what is no pointer is passed over."""
    found = value if isinstance(value, list) else ()
    return tuple(one for one in found if isinstance(one, str) and one.startswith("/"))


def _time(request: Mapping[str, Any]) -> int | None:
    context = request.get("context")
    time = context.get("time") if isinstance(context, dict) else None
    return parse_instant(time) if isinstance(time, str) else None


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return "a text"
    return "a number or a truth value" if not isinstance(value, dict) else "an object"
