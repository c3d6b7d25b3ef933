"""What trials of mutants need of some files: the packs, the steps of their suites, the mutants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from evaluator.diagnostics import Diagnostic, Severity
from evaluator.errors import PolicyError
from evaluator.policy.host_functions import HostFunctions
from evaluator.policy.loading import load_packs
from evaluator.policy.model import Pack
from evaluator.source import Files, MemoryFiles
from evaluator.suites.mutation import problems
from evaluator.suites.mutation.generating import Generated, generate
from evaluator.suites.outcome import Place, places
from evaluator.suites.reading import read_suites
from evaluator.suites.running import Runner

__all__ = ["Prepared", "evenly", "failing", "prepare", "snapshot"]

_READ = (".yaml", ".yml", ".json")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Packs, the steps of their suites, and the mutants of the packs, all from ``contents``."""

    contents: Mapping[str, bytes]
    packs: tuple[Pack, ...]
    places: Sequence[Place]
    generated: Generated
    functions: HostFunctions | None


def snapshot(files: Files, packs: Sequence[Pack]) -> dict[str, bytes]:
    """The files that packs and their suites come from, which may change on disk meanwhile."""
    read = {name for pack in packs for name in pack.files}
    return {
        name: files.read(name)
        for name in sorted(files.names())
        if name in read or name.lower().endswith(_READ)
    }


def prepare(
    contents: Mapping[str, bytes], *, within: str = "", functions: HostFunctions | None = None
) -> Prepared:
    """Packs, steps and mutants of some files, by name.

    ``within`` is how the names of the suites that count begin. Raises ``PolicyError`` when a pack
    or a suite has errors.
    """
    files = MemoryFiles(contents)
    loaded = load_packs(files, functions=functions)
    read = read_suites(files, loaded.packs)
    found = [*loaded.diagnostics, *read.diagnostics]
    if any(item.severity is Severity.ERROR for item in found):
        raise PolicyError(found)
    suites = [suite for suite in read.suites if suite.file.startswith(within)]
    generated = generate(files, loaded.packs)
    return Prepared(contents, loaded.packs, places(suites), generated, functions)


def failing(prepared: Prepared) -> Diagnostic | None:
    """What is wrong (EVL770) if a step fails on the packs as they are."""
    runner = Runner(prepared.packs)
    found = [place for place in prepared.places if not runner.passes(place.step)]
    return problems.steps_fail(found, len(prepared.places)) if found else None


def evenly(items: Sequence[T], most: int | None) -> list[T]:
    """At most so many of the items, evenly spread; always the same ones."""
    if most is None or most >= len(items):
        return list(items)
    return [items[number * len(items) // most] for number in range(most)]
