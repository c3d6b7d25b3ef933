"""The macros: calls expanded while parsing, because they bind names or ask for presence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from evaluator.language import syntax_problems as problems
from evaluator.language.grammar import Part, bare
from evaluator.language.syntax import (
    Bind,
    Comprehension,
    ComprehensionKind,
    Expr,
    Select,
    SelectMode,
)

if TYPE_CHECKING:
    from evaluator.language.parser import _Builder

__all__ = ["expand"]

_Kind = ComprehensionKind
# By name: the kind, and whether the last argument may follow a filter, with one or two variables.
_LOOPS: Final[dict[str, tuple[ComprehensionKind, frozenset[tuple[int, bool]]]]] = {
    # (number of variables, with filter)
    "all": (_Kind.ALL, frozenset({(1, False), (2, False)})),
    "exists": (_Kind.EXISTS, frozenset({(1, False), (2, False)})),
    "exists_one": (_Kind.EXISTS_ONE, frozenset({(1, False), (2, False)})),
    "existsOne": (_Kind.EXISTS_ONE, frozenset({(1, False), (2, False)})),
    "map": (_Kind.MAP, frozenset({(1, False), (1, True)})),
    "filter": (_Kind.FILTER, frozenset({(1, False)})),
    "transformList": (_Kind.TRANSFORM_LIST, frozenset({(2, False), (2, True)})),
    "transformMap": (_Kind.TRANSFORM_MAP, frozenset({(2, False), (2, True)})),
    "transformMapEntry": (_Kind.TRANSFORM_MAP_ENTRY, frozenset({(2, False), (2, True)})),
    "optMap": (_Kind.OPT_MAP, frozenset({(1, False)})),
    "optFlatMap": (_Kind.OPT_FLAT_MAP, frozenset({(1, False)})),
}


def expand(
    builder: _Builder,
    part: Part,
    name: Any,
    function: str,
    target: Part | None,
    arguments: list[Part],
) -> Expr | None:
    """The node of a macro call, or None when the call is none."""
    if target is None:
        return _has(builder, part, name, arguments) if function == "has" else None
    if function == "bind" and target.rule == "name" and target.items[0].text == "cel":
        return _bind(builder, part, name, arguments)
    if function in _LOOPS:
        return _loop(builder, part, name, function, target, arguments)
    return None


def _has(builder: _Builder, part: Part, name: Any, arguments: list[Part]) -> Expr:
    if len(arguments) != 1 or bare(arguments[0]).rule not in ("select", "optional_select"):
        place = arguments[0] if len(arguments) == 1 else part
        raise problems.macro_misuse(
            builder.fragment,
            place.start,
            place.end,
            "`has` asks whether one selected field is there",
            'write `has(resource.field)`; for a key of a map write `"key" in map`',
        )
    selected = bare(arguments[0])
    if selected.rule == "optional_select":
        raise problems.macro_misuse(
            builder.fragment,
            selected.start,
            selected.end,
            "`has` takes a plain selection",
            "write `has(a.b)`, or `a.?b.hasValue()`",
        )
    number = builder.id(part.start, part.end, name)
    return Select(number, builder.node(selected.items[0]), selected.items[-1].text, SelectMode.HAS)


def _bind(builder: _Builder, part: Part, name: Any, arguments: list[Part]) -> Expr | None:
    if len(arguments) != 3:
        raise problems.macro_misuse(
            builder.fragment,
            part.start,
            part.end,
            "`cel.bind` takes a name, its value and the expression that uses it",
            "write `cel.bind(total, a + b, total * total)`",
        )
    variable = _variable(builder, arguments[0])
    number = builder.id(part.start, part.end, name)
    return Bind(number, variable, builder.node(arguments[1]), builder.node(arguments[2]))


def _loop(
    builder: _Builder,
    part: Part,
    name: Any,
    function: str,
    target: Part,
    arguments: list[Part],
) -> Expr | None:
    kind, shapes = _LOOPS[function]
    shape = _shape(shapes, arguments)
    if shape is None:
        return None
    variables = tuple(_variable(builder, argument) for argument in arguments[: shape[0]])
    if len(set(variables)) != len(variables):
        second = arguments[1]
        raise problems.macro_misuse(
            builder.fragment,
            second.start,
            second.end,
            f"`{variables[1]}` is the name of both variables",
            "give the second another name",
        )
    number = builder.id(part.start, part.end, name)
    over = builder.node(target)
    builder.loops += 1
    if builder.loops > builder.limits.max_comprehensions:
        limit = builder.limits.max_comprehensions
        raise problems.too_many_loops(builder.fragment, part.start, part.end, limit)
    filter_ = builder.node(arguments[shape[0]]) if shape[1] else None
    body = builder.node(arguments[-1])
    builder.loops -= 1
    return Comprehension(number, kind, over, variables, filter_, body)


def _shape(shapes: frozenset[tuple[int, bool]], arguments: list[Part]) -> tuple[int, bool] | None:
    """How many variables there are and whether a filter follows, or None: an ordinary call."""
    fitting = [
        (variables, filtered)
        for variables, filtered in sorted(shapes)
        if variables + filtered + 1 == len(arguments)
    ]
    return fitting[0] if fitting else None


def _variable(builder: _Builder, part: Part) -> str:
    part = bare(part)
    if part.rule != "name":
        text = builder.fragment.text[part.start : part.end]
        raise problems.macro_misuse(
            builder.fragment,
            part.start,
            part.end,
            f"`{text}` is no name for a variable",
            "the first argument of a macro is a plain name: `list.all(x, x > 0)`",
        )
    return builder.checked_name(part.items[0])
