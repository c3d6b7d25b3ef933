"""The reference is complete, and its entries say what the declarations say."""

from __future__ import annotations

import pytest

from evaluator.language import macros
from evaluator.language.functions import STANDARD, Function
from evaluator.language.functions.catalogue import (
    FAMILIES,
    Entry,
    entries,
    entry_of,
    find,
    members,
    names,
)
from evaluator.language.syntax import ComprehensionKind
from evaluator.language.values import ERROR_KINDS

OPERATORS = ["&&", "||", "?:", ".", ".?"]


@pytest.mark.parametrize("function", list(STANDARD), ids=lambda function: function.name)
def test_functions(function: Function) -> None:
    (entry,) = find(function.name)
    assert entry == entry_of(function)
    assert function.examples
    assert all(kind in entry.errors for one in function.overloads for kind in one.errors)
    counted = any(one.cost is not None for one in function.overloads)
    assert counted == bool(function.cost) == ("cost_exceeded" in entry.errors)
    assert entry.forms
    assert all(" -> " in form for form in entry.forms)


@pytest.mark.parametrize(
    "name",
    [*macros._LOOPS, *map(str, ComprehensionKind), "has", "cel.bind", "cel.block", "cel.index"],
)
def test_macros(name: str) -> None:
    (entry,) = find(name)
    assert entry.family == "macros"


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_of_the_grammar(name: str) -> None:
    (entry,) = find(name)
    assert entry.family == "operators"


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.forms[0])
def test_entries_are_described(entry: Entry) -> None:
    assert entry.family in FAMILIES
    assert entry.summary[0].isupper()
    assert entry.summary.endswith(".")
    assert len(entry.summary) < 100
    assert entry.examples
    assert set(entry.errors) <= set(ERROR_KINDS)
    assert list(entry.errors) == sorted(entry.errors)
    assert not entry.cost.endswith(".")


def test_entries_stand_by_family() -> None:
    families = [entry.family for entry in entries()]
    assert families == sorted(families, key=list(FAMILIES).index)
    assert set(families) == set(FAMILIES)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("size", ["size"]),
        ("+", ["+"]),
        ("_+_", ["+"]),
        ("-", ["-", "-"]),
        ("-_", ["-"]),
        ("in", ["in"]),
        ("@in", ["in"]),
        ("? :", ["?:"]),
        ("existsOne", ["exists_one"]),
        ("math", []),
        ("Size", []),
        ("", []),
    ],
)
def test_find(name: str, found: list[str]) -> None:
    assert [entry.name for entry in find(name)] == found


def test_members() -> None:
    assert {entry.name for entry in members("sets")} == {
        "sets.contains",
        "sets.equivalent",
        "sets.intersects",
    }
    assert members("sets.") == members("sets")
    assert {entry.name for entry in members("cel")} == {"cel.bind", "cel.block"}
    assert {entry.name for entry in members("lists")} >= {"lists.range", "flatten"}
    assert members("no_such_family") == ()


def test_every_name_is_known() -> None:
    for name in names():
        assert find(name) or members(name), name


def test_signatures() -> None:
    forms = {entry.name: entry.forms for entry in entries()}
    assert forms["contains"] == ("string.contains(string) -> bool",)
    assert forms["!"] == ("!bool -> bool",)
    assert forms["[?]"][0] == "list(A)[?int] -> optional(A)"
    assert forms["in"] == ("A in list(A) -> bool", "A in map(A, B) -> bool")
    assert forms["math.least"] == (
        "math.least(number, ...) -> number",
        "math.least(list(number)) -> number",
    )
