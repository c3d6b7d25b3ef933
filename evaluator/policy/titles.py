"""Titles: what people call the types, actions, attributes and values of a pack, by language.

They are for showing only: no decision reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from evaluator.diagnostics import Diagnostics
from evaluator.documents.nodes import Node, Scalar
from evaluator.language import types
from evaluator.language.types import EnumType, ListType, MapType, NullableType, ObjectType, Type
from evaluator.policy import pack_problems as problems
from evaluator.policy.localized import Translations
from evaluator.policy.model import Applies, Texts, Titles
from evaluator.policy.patterns import Patterns
from evaluator.policy.reading import child, entries
from evaluator.policy.request_types import ROOTS, RequestType

__all__ = ["read_titles"]


def read_titles(
    node: Node | None,
    applies: Iterable[Applies],
    requests: Sequence[RequestType],
    translations: Translations,
    diagnostics: Diagnostics,
) -> Titles | None:
    """The titles that pack.yaml gives; None without any. What there is none of is reported.

    ``applies`` are what the policies are for, ``requests`` the types of the requests they read.
    """
    if node is None:
        return None
    covered = tuple(applies)
    reading = _Reading(requests, translations, diagnostics)
    return Titles(
        types=reading.names(node, "types", [one.resources for one in covered]),
        actions=reading.names(node, "actions", [one.actions for one in covered]),
        attributes=dict(reading.attributes(child(node, "attributes"))),
        values=dict(reading.values(child(node, "values"))),
    )


class _Reading:
    def __init__(
        self,
        requests: Sequence[RequestType],
        translations: Translations,
        diagnostics: Diagnostics,
    ) -> None:
        self._requests = requests
        self._translations = translations
        self._diagnostics = diagnostics

    def names(self, node: Node, section: str, covered: Sequence[Patterns]) -> dict[str, Texts]:
        """The titles of resource types, or those of actions."""
        known = sorted({name for patterns in covered for name in patterns.literals})
        found = {}
        for key, value in entries(child(node, section)):
            if not any(patterns.matches(key.text) for patterns in covered):
                kind = "the resource type" if section == "types" else "the action"
                self._diagnostics.add(problems.title_unknown(key.span, kind, key.text, known))
            found[key.text] = self._texts(value)
        return found

    def attributes(self, node: Node | None) -> Iterator[tuple[str, Texts]]:
        for key, value in entries(node):
            self._types(key)
            yield key.text, self._texts(value)

    def values(self, node: Node | None) -> Iterator[tuple[str, dict[str, Texts]]]:
        for key, members in entries(node):
            found = self._types(key)
            is_free = any(type_ is types.DYN for type_ in found)
            known = sorted(
                {value for type_ in found if isinstance(type_, EnumType) for value in type_.values}
            )
            if found and not known and not is_free:
                self._diagnostics.add(problems.title_without_enum(key.span, key.text))
            titles = {}
            for member, value in entries(members):
                if known and not is_free and member.text not in known:
                    self._diagnostics.add(
                        problems.title_value_unknown(member.span, key.text, member.text, known)
                    )
                titles[member.text] = self._texts(value)
            yield key.text, titles

    def _texts(self, node: Node) -> Texts:
        return {locale: text.text for locale, text in self._translations.texts(node)}

    def _types(self, key: Scalar) -> tuple[Type, ...]:
        """The types that an attribute has in requests; none, after a report, if it is in none."""
        path = _parts(key.text)
        walks = [_walk(request, path) for request in self._requests]
        found = tuple(type_ for type_, _, _ in walks if type_ is not None)
        if not found:
            _, depth, siblings = max(walks, key=lambda walk: walk[1])
            self._diagnostics.add(
                problems.title_attribute_unknown(key.span, path, depth, sorted(siblings))
            )
        return found


def _parts(written: str) -> tuple[str, ...]:
    """The names in a path: what stands between points, or in backquotes."""
    found = [""]
    quoted = False
    for sign in written:
        if sign == "`":
            quoted = not quoted
        elif sign == "." and not quoted:
            found.append("")
        else:
            found[-1] += sign
    return tuple(found)


def _walk(request: RequestType, path: Sequence[str]) -> tuple[Type | None, int, Iterable[str]]:
    """The type at a path; without one, how many parts are known and what could follow them."""
    type_: Type | None = request.roots.get(path[0])
    if type_ is None:
        return None, 0, ROOTS
    for depth, name in enumerate(path[1:], start=1):
        fields: Mapping[str, types.Field] = {}
        if isinstance(type_, ObjectType):
            fields = type_.fields
            known = fields.get(name)
            type_ = known.type if known is not None else types.DYN if type_.open else None
        elif isinstance(type_, MapType):
            type_ = type_.value
        elif type_ is not types.DYN:
            type_ = None
        if type_ is None:
            return None, depth, fields
        type_ = _looked_into(type_)
    return type_, len(path), ()


def _looked_into(type_: Type) -> Type:
    """The type of what is there, or of the items of a list, however deep."""
    while isinstance(type_, NullableType | ListType):
        type_ = type_.value if isinstance(type_, NullableType) else type_.element
    return type_
