"""``evaluator functions``: what a person sees, in 80 columns and without colour."""

from __future__ import annotations

import json

import pytest

from evaluator.language.functions.catalogue import entries
from tests.cli_runner import evaluator

SUBSTRING = """\
substring  Texts
The part from a position up to, not including, another or to the end.

Signatures
  string.substring(int) -> string
  string.substring(int, int) -> string

Errors
  cost_exceeded       evaluation took more steps than the budget allows
  index_out_of_range  a list or string was indexed outside its bounds

Cost
  the length of the part

Examples
  'licence'.substring(3)     -> "ence"
  'licence'.substring(0, 3)  -> "lic"
  'abc'.substring(4)         -> error index_out_of_range
"""
SETS = """\
Lists as sets
  sets.contains    Whether the first list has every element of the second.
  sets.equivalent  Whether each list has every element of the other.
  sets.intersects  Whether the lists have an element in common.
"""
CONDITIONAL = """\
?:  Operators
One of two values, by a condition; the other one is not evaluated.

Signatures
  bool ? A : A -> A

Errors
  no_such_overload  a function was applied to values of types that it does not
                    take

Cost
  nothing

Examples
  2 > 1 ? 'more' : 'less'  -> "more"
  true ? 1 : 1 / 0         -> 1
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("substring", SUBSTRING), ("sets", SETS), ("?:", CONDITIONAL), ("_?_:_", CONDITIONAL)],
)
def test_what_is_shown(name: str, text: str) -> None:
    done = evaluator("functions", name, width=80)
    assert (done.stdout, done.stderr, done.returncode) == (text, "", 0)


def test_all_are_listed() -> None:
    done = evaluator("functions", width=80)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert all(len(line) <= 80 for line in lines)
    shown = [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]
    assert shown == [entry.name for entry in entries()]
    assert "Timestamps and durations" in lines


@pytest.mark.parametrize("name", ["-", "-_", "in", "@in", "[]", "_[?_]", ".?", "||", "cel.bind"])
def test_operators_and_signs_are_names(name: str) -> None:
    done = evaluator("functions", name)
    assert done.returncode == 0
    assert "Signatures" in done.stdout


def test_a_sign_with_two_meanings_shows_both() -> None:
    text = evaluator("functions", "-").stdout
    assert "The difference of numbers or times." in text
    assert "The negative of a number or duration." in text


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("lowerAscci", "Did you mean lowerAscii?"),
        ("SIZE", "Did you mean size?"),
        ("math.greatst", "Did you mean math.greatest?"),
        ("qqqq", "`evaluator functions` lists all there are."),
        ("--unknown", "`evaluator functions` lists all there are."),
    ],
)
def test_an_unknown_name(name: str, hint: str) -> None:
    done = evaluator("functions", name)
    assert (done.stdout, done.returncode) == ("", 2)
    expected = f"There is no function, operator or macro {name!r}. {hint}"
    assert expected in " ".join(done.stderr.split())


def test_json() -> None:
    done = evaluator("functions", "substring", "--format", "json")
    assert json.loads(done.stdout) == {
        "schema": 1,
        "functions": [
            {
                "name": "substring",
                "aliases": [],
                "family": "strings",
                "summary": "The part from a position up to, not including, another or to the end.",
                "signatures": [
                    "string.substring(int) -> string",
                    "string.substring(int, int) -> string",
                ],
                "errors": ["cost_exceeded", "index_out_of_range"],
                "cost": "the length of the part",
                "examples": [
                    {"expression": "'licence'.substring(3)", "value": '"ence"'},
                    {"expression": "'licence'.substring(0, 3)", "value": '"lic"'},
                    {"expression": "'abc'.substring(4)", "error": "index_out_of_range"},
                ],
            }
        ],
    }
    listed = json.loads(evaluator("functions", "--format", "json").stdout)["functions"]
    assert [item["name"] for item in listed] == [entry.name for entry in entries()]
    assert {item["cost"] for item in listed if item["name"] == "size"} == {None}


def test_names_are_completed() -> None:
    done = evaluator(
        _EVALUATOR_COMPLETE="bash_complete",
        COMP_WORDS="evaluator functions math.bitS",
        COMP_CWORD="2",
    )
    assert done.stdout == "plain,math.bitShiftLeft\nplain,math.bitShiftRight\n"


def test_an_encoding_of_ascii_alone() -> None:
    done = evaluator("functions", "lowerAscii", PYTHONIOENCODING="ascii", LANG="C")
    assert done.returncode == 0
    assert "lowerAscii" in done.stdout
    assert "Traceback" not in done.stderr
