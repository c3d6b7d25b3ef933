"""Loaded packs as bytes: an index, and records of what is in them.

The index is a line of JSON; then come the places of the records, as 32-bit numbers, and the
records. ``unpacking`` reads the index at once, and a record when it is asked for.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from evaluator.policy.caching.encoding import Encoder
from evaluator.policy.host_binding import HostFunction
from evaluator.policy.model import Loaded, Lookup, Pack, Variant
from evaluator.policy.request_types import UNTYPED, RequestType

__all__ = ["packed"]


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


def _octets(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


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
            "locales": pack.locales,
            "time_zone": pack.time_zone,
            "policies": self._roots(pack.policies),
            "variants": [self._variant(variant, _folder(pack)) for variant in pack.variants],
            "functions": self._roots(host),
            "digest": pack.digest,
            "files": pack.files,
            "titles": None if pack.titles is None else asdict(pack.titles),
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
