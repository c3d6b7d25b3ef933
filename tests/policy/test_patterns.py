"""Patterns of names: `*` is a segment, a final `**` one or more."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.policy.patterns import ANY, Patterns, pattern_problem

SEGMENTS = st.sampled_from(["a", "b", "*"])
PATTERNS = st.builds(
    lambda segments, rest: ":".join([*segments, *(["**"] if rest or not segments else [])]),
    st.lists(SEGMENTS, max_size=3),
    st.booleans(),
)
NAMES = [":".join(parts) for size in range(1, 5) for parts in product("abc", repeat=size)]


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("a", "a", True),
        ("a", "a:b", False),
        ("*", "a", True),
        ("*", "a:b", False),
        ("a:*", "a:b", True),
        ("a:*", "a", False),
        ("a:**", "a:b:c", True),
        ("a:**", "a", False),
        ("**", "a:b", True),
        ("*:b", "a:b", True),
        ("*:b", "a:c", False),
    ],
)
def test_matches(pattern: str, name: str, matches: bool):
    assert pattern_problem(pattern) is None
    assert Patterns((pattern,)).matches(name) is matches


@pytest.mark.parametrize("pattern", ["", "a::b", "a*", "**:a", ":"])
def test_problems(pattern: str):
    assert pattern_problem(pattern)


@given(PATTERNS, PATTERNS)
def test_overlap_and_cover_tell_what_names_tell(left: str, right: str):
    one, other = Patterns((left,)), Patterns((right,))
    names = [name for name in NAMES if one.matches(name)]
    assert one.overlaps(other) == any(map(other.matches, names))
    assert one.within(other) == all(map(other.matches, names))
    assert one.within(ANY)
