"""What a service takes that is not there with the library alone: the extra, and the system."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["NotThereError", "check_workers", "needing_extra"]

# The modules of the extra `server`, and what those bring.
_MODULES: Final = frozenset(
    {
        *("cryptography", "h11", "jwt", "msgspec", "opentelemetry", "prometheus_client"),
        *("structlog", "uvicorn", "watchfiles"),
    }
)


class NotThereError(Exception):
    """Something that the service needs is not there; the text says what."""


@contextmanager
def needing_extra() -> Iterator[None]:
    """Raises ``NotThereError`` for a package that is not installed, and says how to install it.

    Only for such a one: a module of our own, or of host functions, that is missing is a fault.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _MODULES:
            raise
        raise NotThereError(
            f"serve needs a package that is not installed ({error.name}): "
            "pip install 'policy-evaluator[server]'"
        ) from None


def check_workers(workers: int) -> None:
    """Raises ``NotThereError`` where there is no fork, which is what makes several workers."""
    if workers > 1 and not hasattr(os, "fork"):
        raise NotThereError("--workers: this system has one worker only, since it has no fork.")
