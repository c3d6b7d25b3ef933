"""The chain of a decision log: each line carries its own hash and that of the line before.

A line is ``{"schema":1,"chain":C,"number":N,`` and more members, then ``,"previous":P,"hash":H}``,
written exactly so. ``H`` is the SHA-256 of the bytes of the line before ``,"hash":``, or their
HMAC-SHA-256 where there is a key, so that there is no second way to write a record down: what was
written is what is hashed. ``P`` is the ``H`` of record ``N - 1``, null in the first. ``C`` tells
one chain from another where several processes write to one stream.
"""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

__all__ = [
    "BEGINNING",
    "HEAD_SIZE",
    "SHORTEST_KEY",
    "Head",
    "Link",
    "Sealed",
    "Sealer",
    "key_of",
    "read_head",
    "read_sealed",
    "write_head",
]

BEGINNING: Final = b'{"schema":1,"chain":"'
"""What every line begins with."""

HEAD_SIZE: Final = 192
"""The size of a head file, in bytes; it is always written whole."""

SHORTEST_KEY: Final = 32
"""How many bytes a key has at least."""

_HASH: Final = rb"(?:hmac-)?sha256:[0-9a-f]{64}"
_IS_HASH: Final = re.compile(_HASH.decode("ascii"))
_NAMED: Final = re.compile(re.escape(BEGINNING) + rb'([0-9a-f]{16})","number":([1-9]\d{0,17}),')
_ENDING: Final = re.compile(rb',"previous":(?:null|"(%s)")(,"hash":"(%s)"\})\Z' % (_HASH, _HASH))
_LONGEST_ENDING: Final = 220


@dataclass(frozen=True, slots=True)
class Link:
    """The last record of a chain. In a chain that has none yet the number is 0 and the hash None.

    ``chain`` is 16 hexadecimal digits.
    """

    chain: str
    number: int = 0
    hash: str | None = None


Head = Link
"""What is written beside a log: how far it had come."""


@dataclass(frozen=True, slots=True, eq=False)
class Sealed:
    """A line of a log as the chain sees it: what it says of itself, and the bytes that it seals."""

    link: Link
    previous: str | None
    text: bytes


class Sealer:
    """Makes lines and tells whether they are as they were made. ``key`` is a shared secret."""

    __slots__ = ("_key", "is_keyed")

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key
        self.is_keyed = key is not None

    def seal(self, last: Link, members: bytes) -> tuple[bytes, Link]:
        """The line after ``last``, with its line feed, and its link.

        ``members`` are those of the record as JSON, at least one, without braces around them.
        """
        number = last.number + 1
        previous = b"null" if last.hash is None else b'"%s"' % last.hash.encode("ascii")
        text = b'%s%s","number":%d,%s,"previous":%s' % (
            BEGINNING,
            last.chain.encode("ascii"),
            number,
            members,
            previous,
        )
        found = self._hash(text)
        line = b'%s,"hash":"%s"}\n' % (text, found.encode("ascii"))
        return line, Link(last.chain, number, found)

    def is_genuine(self, sealed: Sealed) -> bool:
        """Whether the hash of a line is that of its bytes."""
        stated = sealed.link.hash
        return stated is not None and hmac.compare_digest(stated, self._hash(sealed.text))

    def is_kind(self, sealed: Sealed) -> bool:
        """Whether a line was sealed the way that this does it, with a key or without."""
        stated = sealed.link.hash
        return stated is not None and stated.startswith("hmac-") == self.is_keyed

    def _hash(self, text: bytes) -> str:
        if self._key is None:
            return f"sha256:{sha256(text).hexdigest()}"
        return f"hmac-sha256:{hmac.digest(self._key, text, 'sha256').hex()}"


def key_of(data: bytes) -> bytes | None:
    """The key that a file holds, without blanks around it; None if it is too short to be one."""
    key = data.strip()
    return key if len(key) >= SHORTEST_KEY else None


def read_sealed(line: bytes) -> Sealed | None:
    """What a line, without its line feed, says of itself; None if it is no line of a chain."""
    beginning = _NAMED.match(line)
    ending = _ENDING.search(line, max(0, len(line) - _LONGEST_ENDING))
    if beginning is None or ending is None or beginning.end() > ending.start():
        return None
    chain, number = beginning.groups()
    previous, rest, stated = ending.groups()
    link = Link(chain.decode("ascii"), int(number), stated.decode("ascii"))
    text = line[: len(line) - len(rest)]
    return Sealed(link, None if previous is None else previous.decode("ascii"), text)


def write_head(link: Link) -> bytes:
    """The content of a head file, of one size whatever it says."""
    text = json.dumps({"chain": link.chain, "number": link.number, "hash": link.hash})
    return text.encode("ascii").ljust(HEAD_SIZE - 1) + b"\n"


def read_head(data: bytes) -> Head | None:
    """What a head file says; None if it is none."""
    try:
        value = json.loads(data)
        chain, number, found = value["chain"], value["number"], value["hash"]
    except (ValueError, TypeError, KeyError):
        return None
    if not (isinstance(chain, str) and re.fullmatch("[0-9a-f]{16}", chain)):
        return None
    if type(number) is not int or number < 0 or (found is None) != (number == 0):
        return None
    if found is not None and not (isinstance(found, str) and _IS_HASH.fullmatch(found)):
        return None
    return Link(chain, number, found)
