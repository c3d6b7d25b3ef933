"""Frames: how a pool and its workers talk over pipes: a length, then a message of that length.

A question is the name of an endpoint, a line feed, and the JSON that the page has sent. When it has
been read, that is said; then the answer follows, a status of three digits and JSON. Before all of
them come the files, as MessagePack.
"""

from __future__ import annotations

from typing import BinaryIO, Final

__all__ = ["LENGTH", "MOST", "length_of", "packed", "read", "write"]

LENGTH: Final = 4
"""The bytes of a length."""

MOST: Final = 64 * 1024 * 1024
"""What the longest message has; a longer answer is none that a page could show."""


def packed(message: bytes) -> bytes:
    """A message as a frame."""
    return len(message).to_bytes(LENGTH, "big") + message


def length_of(head: bytes) -> int:
    """The length that a frame begins with. Raises ``ValueError`` for one that is too long."""
    length = int.from_bytes(head, "big")
    if length > MOST:
        raise ValueError(f"a frame of {length} bytes")
    return length


def read(stream: BinaryIO) -> bytes | None:
    """The next message; None at the end of the stream."""
    head = stream.read(LENGTH)
    if len(head) < LENGTH:
        return None
    length = length_of(head)
    message = stream.read(length)
    return message if len(message) == length else None


def write(stream: BinaryIO, message: bytes) -> None:
    """Writes a message, at once."""
    stream.write(packed(message))
    stream.flush()
