"""The types of expressions: those of CEL, and what a request's schema adds to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

__all__ = [
    "ANY_MAP",
    "BOOL",
    "BYTES",
    "DOUBLE",
    "DURATION",
    "DYN",
    "ERROR",
    "INT",
    "NET_CIDR",
    "NET_IP",
    "NULL",
    "STRING",
    "TIMESTAMP",
    "TYPE",
    "UINT",
    "EnumType",
    "Field",
    "ListType",
    "MapType",
    "NullableType",
    "ObjectType",
    "OpaqueType",
    "OptionalType",
    "Primitive",
    "PrimitiveType",
    "Type",
    "TypeParameter",
    "TypeType",
]


@dataclass(frozen=True, slots=True, eq=False)  # else objects, by identity, would inherit equality
class Type:
    """The base of all types. ``str(type)`` is how CEL writes it, ``map(string, list(int))``."""


class Primitive(StrEnum):
    """The types without parts, by the names that CEL gives them."""

    NULL = "null_type"
    BOOL = "bool"
    INT = "int"
    UINT = "uint"
    DOUBLE = "double"
    STRING = "string"
    BYTES = "bytes"
    TIMESTAMP = "google.protobuf.Timestamp"
    DURATION = "google.protobuf.Duration"
    DYN = "dyn"
    ERROR = "error"  # of an expression with a problem that has been reported already


@dataclass(frozen=True, slots=True, eq=False)
class PrimitiveType(Type):
    """A type without parts. There is one object for each, compared by identity, which is quick."""

    primitive: Primitive

    _SHORT: ClassVar[dict[Primitive, str]] = {
        Primitive.TIMESTAMP: "timestamp",
        Primitive.DURATION: "duration",
        Primitive.NULL: "null",
    }

    def __str__(self) -> str:
        return self._SHORT.get(self.primitive, self.primitive.value)

    def __reduce__(self) -> str:
        return self.primitive.name  # a copy is the same object


NULL = PrimitiveType(Primitive.NULL)
BOOL = PrimitiveType(Primitive.BOOL)
INT = PrimitiveType(Primitive.INT)
UINT = PrimitiveType(Primitive.UINT)
DOUBLE = PrimitiveType(Primitive.DOUBLE)
STRING = PrimitiveType(Primitive.STRING)
BYTES = PrimitiveType(Primitive.BYTES)
TIMESTAMP = PrimitiveType(Primitive.TIMESTAMP)
DURATION = PrimitiveType(Primitive.DURATION)
DYN = PrimitiveType(Primitive.DYN)
ERROR = PrimitiveType(Primitive.ERROR)


@dataclass(frozen=True, slots=True)
class EnumType(Type):
    """A string out of a known set; assignable to string."""

    values: tuple[str, ...]

    def __str__(self) -> str:
        return "string"


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """A list of elements of one type."""

    element: Type

    def __str__(self) -> str:
        return f"list({self.element})"


@dataclass(frozen=True, slots=True)
class MapType(Type):
    """A map. ``keys`` lists the keys there are when they are known (a table), else None."""

    key: Type
    value: Type
    keys: frozenset[Any] | None = None

    def __str__(self) -> str:
        return f"map({self.key}, {self.value})"


@dataclass(frozen=True, slots=True)
class OptionalType(Type):
    """``optional_type(T)``: the value of ``a.?b``."""

    value: Type

    def __str__(self) -> str:
        return f"optional({self.value})"


@dataclass(frozen=True, slots=True)
class NullableType(Type):
    """T or null, as ``{"type": ["string", "null"]}`` says; a guard ``x != null`` makes it T."""

    value: Type

    def __str__(self) -> str:
        return f"nullable({self.value})"


@dataclass(frozen=True, slots=True)
class Field:
    """A member of an object type. ``always`` tells that it is there: required, or has a default."""

    type: Type
    always: bool
    description: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ObjectType(Type):
    """An object of a request's schema. Compared by identity; ``name`` is its place in the schema.

    ``open`` tells that other members may occur (then of type dyn, and never known to be there).
    """

    name: str
    fields: Mapping[str, Field]
    open: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class TypeType(Type):
    """The type of a type: of ``int`` as a value, or of ``type(x)``."""

    of: Type = field(default=DYN)

    def __str__(self) -> str:
        return "type" if self.of == DYN else f"type({self.of})"


@dataclass(frozen=True, slots=True)
class OpaqueType(Type):
    """A type of an extension, such as ``net.IP``, known by its name and parameters only."""

    name: str
    parameters: tuple[Type, ...] = ()

    def __str__(self) -> str:
        inner = ", ".join(map(str, self.parameters))
        return f"{self.name}({inner})" if inner else self.name


@dataclass(frozen=True, slots=True)
class TypeParameter(Type):
    """A variable in the declaration of a generic overload."""

    name: str

    def __str__(self) -> str:
        return self.name


TYPE = TypeType()
NET_IP = OpaqueType("net.IP")
NET_CIDR = OpaqueType("net.CIDR")
ANY_MAP = MapType(DYN, DYN)
