"""Hosts as they are written: which are this machine alone, and which are names at all."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final

__all__ = ["address_of", "is_host_pattern", "is_loopback", "is_loopback_name", "leads_nowhere"]

_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a text is; None for a name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def is_loopback_name(host: str) -> bool:
    """Whether a host is by itself this machine alone, without asking anybody."""
    address = address_of(host)
    if address is not None:
        return address.is_loopback
    return host == "localhost" or host.endswith(".localhost")  # RFC 6761, section 6.3


def is_loopback(host: str) -> bool:
    """Whether listening on a host is listening to this machine alone; names are resolved."""
    address = address_of(host)
    if address is not None:
        return address.is_loopback
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host or None, None)}
    except (OSError, UnicodeError):  # of a name that cannot be one
        return False
    return bool(found) and bool(host) and all(map(is_loopback_name, found))


def leads_nowhere(host: str) -> bool:
    """Whether a host is neither an address nor the name of one; names are resolved."""
    try:
        return not socket.getaddrinfo(host or None, 0)
    except (OSError, UnicodeError):
        return True


def is_host_pattern(text: str) -> bool:
    """Whether a text is a name, an address, ``*.`` before a name, or ``*`` for any."""
    if text == "*" or address_of(text) is not None:
        return True
    name = text.removeprefix("*.").removesuffix(".").lower()
    labels = name.split(".")
    return len(name) <= 253 and all(label and _LETTERS.issuperset(label) for label in labels)
