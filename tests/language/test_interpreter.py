from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pytest

from evaluator.language.interpreter import evaluate
from evaluator.language.parser import parse
from evaluator.language.places import Places
from evaluator.language.syntax import (
    Attribute,
    Expr,
    Message,
    Parsed,
    Select,
    SelectMode,
)
from evaluator.language.temporal import Moments, Moving
from evaluator.language.types import INT
from evaluator.language.values import (
    NONE,
    ErrorValue,
    Map,
    Optional,
    Timestamp,
    Unknown,
)
from evaluator.source import Fragment
from tests.language.evaluating import Names, evaluated, kind_of, same

UNKNOWN = Unknown(frozenset({"resource.u"}))
OTHER = Unknown(frozenset({"resource.v"}))
ERROR = ErrorValue("divide_by_zero", "one", 7)
LATER = ErrorValue("overflow", "another", 8)
GIVEN: Mapping[str, Any] = {"t": True, "f": False, "e": ERROR, "l": LATER, "u": UNKNOWN, "v": OTHER}


def tree(root: Expr) -> Parsed:
    return Parsed(root, Places(1), Places(1), 1000)


def run(root: Expr, activation: Names | None = None, **options: Any) -> Any:
    return evaluate(tree(root), activation or Names(), **options)


# Logical operators


@pytest.mark.parametrize("operator", ["&&", "||"])
@pytest.mark.parametrize("names", list(itertools.product("tfeuv", repeat=3)), ids="".join)
def test_logical_operators(operator: str, names: tuple[str, ...]) -> None:
    found = evaluated(f" {operator} ".join(names), GIVEN)
    operands = [GIVEN[name] for name in names]
    decides = operator == "||"
    unknown = {path for item in operands if isinstance(item, Unknown) for path in item.paths}
    if decides in operands:
        assert found is decides
    elif unknown:
        assert found == Unknown(frozenset(unknown))
    elif ERROR in operands:
        assert found == ERROR
    else:
        assert found is not decides


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("e && l", ERROR),
        ("l || e", LATER),
        ("f && (1 / 0 > 0)", False),
        ("(1 / 0 > 0) || t", True),
        ("!e", ERROR),
        ("!u", UNKNOWN),
        ("t ? 1 : e", 1),
        ("f ? e : 2", 2),
        ("e ? 1 : 2", ERROR),
        ("u ? 1 : 2", UNKNOWN),
        ("t ? e : 2", ERROR),
    ],
)
def test_errors_and_unknowns_pass_through_operators(text: str, wanted: Any) -> None:
    assert evaluated(text, GIVEN) == wanted


@pytest.mark.parametrize("text", ["1 && t", "t && 1", "f || null", "1 ? t : f", "null ? t : f"])
def test_conditions_are_bools(text: str) -> None:
    assert kind_of(evaluated(text, GIVEN)) == "no_such_overload"


def test_what_is_no_bool_is_absorbed_like_an_error() -> None:
    assert evaluated("1 || t", GIVEN) is True
    assert evaluated("'a' && f", GIVEN) is False


def test_of_functions_unknown_wins_over_error() -> None:
    assert evaluated("e + u", GIVEN) == UNKNOWN
    assert evaluated("[e, v, u]", GIVEN) == UNKNOWN | OTHER
    assert evaluated("{'a': e, 'b': u}", GIVEN) == UNKNOWN
    assert evaluated("e + l", GIVEN) == ERROR


def test_an_error_knows_where_it_arose() -> None:
    parsed = parse(Fragment.whole("1 + (2 / 0) * 3"))
    error = evaluate(parsed, Names())
    assert parsed.text(error.id) == "2 / 0"


# Comprehensions

LOOPS = [
    ("[1, 2].all(x, x > 0)", True),
    ("[].all(x, false)", True),
    ("[1, 0].all(x, 1 / x > 5)", False),
    ("[0, 1].all(x, 1 / x > 5)", False),
    ("[0, 1].all(x, 1 / x > 0)", "divide_by_zero"),
    ("[1].all(x, x)", "no_such_overload"),
    ("[].exists(x, true)", False),
    ("[0, 1].exists(x, 1 / x > 0)", True),
    ("[0].exists(x, 1 / x > 0)", "divide_by_zero"),
    ("[1, 'a'].exists(x, x == 'a')", True),
    ("[1, 2, 3].exists_one(x, x > 2)", True),
    ("[1, 2, 3].exists_one(x, x > 1)", False),
    ("[3, 0].exists_one(x, 6 / x == 2)", "divide_by_zero"),
    ("[1].exists_one(x, 'a')", "no_such_overload"),
    ("[1, 2].map(x, x * 2)", [2, 4]),
    ("[1, 2, 3].map(x, x > 1, x * 2)", [4, 6]),
    ("[0].map(x, 1 / x)", "divide_by_zero"),
    ("[1].map(x, 'a', x)", "no_such_overload"),
    ("[1, 2, 3].filter(x, x % 2 == 1)", [1, 3]),
    ("[1].filter(x, null)", "no_such_overload"),
    ("{'a': 1, 'b': 2}.map(k, k)", ["a", "b"]),
    ("{'a': 1}.all(k, k == 'a')", True),
    ("{'a': 1}.exists(k, v, k == 'a' && v == 1)", True),
    ("[5, 6].all(i, x, x == i + 5)", True),
    ("[5, 6].exists_one(i, x, i == 1 && x == 6)", True),
    ("[5, 6].transformList(i, x, i * x)", [0, 6]),
    ("[5, 6].transformList(i, x, i > 0, x)", [6]),
    ("{'a': 1}.transformList(k, v, v)", [1]),
    ("[5, 6].transformMap(i, x, x * 2)", Map([(0, 10), (1, 12)])),
    ("{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v)", Map({"b": 2})),
    ("{'a': 'x'}.transformMapEntry(k, v, {v: k})", Map({"x": "a"})),
    ("[1, 1].transformMapEntry(i, x, {x: i})", "duplicate_key"),
    ("[1, 1u].transformMapEntry(i, x, {x: i})", "duplicate_key"),
    ("[1].transformMapEntry(i, x, x)", "no_such_overload"),
    ("1.all(x, true)", "no_such_overload"),
    ("'abc'.map(x, x)", "no_such_overload"),
    ("(1 / 0).map(x, x)", "divide_by_zero"),
    # Variables are those of the innermost loop
    ("[1, 2].map(x, [10, 20].map(y, x + y))", [[11, 21], [12, 22]]),
    ("[1].map(x, [2].map(x, x))", [[2]]),
    ("[1].map(x, .x)", ["outside"]),
    ("[[1], [2]].map(x, x.map(x, x + 1))", [[2], [3]]),
]


@pytest.mark.parametrize(("text", "wanted"), LOOPS, ids=[text for text, _ in LOOPS])
def test_comprehensions(text: str, wanted: Any) -> None:
    found = evaluated(text, {"x": "outside"})
    if isinstance(wanted, str):
        assert kind_of(found) == wanted
    else:
        assert same(found, wanted), found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[0, 2].all(x, BODY)", UNKNOWN),
        ("[2, 1].all(x, BODY)", False),
        ("[2, 0].exists(x, BODY)", True),
        ("[1, 2].exists(x, BODY)", UNKNOWN),
        ("[4, 2].all(x, BODY)", UNKNOWN),
        ("[4, 0].all(x, BODY)", ERROR),
        ("[2, 4, 3].exists(x, BODY)", UNKNOWN | OTHER),
        ("[2, 0].exists_one(x, BODY)", UNKNOWN),
        ("[2, 3].map(x, BODY)", UNKNOWN | OTHER),
        ("[0, 2].map(x, BODY, x)", UNKNOWN),
        ("[2, 0].filter(x, BODY)", UNKNOWN),
        ("u.map(x, x)", UNKNOWN),
        ("e.filter(x, x)", ERROR),
    ],
)
def test_unknowns_in_comprehensions(text: str, wanted: Any) -> None:
    # One operand a turn: a list that held an unknown or an error would itself be one.
    body = "(x == 0 ? t : x == 1 ? f : x == 2 ? u : x == 3 ? v : e)"
    assert evaluated(text.replace("BODY", body), GIVEN) == wanted


# Lists, maps, selections, optionals

BUILT = [
    ("{1: 'a', 1: 'b'}", "duplicate_key"),
    ("{1: 'a', 1u: 'b'}", "duplicate_key"),
    ("{1: 'a', true: 'b'}.size()", 2),
    ("{1.0: 'a'}", "no_such_overload"),
    ("{null: 'a'}", "no_such_overload"),
    ("{[1]: 'a'}", "no_such_overload"),
    ("[1, ?optional.none(), ?optional.of(2)]", [1, 2]),
    ("[?1]", "no_such_overload"),
    ("{?'a': optional.none(), 'b': 1}", Map({"b": 1})),
    ("{?'a': 1}", "no_such_overload"),
    ("{'a': 1}.a", 1),
    ("{'a': 1}.b", "no_such_key"),
    ("[1].a", "no_such_overload"),
    ("int.a", "no_such_overload"),
    ("has({'a': null}.a)", True),
    ("has({'a': 1}.b)", False),
    ("has({}.a.b)", "no_such_key"),
    ("has([1].a)", "no_such_overload"),
    ("{'a': 1}.?a", Optional(1)),
    ("{'a': 1}.?b", NONE),
    ("{'a': {'b': 1}}.?a.b", Optional(1)),
    ("{'a': {'b': 1}}.?a.c", NONE),
    ("{}.?a.b.c", NONE),
    ("has({}.?a.b)", False),
    ("has({'a': {'b': 1}}.?a.b)", True),
    ("optional.of({'a': [1]}).a[0]", Optional(1)),
    ("optional.of([1])[1]", NONE),
    ("optional.of(1).a", "no_such_overload"),
    ("optional.of(1).optMap(x, x + 1)", Optional(2)),
    ("optional.none().optMap(x, x + 1)", NONE),
    ("optional.of(0).optMap(x, 1 / x)", "divide_by_zero"),
    ("optional.of([1]).optFlatMap(x, x.first())", Optional(1)),
    ("optional.of([]).optFlatMap(x, x.first())", NONE),
    ("optional.of(1).optFlatMap(x, x)", "no_such_overload"),
    ("[1].optMap(x, x)", "no_such_overload"),
    # The alternative to a value that is there is not evaluated.
    ("optional.of(1).orValue(1 / 0)", 1),
    ("optional.of(1).or(1 / 0)", Optional(1)),
    ("optional.none().orValue(1 / 0)", "divide_by_zero"),
    ("optional.none().or(optional.none()).orValue(3)", 3),
]


@pytest.mark.parametrize(("text", "wanted"), BUILT, ids=[text for text, _ in BUILT])
def test_lists_maps_selections_and_optionals(text: str, wanted: Any) -> None:
    found = evaluated(text)
    if isinstance(wanted, str):
        assert kind_of(found) == wanted
    else:
        assert same(found, wanted), found


def test_messages_are_refused() -> None:
    assert kind_of(run(Message(1, "a.B", ()))) == "unknown_function"


# Names


def test_names() -> None:
    names = {"a": 1, "a.b": 2, "m": Map({"a": 3}), "size": 4, "e": ERROR, "u": UNKNOWN}
    assert evaluated("a", names) == 1
    assert evaluated(".a", names) == 1
    assert evaluated("a.b", names) == 2
    assert evaluated("m.a", names) == 3
    assert evaluated("size + size('ab')", names) == 6
    assert evaluated("e", names) == ERROR
    assert evaluated("u", names) == UNKNOWN
    assert kind_of(evaluated("b", names)) == "undeclared_reference"
    assert kind_of(evaluated("f(1)", names)) == "unknown_function"
    assert kind_of(evaluated("1.f()", names)) == "unknown_function"
    assert kind_of(evaluated("1.int()", names)) == "unknown_function"


def test_the_longest_name_counts() -> None:
    names = {"a.b.c": "whole", "a.b": Map({"c": "selected"})}
    assert evaluated("a.b.c", names) == "whole"
    assert evaluated("(a.b).c", {"a.b": Map({"c": "selected"})}) == "selected"


def test_variables_of_loops_hide_names_and_functions() -> None:
    assert evaluated("[{'b': 1}].map(a, a.b)", {"a.b": 2}) == [1]
    assert evaluated("[{'b': 1}].map(a, .a.b)", {"a.b": 2}) == [2]
    hidden = evaluated("[1].map(math, math.greatest(1, 2))")
    assert kind_of(hidden) == "unknown_function"


def test_names_are_looked_up_in_their_container_first() -> None:
    names = {"y": "outer", "a.y": "middle", "a.b.y": "inner", "z": "outer"}
    options: dict[str, Any] = {"container": "a.b"}
    assert evaluated("y", names, **options) == "inner"
    assert evaluated(".y", names, **options) == "outer"
    assert evaluated("z", names, **options) == "outer"
    assert evaluated("b.y", names, **options) == "inner"
    assert evaluated("y", {"a.y": "middle", "y": "outer"}, **options) == "middle"
    assert evaluated("greatest(1, 2)", container="math") == 2
    assert evaluated("size('a')", **options) == 1


def test_declared_names_hide_types() -> None:
    assert evaluated("int") == INT
    assert evaluated("int", {"int": 5}) == 5


# Attributes


@pytest.mark.parametrize(
    ("node", "wanted"),
    [
        (Attribute(1, "resource", ("total",)), 5),
        (Attribute(1, "resource", ("note",)), "no_such_field"),
        (Attribute(1, "resource", ("bad",)), "invalid_attribute"),
        (Attribute(1, "resource", ("u",)), UNKNOWN),
        (Attribute(1, "resource", ("total",), 0), Optional(5)),
        (Attribute(1, "resource", ("note",), 0), NONE),
        (Attribute(1, "resource", ("bad",), 0), "invalid_attribute"),
        (Attribute(1, "resource", ("u",), 0), UNKNOWN),
        (Attribute(1, "resource", ("account", "type"), 1), Optional("MCA")),
        (Attribute(1, "resource", ("account", "note"), 1), NONE),
        (Attribute(1, "resource", ("note", "text"), 1), "no_such_field"),
        (Attribute(1, "resource", ("bad", "text"), 1), "invalid_attribute"),
        (Attribute(1, "resource", ("u", "text"), 1), UNKNOWN),
        (Select(2, Attribute(1, "resource", ()), "total", SelectMode.HAS), True),
        (Select(2, Attribute(1, "resource", ()), "note", SelectMode.HAS), False),
        (Select(2, Attribute(1, "resource", ()), "bad", SelectMode.HAS), "invalid_attribute"),
        (Select(2, Attribute(1, "resource", ("account",)), "type", SelectMode.HAS), True),
        (Select(2, Attribute(1, "resource", ("u",)), "x", SelectMode.HAS), False),
        (Select(2, Attribute(1, "resource", ("map",), 0), "a", SelectMode.HAS), True),
        (Select(2, Attribute(1, "resource", ("map",), 0), "b", SelectMode.HAS), False),
        (Select(2, Attribute(1, "resource", ("none",), 0), "b", SelectMode.HAS), False),
        (Select(2, Attribute(1, "resource", ("map",)), "a"), 1),
        (Select(2, Attribute(1, "resource", ("u",)), "a"), UNKNOWN),
    ],
    ids=str,
)
def test_attributes(node: Expr, wanted: Any) -> None:
    request = {
        "resource.total": 5,
        "resource.bad": ErrorValue("invalid_attribute", "bad"),
        "resource.u": UNKNOWN,
        "resource.account": Map({"type": "MCA"}),
        "resource.account.type": "MCA",
        "resource.map": Map({"a": 1}),
    }
    found = run(node, Names({}, request))
    if isinstance(wanted, str) and isinstance(found, ErrorValue):
        assert found.kind == wanted
        assert found.id == node.id
    else:
        assert found == wanted


# Laziness, and what is told of it


def traced(text: str, names: Mapping[str, Any] | None = None) -> list[tuple[str, Any]]:
    """The text and value of each node as it was evaluated."""
    parsed = parse(Fragment.whole(text))
    told: list[tuple[str, Any]] = []
    evaluate(parsed, Names(names), trace=lambda id, value: told.append((parsed.text(id), value)))
    return told


def test_every_evaluated_node_is_told() -> None:
    assert traced("a + 1 > 2 || b", {"a": 5}) == [
        ("a", 5),
        ("1", 1),
        ("a + 1", 6),
        ("2", 2),
        ("a + 1 > 2", True),
        ("a + 1 > 2 || b", True),
    ]


def test_nodes_in_loops_are_told_at_each_turn() -> None:
    told = traced("[1, 2].exists(x, x == 2)")
    assert [value for text, value in told if text == "x == 2"] == [False, True]
    assert [text for text, _ in traced("[1, 2].exists(x, x == 1)")].count("x == 1") == 1


def test_the_branch_not_taken_is_not_evaluated() -> None:
    assert "1 / 0" not in dict(traced("true ? 1 : 1 / 0"))


def test_errors_are_told_with_their_place() -> None:
    ((text, error),) = [item for item in traced("[1 / 0].size()") if item[0] == "1 / 0"]
    assert text == "1 / 0"
    assert error.kind == "divide_by_zero"
    assert error.id > 0


@pytest.mark.parametrize(
    ("text", "value", "times"),
    [
        ("cel.bind(x, 1 + 1, x + x)", 4, 1),
        ("cel.bind(x, 1 + 1, 5)", 5, 0),
        ("cel.bind(x, 1 + 1, true || x > 0)", True, 0),
        ("cel.bind(x, 1 + 1, [1, 2, 3].map(y, x * y))", [2, 4, 6], 1),
        ("cel.bind(x, 1 + 1, cel.bind(x, x * 10, x + x))", 40, 1),
    ],
)
def test_a_bound_value_is_evaluated_once_when_needed(text: str, value: Any, times: int) -> None:
    told = traced(text)
    assert same(told[-1][1], value)
    assert [node for node, _ in told].count("1 + 1") == times


def test_a_bound_error_arises_where_it_is_used() -> None:
    assert evaluated("cel.bind(x, 1 / 0, 5)") == 5
    assert evaluated("cel.bind(x, 1 / 0, x > 0 || true)") is True
    assert kind_of(evaluated("cel.bind(x, 1 / 0, x)")) == "divide_by_zero"


# Time that moves


def test_functions_of_a_moving_value_are_told_of() -> None:
    moments = Moments(100)
    names = {"now": moments.now(), "limit": Timestamp(500)}
    assert evaluated("now < limit", names, moments=moments) is True
    assert moments.next == 500
    assert not moments.opaque


def test_choices_and_bindings_pass_moving_values_on() -> None:
    moments = Moments(100)
    names = {"now": moments.now(), "limit": Timestamp(500)}
    found = evaluated("cel.bind(x, true ? now : limit, x)", names, moments=moments)
    assert isinstance(found, Moving)
    assert not moments.opaque


@pytest.mark.parametrize(
    "text",
    [
        "[now]",
        "{'a': now}",
        "optional.of(now)",
        "[1].map(x, now)",
        "[1].transformMap(i, x, now)",
        "optional.of(1).optMap(x, now)",
        "string(now)",
        "[now].all(x, x < limit)",
    ],
)
def test_as_data_it_moves_no_more(text: str) -> None:
    moments = Moments(100)
    names = {"now": moments.now(), "limit": Timestamp(500)}
    found = evaluated(text, names, moments=moments)
    assert "Moving" not in repr(found)
    assert moments.opaque


def test_the_trace_shows_what_it_is_now() -> None:
    moments = Moments(100)
    told: list[Any] = []
    evaluated(
        "now", {"now": moments.now()}, moments=moments, trace=lambda _, value: told.append(value)
    )
    assert told == [Timestamp(100)]
