"""Paths: the ways from a value to what is in it, with the guards that reading takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evaluator.language.types import ListType, MapType, NullableType, ObjectType, Type

__all__ = ["Path", "Scope", "optional_of", "paths", "root_of", "within"]

_MOST_STEPS: Final = 3


@dataclass(frozen=True, slots=True)
class Path:
    """A way to a value: its text, its type, and the guards that reading it takes, in order."""

    text: str
    type: Type
    guards: tuple[str, ...] = ()


Scope = tuple[Path, ...]


def paths(start: Path, steps: int = _MOST_STEPS) -> Iterator[Path]:
    """Every way from a value on: members, what is not null, the first item, an entry."""
    yield start
    text, type_, guards = start.text, start.type, start.guards
    if isinstance(type_, NullableType):
        yield from paths(Path(text, type_.value, (*guards, f"{text} != null")), steps)
    elif steps and isinstance(type_, ObjectType):
        for name, field in type_.fields.items():
            member = f"{text}.{name}" if _is_name(name) else f"{text}.`{name}`"
            needed = guards if field.always else (*guards, f"has({member})")
            yield from paths(Path(member, field.type, needed), steps - 1)
    elif steps and isinstance(type_, ListType):
        first = Path(f"{text}[0]", type_.element, (*guards, f"{text}.size() > 0"))
        yield from paths(first, steps - 1)
    elif steps and isinstance(type_, MapType):
        entry = Path(f"{text}['k']", type_.value, (*guards, f"'k' in {text}"))
        yield from paths(entry, steps - 1)


def _is_name(name: str) -> bool:
    return name.isidentifier() and name != "in"


def within(scope: Scope, *inner: Path) -> Scope:
    """The scope with paths from new variables, which hide those of the same name."""
    names = {root_of(path) for path in inner}
    return (*(path for path in scope if root_of(path) not in names), *inner)


def root_of(path: Path) -> str:
    """The name that a path begins with."""
    return path.text.partition(".")[0].partition("[")[0]


def optional_of(path: Path) -> str | None:
    """The optional of what may be absent at the end of a path, where that alone is in doubt."""
    owner, dot, name = path.text.rpartition(".")
    if path.guards == (f"has({path.text})",) and dot:
        return f"{owner}.?{name}"
    if path.guards and path.text.endswith("[0]") and len(path.guards) == 1:
        return f"{path.text[:-3]}[?0]"
    return None
