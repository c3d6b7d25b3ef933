"""The texts that policies compare with: enums of request schemas, actions, resource types."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.language.types import (
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OptionalType,
    Type,
)
from evaluator.policy.model import Pack
from evaluator.suites.mutation.operators import Vocabulary

__all__ = ["vocabulary_of"]


def vocabulary_of(pack: Pack) -> Vocabulary:
    """Groups of texts of which one may stand where another does, each once."""
    groups: dict[tuple[str, ...], None] = {}
    for variant in pack.variants:
        for root in variant.request_type.roots.values():
            groups.update(dict.fromkeys(_enums(root)))
    groups[_names(pack, "actions")] = None
    groups[_names(pack, "resources")] = None
    return tuple(group for group in groups if len(group) > 1)


def _enums(root: Type) -> Iterator[tuple[str, ...]]:
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        type_ = waiting.pop(0)
        if isinstance(type_, EnumType):
            yield type_.values
        elif isinstance(type_, ObjectType):
            if id(type_) not in seen:
                seen.add(id(type_))
                waiting += [field.type for field in type_.fields.values()]
        elif isinstance(type_, ListType):
            waiting.append(type_.element)
        elif isinstance(type_, (OptionalType, NullableType, MapType)):
            waiting.append(type_.value)


def _names(pack: Pack, part: str) -> tuple[str, ...]:
    """The actions or resource types that rules spell out, in the order of the rules."""
    found: dict[str, None] = {}
    for variant in pack.variants:
        for rule in variant.rules:
            patterns = rule.applies.actions if part == "actions" else rule.applies.resources
            found.update(dict.fromkeys(text for text in patterns.texts if "*" not in text))
    return tuple(found)
