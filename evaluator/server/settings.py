"""How the service is set up: what the command line and the configuration file say."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits", "Settings"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may ask for, and what a process has room for.

    ``body`` is in octets, ``evaluations`` how many a batch may have, ``results`` how many a page of
    a search has at most, ``candidates`` how many entities are tried for one, ``seconds`` how long
    the body of a request may take to arrive, ``concurrent`` how many requests a process works on at
    once, ``queue`` how many of them wait for nothing but it, and ``remembered`` how many answers it
    keeps to tell them again while they hold.
    """

    body: int = 1024 * 1024
    evaluations: int = 1_000
    results: int = 1_000
    candidates: int = 100_000
    seconds: float = 10.0
    concurrent: int = 1024
    queue: int = 256
    remembered: int = 4096


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a service.

    ``public_url`` is its address as clients see it (without one, what they ask for);
    ``trust_client_time`` lets a request's ``context.time`` say when it is; ``explains`` serves
    ``/v1/explain``.
    """

    public_url: str | None = None
    trust_client_time: bool = False
    explains: bool = False
    limits: Limits = Limits()
