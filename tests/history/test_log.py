"""Logs read record by record: what is a record, what is damage, and that nothing is kept."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pytest

from evaluator.history.log import Damaged, Record, read_log, record
from evaluator.language.instants import parse_instant
from tests.history_runs import request

MOMENT = "2026-03-04T09:00:00Z"
ASKED = request()
PLAIN = {**ASKED, "context": {}}


def read(text: str | bytes, **options: Any) -> list[Record | Damaged]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_log(io.BytesIO(data), **options))


def instant(text: str) -> int:
    found = parse_instant(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "decided_at", "effect"),
    [
        (
            {"request": PLAIN, "decision": {"decision": "deny"}, "decided_at": MOMENT},
            MOMENT,
            "deny",
        ),
        (
            {"request": PLAIN, "decision": {"decision": "deny", "decided_at": MOMENT}},
            MOMENT,
            "deny",
        ),
        ({"request": PLAIN, "decision": "allow", "decided_at": MOMENT}, MOMENT, "allow"),
        ({"request": ASKED, "decision": "allow"}, ASKED["context"]["time"], "allow"),
        ({"request": ASKED, "decided_at": MOMENT}, ASKED["context"]["time"], None),
        ({"request": PLAIN}, None, None),
        (PLAIN, None, None),
        (ASKED, ASKED["context"]["time"], None),
    ],
)
def test_forms_of_records(written: Any, decided_at: str | None, effect: str | None) -> None:
    (found,) = read(json.dumps(written))
    assert isinstance(found, Record)
    assert found.request == written.get("request", written)
    assert found.decided_at == (None if decided_at is None else instant(decided_at))
    assert (None if found.answer is None else found.answer.effect) == effect


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"decision": 1}, "decision", "`allow` or `deny`"),
    ({"reasons": {}}, "reasons", "a list of objects"),
    ({"reasons": ["late"]}, "reasons", "a list of objects"),
    ({"reasons": [{"rule": 1, "kind": "deny"}]}, "reasons.rule", "a text"),
    ({"reasons": [{"rule": "a"}]}, "reasons.kind", "a text"),
    ({"outputs": []}, "outputs", "an object"),
    ({"errors": [{}]}, "errors.kind", "a text"),
    ({"notices": 1}, "notices", "a list of objects"),
]
DECISION: dict[str, Any] = {"decision": "deny", "reasons": [{"rule": "late", "kind": "deny"}]}


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("{", "EVL601", None),
        ('{"a": 1, "a": 2}', "EVL602", None),
        ('{"a": NaN}', "EVL603", None),
        (b'{"a": "\xf8"}', "EVL607", None),
        ("[]", "EVL780", "the record is a list, and has no request"),
        ("null", "EVL780", "the record is null, and has no request"),
        ("7", "EVL780", "the record is a number or a truth value, and has no request"),
        ('"x"', "EVL780", "the record is a text, and has no request"),
        ("{}", "EVL780", "the record is an object, and has no request"),
        (
            '{"request": []}',
            "EVL780",
            "the record is an object whose `request` is a list, and has no request",
        ),
        (
            json.dumps({"request": PLAIN, "decided_at": "noon"}),
            "EVL782",
            "`decided_at` is no moment: `noon`",
        ),
        (
            json.dumps({"request": PLAIN, "decided_at": 7}),
            "EVL782",
            "`decided_at` is no moment: `7`",
        ),
        *(
            (
                json.dumps({"request": PLAIN, "decision": {**DECISION, **wrong}}),
                "EVL783",
                f"`{field}` of the logged decision is not {expected}",
            )
            for wrong, field, expected in WRONG
        ),
    ],
)
def test_damage(line: str | bytes, code: str, message: str | None) -> None:
    """A damaged line is told, and the one after it is read."""
    data = line.encode() if isinstance(line, str) else line
    first, second = read(data + b"\n" + json.dumps(PLAIN).encode())
    assert isinstance(first, Damaged)
    assert (first.line, first.diagnostics[0].code) == (1, code)
    assert message in (None, first.diagnostics[0].message)
    assert isinstance(second, Record)
    assert second.line == 2


def test_lines_are_counted_with_the_empty_ones() -> None:
    text = f"\n\n{json.dumps(PLAIN)}\r\n   \n{json.dumps(PLAIN)}"
    assert [found.line for found in read(text)] == [3, 5]


def test_long_lines_are_passed_over() -> None:
    line = json.dumps(PLAIN)
    long = json.dumps({**PLAIN, "more": "x" * 3_000_000})
    found = read(f"{line}\n{long}\n{line}\n{long}", longest=len(line))
    assert [(type(one), one.line) for one in found] == [
        (Record, 1),
        (Damaged, 2),
        (Record, 3),
        (Damaged, 4),
    ]
    damaged = found[1]
    assert isinstance(damaged, Damaged)
    assert damaged.diagnostics[0].code == "EVL781"


@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_compressed_logs_that_were_cut_off(kept: float) -> None:
    lines = "".join(f"{json.dumps(request(1, price=price))}\n" for price in range(2_000))
    data = gzip.compress(lines.encode())
    with gzip.open(io.BytesIO(data[: int(len(data) * kept)])) as stream:
        *records, last = read_log(stream)  # type: ignore[arg-type]  # it is read like one
    assert records
    assert all(isinstance(one, Record) for one in records)
    assert isinstance(last, Damaged)
    assert last.diagnostics[0].code == "EVL784"


def test_what_is_no_compressed_file() -> None:
    with gzip.open(io.BytesIO(b"plain text")) as stream:
        (found,) = read_log(stream)  # type: ignore[arg-type]
    assert isinstance(found, Damaged)
    assert found.diagnostics[0].code == "EVL784"


def test_what_is_written_is_read() -> None:
    written = record(PLAIN, {"decision": "deny", "decided_at": MOMENT})
    (found,) = read(json.dumps(written))
    assert isinstance(found, Record)
    assert found.answer is not None
    assert (found.decided_at, found.answer.effect) == (instant(MOMENT), "deny")
