"""What may be shown of a text that someone else wrote."""

from __future__ import annotations

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.render.escape import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("[bold]not markup[/bold]", "[bold]not markup[/bold]"),
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("a\r\n\tb", r"a\x0d\x0a\x09b"),
        ("\x9b31m", r"\x9b31m"),
        ("abc\u202edcba", r"abc\u202edcba"),
        ("line\u2028break", r"line\u2028break"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("lone \ud800", r"lone \ud800"),
        ("tag \U000e0041", r"tag \U000e0041"),
        ("no\u00a0break, narrow\u202fbreak", "no\u00a0break, narrow\u202fbreak"),
        ("e\u0301, 東京, ว่า", "e\u0301, 東京, ว่า"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_what_is_to_be_kept_is_kept() -> None:
    assert visible("one\ntwo\tthree", keep="\n") == "one\ntwo\\x09three"


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    shown = visible(text)
    assert not {category(letter) for letter in shown} & {"Cc", "Zl", "Zp", "Cs"}
    assert visible(shown) == shown
