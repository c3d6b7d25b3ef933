from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.language.budget import Budget
from evaluator.language.functions import STANDARD
from evaluator.language.interpreter import evaluate
from evaluator.language.places import Places
from evaluator.language.syntax import (
    Attribute,
    Bind,
    Call,
    Comprehension,
    ComprehensionKind,
    Conditional,
    Entry,
    Expr,
    ListExpr,
    Literal,
    Logical,
    MapExpr,
    Name,
    Parsed,
    Select,
    SelectMode,
    walk,
)
from evaluator.language.temporal import Moments
from evaluator.language.values import (
    ABSENT,
    ERROR_KINDS,
    ErrorValue,
    Map,
    Timestamp,
    UInt,
    Unknown,
)
from tests.language.evaluating import Names, values, values_of

UNKNOWN = Unknown(frozenset({"resource.u"}))
ERROR = ErrorValue("divide_by_zero", "one", 7)


def run(root: Expr, activation: Names, **options: Any) -> Any:
    return evaluate(Parsed(root, Places(1), Places(1), 2), activation, **options)


NODES: st.SearchStrategy[Expr] = st.deferred(lambda: LEAVES | INNER)
NAMES = st.sampled_from(["x", "y", "xs", "m", "e", "u", "now", "int", ".x", "missing"])
LEAVES: st.SearchStrategy[Expr] = (
    st.builds(Literal, st.just(1), values)
    | st.builds(Name, st.just(1), NAMES)
    | st.builds(
        Attribute,
        st.just(1),
        st.just("resource"),
        st.sampled_from([("a",), ("b",), ("a", "b")]),
        st.sampled_from([None, 0]),
    )
)


@st.composite
def calls(draw: Callable[..., Any]) -> Expr:
    """A call of a function with the arguments of one of its overloads, or with any others."""
    function = draw(st.sampled_from(list(STANDARD)))
    overload = draw(st.sampled_from(function.overloads))
    args = [
        draw(NODES | values_of(type_).map(lambda value: Literal(1, value)))
        for type_ in overload.parameters[:3]
    ]
    if overload.member and args:
        return Call(1, function.name, args[0], tuple(args[1:]))
    return Call(1, function.name, None, tuple(args))


@st.composite
def lists(draw: Callable[..., Any]) -> Expr:
    elements = tuple(draw(st.lists(NODES, max_size=3)))
    optional = draw(st.frozensets(st.integers(0, 2), max_size=1))
    return ListExpr(1, elements, optional)


INNER: st.SearchStrategy[Expr] = st.one_of(
    calls(),
    lists(),
    st.builds(
        MapExpr,
        st.just(1),
        st.lists(st.builds(Entry, st.just(1), NODES, NODES, st.booleans()), max_size=2).map(tuple),
    ),
    st.builds(Logical, st.just(1), st.sampled_from(["&&", "||"]), st.tuples(NODES, NODES)),
    st.builds(Conditional, st.just(1), NODES, NODES, NODES),
    st.builds(Select, st.just(1), NODES, st.sampled_from(["a", "b"]), st.sampled_from(SelectMode)),
    st.builds(
        Comprehension,
        st.just(1),
        st.sampled_from(ComprehensionKind),
        NODES,
        st.sampled_from([("x",), ("x", "y")]),
        st.none() | NODES,
        NODES,
    ),
    st.builds(Bind, st.just(1), st.sampled_from("xy"), NODES, NODES),
)


def _fits_macro(node: Expr) -> bool:
    """Whether each macro has the variables that the parser would give it."""
    two = {"transformList", "transformMap", "transformMapEntry"}
    one = {"map", "filter", "optMap", "optFlatMap"}
    return all(
        not (
            isinstance(item, Comprehension)
            and (
                (item.kind.value in two and len(item.variables) == 1)
                or (item.kind.value in one and len(item.variables) == 2)
            )
        )
        for item in walk(node)
    )


@settings(max_examples=150)
@given(NODES.filter(_fits_macro), values, st.lists(values, max_size=3), st.booleans())
def test_nothing_is_raised(root: Expr, x: Any, xs: list[Any], moves: bool) -> None:
    moments = Moments(100) if moves else None
    names = {
        "x": x,
        "y": UInt(2),
        "xs": xs,
        "m": Map({"a": x}),
        "e": ERROR,
        "u": UNKNOWN,
        "now": Timestamp(100) if moments is None else moments.now(),
    }
    activation = Names(names, {"resource.a": x, "resource.b": UNKNOWN})
    found = run(root, activation, budget=Budget(10_000), moments=moments)
    assert found is not ABSENT
    if isinstance(found, ErrorValue):
        assert found.kind in ERROR_KINDS
        assert found.id >= 0
        assert found.message


@settings(max_examples=60)
@given(NODES.filter(_fits_macro), values, st.lists(values, max_size=3))
def test_tracing_changes_nothing(root: Expr, x: Any, xs: list[Any]) -> None:
    names = {"x": x, "xs": xs, "e": ERROR, "u": UNKNOWN}
    told: list[Any] = []
    plain = run(root, Names(names), budget=Budget(10_000))
    traced_ = run(
        root,
        Names(names),
        budget=Budget(10_000),
        trace=lambda _, value: told.append(value),
    )
    assert repr(plain) == repr(traced_)
    if not (isinstance(plain, ErrorValue) and plain.kind == "cost_exceeded"):
        assert repr(told[-1]) == repr(plain)
