"""A playground put together: for the command, and for a service that has one below its address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evaluator.server.config.hosts import is_loopback
from evaluator.server.hosts import Hosts
from evaluator.server.lifespan import Resident, background
from evaluator.server.playground.app import Playground
from evaluator.server.playground.assets import Asset, read_assets
from evaluator.server.playground.files import read_files
from evaluator.server.playground.following import follow
from evaluator.server.playground.guarding import Guard, new_token
from evaluator.server.playground.pool import Limits, Pool
from evaluator.server.watching import look

if TYPE_CHECKING:
    from evaluator.server.app import Application

__all__ = ["PREFIX", "Mount", "make"]

PREFIX: Final = "/playground"
"""Where a service has its playground."""

# Whoever asks for decisions waits in the same queue.
_BESIDE: Final = Limits(waiting=48)


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
    pool, residents = _pool(policies, workers, Limits())
    found = Playground(pool, assets, Guard(Hosts(hosts, local=local), token=token))
    for resident in residents:
        found.keep(resident)
    return found


def _pool(policies: Path, workers: int, limits: Limits) -> tuple[Pool, list[Resident]]:
    """Workers that know the files of a folder, and what lives as long as they have to."""
    seen = look(policies)
    files = read_files(policies)
    pool = Pool(files, workers=workers, limits=limits)
    return pool, [pool, background(partial(follow, pool, policies, seen, files))]


@dataclass(frozen=True, slots=True)
class Mount:
    """A playground below the address of a service. All of its processes have the same token."""

    policies: Path
    assets: Mapping[str, Asset]
    token: str | None
    workers: int

    @classmethod
    def of(cls, policies: Path, host: str, workers: int) -> Mount:
        """One for a service that listens on a host. Raises ``MissingPageError``."""
        token = None if is_loopback(host) else new_token()
        return cls(policies, read_assets(), token, workers)

    @property
    def path(self) -> str:
        """Where it is, with the token that has to be known."""
        return f"{PREFIX}/" + (f"?token={self.token}" if self.token else "")

    def put(self, app: Application, hosts: Hosts) -> None:
        """Makes it part of an application, with workers that live as long.

        Each process of a service has its own: questions bring all that they are about.
        """
        pool, residents = _pool(self.policies, self.workers, _BESIDE)
        guard = Guard(hosts, token=self.token)
        app.mount(PREFIX, Playground(pool, self.assets, guard, prefix=PREFIX))
        for resident in residents:
            app.keep(resident)
