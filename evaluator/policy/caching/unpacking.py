"""From bytes to the packs that ``packing`` made them of, each rule made when it is asked for."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from evaluator.documents.json_documents import SCHEMA_CODES, parse_json
from evaluator.documents.reading import decode
from evaluator.language.functions import STANDARD
from evaluator.language.functions.registry import Registry
from evaluator.policy.caching.decoding import DamagedError, Items, Records
from evaluator.policy.caching.requests import types_of
from evaluator.policy.host_binding import HostFunction, HostFunctions
from evaluator.policy.model import Applies, Loaded, Lookup, Pack, Titles, Variant
from evaluator.policy.patterns import Patterns
from evaluator.policy.request_types import UNTYPED, RequestType, from_schema
from evaluator.source import Source

__all__ = ["unpacked"]


def unpacked(data: bytes, contents: Mapping[str, bytes], functions: HostFunctions) -> Loaded:
    """The packs that ``packed`` took, made bit by bit when they are asked for.

    ``contents`` are the same files again, ``functions`` what the application provides. Raises
    ``DamagedError`` or any other exception for what is not of ``packed``.
    """
    end = data.index(b"\n")
    index = json.loads(data[:end])
    start = end + 1 + 4 * index["records"]
    places = _numbers(data[end + 1 : start])
    unpacking = _Unpacking(index, data[start:].decode("ascii"), places, contents, functions)
    return Loaded(
        tuple(map(unpacking.pack, index["packs"])), tuple(unpacking.items(index["diagnostics"]))
    )


def _numbers(octets: bytes) -> array[int]:
    numbers = array("I", octets)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _lookup_from_json(data: Mapping[str, Any]) -> Lookup:
    exact = {
        (resource_type, action): numbers
        for resource_type, by_action in data["exact"].items()
        for action, numbers in by_action.items()
    }
    wild = [
        (number, Applies(Patterns(tuple(resources)), Patterns(tuple(actions))))
        for number, resources, actions in data["wild"]
    ]
    return Lookup(exact, wild, frozenset(data["types"]), frozenset(data["actions"]))


class _Unpacking:
    """Packs out of an index and records."""

    def __init__(
        self,
        index: Mapping[str, Any],
        text: str,
        places: Sequence[int],
        contents: Mapping[str, bytes],
        functions: HostFunctions,
    ) -> None:
        self._functions = functions
        source = cache(lambda name: _source(contents, name))
        self._requests = [_request(source, name) for name in index["requests"]]
        types = cache(lambda number: types_of(self._requests[number]))
        self._records = Records(
            text, places, source=source, requested=lambda number, place: types(number)[place]
        )

    def items(self, numbers: tuple[int, int]) -> Items[Any]:
        """The roots of a range."""
        return Items(self._records, *numbers)

    def pack(self, data: Mapping[str, Any]) -> Pack:
        """A pack as the index describes it."""
        return Pack(
            name=data["name"],
            version=data["version"],
            title=self.items(data["title"])[0],
            combining=data["combining"],
            default_locale=data["default_locale"],
            locales=tuple(data["locales"]),
            time_zone=data["time_zone"],
            policies=self.items(data["policies"]),
            variants=tuple(map(self._variant, data["variants"])),
            functions=self._registry(self.items(data["functions"])),
            digest=data["digest"],
            files=tuple(data["files"]),
            titles=None if data["titles"] is None else Titles(**data["titles"]),
        )

    def _variant(self, data: Mapping[str, Any]) -> Variant:
        return Variant(
            self._requests[data["request"]],
            Patterns(tuple(data["actions"])),
            self.items(data["rules"]),
            self.items(data["outputs"]),
            _lookup_from_json(data["lookup"]),
        )

    def _registry(self, declared: Items[HostFunction]) -> Registry:
        host = [function.bound(self._functions) for function in declared]
        return STANDARD.extended(host) if host else STANDARD


def _source(contents: Mapping[str, bytes], name: str) -> Source:
    """The text of a file, which could be read before."""
    source = decode(contents[name], name)
    if not isinstance(source, Source):
        raise DamagedError(name)
    return source


def _request(source: Callable[[str], Source], name: str | None) -> RequestType:
    """The request type of a schema that has no problems."""
    if name is None:
        return UNTYPED
    root = parse_json(source(name), codes=SCHEMA_CODES).root
    if root is None:
        raise DamagedError(name)
    return from_schema(root, name.rpartition("/")[2])[0]
