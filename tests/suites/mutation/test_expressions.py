from __future__ import annotations

import pytest

from evaluator.language.parser import parse_text
from evaluator.suites.mutation.expressions import expression_changes
from evaluator.suites.mutation.mutants import edited

VOCABULARY = [("MCA", "MOSA", "unknown"), ("buy", "remove")]

# An expression, and what becomes of it by each operator.
EXPRESSIONS = {
    "less": (
        "a < b",
        {"settled": ["true", "false"], "comparison": ["a <= b", "a != b", "a >= b"]},
    ),
    "at least": (
        "a >= b",
        {"settled": ["true", "false"], "comparison": ["a > b", "a == b", "a < b"]},
    ),
    "equal texts": (
        'a == "MCA"',
        {
            "settled": ["true", "false"],
            "comparison": ['a != "MCA"'],
            "constant": ['a == "MOSA"'],
        },
    ),
    "equal numbers": (
        "a == 1",
        {
            "settled": ["true", "false"],
            "comparison": ["a != 1", "a <= 1", "a >= 1"],
            "constant": ["a == 2", "a == 0"],
        },
    ),
    "a size, which is never below 0": (
        "a.size() > 0",
        {
            "settled": ["true", "false"],
            "comparison": ["a.size() >= 0", "a.size() <= 0"],
            "constant": ["a.size() > 1", "a.size() > -1"],
        },
    ),
    "no word of the vocabulary": (
        'f("other") + "unknown"',
        {"arithmetic": ['f("other") - "unknown"'], "constant": ['f("other") + "MCA"']},
    ),
    "both": (
        "a && (b || !c)",
        {
            "settled": ["true", "false"],
            "logic": ["a || (b || !c)", "a && (b && !c)"],
            "condition": ["(b || !c)", "a", "a && (!c)", "a && (b)"],
            "negation": ["!a && (b || !c)", "a && (!b || !c)", "a && (b || c)"],
        },
    ),
    "several in a chain": (
        "a &&\n  b && c",
        {
            "settled": ["true", "false"],
            "logic": ["a ||\n  b || c"],
            "condition": ["b && c", "a && c", "a &&\n  b"],
            "negation": ["!a &&\n  b && c", "a &&\n  !b && c", "a &&\n  b && !c"],
        },
    ),
    "parentheses that group a chain": (
        "a && (b && c)",
        {
            "settled": ["true", "false"],
            "logic": ["a || (b || c)"],
            "condition": ["(b && c)", "a && c", "a && b"],
            "negation": ["!a && (b && c)", "a && (!b && c)", "a && (b && !c)"],
        },
    ),
    "a choice": (
        "a ? 1 : b",
        {
            "branch": ["1", "b"],
            "negation": ["!a ? 1 : b"],
            "constant": ["a ? 2 : b", "a ? 0 : b"],
        },
    ),
    "a choice inside": (
        '["x"] + (a ? ["y"] : [])',
        {
            "arithmetic": ['["x"] - (a ? ["y"] : [])'],
            "element": ['[] + (a ? ["y"] : [])', '["x"] + (a ? [] : [])'],
            "branch": ['["x"] + (["y"])', '["x"] + ([])'],
            "negation": ['["x"] + (!a ? ["y"] : [])'],
        },
    ),
    "a list": ("[a, b , c]", {"element": ["[b , c]", "[a , c]", "[a, b]"]}),
    "a list with optional elements": (
        "[?a, b, ?c]",
        {"element": ["[b, ?c]", "[?a, ?c]", "[?a, b]"]},
    ),
    "a map": ("{x: a, y: b}", {"element": ["{y: b}", "{x: a}"]}),
    "some of them": (
        "xs.exists(x, x in ys)",
        {
            "settled": ["true", "false", "xs.exists(x, true)", "xs.exists(x, false)"],
            "quantifier": ["xs.all(x, x in ys)"],
            "negation": ["!xs.exists(x, x in ys)", "xs.exists(x, !(x in ys))"],
        },
    ),
    "a filter": (
        "xs.filter(x, x.y)",
        {
            "settled": ["xs.filter(x, true)", "xs.filter(x, false)"],
            "negation": ["xs.filter(x, !x.y)"],
        },
    ),
    "a window": (
        'a + duration("168h")',
        {
            "arithmetic": ['a - duration("168h")'],
            "constant": [
                'a + duration("169h")',
                'a + duration("167h")',
                'a + duration("168h1ns")',
                'a + duration("167h59m59.999999999s")',
            ],
        },
    ),
    "a moment": (
        'timestamp("2026-01-01T00:00:00Z")',
        {
            "constant": [
                'timestamp("2026-01-01T01:00:00Z")',
                'timestamp("2025-12-31T23:00:00Z")',
                'timestamp("2026-01-01T00:00:00.000000001Z")',
                'timestamp("2025-12-31T23:59:59.999999999Z")',
            ]
        },
    ),
    "sums and products": (
        "-a * 2 - math.least(b, 1.5)",
        {
            "arithmetic": [
                "-a * 2 + math.least(b, 1.5)",
                "-a / 2 - math.least(b, 1.5)",
                "a * 2 - math.least(b, 1.5)",
            ],
            "function": ["-a * 2 - math.greatest(b, 1.5)"],
            "constant": [
                "-a * 3 - math.least(b, 1.5)",
                "-a * 1 - math.least(b, 1.5)",
                "-a * 2 - math.least(b, 2.5)",
                "-a * 2 - math.least(b, 0.5)",
            ],
        },
    ),
    "presence": (
        "has(a.b) && true",
        {
            "settled": ["true", "false"],
            "logic": ["has(a.b) || true"],
            "condition": ["true", "has(a.b)"],
            "negation": ["!has(a.b) && true"],
            "constant": ["has(a.b) && false"],
        },
    ),
    "a name": ("a.b", {}),
    "no expression": ("a &&", {}),
}


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_changes_by_operator(text, expected):
    found: dict[str, list[str]] = {}
    for change in expression_changes(text, VOCABULARY):
        found.setdefault(change.operator, []).append(edited(text, (change.edit,)))

    assert found == expected


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_every_change_is_another_expression(text, expected):
    for change in expression_changes(text, VOCABULARY, condition=True):
        changed = edited(text, (change.edit,))
        assert changed != text
        parse_text(changed)


def test_whether_a_condition_always_holds_is_left_to_what_it_is_for():
    changes = expression_changes("a", VOCABULARY, condition=True)

    assert [edited("a", (change.edit,)) for change in changes] == ["!a"]


def test_changes_are_told_in_the_words_of_the_text():
    text = "is_mca && !is_prepaid && total < 5"

    assert [change.change for change in expression_changes(text, (), condition=True)] == [
        "`&&` becomes `||`",
        "without `is_mca`",
        "without `!is_prepaid`",
        "without `total < 5`",
        "`is_mca` is negated",
        "`!is_prepaid` becomes `is_prepaid`",
        "`<` becomes `<=`",
        "`<` becomes `!=`",
        "`<` becomes `>=`",
        "`5` becomes `6`",
        "`5` becomes `4`",
    ]
