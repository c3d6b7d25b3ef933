"""Frames: how a pool and its workers talk over pipes: a length, then a message of that length.

A question is the name of an endpoint, a line feed, and the JSON that the page has sent. When it has
been read, that is said; then the answer follows, a status of three digits and JSON. Before all of
them come the files, as MessagePack. A nursery gets orders and tells of ends, in short records.
"""

from __future__ import annotations

from struct import Struct
from typing import BinaryIO, Final

__all__ = [
    "BEGUN",
    "ENDED",
    "FORK",
    "KILL",
    "LENGTH",
    "MOST",
    "ORDER",
    "OUT_OF_MEMORY",
    "READY",
    "length_of",
    "packed",
    "read",
    "write",
]

READY: Final = b"ready"
"""What a process says first, when it has loaded what there is."""

BEGUN: Final = b"begun"
"""What a worker says when it has read a question: should it die now, that may be why."""

OUT_OF_MEMORY: Final = 77
"""The exit code of a worker that has none left."""

FORK: Final = b"f"
KILL: Final = b"k"
ORDER: Final = Struct("!cI")
"""An order to a nursery: one of the two, and the number of a worker."""

ENDED: Final = Struct("!Ii")
"""A worker that has ended: its number, and its exit code, a signal below 0."""

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
