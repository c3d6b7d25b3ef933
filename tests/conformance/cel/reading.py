"""Conformance facts: how they are read, and the values and types that they speak of."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluator.language.instants import parse_duration, parse_instant
from evaluator.language.types import NullableType, OptionalType, Type
from evaluator.language.values import (
    Duration,
    Map,
    Optional,
    Timestamp,
    UInt,
    equal,
)

__all__ = ["Fact", "facts", "same", "type_name", "value_of"]


@dataclass(frozen=True)
class Fact:
    """One line of a facts file; ``data`` is the line itself."""

    file: str
    index: int
    expression: str
    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.file}:{self.index} {self.data['section']}/{self.data['name']}"


@dataclass(frozen=True)
class TypeName:
    """A type that a fact expects as a value, by its name."""

    name: str


def facts(folder: Path, file: str | None = None) -> Iterator[Fact]:
    """The facts in the files of a folder, in order; of one file when it is named."""
    for path in sorted(folder.glob("*.jsonl")):
        if file is not None and path.stem != file:
            continue
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                data = json.loads(line)
                yield Fact(data["file"], data["idx"], data["expr"], data)


def value_of(tagged: Mapping[str, Any]) -> Any:
    """The value that a tagged one of the facts stands for."""
    ((tag, value),) = tagged.items()
    match tag:
        case "int":
            return int(value)
        case "uint":
            return UInt(value)
        case "double":
            return float(value)
        case "bytes_b64":
            return base64.b64decode(value)
        case "list":
            return [value_of(item) for item in value]
        case "map":
            return Map((value_of(key), value_of(item)) for key, item in value)
        case "type":
            return TypeName(value)
        case "timestamp":
            instant = parse_instant(value)
            assert instant is not None
            return Timestamp(instant)
        case "duration":
            length = parse_duration(value)
            assert length is not None
            return Duration(length)
        case "null" | "bool" | "string":
            return value
    raise ValueError(f"facts of kind {tag} are about protobuf")


_NAMES = {
    "null": "null_type",
    "timestamp": "google.protobuf.Timestamp",
    "duration": "google.protobuf.Duration",
}


def type_name(type_: Type) -> str:
    """A type as the facts spell it.

    CEL lets null stand for any optional and says nothing of it, where we say nullable.
    """
    if isinstance(type_, NullableType) and isinstance(type_.value, OptionalType):
        type_ = type_.value
    return _NAMES.get(str(type_), str(type_)).replace("optional(", "optional_type(")


def same(found: Any, expected: Any) -> bool:
    """Whether a value is the expected one, of the same type; NaN is NaN."""
    if isinstance(expected, TypeName):
        return isinstance(found, Type) and type_name(found).split("(")[0] == expected.name
    if isinstance(expected, float) and isinstance(found, float):
        return found == expected or (found != found and expected != expected)
    if isinstance(expected, list):
        return (
            isinstance(found, (list, tuple))
            and len(found) == len(expected)
            and all(map(same, found, expected))
        )
    if isinstance(expected, Map):
        if not isinstance(found, Map) or len(found) != len(expected):
            return False
        return all(key in found and same(found.get(key), item) for key, item in expected.items())
    if isinstance(found, Optional):
        return False
    return type(found) is type(expected) and equal(found, expected)
