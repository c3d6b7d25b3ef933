"""Loaded packs as bytes, and back: an index that is read at once, and records that are not.

The index is a line of JSON; then come the places of the records, as 32-bit numbers, and the
records.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from evaluator.documents.json_documents import SCHEMA_CODES, parse_json
from evaluator.documents.reading import decode
from evaluator.language.functions import STANDARD
from evaluator.language.functions.registry import Registry
from evaluator.policy.caching.decoding import DamagedError, Items, Records
from evaluator.policy.caching.encoding import Encoder
from evaluator.policy.caching.requests import types_of
from evaluator.policy.host_binding import HostFunction, HostFunctions
from evaluator.policy.model import Applies, Loaded, Lookup, Pack, Variant
from evaluator.policy.patterns import Patterns
from evaluator.policy.request_types import UNTYPED, RequestType, from_schema
from evaluator.source import Source

__all__ = ["packed", "unpacked"]


def packed(loaded: Loaded, contents: Mapping[str, bytes]) -> bytes:
    """Packs without errors, and their warnings. ``contents`` are the files they were read from.

    Raises ``NotKeptError`` for packs with something in them that cannot be kept.
    """
    packing = _Packing(loaded)
    encoder = Encoder(packing.roots, contents, tuple(packing.requests))
    records = list(encoder.records())
    places = array("I")
    place = 0
    for record in records:
        places.append(place)
        place += len(record)
    index = json.dumps({**packing.index, "records": len(records)}, separators=(",", ":"))
    parts = [index.encode("ascii"), b"\n", _octets(places), *map(str.encode, records)]
    return b"".join(parts)


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


def _octets(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _numbers(octets: bytes) -> array[int]:
    numbers = array("I", octets)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class _Packing:
    """The index, the roots of the records that it numbers, and the request types by file."""

    def __init__(self, loaded: Loaded) -> None:
        self.roots: list[Any] = []
        self.requests: dict[RequestType, str | None] = {}
        self.index = {
            "packs": [self._pack(pack) for pack in loaded.packs],
            "diagnostics": self._roots(loaded.diagnostics),
            "requests": list(self.requests.values()),
        }

    def _roots(self, roots: Iterable[Any]) -> tuple[int, int]:
        """The number of the first of some roots, and how many they are."""
        first = len(self.roots)
        self.roots.extend(roots)
        return first, len(self.roots) - first

    def _pack(self, pack: Pack) -> dict[str, Any]:
        host = [HostFunction.of(one) for one in pack.functions if one.family == "host"]
        return {
            "name": pack.name,
            "version": pack.version,
            "title": self._roots([pack.title]),
            "combining": pack.combining,
            "default_locale": pack.default_locale,
            "time_zone": pack.time_zone,
            "policies": self._roots(pack.policies),
            "variants": [self._variant(variant, _folder(pack)) for variant in pack.variants],
            "functions": self._roots(host),
            "digest": pack.digest,
            "files": pack.files,
        }

    def _variant(self, variant: Variant, folder: str) -> dict[str, Any]:
        request = variant.request_type
        self.requests.setdefault(request, None if request is UNTYPED else folder + request.name)
        return {
            "request": list(self.requests).index(request),
            "actions": variant.actions.texts,
            "rules": self._roots(variant.rules),
            "outputs": self._roots(variant.outputs),
            "lookup": _lookup_to_json(Lookup.of(variant.rules, variant.outputs)),
        }


def _folder(pack: Pack) -> str:
    """Where the pack lies, from the root of all files: "" or a folder with a final ``/``."""
    return "" if "pack.yaml" in pack.files else pack.files[0].partition("/")[0] + "/"


def _lookup_to_json(lookup: Lookup) -> dict[str, Any]:
    exact: dict[str, dict[str, Sequence[int]]] = {}
    for (resource_type, action), numbers in lookup.exact.items():
        exact.setdefault(resource_type, {})[action] = numbers
    return {
        "exact": exact,
        "wild": [
            (number, applies.resources.texts, applies.actions.texts)
            for number, applies in lookup.wild
        ],
        "types": sorted(lookup.types),
        "actions": sorted(lookup.actions),
    }


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
            time_zone=data["time_zone"],
            policies=self.items(data["policies"]),
            variants=tuple(map(self._variant, data["variants"])),
            functions=self._registry(self.items(data["functions"])),
            digest=data["digest"],
            files=tuple(data["files"]),
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


def _request(source: Any, name: str | None) -> RequestType:
    """The request type of a schema that has no problems."""
    if name is None:
        return UNTYPED
    root = parse_json(source(name), codes=SCHEMA_CODES).root
    if root is None:
        raise DamagedError(name)
    return from_schema(root, name.rpartition("/")[2])[0]
