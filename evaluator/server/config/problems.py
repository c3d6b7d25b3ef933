"""What can be wrong with the configuration of a service and its keys, in words."""

from __future__ import annotations

from collections.abc import Iterable

from evaluator.diagnostics import Diagnostic, Note, did_you_mean, shortened
from evaluator.source import Span

__all__ = [
    "expiry",
    "host",
    "key_repeated",
    "key_set_private",
    "key_set_shape",
    "key_set_unreachable",
    "key_set_unusable",
    "no_file",
    "no_folder",
    "no_number",
    "plain_http",
    "public_url",
    "unreadable",
]

_PATHS = "paths begin at the folder of the configuration file"


def no_file(span: Span | None, name: str, beside: Iterable[str]) -> Diagnostic:
    """A file that is not there. ``beside`` are the names in the folder that it would be in."""
    return Diagnostic("EVL810", f"there is no file `{name}`", span=span, help=_meant(name, beside))


def no_folder(span: Span | None, name: str, beside: Iterable[str]) -> Diagnostic:
    """A folder that is not there."""
    message = f"there is no folder `{name}`"
    return Diagnostic("EVL810", message, span=span, help=_meant(name, beside))


def _meant(name: str, beside: Iterable[str]) -> str:
    head, _, last = name.rpartition("/")
    guess = did_you_mean(last, beside)
    return f"did you mean `{f'{head}/{guess}' if head else guess}`?" if guess else _PATHS


def unreadable(span: Span | None, name: str, reason: str) -> Diagnostic:
    """A file that is there and cannot be read."""
    return Diagnostic(
        "EVL002",
        f"`{name}` cannot be read: {reason}",
        span=span,
        help="check that it is a file and who may read it",
    )


def no_number(span: Span) -> Diagnostic:
    """A number that is none, which no bound keeps out."""
    return Diagnostic(
        "EVL117", f"`{span.text}` is not a number", span=span, help="write one in digits"
    )


def public_url(span: Span | None, url: str) -> Diagnostic:
    """An address of the service that is none."""
    return Diagnostic(
        "EVL811",
        f"`{shortened(url, 80)}` is not the address of a service",
        span=span,
        help="write `https://` and a host, perhaps a port and a path, and nothing more",
    )


def plain_http(span: Span | None, url: str) -> Diagnostic:
    """A key set that would come over the network without TLS, or by another way."""
    return Diagnostic(
        "EVL811",
        f"the key set is not taken from `{shortened(url, 80)}`",
        span=span,
        help="use `https://`: who can change the keys on the way can make any token",
    )


def host(span: Span | None, name: str) -> Diagnostic:
    """A host that no client could name."""
    return Diagnostic(
        "EVL812",
        f"`{shortened(name, 80)}` is not the name of a host",
        span=span,
        help="write the name or address alone, without scheme, port or path; `*.` may begin it",
    )


def key_repeated(span: Span, name: str, first: Span) -> Diagnostic:
    """One key that two entries have."""
    return Diagnostic(
        "EVL813",
        f"the key of `{shortened(name)}` is there twice",
        span=span,
        help="give each caller a key of its own: `evaluator serve --new-key NAME`",
        notes=(Note("the first is here", first),),
    )


def expiry(span: Span, text: str) -> Diagnostic:
    """An end that is no moment."""
    return Diagnostic(
        "EVL814",
        f"`{shortened(text)}` is not a moment",
        span=span,
        help="write date, time and offset as in `2027-01-01T00:00:00Z` (RFC 3339)",
    )


def key_set_shape(span: Span | None, name: str) -> Diagnostic:
    """JSON that is something else than a key set."""
    return Diagnostic(
        "EVL815",
        f"`{name}` is not a key set",
        span=span,
        help='it is an object with `"keys"`, a list of objects (RFC 7517)',
    )


def key_set_unusable(span: Span | None, name: str, algorithms: Iterable[str]) -> Diagnostic:
    """A key set of which no key can be used."""
    return Diagnostic(
        "EVL815",
        f"`{name}` has no key for {' or '.join(algorithms)}",
        span=span,
        help="public keys for signatures count: RSA of 2,048 bits or more, EC or Ed25519",
    )


def key_set_private(span: Span | None, name: str, kid: str | None) -> Diagnostic:
    """A key set with a private key in it."""
    which = f"the key `{shortened(kid)}`" if kid else "a key"
    return Diagnostic(
        "EVL816",
        f"{which} of `{name}` is a private key",
        span=span,
        help="leave the private part (`d`) with the issuer, and replace a key that got out",
    )


def key_set_unreachable(url: str, reason: str) -> Diagnostic:
    """A key set that did not come."""
    return Diagnostic(
        "EVL817",
        f"the key set at `{shortened(url, 80)}` did not come: {reason}",
        help="the one that came last counts for an hour; then tokens are refused with 503",
    )
