"""IP addresses and networks: reading them, what kind they are, and what lies in what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evaluator.language.functions.declaring import fails, function, invalid, overload
from evaluator.language.functions.registry import Function
from evaluator.language.networks import CIDR, IP, parse_cidr, parse_ip
from evaluator.language.types import BOOL, INT, NET_CIDR, NET_IP, STRING
from evaluator.language.values import ErrorValue

__all__ = ["FUNCTIONS"]

_BAD = "invalid_argument"


def _ip(text: str) -> IP | ErrorValue:
    found = parse_ip(text)
    return invalid(f"`{text[:60]}` is refused: {found}") if isinstance(found, str) else found


def _cidr(text: str) -> CIDR | ErrorValue:
    found = parse_cidr(text)
    return invalid(f"`{text[:60]}` is refused: {found}") if isinstance(found, str) else found


def _is_canonical(text: str) -> bool:
    """Of what is no address either, false: see the extension's ``127.00.0.1``."""
    address = parse_ip(text)
    return isinstance(address, IP) and str(address) == text


def _is_unspecified(ip: IP) -> bool:
    return ip.number == 0


def _is_loopback(ip: IP) -> bool:
    return ip.number >> 24 == 127 if ip.version == 4 else ip.number == 1


def _is_link_local_multicast(ip: IP) -> bool:
    if ip.version == 4:
        return ip.number >> 8 == 0xE00000  # 224.0.0.0/24
    return ip.number >> 120 == 0xFF and ip.number >> 112 & 0xF == 2  # ff02::/16, any flags


def _is_link_local_unicast(ip: IP) -> bool:
    if ip.version == 4:
        return ip.number >> 16 == 0xA9FE  # 169.254.0.0/16
    return ip.number >> 118 == 0x3FA  # fe80::/10


def _is_multicast(ip: IP) -> bool:
    return ip.number >> 28 == 0xE if ip.version == 4 else ip.number >> 120 == 0xFF


def _is_global_unicast(ip: IP) -> bool:
    """As Go's net package: private addresses count too."""
    if ip.version == 4 and ip.number == 0xFFFFFFFF:
        return False
    return not (
        _is_unspecified(ip) or _is_loopback(ip) or _is_multicast(ip) or _is_link_local_unicast(ip)
    )


def _contains_ip(network: CIDR, ip: IP | str) -> bool | ErrorValue:
    found = _ip(ip) if isinstance(ip, str) else ip
    return found if isinstance(found, ErrorValue) else network.contains(found)


def _contains_cidr(network: CIDR, other: CIDR | str) -> bool | ErrorValue:
    found = _cidr(other) if isinstance(other, str) else other
    if isinstance(found, ErrorValue):
        return found
    return network.prefix <= found.prefix and network.contains(found.address)


def _masked(network: CIDR) -> CIDR:
    return CIDR(IP(network.address.version, network.first), network.prefix)


# An address of another kind, for the examples.
_OTHER = {
    "isUnspecified": "10.0.0.1",
    "isLoopback": "10.0.0.1",
    "isGlobalUnicast": "127.0.0.1",
    "isLinkLocalMulticast": "239.0.0.1",
    "isLinkLocalUnicast": "10.0.0.1",
}


def _kind(name: str, words: str, holds: Callable[[IP], bool], address: str) -> Function:
    return function(
        name,
        words,
        overload(f"ip_{name}", (NET_IP,), BOOL, holds, member=True),
        examples=(
            (f"ip('{address}').{name}()", "true"),
            (f"ip('{_OTHER[name]}').{name}()", "false"),
        ),
        family="network",
    )


def _read(
    name: str, words: str, result: Any, read: Callable[[str], Any], text: str, wrong: str
) -> Function:
    return function(
        name,
        words,
        overload(f"string_to_{name}", (STRING,), result, read, _BAD),
        examples=((f"{name}('{text}')", f'{name}("{text}")'), fails(f"{name}('{wrong}')", _BAD)),
        family="network",
    )


FUNCTIONS = (
    _read("ip", "The IP address that a text is.", NET_IP, _ip, "192.168.0.1", "10.0.0.256"),
    _read("cidr", "The network that a text is.", NET_CIDR, _cidr, "10.0.0.0/8", "10.0.0.0/33"),
    function(
        "ip",
        "The address that a network is written with.",
        overload("cidr_ip", (NET_CIDR,), NET_IP, lambda network: network.address, member=True),
        examples=(("cidr('10.1.2.3/8').ip()", 'ip("10.1.2.3")'),),
        family="network",
    ),
    function(
        "isIP",
        "Whether a text is an IP address.",
        overload("is_ip", (STRING,), BOOL, lambda text: isinstance(parse_ip(text), IP)),
        examples=(
            ("isIP('::1')", "true"),
            ("isIP('10.0.0.256')", "false"),
        ),
        family="network",
    ),
    function(
        "isCIDR",
        "Whether a text is a network.",
        overload("is_cidr", (STRING,), BOOL, lambda text: isinstance(parse_cidr(text), CIDR)),
        examples=(
            ("isCIDR('10.0.0.0/8')", "true"),
            ("isCIDR('10.0.0.0/33')", "false"),
        ),
        family="network",
    ),
    function(
        "ip.isCanonical",
        "Whether a text is an IP address in its canonical form.",
        overload("ip_is_canonical", (STRING,), BOOL, _is_canonical),
        examples=(
            ("ip.isCanonical('2001:DB8::68')", "false"),
            ("ip.isCanonical('2001:db8::68')", "true"),
            ("ip.isCanonical('127.00.0.1')", "false"),
        ),
        family="network",
    ),
    function(
        "family",
        "The version of an IP address, 4 or 6.",
        overload("ip_family", (NET_IP,), INT, lambda ip: ip.version, member=True),
        examples=(("ip('::1').family()", "6"),),
        family="network",
    ),
    _kind("isUnspecified", "Whether an address is all zeros.", _is_unspecified, "::"),
    _kind("isLoopback", "Whether an address is of the machine itself.", _is_loopback, "127.0.0.1"),
    _kind(
        "isGlobalUnicast",
        "Whether an address is of one machine and leaves its link; private ones count.",
        _is_global_unicast,
        "10.0.0.1",
    ),
    _kind(
        "isLinkLocalMulticast",
        "Whether an address is of a group on the link.",
        _is_link_local_multicast,
        "224.0.0.1",
    ),
    _kind(
        "isLinkLocalUnicast",
        "Whether an address is of one machine on the link.",
        _is_link_local_unicast,
        "fe80::1",
    ),
    function(
        "containsIP",
        "Whether an address, which may be given as text, lies in a network.",
        overload("cidr_contains_ip", (NET_CIDR, NET_IP), BOOL, _contains_ip, member=True),
        overload(
            "cidr_contains_ip_string", (NET_CIDR, STRING), BOOL, _contains_ip, _BAD, member=True
        ),
        examples=(
            ("cidr('10.0.0.0/8').containsIP('10.1.2.3')", "true"),
            ("cidr('10.0.0.0/8').containsIP('11.0.0.1')", "false"),
            fails("cidr('10.0.0.0/8').containsIP('10.0')", "invalid_argument"),
        ),
        family="network",
    ),
    function(
        "containsCIDR",
        "Whether a network, which may be given as text, lies in another.",
        overload("cidr_contains_cidr", (NET_CIDR, NET_CIDR), BOOL, _contains_cidr, member=True),
        overload(
            "cidr_contains_cidr_string",
            (NET_CIDR, STRING),
            BOOL,
            _contains_cidr,
            _BAD,
            member=True,
        ),
        examples=(
            ("cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", "true"),
            ("cidr('10.1.0.0/16').containsCIDR('10.0.0.0/8')", "false"),
            fails("cidr('10.0.0.0/8').containsCIDR('10.1.0.0')", _BAD),
        ),
        family="network",
    ),
    function(
        "prefixLength",
        "How many bits all addresses of a network have in common.",
        overload("cidr_prefix_length", (NET_CIDR,), INT, lambda one: one.prefix, member=True),
        examples=(("cidr('10.0.0.0/8').prefixLength()", "8"),),
        family="network",
    ),
    function(
        "masked",
        "A network written with its first address.",
        overload("cidr_masked", (NET_CIDR,), NET_CIDR, _masked, member=True),
        examples=(("cidr('10.1.2.3/8').masked()", 'cidr("10.0.0.0/8")'),),
        family="network",
    ),
    function(
        "string",
        "An address or a network as text.",
        overload("ip_to_string", (NET_IP,), STRING, str),
        overload("cidr_to_string", (NET_CIDR,), STRING, str),
        overload("ip_string", (NET_IP,), STRING, str, member=True),
        overload("cidr_string", (NET_CIDR,), STRING, str, member=True),
        family="network",
        examples=(("string(ip('::1'))", '"::1"'), ("cidr('10.0.0.1/8').string()", '"10.0.0.1/8"')),
    ),
)
