"""The macros: calls expanded while parsing, because they bind names or ask for presence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from evaluator.language import syntax_problems as problems
from evaluator.language.blocks import block, named, numbered_name
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
# By the number of arguments: how many of them are variables, and whether a filter follows.
_Shapes = Mapping[int, tuple[int, bool]]
_ONE: _Shapes = {2: (1, False)}
_ONE_OR_TWO: _Shapes = {2: (1, False), 3: (2, False)}
_FILTERED: _Shapes = {2: (1, False), 3: (1, True)}
_TRANSFORMING: _Shapes = {3: (2, False), 4: (2, True)}
_LOOPS: Final[Mapping[str, tuple[ComprehensionKind, _Shapes]]] = {
    "all": (_Kind.ALL, _ONE_OR_TWO),
    "exists": (_Kind.EXISTS, _ONE_OR_TWO),
    "exists_one": (_Kind.EXISTS_ONE, _ONE_OR_TWO),
    "existsOne": (_Kind.EXISTS_ONE, _ONE_OR_TWO),
    "map": (_Kind.MAP, _FILTERED),
    "filter": (_Kind.FILTER, _ONE),
    "sortBy": (_Kind.SORT_BY, _ONE),
    "transformList": (_Kind.TRANSFORM_LIST, _TRANSFORMING),
    "transformMap": (_Kind.TRANSFORM_MAP, _TRANSFORMING),
    "transformMapEntry": (_Kind.TRANSFORM_MAP_ENTRY, _TRANSFORMING),
    "optMap": (_Kind.OPT_MAP, _ONE),
    "optFlatMap": (_Kind.OPT_FLAT_MAP, _ONE),
}


def expand(
    builder: _Builder,
    part: Part,
    name: Any,
    function: str,
    target: Part | None,
    arguments: list[Part],
) -> Expr | None:
    """The node of a macro call, or None when the call is none.

    A name of a macro with another number of arguments is a function's (langdef.md, "Macros").
    """
    if target is None:
        return _has(builder, part, name, arguments) if function == "has" else None
    if target.rule == "name" and target.items[0].text == "cel":
        if function == "bind":
            return _bind(builder, part, name, arguments)
        if function == "block":
            return block(builder, part, name, arguments)
        numbered = numbered_name(function, arguments)
        if numbered is not None:
            return named(builder, part, numbered)
    if function in _LOOPS:
        return _loop(builder, part, name, function, target, arguments)
    return None


def _has(builder: _Builder, part: Part, name: Any, arguments: list[Part]) -> Expr:
    if len(arguments) != 1:
        raise problems.has_without_field(builder.fragment, part.start, part.end)
    selected = bare(arguments[0])
    if selected.rule == "optional_select":
        raise problems.has_of_optional(builder.fragment, selected.start, selected.end)
    if selected.rule != "select":
        raise problems.has_without_field(builder.fragment, selected.start, selected.end)
    number = builder.id(part.start, part.end, name)
    return Select(number, builder.node(selected.items[0]), selected.items[-1].text, SelectMode.HAS)


def _bind(builder: _Builder, part: Part, name: Any, arguments: list[Part]) -> Expr:
    if len(arguments) != 3:
        raise problems.bind_arguments(builder.fragment, part.start, part.end)
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
    shape = shapes.get(len(arguments))
    if shape is None:
        return None
    count, filtered = shape
    variables = tuple(_variable(builder, argument) for argument in arguments[:count])
    if len(set(variables)) != count:
        second = arguments[1]
        raise problems.variables_alike(builder.fragment, second.start, second.end, variables[1])
    number = builder.id(part.start, part.end, name)
    over = builder.node(target)
    builder.loops += 1
    if builder.loops > builder.limits.max_comprehensions:
        limit = builder.limits.max_comprehensions
        raise problems.too_many_loops(builder.fragment, part.start, part.end, limit)
    filter_ = builder.node(arguments[count]) if filtered else None
    body = builder.node(arguments[-1])
    builder.loops -= 1
    return Comprehension(number, kind, over, variables, filter_, body)


def _variable(builder: _Builder, part: Part) -> str:
    part = bare(part)
    if part.rule == "member_call" and bare(part.items[0]).rule == "name":
        numbered = _numbered(part)
        if numbered is not None:
            return numbered
    if part.rule != "name":
        raise problems.not_a_variable(builder.fragment, part.start, part.end)
    return builder.checked_name(part.items[0])


def _numbered(part: Part) -> str | None:
    """The name of a variable that is written ``cel.iterVar(0, 0)``."""
    target, _, function, *_ = part.items
    arguments = next((item for item in part.items[1:] if isinstance(item, Part)), None)
    if bare(target).items[0].text != "cel" or arguments is None:
        return None
    listed = [item for item in arguments.items if isinstance(item, Part)]
    return numbered_name(function.text, listed)
