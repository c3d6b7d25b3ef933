"""What a question gets instead of an answer, and JSON of whatever answers hold."""

from __future__ import annotations

import json
from typing import Any

import msgspec

__all__ = ["problem", "to_json"]


def problem(error: str, message: str, **more: Any) -> bytes:
    """``Problem``, as JSON."""
    return to_json({"error": error, "message": message, **more})


def to_json(data: Any) -> bytes:
    """JSON, also of what holds integers and texts that not everybody could write."""
    try:
        return msgspec.json.encode(data)
    except (UnicodeEncodeError, OverflowError, TypeError, ValueError):
        return json.dumps(data, default=str).encode("ascii")
