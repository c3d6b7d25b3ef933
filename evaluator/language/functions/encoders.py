"""Bytes written as text and read from it: base64, as in cel-go's encoders extension."""

from __future__ import annotations

import base64
import binascii

from evaluator.language.functions.declaring import fails, function, invalid, overload
from evaluator.language.types import BYTES, STRING
from evaluator.language.values import ErrorValue

__all__ = ["FUNCTIONS"]


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _decode(text: str) -> bytes | ErrorValue:
    """Reads the standard alphabet, with its padding or without; line ends do not count."""
    text = text.replace("\n", "").replace("\r", "")
    bare = text.removesuffix("==") if text.endswith("==") else text.removesuffix("=")
    missing = -len(bare) % 4
    if len(text) - len(bare) not in (0, missing) or "=" in bare:
        return invalid("the padding of the base64 text is wrong")
    try:
        return base64.b64decode(bare + "=" * missing, validate=True)
    except (binascii.Error, ValueError):
        return invalid("the text is not base64")


FUNCTIONS = (
    function(
        "base64.encode",
        "Bytes as base64 text with padding.",
        overload(
            "base64_encode_bytes", (BYTES,), STRING, _encode, cost=lambda value: 2 * len(value)
        ),
        examples=(("base64.encode(b'hello')", '"aGVsbG8="'),),
        family="encoders",
        cost="twice the length of the bytes",
    ),
    function(
        "base64.decode",
        "The bytes that a base64 text stands for; its padding may be missing.",
        overload("base64_decode_string", (STRING,), BYTES, _decode, "invalid_argument", cost=len),
        examples=(
            ("base64.decode('aGVsbG8=')", 'b"hello"'),
            ("base64.decode('aGVsbG8')", 'b"hello"'),
            fails("base64.decode('?')", "invalid_argument"),
        ),
        family="encoders",
        cost="the length of the text",
    ),
)
