"""What a service lacks to listen where other machines reach it."""

from __future__ import annotations

from typing import Final

from evaluator.server.config.hosts import is_loopback, leads_nowhere
from evaluator.server.config.model import Access, InsecurePublic, Listen

__all__ = ["objection"]

_CURES: Final[dict[InsecurePublic, str]] = {
    "without-authentication": "--api-keys FILE, or access.jwt in the configuration",
    "without-tls": "--tls-certificate and --tls-key",
}


def objection(listen: Listen, access: Access) -> str | None:
    """Why a service does not listen there, in sentences; None where it may.

    This machine alone is asked for nothing. Elsewhere callers have to say who they are, and TLS
    keeps what they say to themselves, unless the owner has said that it goes without.
    """
    lacking: list[InsecurePublic] = []
    if not access.authenticates:
        lacking.append("without-authentication")
    if listen.tls is None:
        lacking.append("without-tls")
    lacking = [name for name in lacking if name not in listen.insecure_public]
    if not lacking or is_loopback(listen.host):
        return None
    if leads_nowhere(listen.host):
        return f"{listen.host} is no address, and no name that leads to one."
    words = " and ".join(name.replace("-", " ").replace("tls", "TLS") for name in lacking)
    cures = "; ".join(_CURES[name] for name in lacking)
    accepted = " ".join(f"--insecure-public {name}" for name in lacking)
    host = listen.host or "all addresses of this machine"
    return (
        f"Other machines reach {host}, which would be {words}. Add what is missing "
        f"({cures}), or say that it is meant: {accepted}."
    )
