"""Running the service: uvicorn, its socket, and the line that says where it listens."""

from __future__ import annotations

import socket
import ssl
import sys
from typing import Any

import uvicorn

__all__ = ["CannotListenError", "run"]


class CannotListenError(Exception):
    """The address is taken, or is none of this machine; the text says so."""


def run(app: Any, *, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
    """Serves until the process is told to stop; the exit code. Raises ``CannotListenError``."""
    try:
        listener = socket.create_server((host, port), family=_family(host), backlog=2048)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotListenError(f"cannot listen on {host}:{port}: {reason}") from None
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="on",
        log_level="warning",
        server_header=False,
        date_header=True,
        timeout_keep_alive=30,
        h11_max_incomplete_event_size=32 * 1024,
        timeout_graceful_shutdown=30,
        ssl_context_factory=None if tls is None else lambda _config, _default: tls,
    )
    scheme = "http" if tls is None else "https"
    port = listener.getsockname()[1]
    sys.stderr.write(f"evaluator listens on {scheme}://{_shown(host)}:{port}\n")
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
