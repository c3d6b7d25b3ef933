"""A playground put together: for the command, and for a service that has one below its address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from evaluator.server.hosts import Hosts
from evaluator.server.playground.app import Playground
from evaluator.server.playground.assets import Asset
from evaluator.server.playground.files import read_files
from evaluator.server.playground.guarding import Guard
from evaluator.server.playground.pool import Pool

__all__ = ["PREFIX", "make", "mounted"]

PREFIX: Final = "/playground"
"""Where a service has its playground."""


def make(
    policies: Path,
    assets: Mapping[str, Asset],
    *,
    token: str | None,
    local: bool,
    hosts: Iterable[str] = (),
    workers: int = 2,
) -> Playground:
    """A playground that has an address for itself."""
    guard = Guard(Hosts(hosts, local=local), token=token)
    return Playground(Pool(read_files(policies), workers=workers), assets, guard)


def mounted(
    policies: Path,
    assets: Mapping[str, Asset],
    *,
    token: str | None,
    hosts: Hosts | None,
    workers: int = 2,
) -> Playground:
    """A playground below ``PREFIX`` of a service, which is called by the service's names.

    Each process of the service has one of its own: questions bring all that they are about.
    """
    guard = Guard(hosts, token=token)
    pool = Pool(read_files(policies), workers=workers)
    return Playground(pool, assets, guard, prefix=PREFIX)
