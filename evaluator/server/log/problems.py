"""What can be wrong with a decision log, in words."""

from __future__ import annotations

from pathlib import Path

from evaluator.diagnostics import Diagnostic, did_you_mean, shortened
from evaluator.server.answers import Refusal

__all__: list[str] = []  # every function here is for this package

_PARTS = ("subject", "action", "resource", "context")


def not_ours(path: Path) -> Diagnostic:
    return Diagnostic(
        "EVL840",
        f"the last line of `{path}` is no record of a decision log",
        help="name another file: what is there is not written over, and cannot be continued",
    )


def sealed_otherwise(path: Path, *, is_keyed: bool) -> Diagnostic:
    how = "with this key" if is_keyed else "without a key"
    return Diagnostic(
        "EVL836",
        f"the last record of `{path}` was not sealed {how}, or was changed since",
        help="name the key that it was sealed with, or another file; `evaluator log verify` tells"
        " what is wrong",
    )


def line_cut(path: Path, size: int) -> Diagnostic:
    return Diagnostic(
        "EVL835",
        f"the last line of `{path}` was not finished, and its {size:,} bytes were cut off",
        help="nothing needs to be done: nothing was told of this decision",
    )


def shorter(path: Path, head: int, last: int) -> Diagnostic:
    end = f"ends with record {last:,}" if last else "has no record"
    return Diagnostic(
        "EVL841",
        f"`{path}` {end}, and had come to record {head:,}",
        help="if its older files were not moved away on purpose, find out who cut it; the chain "
        f"goes on with record {head + 1:,}",
    )


def cannot_be_written(path: Path, reason: str) -> Diagnostic:
    return Diagnostic(
        "EVL842",
        f"the log `{path}` cannot be written: {reason}",
        help="name a file in a folder that exists and may be written to",
    )


def no_locks(path: Path) -> Diagnostic:
    return Diagnostic(
        "EVL842",
        f"the log `{path}` cannot be written: this system has no locks as the log takes them",
        help="write to standard output, `-`, for another program to keep, or use Linux or macOS",
    )


def key_unreadable(path: Path, reason: str) -> Diagnostic:
    return Diagnostic(
        "EVL843",
        f"the key `{path}` cannot be read: {reason}",
        help="make one with `openssl rand -hex 32`",
    )


def key_weak(path: Path, length: int, least: int) -> Diagnostic:
    return Diagnostic(
        "EVL843",
        f"the key `{path}` has {length} characters",
        help=f"use {least} at least, such as those of `openssl rand -hex 32`",
    )


def mask_pointer(pointer: str) -> Diagnostic:
    return Diagnostic(
        "EVL844",
        f"`{shortened(pointer)}` is no JSON pointer",
        help="write a `/` before each name: `/subject/properties/email`",
    )


def mask_root(pointer: str, root: str) -> Diagnostic:
    guess = did_you_mean(root, _PARTS)
    return Diagnostic(
        "EVL844",
        f"a request has no `{shortened(root)}`, which `{shortened(pointer)}` begins with",
        help=f"did you mean `{guess}`?" if guess else f"begin with one of {', '.join(_PARTS)}",
    )


def mask_whole(pointer: str) -> Diagnostic:
    return Diagnostic(
        "EVL844",
        f"`{shortened(pointer)}` is not part of an entity, but the whole",
        help=f"mask what is in it: `{shortened(pointer)}/*`",
    )


# Refusals


def not_written(reason: str) -> Refusal:
    return _unavailable(f"the decision could not be written down: {reason}")


def too_long(length: int, most: int) -> Refusal:
    return _unavailable(f"its record has {length:,} bytes, and {most:,} is the most")


def queue_full(waiting: int) -> Refusal:
    return _unavailable(f"{waiting:,} decisions wait to be written down")


def closed() -> Refusal:
    return _unavailable("the service is stopping")


def _unavailable(message: str) -> Refusal:
    return Refusal(503, message, {"retry-after": "1"})
