"""What is no function: macros, which bind names, and operators that evaluate only what they need.

The parser knows them (``language/macros.py``, ``language/grammar.py``); here is what the reference
says of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from evaluator.language.functions.catalogue import Entry
from evaluator.language.functions.declaring import fails
from evaluator.language.functions.registry import Example

__all__ = ["SPECIAL_FORMS"]

_CONDITION: Final = ("no_such_overload",)
_TURNS: Final = "one for each turn, and what the turn itself costs"


def _form(
    name: str,
    family: str,
    summary: str,
    *forms: str,
    examples: Iterable[tuple[str, str] | Example],
    errors: tuple[str, ...] = (),
    cost: str = "",
    others: tuple[str, ...] = (),
) -> Entry:
    made = tuple(one if isinstance(one, Example) else Example(*one) for one in examples)
    kinds = tuple(sorted({*errors, *(("cost_exceeded",) if cost else ())}))
    return Entry(name, family, forms, summary, kinds, cost, made, others)


def _quantifier(
    name: str,
    summary: str,
    *examples: tuple[str, str] | Example,
    others: tuple[str, ...] = (),
) -> Entry:
    return _form(
        name,
        "macros",
        summary,
        f"list.{name}(element, condition) -> bool",
        f"list.{name}(index, element, condition) -> bool",
        f"map.{name}(key, condition) -> bool",
        f"map.{name}(key, value, condition) -> bool",
        examples=examples,
        errors=_CONDITION,
        cost=_TURNS,
        others=others,
    )


def _transformation(
    name: str,
    summary: str,
    what: str,
    result: str,
    *examples: tuple[str, str] | Example,
    errors: tuple[str, ...] = _CONDITION,
) -> Entry:
    return _form(
        name,
        "macros",
        summary,
        f"list.{name}(index, element, {what}) -> {result}",
        f"list.{name}(index, element, condition, {what}) -> {result}",
        f"map.{name}(key, value, {what}) -> {result}",
        f"map.{name}(key, value, condition, {what}) -> {result}",
        examples=examples,
        errors=errors,
        cost=_TURNS,
    )


_OPERATORS: Final = (
    _form(
        "&&",
        "operators",
        "Whether both conditions hold; when either is false the other does not matter.",
        "bool && bool -> bool",
        examples=(
            ("1 < 2 && 2 < 3", "true"),
            ("false && 1 / 0 > 0", "false"),
            ("1 / 0 > 0 && false", "false"),
            fails("true && 1 / 0 > 0", "divide_by_zero"),
        ),
        errors=_CONDITION,
        others=("_&&_",),
    ),
    _form(
        "||",
        "operators",
        "Whether one of the conditions holds; when either is true the other does not matter.",
        "bool || bool -> bool",
        examples=(
            ("1 > 2 || 2 > 1", "true"),
            ("true || 1 / 0 > 0", "true"),
            ("1 / 0 > 0 || true", "true"),
            fails("false || 1 / 0 > 0", "divide_by_zero"),
        ),
        errors=_CONDITION,
        others=("_||_",),
    ),
    _form(
        "?:",
        "operators",
        "One of two values, by a condition; the other one is not evaluated.",
        "bool ? A : A -> A",
        examples=(
            ("2 > 1 ? 'more' : 'less'", '"more"'),
            ("true ? 1 : 1 / 0", "1"),
        ),
        errors=_CONDITION,
        others=("_?_:_", "? :", "?"),
    ),
    _form(
        ".",
        "operators",
        "A field of an object, or the value of a map at a key that is an identifier.",
        "object.field -> A",
        "map(string, A).key -> A",
        examples=(
            ("{'a': 5}.a", "5"),
            ("{'a': {'b': 5}}.a.b", "5"),
            fails("{'a': 5}.b", "no_such_key"),
        ),
        errors=("invalid_attribute", "no_such_field", "no_such_key", "no_such_overload"),
        others=("_._",),
    ),
    _form(
        ".?",
        "operators",
        "A field as an optional, empty when it is absent; what is selected next goes on inside.",
        "object.?field -> optional(A)",
        "map(string, A).?key -> optional(A)",
        examples=(
            ("{'a': 5}.?a", "optional.of(5)"),
            ("{'a': 5}.?b", "optional.none()"),
            ("{'a': {}}.?a.b.c.orValue(0)", "0"),
        ),
        errors=("invalid_attribute", "no_such_overload"),
        others=("_?._",),
    ),
)

_MACROS: Final = (
    _form(
        "has",
        "macros",
        "Whether a field is there: an attribute of an object, or a key of a map.",
        "has(value.field) -> bool",
        examples=(
            ("has({'a': 1}.a)", "true"),
            ("has({'a': 1}.b)", "false"),
            ("has({'a': null}.a)", "true"),
        ),
        errors=("invalid_attribute", "no_such_overload"),
    ),
    _quantifier(
        "all",
        "Whether a condition holds for every element; for none it does.",
        ("[1, 2, 3].all(x, x > 0)", "true"),
        ("[].all(x, x > 0)", "true"),
        ("[1, 3].all(i, x, x > i)", "true"),
        ("{'a': 1, 'b': -1}.all(key, value, value > 0)", "false"),
        ("[0, 2].all(x, 4 / x < 1)", "false"),
    ),
    _quantifier(
        "exists",
        "Whether a condition holds for an element or more.",
        ("['a', 'b'].exists(x, x == 'b')", "true"),
        ("[].exists(x, x > 0)", "false"),
        ("[5, 1].exists(i, x, x == i)", "true"),
        ("{'a': 1}.exists(key, key == 'b')", "false"),
        ("[0, 2].exists(x, 4 / x == 2)", "true"),
    ),
    _quantifier(
        "exists_one",
        "Whether a condition holds for exactly one element.",
        ("[1, 2, 2].exists_one(x, x == 1)", "true"),
        ("[1, 2, 2].exists_one(x, x == 2)", "false"),
        ("{'a': 1, 'b': 2}.exists_one(key, value, value > 1)", "true"),
        fails("[0, 2].exists_one(x, 4 / x == 2)", "divide_by_zero"),
        others=("existsOne",),
    ),
    _form(
        "filter",
        "macros",
        "The elements for which a condition holds; of a map the keys.",
        "list(A).filter(element, condition) -> list(A)",
        "map(A, B).filter(key, condition) -> list(A)",
        examples=(
            ("[1, 2, 3].filter(x, x > 1)", "[2, 3]"),
            ("{'a': 1, 'b': 2}.filter(key, key != 'a')", '["b"]'),
        ),
        errors=_CONDITION,
        cost=_TURNS,
    ),
    _form(
        "map",
        "macros",
        "A list with a value for every element, or for those for which a condition holds.",
        "list.map(element, value) -> list(A)",
        "list.map(element, condition, value) -> list(A)",
        "map.map(key, value) -> list(A)",
        "map.map(key, condition, value) -> list(A)",
        examples=(
            ("[1, 2, 3].map(x, x * 2)", "[2, 4, 6]"),
            ("[1, 2, 3].map(x, x > 1, x * 2)", "[4, 6]"),
            ("{'a': 1}.map(key, key + '!')", '["a!"]'),
        ),
        errors=_CONDITION,
        cost=_TURNS,
    ),
    _form(
        "sortBy",
        "macros",
        "The elements ordered by a key each; those with equal keys keep their order.",
        "list(A).sortBy(element, key) -> list(A)",
        "map(A, B).sortBy(element, key) -> list(A)",
        examples=(
            ("['pear', 'fig', 'kiwi'].sortBy(x, size(x))", '["fig", "pear", "kiwi"]'),
            ("[{'n': 2}, {'n': 1}].sortBy(x, x.n).map(x, x.n)", "[1, 2]"),
            ("[1, 3, 2].sortBy(x, -x)", "[3, 2, 1]"),
        ),
        errors=("no_such_overload",),
        cost=_TURNS,
    ),
    _transformation(
        "transformList",
        "A list with a value for every index and element, or key and value.",
        "value",
        "list(A)",
        ("['a', 'b'].transformList(i, x, string(i) + x)", '["0a", "1b"]'),
        ("[5, 6, 7].transformList(i, x, i > 0, x)", "[6, 7]"),
        ("{'a': 1}.transformList(key, value, value)", "[1]"),
    ),
    _transformation(
        "transformMap",
        "A map with the same keys, or indices, and other values.",
        "value",
        "map(A, B)",
        ("{'a': 1, 'b': 2}.transformMap(key, value, value * 10)", '{"a": 10, "b": 20}'),
        ("{'a': 1, 'b': 2}.transformMap(key, value, value > 1, value)", '{"b": 2}'),
        ("['x', 'y'].transformMap(i, x, x)", '{0: "x", 1: "y"}'),
    ),
    _transformation(
        "transformMapEntry",
        "A map of the entries that are made, which all need keys of their own.",
        "{key: value}",
        "map(A, B)",
        ("{'a': 'x'}.transformMapEntry(key, value, {value: key})", '{"x": "a"}'),
        ("['x', 'y'].transformMapEntry(i, x, {x: i})", '{"x": 0, "y": 1}'),
        fails("['x', 'x'].transformMapEntry(i, x, {x: i})", "duplicate_key"),
        errors=("duplicate_key", "no_such_overload"),
    ),
    _form(
        "optMap",
        "macros",
        "An optional of another value made from that of an optional; empty stays empty.",
        "optional(A).optMap(x, value) -> optional(B)",
        examples=(
            ("optional.of(2).optMap(x, x * 3)", "optional.of(6)"),
            ("{'a': 1}.?b.optMap(x, x * 3)", "optional.none()"),
        ),
        errors=("no_such_overload",),
    ),
    _form(
        "optFlatMap",
        "macros",
        "The optional that is made from the value of an optional; empty stays empty.",
        "optional(A).optFlatMap(x, optional(B)) -> optional(B)",
        examples=(
            ("optional.of([4, 5]).optFlatMap(x, x[?1])", "optional.of(5)"),
            ("optional.of([]).optFlatMap(x, x[?1])", "optional.none()"),
            ("optional.none().optFlatMap(x, optional.of(1))", "optional.none()"),
        ),
        errors=("no_such_overload",),
    ),
    _form(
        "cel.bind",
        "macros",
        "An expression with a name for a value, which is evaluated once, when first needed.",
        "cel.bind(name, value, expression) -> A",
        examples=(
            ("cel.bind(n, size('abc'), n * n)", "9"),
            ("cel.bind(n, 1 / 0, true || n > 0)", "true"),
        ),
    ),
    _form(
        "cel.block",
        "macros",
        "An expression with values that have numbers for names; optimisers write it.",
        "cel.block([value, ...], expression) -> A",
        examples=(("cel.block([2, cel.index(0) * 3], cel.index(1) + 1)", "7"),),
        others=("cel.index", "cel.iterVar", "cel.accuVar"),
    ),
)

SPECIAL_FORMS: Final = (*_OPERATORS, *_MACROS)
