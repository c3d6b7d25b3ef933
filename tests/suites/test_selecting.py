"""Expressions select steps by what their names contain."""

from __future__ import annotations

import pytest

from evaluator.suites.selecting import SelectionError, selection

NAMES = ["shop.orders: a clerk ships", "shop.orders: Not what is open", "shop.refunds: a (gift)"]


@pytest.mark.parametrize(
    ("expression", "selected"),
    [
        ("clerk", [0]),
        ("CLERK", [0]),
        ("orders and not clerk", [1]),
        ("clerk or gift", [0, 2]),
        ("not orders or clerk", [0, 2]),
        ("not (orders or clerk)", [2]),
        ("not not clerk", [0]),
        ("clerk and ships or gift and refunds", [0, 2]),
        ("clerk and (ships or gift)", [0]),
        ("'what is'", [1]),
        ('"not"', [1]),
        ("'(gift)'", [2]),
        ("shop.", [0, 1, 2]),
        ("android", []),
    ],
)
def test_selected(expression: str, selected: list[int]):
    matches = selection(expression)
    assert [number for number, name in enumerate(NAMES) if matches(name)] == selected


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("", "a text is missing at the end"),
        ("a and", "a text is missing at the end"),
        ("or a", "a text is missing before `or`"),
        ("(a", "`)` is missing"),
        ("a)", "`)` closes nothing"),
        ("a b", "`and` or `or` is missing before `b`; quote texts with blanks"),
        ("'a", "the quote ' is not closed"),
        ("(" * 200 + "a", "it is nested too deeply"),
        ("not " * 200 + "a", "it is nested too deeply"),
    ],
)
def test_not_an_expression(expression: str, problem: str):
    with pytest.raises(SelectionError) as error:
        selection(expression)
    assert str(error.value) == problem
