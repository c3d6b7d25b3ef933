"""Policies followed while they change: what a change does to the answers, the metrics, the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from evaluator.diagnostics import Diagnostic
from evaluator.engine import PolicySet, load
from evaluator.errors import PolicyError
from evaluator.server.access.admission import Admission
from evaluator.server.app import Application
from evaluator.server.collecting import settle
from evaluator.server.events import Log
from evaluator.server.lifespan import background
from evaluator.server.metrics.measuring import Measuring
from evaluator.server.readiness import Condition
from evaluator.server.reloading import Reloader, State, suite_problems
from evaluator.server.watching import Look
from evaluator.source import Files

__all__ = ["follow", "follow_access"]

_TOLD: Final = 20  # diagnostics in a line of the log
_NANOSECONDS: Final = 1_000_000_000


def follow(
    app: Application,
    folder: Path,
    *,
    seen: Look,
    functions: Mapping[str, Callable[..., Any]] | None,
    suites: bool,
    measuring: Measuring,
    log: Log,
) -> None:
    """Lets an application answer by what a folder says, from what it looked like on.

    ``/readyz`` tells how the last loading went. With ``suites``, what fails them does not answer.
    """

    def prepare(files: Files) -> PolicySet:
        policies = load(files, functions=functions)
        found = suite_problems(files, policies) if suites else ()
        if found:
            raise PolicyError(found)
        return policies.warm()

    def notice(state: State) -> None:
        measuring.count("reloads", state.state)
        _tell(log, "policies", state, folder, app.policies)
        if state.state == "failed":
            measuring.set("reload_failed", 1.0)
        else:
            loaded(state)
            settle()

    def loaded(state: State) -> None:
        measuring.set("reload_failed", 0.0)
        measuring.set("policies_loaded_timestamp_seconds", state.since / _NANOSECONDS)

    reloader = Reloader(
        folder, app.policies, app.replace, seen=seen, prepare=prepare, notice=notice
    )
    loaded(reloader.state)
    app.readiness.add("reload", lambda: Condition(reloader.state.to_dict()))
    app.keep(background(reloader.run))


def follow_access(
    app: Application, admission: Admission, folder: Path, *, measuring: Measuring, log: Log
) -> None:
    """Lets callers be admitted by what a folder says, from what it looked like when it was loaded.

    ``/readyz`` tells how the last loading went, under ``access``.
    """

    def notice(state: State) -> None:
        measuring.count("access_reloads", state.state)
        measuring.set("access_reload_failed", float(state.state == "failed"))
        _tell(log, "access policies", state, folder, admission.policies)

    reloader = Reloader(
        folder,
        admission.policies,
        admission.replace,
        seen=admission.seen,
        prepare=lambda files: load(files).warm(),
        notice=notice,
    )
    measuring.set("access_reload_failed", 0.0)
    app.readiness.add("access", lambda: Condition(reloader.state.to_dict()))
    app.keep(background(reloader.run))


def _tell(log: Log, what: str, state: State, folder: Path, policies: PolicySet) -> None:
    told = [_place(item, folder) for item in state.diagnostics[:_TOLD]]
    if state.state == "failed":
        event = f"{what} not loaded; those from before answer"
        log.error(event, diagnostics=told)
        return
    digests = [f"{pack.name} {pack.version} {pack.digest}" for pack in policies.packs]
    event = f"{what} loaded"
    log.info(event, packs=digests, **({"diagnostics": told} if told else {}))


def _place(diagnostic: Diagnostic, folder: Path) -> str:
    return str(diagnostic) if diagnostic.span is None else f"{folder.as_posix()}/{diagnostic}"
