"""Types as text: ``list(string)``, as host functions and ``Expression`` declare them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from evaluator.diagnostics import Diagnostic, did_you_mean
from evaluator.errors import PolicyError
from evaluator.language.types import (
    ANY_MAP,
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NET_CIDR,
    NET_IP,
    NULL,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    ListType,
    MapType,
    NullableType,
    OpaqueType,
    OptionalType,
    Type,
    TypeParameter,
    TypeType,
)
from evaluator.source import Fragment

__all__ = ["TYPE_NAMES", "parse_type"]

TYPE_NAMES: Final[Mapping[str, Type]] = {
    "bool": BOOL,
    "bytes": BYTES,
    "double": DOUBLE,
    "google.protobuf.Duration": DURATION,
    "google.protobuf.Timestamp": TIMESTAMP,
    "int": INT,
    "list": ListType(DYN),
    "map": ANY_MAP,
    "net.CIDR": NET_CIDR,
    "net.IP": NET_IP,
    "null_type": NULL,
    "optional_type": OptionalType(DYN),
    "string": STRING,
    "type": TYPE,
    "uint": UINT,
}
"""The names that stand for types in expressions, as in ``type(x) == int``."""

_NAMES: Final[Mapping[str, Type]] = {
    **TYPE_NAMES,
    "dyn": DYN,
    "duration": DURATION,
    "null": NULL,
    "timestamp": TIMESTAMP,
}
# How many parameters a type takes when it is written with parentheses.
_PARAMETERS: Final = {
    "list": 1,
    "map": 2,
    "nullable": 1,
    "optional": 1,
    "optional_type": 1,
    "type": 1,
    "wrapper": 1,
}
_KEYS: Final = (BOOL, INT, UINT, STRING, DYN)
_MAX_DEPTH: Final = 32


def parse_type(
    text: str, *, parameters: Collection[str] = (), opaque: Collection[str] = ()
) -> Type:
    """The type that a text such as ``map(string, optional(int))`` names.

    ``parameters`` are names of type parameters, ``opaque`` those of types of the host. Raises
    ``PolicyError`` with one diagnostic, whose span lies in the text itself.
    """
    reader = _Reader(text, frozenset(parameters), frozenset(opaque))
    type_ = reader.type(0)
    reader.end()
    return type_


class _Reader:
    def __init__(self, text: str, parameters: frozenset[str], opaque: frozenset[str]) -> None:
        self._text = text
        self._at = 0
        self._parameters = parameters
        self._opaque = opaque

    def type(self, depth: int) -> Type:
        if depth > _MAX_DEPTH:
            raise self._problem(f"this type is nested more than {_MAX_DEPTH} deep", self._at)
        self._spaces()
        start = self._at
        while self._at < len(self._text) and (
            self._text[self._at].isalnum() or self._text[self._at] in "_."
        ):
            self._at += 1
        name = self._text[start : self._at]
        if not name:
            raise self._problem("a type is expected here", start)
        inner = self._inner(depth) if self._take("(") else None
        return self._named(name, inner, start)

    def end(self) -> None:
        self._spaces()
        if self._at < len(self._text):
            raise self._problem("nothing is expected after the type", self._at, len(self._text))

    def _inner(self, depth: int) -> list[Type]:
        types = [self.type(depth + 1)]
        while self._take(","):
            types.append(self.type(depth + 1))
        if not self._take(")"):
            raise self._problem("a `)` is missing", self._at)
        return types

    def _named(self, name: str, inner: list[Type] | None, start: int) -> Type:
        if inner is None:
            if name in self._parameters:
                return TypeParameter(name)
            if name in self._opaque:
                return OpaqueType(name)
            known = _NAMES.get(name)
            if known is None:
                raise self._unknown(name, start)
            return known
        if name in self._opaque:
            return OpaqueType(name, tuple(inner))
        wanted = _PARAMETERS.get(name)
        if wanted is None:
            if name in _NAMES:
                raise self._problem(f"`{name}` takes no parameters", start, self._at)
            raise self._unknown(name, start)
        if len(inner) != wanted:
            form = "map(key, value)" if wanted == 2 else f"{name}(element)"
            raise self._problem(f"`{name}` is written `{form}`", start, self._at)
        if name == "map":
            if inner[0] not in _KEYS and not isinstance(inner[0], TypeParameter):
                raise self._problem("keys of maps are bool, int, uint or string", start, self._at)
            return MapType(inner[0], inner[1])
        if name == "list":
            return ListType(inner[0])
        if name == "type":
            return TypeType(inner[0])
        if name in ("optional", "optional_type"):
            return OptionalType(inner[0])
        if inner[0] in (NULL, DYN) or isinstance(inner[0], NullableType):
            return inner[0]  # null is among its values already
        return NullableType(inner[0])

    def _take(self, character: str) -> bool:
        self._spaces()
        if self._text.startswith(character, self._at):
            self._at += 1
            return True
        return False

    def _spaces(self) -> None:
        while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
            self._at += 1

    def _unknown(self, name: str, start: int) -> PolicyError:
        meant = did_you_mean(name, [*_NAMES, "optional", "nullable", *self._opaque])
        help = (
            f"did you mean `{meant}`?"
            if meant
            else (
                "types are bool, int, uint, double, string, bytes, timestamp, duration, list(...), "
                "map(..., ...), optional(...), nullable(...) and dyn"
            )
        )
        return self._problem(f"`{name}` is no type", start, start + len(name), help)

    def _problem(
        self, message: str, start: int, end: int | None = None, help: str | None = None
    ) -> PolicyError:
        fragment = Fragment.whole(self._text, "<type>")
        span = fragment.span(start, start + 1 if end is None else end)
        return PolicyError([Diagnostic("EVL316", message, span, help)])
