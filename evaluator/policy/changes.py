"""Changes of a request: a copy with some attributes set or removed, and JSON for CEL values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluator.language.instants import NANOS
from evaluator.language.values import ABSENT, Duration, Map, Optional, Timestamp, to_json

__all__ = ["changed", "host_value"]


def changed(raw: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a request with values set by JSON pointer; ``ABSENT`` removes.

    Only what lies on the way is copied; parents that are absent are made, but not for a removal.
    """
    result = dict(raw)
    for pointer, value in changes.items():
        *parents, last = (
            part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]
        )
        place = result
        for part in parents:
            inner = place.get(part)
            if not isinstance(inner, Mapping):
                if value is ABSENT:
                    break  # there is nothing to remove
                inner = {}
            place[part] = dict(inner)
            place = place[part]
        else:
            if value is ABSENT:
                place.pop(last, None)
            else:
                place[last] = host_value(value)
    return result


def host_value(value: Any) -> Any:
    """A CEL value as the JSON that a request carries, where durations are ISO 8601.

    None for ``ABSENT``, which stands for a removal where changes are shown.
    """
    if value is ABSENT:
        return None
    if isinstance(value, Timestamp):
        return str(value)
    if isinstance(value, Duration):
        return _iso(value.nanoseconds)
    if isinstance(value, (list, tuple)):
        return [host_value(item) for item in value]
    if isinstance(value, Map):
        return {_key(key): host_value(item) for key, item in value.items()}
    if isinstance(value, Optional):
        return host_value(value.value) if value.present else None
    return to_json(value)


def _key(key: Any) -> str:
    """The text of a map's key: ``true``, ``5`` for the uint 5."""
    if isinstance(key, int):
        return str(to_json(key)).lower()
    return str(key)


def _iso(nanoseconds: int) -> str:
    """ISO 8601, in seconds. Negative durations, which no request can carry, have their sign."""
    seconds, rest = divmod(abs(nanoseconds), NANOS)
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{'-' if nanoseconds < 0 else ''}PT{seconds}{fraction}S"
