"""The ``Host`` of a request: whether it is a name of this service.

A page of another site can have its own name lead to this machine (DNS rebinding) and then ask what
listens here as if it were its own server. The name that it asks by gives it away.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from evaluator.server.answers import Refusal
from evaluator.server.config.hosts import address_of, is_loopback_name
from evaluator.server.seams import Headers

__all__ = ["Hosts", "refuse_repeated", "refuse_two_lengths"]

_MOST_KNOWN: Final = 64
_ONCE: Final = frozenset(
    {b"authorization", b"content-length", b"content-type", b"host", b"x-api-key"}
)


class Hosts:
    """The names of a service: those allowed, that of its public address, and this machine's own.

    Unless ``local``, that is, where other machines reach it, any address will do too: rebinding
    takes a name. ``allowed`` may have ``*.example.com`` for what is below a name, and ``*``.
    """

    def __init__(
        self, allowed: Iterable[str] = (), *, public_url: str | None = None, local: bool = True
    ) -> None:
        names = {name.lower().rstrip(".") for name in allowed}
        if public_url is not None:
            names.add(urlsplit(public_url).hostname or "")
        self._any = "*" in names
        self._names = frozenset(name for name in names if not name.startswith("*"))
        self._endings = tuple(name[1:] for name in names if name.startswith("*."))
        self._local = local
        self._known: set[bytes] = set()

    def check(self, headers: Headers) -> None:
        """Raises ``Refusal``: 421 for a request to another host, 400 for one to what is none."""
        host = headers.get(b"host", b"")
        if host in self._known:
            return
        if not self._any and not self._has(host):
            shown = "".join(chr(sign) if 0x20 < sign < 0x7F else "?" for sign in host[:200])
            if not host:
                raise Refusal(400, "the request does not say which host it is for")
            if _name(host) is None:
                raise Refusal(400, f"`{shown}` is no host")
            raise Refusal(421, f"this is not the host `{shown}`")
        if len(self._known) < _MOST_KNOWN:
            self._known.add(host)

    def _has(self, host: bytes) -> bool:
        name = _name(host)
        if name is None:
            return False
        address = address_of(name)
        if address is not None and not self._local:
            return True
        return is_loopback_name(name) or name in self._names or name.endswith(self._endings)


def _name(host: bytes) -> str | None:
    """A host in small letters, without port and brackets; None for what is none."""
    try:
        text = host.decode("ascii").lower()
    except UnicodeDecodeError:
        return None
    if text.startswith("["):
        name, bracket, port = text[1:].partition("]")
        good = bool(bracket) and (not port or port[0] == ":")
        return name if good and address_of(name) is not None else None
    name, _, port = text.partition(":")
    return name.rstrip(".") if name and (not port or port.isdigit()) else None


def refuse_repeated(headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Raises ``Refusal`` (400) where a header of which one counts is there twice.

    Whoever stands before us might have looked at the other.
    """
    seen = set()
    for name, _ in headers:
        if name in seen and name in _ONCE:
            raise Refusal(400, f"there are two headers {name.decode('ascii')}")
        seen.add(name)


def refuse_two_lengths(headers: Headers) -> None:
    """Raises ``Refusal`` (400) for a body in chunks that is said to have a length too.

    Whoever stands before us might have gone by that (RFC 9112, section 6.1).
    """
    if b"content-length" in headers:
        message = "there are Content-Length and Transfer-Encoding, of which one counts"
        raise Refusal(400, message, {"connection": "close"})
