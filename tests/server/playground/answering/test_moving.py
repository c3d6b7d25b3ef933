from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evaluator.server.playground.answering.moving import Moved

TEXTS = st.text(alphabet="ab\n😀æ", max_size=12)


def units(text: str, start: int, end: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_what_is_before_and_behind_an_edit_is_found_again(
    head: str, old: str, new: str, tail: str
) -> None:
    before, after = head + old + tail, head + new + tail
    moved = Moved(before, after)
    for start, part in ((0, head), (len((head + old).encode("utf-16-le")) // 2, tail)):
        end = start + len(part.encode("utf-16-le")) // 2
        span = moved.span(start, end)
        # What is alike may be taken for another place that is alike.
        assert span is None or units(after, *span) == part
        if old == new:
            assert span == (start, end)


@given(TEXTS, TEXTS)
def test_places_have_the_line_and_column_of_their_offset(head: str, more: str) -> None:
    before, after = f"{head}x", f"{head}\n{more}x"
    start = len(head.encode("utf-16-le")) // 2
    place = Moved(before, after).place(
        {"file": "f", "line": 1, "column": 1, "from": start, "to": start + 1}
    )
    assert place is not None
    assert units(after, place["from"], place["to"]) == "x"
    lines = after.split("\n")
    assert place["line"] == len(lines)
    assert place["column"] == len(lines[-1][:-1].encode("utf-16-le")) // 2 + 1


def test_what_has_been_replaced_has_no_place() -> None:
    moved = Moved("a: b\nc: d\n", "a: x\nc: d\n")
    assert moved.place({"file": "f", "line": 1, "column": 4, "from": 3, "to": 4}) is None
    assert moved.span(0, 2) == (0, 2)
    assert moved.span(5, 6) == (5, 6)
