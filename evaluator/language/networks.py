"""IP addresses and networks as values: ``net.IP`` and ``net.CIDR``.

An address is its version and its number; a network is an address, which need not be its first, and
the length of its prefix. Text is read and written by the standard library's ``ipaddress``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["CIDR", "IP", "parse_cidr", "parse_ip"]

_BITS = {4: 32, 6: 128}


@dataclass(frozen=True, slots=True)
class IP:
    """An address of IP version 4 or 6. ``str()`` is its canonical text."""

    version: int
    number: int

    def __str__(self) -> str:
        from ipaddress import IPv4Address, IPv6Address

        return str((IPv4Address if self.version == 4 else IPv6Address)(self.number))


@dataclass(frozen=True, slots=True)
class CIDR:
    """A network: an address in it, and how many of its first bits all of its addresses have."""

    address: IP
    prefix: int

    def __str__(self) -> str:
        return f"{self.address}/{self.prefix}"

    @property
    def first(self) -> int:
        """The number of the first address: all bits behind the prefix are zero."""
        free = _BITS[self.address.version] - self.prefix
        return self.address.number >> free << free

    def contains(self, other: IP) -> bool:
        """Whether an address lies in the network; never one of another version."""
        if other.version != self.address.version:
            return False
        free = _BITS[other.version] - self.prefix
        return other.number >> free == self.address.number >> free


_LONGEST: Final = 64
"""No address is written with more characters; ``ipaddress`` would go through all of a long text."""


def parse_ip(text: str) -> IP | str:
    """The address that a text is, or why it is none, in words.

    Zones are refused, and IPv4 addresses that are written as the end of an IPv6 one.
    """
    from ipaddress import ip_address

    if len(text) > _LONGEST:
        return "it is no IP address"
    if "%" in text:
        return "an address with a zone is not allowed"
    try:
        found = ip_address(text)
    except ValueError:
        return "it is no IP address"
    number = int(found)
    if found.version == 6 and "." in text and number >> 32 == 0xFFFF:
        return "an IPv4 address inside an IPv6 one is not allowed"
    return IP(found.version, number)


def parse_cidr(text: str) -> CIDR | str:
    """The network that a text such as ``10.0.0.0/8`` is, or why it is none, in words."""
    address, slash, length = text.rpartition("/")
    if not slash or not (length.isascii() and length.isdigit()) or len(length) > 3:
        return "it has no prefix length, as in 10.0.0.0/8"
    if len(length) > 1 and length.startswith("0"):
        return "its prefix length begins with a zero"
    found = parse_ip(address)
    if isinstance(found, str):
        return found
    if int(length) > _BITS[found.version]:
        return f"its prefix is longer than {_BITS[found.version]} bits"
    return CIDR(found, int(length))
