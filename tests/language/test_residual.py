"""What partial evaluation leaves of an expression."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

import evaluator
from evaluator.diagnostics import Severity
from evaluator.language.interpreter import evaluate
from evaluator.language.parser import parse_text
from evaluator.language.places import Places
from evaluator.language.printer import print_expression
from evaluator.language.residual import residual
from evaluator.language.syntax import Expr, Literal, Parsed
from evaluator.language.values import ErrorValue, Unknown
from tests.language.checking_setting import FUNCTIONS, ROOTS, Requests, checked
from tests.language.compiling.test_agreement import alike
from tests.language.typed_expressions import Expressions


@pytest.mark.parametrize(
    ("text", "known", "left"),
    [
        ("a && b > 3", {"a": True}, "b > 3"),
        ("a && b > 3", {"a": False}, "false"),
        ("a && b", {"a": True}, "b && true"),
        ("a || b > 3", {"a": True}, "true"),
        ("a || b > 3 || c < 1", {"a": False}, "b > 3 || c < 1"),
        ("(a || b > 3) && c < 1", {"c": 0}, "a || b > 3"),
        ("a ? b : c + 1", {"a": False}, "c + 1"),
        ("a ? b : c + 1", {"b": 2}, "a ? 2 : c + 1"),
        ("1 / z == 2 || b", {"z": 0}, "1 / 0 == 2 || b"),
        ("1 / z == 2 || b", {"b": True}, "true"),
        ("[1, 2, 3].exists(x, x == b)", {}, "1 == b || 2 == b || 3 == b"),
        ("xs.all(i, x, x != b && i < n)", {"xs": ["p"], "n": 1}, '"p" != b'),
        ("xs.exists(x, x == b)", {"xs": []}, "false"),
        ("xs.all(x, ys.exists(y, x == y))", {"xs": [1]}, "ys.exists(y, 1 == y)"),
        ("xs.all(x, x.exists(x, x == n))", {"xs": [[1], [2]]}, "1 == n && 2 == n"),
        ("xs.map(x, x + k)", {"k": 2}, "xs.map(x, x + 2)"),
        ("xs.filter(x, x > n)", {"xs": [1, 2]}, "[1, 2].filter(x, x > n)"),
        ("cel.bind(x, a * 2, x + b)", {"a": 4}, "8 + b"),
        ("cel.bind(x, b * 2, x + a)", {"a": 4}, "cel.bind(x, b * 2, x + 4)"),
        ("cel.bind(x, a, [1].map(x, x + b))", {"a": 4}, "[1].map(x, x + b)"),
        ("m.k + n", {"m": {"k": 3}}, "3 + n"),
        ("has(m.k) && n", {"m": {}}, "false"),
        ("m.?k.orValue(n)", {"m": {}}, "optional.none().orValue(n)"),
        ("m.?k.orValue(n)", {"m": {"k": 3}}, "3"),
        ("[a, b]", {"a": "x"}, '["x", b]'),
        ("{a: b}", {"a": "x"}, '{"x": b}'),
        ("math.greatest(a, b)", {"a": 1}, "math.greatest(1, b)"),
        ("t < u", {"t": evaluator.Timestamp(0)}, 'timestamp("1970-01-01T00:00:00Z") < u'),
        ("a == b", {"a": 1, "b": 1}, "true"),
        ("type(a) == int || b > 1", {"a": 1}, "true"),
    ],
)
def test_what_is_left(text: str, known: dict[str, Any], left: str) -> None:
    found = evaluator.Expression(text).residual(known)
    assert found.text == left


def test_types_stay_with_what_is_left() -> None:
    whole = evaluator.Expression("a + b > 3", {"a": "int", "b": "int"})
    left = whole.residual({"a": 1})
    assert (left.text, left.type) == ("1 + b > 3", "bool")
    assert left.evaluate({"b": 3}) is True
    # A value of another type than was declared can only be told when it is evaluated.
    wrong = whole.residual({"a": "one"})
    with pytest.raises(evaluator.EvaluationError, match="does not take"):
        wrong.evaluate({"b": 3})
    with pytest.raises(evaluator.EvaluationError, match="64-bit"):
        whole.residual({"a": 2**70})


def test_long_loops_and_deep_ones_are_kept() -> None:
    long = evaluator.Expression("xs.all(x, x != b)").residual({"xs": list(range(100))})
    assert long.text.endswith("].all(x, x != b)")
    deep = "b == 1"
    for _ in range(7):
        deep = f"xs.all(x, {deep} || xs.exists(y, y == b))"
    left = evaluator.Expression(deep).residual({"xs": [1, 2, 3]})
    assert left.evaluate({"b": 1}) is True


# Laws


class Partly:
    """A request of which some attributes are known."""

    def __init__(self, whole: Requests, unknown: frozenset[tuple[str, str]]) -> None:
        self._whole = whole
        self._unknown = unknown

    def name(self, name: str) -> Any:
        return self._whole.name(name)

    def attribute(self, root: str, path: tuple[str, ...]) -> Any:
        if path and (root, path[0]) in self._unknown:
            return Unknown(frozenset({f"{root}.{path[0]}"}))
        return self._whole.attribute(root, path)

    def has(self, root: str, path: tuple[str, ...]) -> Any:
        if path and (root, path[0]) in self._unknown:
            return Unknown(frozenset({f"{root}.{path[0]}"}))
        return self._whole.has(root, path)


def value_of(root: Expr, request: Any) -> Any:
    return evaluate(Parsed(root, Places(0), Places(0), 0), request, functions=FUNCTIONS)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, ErrorValue) or isinstance(other, ErrorValue):
        return (
            isinstance(one, ErrorValue)
            and isinstance(other, ErrorValue)
            and (one.kind == other.kind)
        )
    return alike(one, other)


ATTRIBUTES = [(root, name) for root, type_ in ROOTS.items() for name in type_.fields]  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(8))
def test_what_is_left_has_the_value_of_the_whole(seed: int) -> None:
    random = Random(seed)
    changed = tried = 0
    while tried < 500:
        text = Expressions(random).expression()
        found = checked(text)
        if any(item.severity is Severity.ERROR for item in found.diagnostics):
            continue
        tried += 1
        request = Requests(random)
        unknown = frozenset(one for one in ATTRIBUTES if random.random() < 0.3)
        more = frozenset(one for one in unknown if random.random() < 0.5)
        wanted = value_of(found.root, request)
        left = residual(
            found.root, Partly(request, unknown), functions=FUNCTIONS, overloads=found.overloads
        )
        context = f"seed {seed}: {text}\nleft: {print_expression(left)}"
        assert same(value_of(left, request), wanted), context
        printed = print_expression(left)
        assert print_expression(parse_text(printed).root) == printed, context
        # In two steps, and with everything known.
        second = residual(left, Partly(request, more), functions=FUNCTIONS)
        assert same(value_of(second, request), wanted), context
        whole = residual(found.root, request, functions=FUNCTIONS, overloads=found.overloads)
        if isinstance(wanted, ErrorValue):
            assert same(value_of(whole, request), wanted), context
        else:
            assert isinstance(whole, Literal), context
            assert alike(whole.value, wanted), context
        changed += print_expression(left) != text and not isinstance(left, Literal)
    assert changed > 50  # else the law would say nothing
