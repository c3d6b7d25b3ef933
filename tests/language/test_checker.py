"""The checker: types, names, guards, error kinds, volatility, problems, and that it is sound."""

from __future__ import annotations

import pickle
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.diagnostics import Severity
from evaluator.language.checker import Declaration, Environment, check, type_of_value
from evaluator.language.functions import STANDARD
from evaluator.language.interpreter import evaluate
from evaluator.language.parser import parse
from evaluator.language.printer import print_expression
from evaluator.language.syntax import Attribute, Call, Expr, Literal, Name, Select, walk
from evaluator.language.types import (
    BOOL,
    DOUBLE,
    DYN,
    ERROR,
    INT,
    STRING,
    EnumType,
    ListType,
    MapType,
    NullableType,
    OptionalType,
    Type,
)
from evaluator.language.values import ErrorValue, Map
from evaluator.source import Fragment
from tests.language.checking_setting import (
    FUNCTIONS,
    ROOTS,
    Requests,
    checked,
    codes,
    conforms,
    environment,
    variable,
)
from tests.language.typed_expressions import Expressions
from tests.language.wrong_expressions import CASES, Case, report


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_what_is_said_of_wrong_expressions(case: Case) -> None:
    assert report(case.text, case.id) == case.said


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_fixes_mend(case: Case) -> None:
    found = checked(case.text)
    for item in found.diagnostics:
        if item.fix is not None:
            (edit,) = item.fix.edits
            text = edit.span.source.text
            mended = text[: edit.span.start] + edit.text + text[edit.span.end :]
            again = {(other.code, other.message) for other in checked(mended).diagnostics}
            assert (item.code, item.message) not in again


# Types

TYPES = {
    "null": "null",
    "b'a'": "bytes",
    "1u": "uint",
    "[]": "list(dyn)",
    "{}": "map(dyn, dyn)",
    "[1, 2]": "list(int)",
    "[1, 'a']": "list(dyn)",
    "[1, null]": "list(dyn)",
    "[[], [1]]": "list(list(int))",
    "[[], [[]], [[[]]]]": "list(list(list(list(dyn))))",
    "[1] + []": "list(int)",
    "{'a': 1}": "map(string, int)",
    "{'a': 1, 2: 'b'}": "map(dyn, dyn)",
    "[{}, {'a': 1u}]": "list(map(string, uint))",
    "[optional.none(), optional.of(1)]": "list(optional(int))",
    "[optional.of(1), optional.of(dyn(1))]": "list(optional(dyn))",
    "[?optional.of(1), 2]": "list(int)",
    "{?'a': optional.of(1)}": "map(string, int)",
    "resource.total + 1": "int",
    "resource.due - now": "duration",
    "resource.due + window": "timestamp",
    "resource.state": "string",
    "resource.manager": "nullable(string)",
    "resource.?partner": "optional(string)",
    "resource.?billing.phone": "optional(string)",
    "resource.?billing.?phone": "optional(string)",
    "resource.address.?phone": "optional(string)",
    "resource.?billing.phone.orValue('')": "string",
    "resource.labels": "map(string, int)",
    "resource.labels.a": "int",
    "resource.labels.?a": "optional(int)",
    "resource.labels[?'a']": "optional(int)",
    "resource.lines": "list(line)",
    "resource.lines[0]": "line",
    "resource.lines[0].quantity": "int",
    "resource.lines[0].?note": "optional(string)",
    "resource.lines[?0].note": "optional(string)",
    "resource.lines.first().quantity": "optional(int)",
    "resource.address['country']": "dyn",
    "resource.?lines[0].quantity": "optional(int)",
    "resource.lines.map(l, l.quantity)": "list(int)",
    "resource.lines.map(l, l.quantity > 1, l.product)": "list(string)",
    "resource.lines.filter(l, l.quantity > 1)": "list(line)",
    "resource.lines.all(l, l.quantity > 1)": "bool",
    "resource.lines.exists_one(i, l, i == 0 && l.quantity > 1)": "bool",
    "resource.lines.transformList(i, l, i + l.quantity)": "list(int)",
    "resource.lines.transformList(i, l, i > 0, l)": "list(line)",
    "resource.lines.transformMap(i, l, l.product)": "map(int, string)",
    "resource.lines.transformMapEntry(i, l, {l.product: i})": "map(string, int)",
    "resource.labels.transformMap(k, v, double(v))": "map(string, double)",
    "resource.labels.map(k, k)": "list(string)",
    "resource.labels.filter(k, k != '')": "list(string)",
    "resource.labels.transformList(k, v, v)": "list(int)",
    "resource.address.map(k, k)": "list(string)",
    "dyn(1).map(x, x)": "list(dyn)",
    "[].map(x, x)": "list(dyn)",
    "[].map(x, x)[0].foo": "dyn",
    "[].map(x, x + 1)": "list(int)",
    "resource.?partner.optMap(p, p.size())": "optional(int)",
    "resource.?partner.optFlatMap(p, resource.?discount)": "optional(int)",
    "cel.bind(x, resource.total, x + x)": "int",
    "resource.paid ? 1 : 2": "int",
    "resource.paid ? [] : ['a']": "list(string)",
    "resource.paid ? resource.total : null": "nullable(int)",
    "resource.paid ? null : resource.state": "nullable(string)",
    "true ? optional.of(dyn(1)) : optional.of(1)": "optional(dyn)",
    "dyn(1)": "dyn",
    "dyn(1) + 1": "int",
    "dyn(1) + dyn(2)": "dyn",
    "dyn([1])[0]": "dyn",
    "type(1)": "type(int)",
    "int": "type(int)",
    "google.protobuf.Timestamp": "type(timestamp)",
    "type(1) == int": "bool",
    "sum(resource.lines.map(l, l.quantity))": "int",
    "sum([])": "int",
    "math.greatest(resource.total, 1)": "int",
    "limits": "map(string, int)",
    "limits[resource.state]": "int",
    "approvers[resource.state]": "list(string)",
    "nothing + ['a']": "list(string)",
    "now": "timestamp",
    "context.anything": "error",
    "has(context.anything) ? context.anything : null": "dyn",
}


@pytest.mark.parametrize(("text", "type_"), TYPES.items())
def test_types(text: str, type_: str) -> None:
    found = checked(text)
    if type_ != "error":
        assert not found.diagnostics
        assert str(found.type) == type_
        assert str(found.types[found.root.id]) == type_


def test_an_enum_keeps_its_strings() -> None:
    assert checked("resource.state").type == EnumType(("open", "paid", "shipped"))
    joined = checked("resource.paid ? resource.state : resource.address.zone").type
    assert joined == EnumType(("open", "paid", "shipped", "near", "far"))
    assert checked("resource.paid ? resource.state : 'none'").type == EnumType(
        ("open", "paid", "shipped", "none")
    )
    assert checked("resource.paid ? resource.state : resource.id").type == STRING
    assert codes("(resource.paid ? resource.state : 'none') == 'non'") == ["EVL307"]


def test_a_map_that_is_written_out_knows_its_keys() -> None:
    assert checked("{'a': 1, 'b': 2}").type == MapType(STRING, INT, frozenset({"a", "b"}))
    assert checked("{resource.id: 1}").type == MapType(STRING, INT)


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        pytest.param(Map({"a": 1}), MapType(STRING, INT, frozenset({"a"})), id="table"),
        pytest.param(Map([(1, "a")]), MapType(INT, STRING), id="map of other keys"),
        pytest.param([1, "a"], ListType(DYN), id="mixed list"),
        pytest.param(INT, checked("int").type, id="type"),
        pytest.param("open", STRING, id="text"),
    ],
)
def test_types_of_values(value: object, type_: Type) -> None:
    assert type_of_value(value) == type_


def test_a_broken_part_has_the_type_error_and_the_rest_is_checked() -> None:
    found = checked("resource.totl + 1 > 2 && resource.paid")
    assert found.type == BOOL
    assert ERROR in found.types.values()
    assert len(found.diagnostics) == 1


# Names


def nodes(text: str, kind: type[Expr], setting: Environment | None = None) -> list[Expr]:
    return [node for node in walk(checked(text, setting).root) if isinstance(node, kind)]


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("resource.address.country", [("resource", ("address", "country"), None)]),
        ("resource.?billing.phone", [("resource", ("billing", "phone"), 0)]),
        ("resource.address.?phone", [("resource", ("address", "phone"), 1)]),
        ("has(resource.partner)", [("resource", (), None)]),
        ("has(resource.address.phone)", [("resource", ("address",), None)]),
        ("resource.labels.a", [("resource", ("labels",), None)]),
        (".resource.total", [("resource", ("total",), None)]),
        ("[1].exists(resource, resource > 0)", []),
    ],
)
def test_attributes_are_nodes(
    text: str, attributes: list[tuple[str, tuple[str, ...], int | None]]
) -> None:
    found = [
        (node.root, node.path, node.optional_from)
        for node in nodes(text, Attribute)
        if isinstance(node, Attribute)
    ]
    assert found == attributes


def test_ids_and_text_stay() -> None:
    text = 'resource.lines.filter(l, has(l.note) && l.state == "open")[0].note + math.least("a")'
    parsed = parse(Fragment.whole("has(resource.partner) && resource.partner == 'a' || most > 1"))
    found = check(parsed, environment())
    assert found.root.id == parsed.root.id
    assert {node.id for node in walk(found.root)} <= {node.id for node in walk(parsed.root)}
    assert {node.id for node in walk(found.root)} <= found.types.keys()
    assert {node.id for node in walk(found.root)} <= found.error_kinds.keys()
    assert checked(text).diagnostics


def test_a_function_of_a_namespace_is_a_global_call() -> None:
    (call,) = nodes("math.greatest(1, 2)", Call)
    assert isinstance(call, Call)
    assert (call.function, call.target) == ("math.greatest", None)


def test_a_declared_name_is_no_namespace() -> None:
    numbers = environment(math=Declaration(MapType(STRING, INT), "ident"))
    assert codes("math.greatest(1, 2)", setting=numbers) == ["EVL303"]
    assert codes("['a'].all(math, math.greatest(1, 2) > 1)") == ["EVL303"]


def test_the_name_of_a_type_is_a_literal() -> None:
    assert nodes("type(1) == int", Literal)[-1] == Literal(4, INT)
    assert codes("[int].map(int, int)") == []


CONTAINER = Environment(
    {
        "a": Declaration(MapType(STRING, MapType(STRING, INT)), "ident"),
        "a.b": Declaration(MapType(STRING, STRING), "ident"),
        "a.b.c": Declaration(BOOL, "ident"),
        "x": Declaration(INT, "ident"),
        "com.x": Declaration(STRING, "ident"),
        "com.example.x": Declaration(DOUBLE, "ident"),
    },
    functions=STANDARD,
    container="com.example",
)


@pytest.mark.parametrize(
    ("text", "type_", "printed"),
    [
        ("x", "double", "com.example.x"),
        (".x", "int", ".x"),
        ("com.x", "string", "com.x"),
        ("a.b.c", "bool", "a.b.c"),
        ("a.b.d", "string", "a.b.d"),
        ("a.d", "map(string, int)", "a.d"),
        ("(a.b).c", "bool", "a.b.c"),
        ("[1u].map(x, x)", "list(uint)", "[1u].map(x, x)"),
        ("[1u].map(x, .x)", "list(int)", "[1u].map(x, .x)"),
        ("[{'c': 1}].map(a, a.c)", "list(int)", '[{"c": 1}].map(a, a.c)'),
    ],
)
def test_names_are_resolved_in_the_container(text: str, type_: str, printed: str) -> None:
    found = checked(text, CONTAINER)
    assert not found.diagnostics
    assert str(found.type) == type_
    assert print_expression(found.root) == printed


def test_the_longest_declared_name_counts() -> None:
    (name,) = nodes("a.b.d", Name, CONTAINER)
    assert name == Name(2, "a.b")
    assert [
        node.field for node in nodes("a.b.d", Select, CONTAINER) if isinstance(node, Select)
    ] == ["d"]


def test_uses_and_reads() -> None:
    found = checked(
        "most > 1 && has(resource.partner) && resource.lines.all(l, l.quantity < limits[l.state])"
        " && resource.?billing.phone.hasValue() && context.?time.orValue(now) > resource.due"
    )
    assert found.uses == {"most", "limits", "now"}
    assert found.reads == {
        ("resource", ("partner",)),
        ("resource", ("lines",)),
        ("resource", ("billing", "phone")),
        ("resource", ("due",)),
        ("context", ("time",)),
    }


# Overloads


def test_overloads_are_those_that_types_decide_on() -> None:
    found = checked("resource.total + 1 > 2 && dyn(1) + 1 > 2 && dyn(1) == 1")
    chosen = {
        found.parsed.text(node): found.overloads[node.id]
        for node in walk(found.root)
        if isinstance(node, Call)
    }
    assert chosen["resource.total + 1"] == ("add_int64",)
    assert chosen["resource.total + 1 > 2"] == ("greater_int64",)
    assert chosen["dyn(1) + 1"] == ()
    assert chosen["dyn(1) == 1"] == ("equals",)


# What is expected of the value


@pytest.mark.parametrize(
    ("text", "expected", "code"),
    [
        ("resource.total", INT, None),
        ("resource.total", DOUBLE, "EVL306"),
        ("'open'", ROOTS["resource"].fields["state"].type, None),  # type: ignore[attr-defined]
        ("resource.paid ? 'open' : 'paid'", EnumType(("open", "paid")), None),
        ("resource.paid ? 'open' : 'payed'", EnumType(("open", "paid")), "EVL307"),
        ("resource.id", EnumType(("open", "paid")), "EVL306"),
        ("resource.state", STRING, None),
        ("resource.total", OptionalType(INT), None),
        ("resource.?discount", OptionalType(INT), None),
        ("optional.none()", OptionalType(INT), None),
        ("resource.?partner", OptionalType(INT), "EVL306"),
        ("resource.?discount", INT, "EVL306"),
        ("null", NullableType(INT), None),
        ("resource.total", NullableType(INT), None),
        ("resource.manager", STRING, "EVL309"),
        ("[]", ListType(STRING), None),
        ("[1]", ListType(STRING), "EVL306"),
        ("dyn(1)", STRING, None),
        ("resource.totl", STRING, "EVL302"),
    ],
)
def test_expected_types(text: str, expected: Type, code: str | None) -> None:
    assert codes(text, expected=expected) == ([] if code is None else [code])


@pytest.mark.parametrize(
    "text",
    [
        "is_holiday(timestamp('2026-01-01T00:00:00Z'))",
        "now > timestamp(0)",
        "late",
        "resource.paid",
    ],
)
def test_conditions_that_are_not_constant(text: str) -> None:
    assert not codes(text, setting=environment(late=variable("most > 5")), expected=BOOL)


def test_in_an_expression_on_its_own_a_sure_failure_is_a_warning() -> None:
    alone = Environment({}, functions=STANDARD)
    for text in ("duration('7d')", "'a'.matches('[')"):
        (item,) = checked(text, alone).diagnostics
        assert item.severity is Severity.WARNING
        (item,) = checked(text).diagnostics
        assert item.severity is Severity.ERROR


def test_declarations_in_error_are_not_reported_again() -> None:
    broken = environment(broken=Declaration(ERROR, "variable"))
    assert not codes("broken + 1 > 2 && broken.a.b[0] == 1 && !broken", setting=broken)
    assert not codes("broken", setting=broken, expected=BOOL)


def test_deep_expressions_are_checked_or_refused() -> None:
    text = "+".join(["resource.total"] * 100)
    assert not codes(text)
    assert not codes("(" * 100 + "1" + ")" * 100)
    assert not codes("!" * 100 + "resource.paid")
    tree: Expr = Literal(1, value=True)
    for id in range(2, 5000):
        tree = Call(id, "!_", None, (tree,))
    parsed = parse(Fragment.whole("true"))
    object.__setattr__(parsed, "root", tree)
    for id in range(2, 5000):
        parsed.places.add(id, *parsed.places[1])
    assert [item.code for item in check(parsed, environment()).diagnostics] == ["EVL207"]


def test_what_is_checked_can_be_pickled() -> None:
    setting = environment(partner=variable("resource.?partner"))
    text = "partner.hasValue() && resource.lines.all(l, has(l.note)) && resource.manager != null"
    found = pickle.loads(pickle.dumps(checked(text, setting)))
    assert found.root == checked(text, setting).root
    assert found.errors == checked(text, setting).errors


# Soundness


@settings(max_examples=400)
@given(st.integers(min_value=0))
def test_what_is_accepted_keeps_its_types_and_error_kinds(seed: int) -> None:
    random = Random(seed)
    text = Expressions(random).expression()
    found = checked(text)
    if any(item.severity is Severity.ERROR for item in found.diagnostics):
        return
    for _ in range(3):
        seen: list[tuple[int, object]] = []
        value = evaluate(
            found,
            Requests(random),
            functions=FUNCTIONS,
            trace=lambda id, value: seen.append((id, value)),  # noqa: B023  # used at once
        )
        for id, part in [*seen, (found.root.id, value)]:
            if isinstance(part, ErrorValue):
                assert part.kind in found.error_kinds[id], (text, found.parsed.text(id))
            else:
                assert conforms(part, found.types[id]), (text, found.parsed.text(id))
