from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings

from evaluator.language import types
from evaluator.language.interpreter import evaluate
from evaluator.language.parser import parse_text
from evaluator.language.printer import print_expression, print_value
from evaluator.language.syntax import Attribute, Call, Expr, Literal, Select, SelectMode
from evaluator.language.values import (
    ABSENT,
    INT_MIN,
    NONE,
    Duration,
    Map,
    Optional,
    Timestamp,
    UInt,
    equal,
)
from tests.language.trees import expressions, shape


@settings(max_examples=400)
@given(expressions())
def test_what_is_printed_parses_to_the_same_tree(tree: Expr) -> None:
    text = print_expression(tree)
    assert shape(parse_text(text).root) == shape(tree), text


AS_WRITTEN = [
    "a && b || c && !d",
    "(a || b) && c",
    "a ? b : c ? d : e",
    "(a ? b : c) ? (d ? e : f) : g",
    "(a + b) * c - d / (e % f)",
    "a - (b - c) - d",
    "a - (b + c)",
    "a == b != c",
    "a == (b == c)",
    "a < b + 1 && b in [1, 2]",
    "!(a == b)",
    "!!a",
    "!a.b",
    "!(-a)",
    "-(!a)",
    "--a",
    "-(5)",
    "--5",
    "-5",
    "a - -5",
    "a.b.c(d).e",
    "(a + b).c",
    "(-5).c",
    "(-a).c",
    "-a.c",
    "5.c",
    "a[0][?1].?b",
    "a.`b-c`.`in`.if",
    ".a.b + .f(1)",
    "has(a.b.c)",
    "[1, ?a, 2u]",
    '{"a": 1, ?b: 2}',
    "a.b.C{x: 1, ?y: z, `in`: 2}",
    "xs.all(x, x > 0 ? a : b)",
    "xs.exists_one(k, v, k == v)",
    "xs.map(x, x > 0, x + 1).filter(x, x < 3)",
    "xs.transformMapEntry(k, v, v > 1, {v: k})",
    "a.?b.optMap(x, x + 1).orValue(0)",
    "cel.bind(x, a + b, x * x)",
    "1.5e+300 < 0.1",
    "-9223372036854775808",
    r'"a\"b\\c\n\td"',
    r'b"\x00a\xff\""',
    '"æ\U0001f642"',
]


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_parentheses_stand_only_where_they_are_needed(text: str) -> None:
    assert print_expression(parse_text(text).root) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("((a)) + (b * c)", "a + b * c"),
        ("(a && b) && (c && d)", "a && b && c && d"),
        ("a ? b : (c ? d : e)", "a ? b : c ? d : e"),
        ("'it\\'s' + r'\\d'", '"it\'s" + "\\\\d"'),
        ("xs.existsOne(x, x)", "xs.exists_one(x, x)"),
        ("a.`b`", "a.b"),
        ("0x10 + .5 + 1e2", "16 + 0.5 + 100.0"),
        ("[1, 2,]", "[1, 2]"),
    ],
)
def test_one_spelling_of_many(text: str, printed: str) -> None:
    assert print_expression(parse_text(text).root) == printed


@pytest.mark.parametrize(
    ("node", "printed"),
    [
        (Attribute(0, "resource", ("a", "b-c")), "resource.a.`b-c`"),
        (Attribute(0, "resource", ("a", "b", "c"), 1), "resource.a.?b.c"),
        (Select(0, Attribute(0, "resource", ()), "a", SelectMode.HAS), "has(resource.a)"),
        (Call(0, "_*_", None, (Literal(0, -5), Literal(0, 2.0))), "-5 * 2.0"),
        (Call(0, "-_", None, (Literal(0, UInt(5)),)), "-5u"),
        (Call(0, "-_", None, (Literal(0, float("inf")),)), '-double("Infinity")'),
    ],
)
def test_nodes_that_the_parser_does_not_make(node: Expr, printed: str) -> None:
    assert print_expression(node) == printed


VALUES = [
    (None, "null"),
    (True, "true"),
    (INT_MIN, "-9223372036854775808"),
    (UInt(7), "7u"),
    (1.0, "1.0"),
    (-0.0, "-0.0"),
    (1e300, "1e+300"),
    (float("nan"), 'double("NaN")'),
    (float("inf"), 'double("Infinity")'),
    (float("-inf"), 'double("-Infinity")'),
    ("", '""'),
    ('say "hi"\\\n', r'"say \"hi\"\\\n"'),
    ("\x00\u2028\U000e0001", r'"\u0000\u2028\U000e0001"'),
    (b"a\xff", r'b"a\xff"'),
    (Timestamp(1_500_000_000), 'timestamp("1970-01-01T00:00:01.500Z")'),
    (Duration(-1_500_000_000), 'duration("-1.500s")'),
    ([1, [True]], "[1, [true]]"),
    (Map([("a", 1), (True, UInt(2))]), '{"a": 1, true: 2u}'),
    (NONE, "optional.none()"),
    (Optional(None), "optional.of(null)"),
    (types.INT, "int"),
    (types.NULL, "null_type"),
    (types.ListType(types.DYN), "list"),
    (types.MapType(types.STRING, types.INT), "map"),
    (types.OptionalType(types.DYN), "optional_type"),
    (types.TIMESTAMP, "google.protobuf.Timestamp"),
    (types.TYPE, "type"),
]


class Nothing:
    """Where no name has a value."""

    def attribute(self, root: str, path: tuple[str, ...]) -> object:
        return ABSENT

    def has(self, root: str, path: tuple[str, ...]) -> object:
        return False

    def name(self, name: str) -> object:
        return ABSENT


@pytest.mark.parametrize(("value", "printed"), VALUES, ids=[text for _, text in VALUES])
def test_values_are_printed_as_expressions_that_have_them(value: object, printed: str) -> None:
    assert print_value(value) == printed
    assert print_expression(Literal(0, value)) == printed
    back = evaluate(parse_text(printed), Nothing())
    if isinstance(value, types.Type):
        assert isinstance(back, types.Type)
        assert print_value(back) == printed
    elif value != value:
        assert back != back
    else:
        assert type(back) is type(value) or isinstance(value, list)
        assert equal(back, value)
        assert repr(back) == repr(value) or isinstance(value, (list, Mapping))


def test_half_a_surrogate_pair_can_be_shown() -> None:
    assert print_value("\ud83d") == r'"\ud83d"'
