"""What is known of each sub-expression of a file: its type, what it means, where it is defined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from evaluator.diagnostics import shortened
from evaluator.language.functions.catalogue import Entry, entry_of, find
from evaluator.language.printer import print_value
from evaluator.language.syntax import (
    Attribute,
    Call,
    Comprehension,
    Expr,
    Literal,
    Name,
    Parsed,
    Select,
    walk,
)
from evaluator.language.types import (
    DYN,
    ERROR,
    EnumType,
    ListType,
    NullableType,
    ObjectType,
    OptionalType,
    Type,
)
from evaluator.policy.message_functions import MESSAGE_FUNCTIONS
from evaluator.policy.model import Pack, Variable
from evaluator.policy.request_types import RequestType
from evaluator.server.playground.answering.asking import Asked
from evaluator.server.playground.answering.expressions import Expression, expressions
from evaluator.server.playground.answering.moving import Moved
from evaluator.server.playground.answering.places import Places
from evaluator.server.playground.answering.workspace import Workspace
from evaluator.source import Span

__all__ = ["type_text", "types"]

_MOST: Final = 10_000
_LONGEST_TEXT: Final = 200
_SHOWN_VALUES: Final = 8

_Found = tuple[Span, Type, str, str | None, Span | None]
"""Where, of what type, its text, what it means, where that is defined."""


def types(workspace: Workspace, asked: Asked) -> dict[str, Any]:
    """``TypesAnswer``. Where the edits cannot be loaded, of what could be loaded last."""
    file = asked.text("file")
    loaded = workspace.nearest(asked.edits)
    key = f"types of {file}"
    if key not in loaded.kept:
        loaded.kept[key] = _types_in(loaded.packs, file, loaded.places)
    present = Moved.between(loaded, workspace, asked.edits)
    own = present(file)
    found = []
    for one in loaded.kept[key]:
        span = own.span(one["from"], one["to"])
        if span is not None:
            defined = one["defined"] and present(one["defined"]["file"]).place(one["defined"])
            found.append({**one, "from": span[0], "to": span[1], "defined": defined})
    return {"types": found}


def _types_in(packs: Iterable[Pack], file: str, places: Places) -> list[dict[str, Any]]:
    """The sub-expressions in a file, in the order of the text, outer ones first.

    One that is checked for several request types has the first type that says something.
    """
    found: dict[tuple[int, int], tuple[Type, dict[str, Any]]] = {}
    for span, type_, text, doc, defined in _found(packs, file):
        place = (span.start, span.end)
        known = found.get(place)
        if known is None or known[0] is DYN:
            found[place] = (
                type_,
                {
                    "from": places.offset(span.source, span.start),
                    "to": places.offset(span.source, span.end),
                    "type": type_text(type_),
                    "text": shortened(" ".join(text.split()), _LONGEST_TEXT),
                    "doc": doc,
                    "defined": places.maybe(defined),
                },
            )
    ordered = sorted(found, key=lambda place: (place[0], -place[1]))
    return [found[place][1] for place in ordered]


def _found(packs: Iterable[Pack], file: str) -> Iterator[_Found]:
    """What is found in a file, as much as can be told of in time."""
    everything = (
        one
        for pack in packs
        for expression in expressions(pack)
        for one in _inside(expression, pack, file)
        if one[1] is not ERROR
    )
    return islice(everything, _MOST)


def type_text(type_: Type) -> str:
    """A type as text, enumerations by their values: ``list("a" | "b")``."""
    if isinstance(type_, EnumType):
        values = [print_value(value) for value in type_.values]
        more = len(values) - _SHOWN_VALUES
        return " | ".join([*values[:_SHOWN_VALUES], *(["..."] if more > 0 else [])])
    if isinstance(type_, ListType):
        return f"list({type_text(type_.element)})"
    if isinstance(type_, OptionalType):
        return f"optional({type_text(type_.value)})"
    if isinstance(type_, NullableType):
        return f"nullable({type_text(type_.value)})"
    return str(type_)


def _inside(expression: Expression, pack: Pack, file: str) -> Iterator[_Found]:
    checked = expression.checked
    parsed, types = checked.parsed, checked.types
    for node in walk(checked.root):
        type_ = types.get(node.id)
        place = parsed.places.get(node.id)
        if type_ is None or place is None or place[0].source.name != file:
            continue
        text = parsed.text(node)
        span = parsed.span(node)
        if isinstance(node, Attribute):
            yield from _attribute(node, text, parsed, expression.request_type, type_)
        elif isinstance(node, Name):
            yield span, type_, text, *_name(node, expression)
        elif isinstance(node, Select):
            yield span, type_, text, _field(types.get(node.operand.id), node.field), None
        elif isinstance(node, Call | Comprehension):
            yield span, type_, text, None, None
            if node.id in parsed.names:
                entry = _entry(node, pack)
                name = parsed.name_span(node)
                yield name, type_, text, None if entry is None else _explained(entry), None
        elif not isinstance(node, Literal) or span.end > span.start:
            yield span, type_, text, None, None


def _attribute(
    node: Attribute, text: str, parsed: Parsed, request_type: RequestType, type_: Type
) -> Iterator[_Found]:
    """An attribute, and each part of its path up to it where it is written plainly."""
    path = node.path
    yield parsed.span(node), type_, text, _description(request_type, node.root, path), None
    if text != ".".join((node.root, *path)):
        return
    fragment, start, _ = parsed.places[node.id]
    for length in range(len(path)):
        part = path[:length]
        of_part = request_type.type_of(node.root, part)
        if of_part is not None:
            written = ".".join((node.root, *part))
            span = fragment.span(start, start + len(written))
            yield span, of_part, written, _description(request_type, node.root, part), None


def _description(request_type: RequestType, root: str, path: tuple[str, ...]) -> str | None:
    type_: Type | None = request_type.roots.get(root)
    if not path:
        return None
    for part in path[:-1]:
        field = type_.fields.get(part) if isinstance(type_, ObjectType) else None
        type_ = None if field is None else field.type
        if isinstance(type_, NullableType):
            type_ = type_.value
    return _field(type_, path[-1])


def _field(type_: Type | None, name: str) -> str | None:
    if isinstance(type_, OptionalType | NullableType):
        type_ = type_.value
    field = type_.fields.get(name) if isinstance(type_, ObjectType) else None
    return None if field is None else field.description


def _name(node: Name, expression: Expression) -> tuple[str | None, Span | None]:
    definition = expression.scope.names.get(node.name.removeprefix("."))
    if definition is None:
        now = "The moment of the decision." if node.name == "now" else None
        return now, None
    if isinstance(definition, Variable):
        parsed = definition.expression.parsed
        return _definition(parsed, parsed.root), definition.span
    return f"= {shortened(print_value(definition.value), _LONGEST_TEXT)}", definition.span


def _definition(parsed: Parsed, root: Expr) -> str:
    return f"= {shortened(' '.join(parsed.text(root).split()), _LONGEST_TEXT)}"


def _entry(node: Call | Comprehension, pack: Pack) -> Entry | None:
    if isinstance(node, Comprehension):
        return next(iter(find(str(node.kind))), None)
    standard = next(iter(find(node.function)), None)
    if standard is not None:
        return standard
    declared = pack.functions.get(node.function) or next(
        (one for one in MESSAGE_FUNCTIONS if one.name == node.function), None
    )
    return None if declared is None else entry_of(declared)


def _explained(entry: Entry) -> str:
    return "\n".join((entry.summary, *entry.forms[:4]))
