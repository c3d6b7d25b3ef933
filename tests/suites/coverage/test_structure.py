"""When an atom decides: by the table, and by the law that its other value changes the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.language.interpreter import evaluate
from evaluator.language.parser import parse_text
from evaluator.language.syntax import Name
from evaluator.language.values import ABSENT, ErrorValue
from evaluator.suites.coverage.structure import Structure, Truth

NAMES = "abcd"


def structure(text: str) -> Structure:
    return Structure.of(parse_text(text).root)


@pytest.mark.parametrize(
    ("text", "values", "deciding"),
    [
        pytest.param("a", [True], "a", id="one atom always decides"),
        pytest.param("a && b", [True, True], "ab", id="all of a true &&"),
        pytest.param("a && b", [False, True], "a", id="the only false part"),
        pytest.param("a && b", [False, False], "", id="with two false parts neither"),
        pytest.param("a || b", [False, False], "ab", id="all of a false ||"),
        pytest.param("a || b", [True, True], "", id="with two true parts neither"),
        pytest.param("!(a || b) && c", [False, False, True], "abc", id="below a negation"),
        pytest.param("!(a || b) && c", [False, True, True], "b", id="below a negation, false"),
        pytest.param("a ? b : c", [True, True, True], "b", id="a choice that makes no difference"),
        pytest.param("a ? b : c", [False, True, False], "ac", id="a choice that makes one"),
        pytest.param("a && b", [False, None], "a", id="what an error follows: it guards"),
        pytest.param("a && b", [True, None], "a", id="an error is an outcome"),
        pytest.param("a || true", [False], "", id="a constant"),
    ],
)
def test_decides(text: str, values: Sequence[Truth], deciding: str):
    found = structure(text)
    assert (
        "".join(
            NAMES[number]
            for number, value in enumerate(values)
            if value is not None and found.decides(number, values)
        )
        == deciding
    )


def test_macros_are_atoms():
    found = structure("a && [1].exists(x, x > 0 && x < 9) && !(f(a && b))")
    assert len(found.atoms) == 3


class Named:
    """The values of single names."""

    def __init__(self, values: Sequence[Truth]) -> None:
        self._values = values

    def attribute(self, root: str, path: tuple[str, ...]) -> Any:
        return ABSENT

    def has(self, root: str, path: tuple[str, ...]) -> Any:
        return False

    def name(self, name: str) -> Any:
        value = self._values[NAMES.index(name)]
        return ErrorValue("no_value", "none") if value is None else value


def conditions() -> st.SearchStrategy[str]:
    """Conditions in which each of four names stands at most once."""

    def build(names: str) -> st.SearchStrategy[str]:
        if len(names) == 1:
            return st.sampled_from([names, f"!{names}"])
        half = len(names) // 2
        left, right = build(names[:half]), build(names[half:])
        pairs = st.tuples(left, right, st.sampled_from(["&&", "||"]), st.booleans())
        plain = pairs.map(lambda p: f"{'!' * p[3]}({p[0]} {p[2]} {p[1]})")
        if len(names) < 3:
            return plain
        choice = st.tuples(build(names[0]), build(names[1]), build(names[2:]))
        return plain | choice.map(lambda p: f"({p[0]} ? {p[1]} : {p[2]})")

    return st.integers(1, 4).flatmap(lambda size: build(NAMES[:size]))


@given(conditions())
def test_outcomes_are_those_of_the_interpreter(text: str):
    parsed = parse_text(text)
    found = Structure.of(parsed.root)
    names = [atom.name for atom in found.atoms if isinstance(atom, Name)]
    assert "".join(names) == NAMES[: len(names)]
    for values in product((True, False, None), repeat=len(names)):
        value = evaluate(parsed, Named(values))
        assert found.outcome(values) is (None if isinstance(value, ErrorValue) else value)


@given(conditions())
def test_no_distance_where_it_is_so_and_some_where_it_is_not(text: str):
    found = structure(text)
    size = len(found.atoms)
    for values in product((True, False), repeat=size):
        costs = [(float(value), float(not value)) for value in values]
        outcome = found.outcome(values)
        assert isinstance(outcome, bool)
        assert found.distance(outcome, costs) == 0
        assert found.distance(not outcome, costs) >= 1
        for number, value in enumerate(values):
            decides = found.decides(number, values)
            assert (found.distance_to_decide(number, value, costs) == 0) == decides
            assert found.distance_to_decide(number, not value, costs) >= 1
