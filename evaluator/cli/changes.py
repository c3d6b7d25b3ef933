"""``--set`` and ``--now``: changes of a request, spelled as expressions spell its attributes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from evaluator.diagnostics import did_you_mean
from evaluator.language import types
from evaluator.language.instants import format_instant, parse_instant
from evaluator.language.values import ErrorValue, from_host
from evaluator.policy.changes import changed
from evaluator.policy.model import Pack
from evaluator.policy.request_types import ROOTS, RequestType
from evaluator.policy.views import pointer

__all__ = ["Change", "changes_of", "with_changes"]


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a request: a path as expressions spell it, and the JSON value."""

    root: str
    path: tuple[str, ...]
    value: Any


def changes_of(
    settings: Sequence[str], now: str | None, packs: Iterable[Pack]
) -> tuple[Change, ...]:
    """The changes that ``--set PATH=VALUE`` and ``--now`` ask for. Wrong ones are bad usage."""
    known = [variant.request_type for pack in packs for variant in pack.variants]
    changes = [_change(setting, known) for setting in settings]
    if now is not None:
        instant = parse_instant(now)
        if instant is None:
            raise click.UsageError(
                f"--now takes a moment with its offset, such as 2026-03-03T09:00:00Z, not {now!r}."
            )
        changes.append(Change("context", ("time",), format_instant(instant)))
    return tuple(changes)


def _change(setting: str, known: Sequence[RequestType]) -> Change:
    spelled, equals, text = setting.partition("=")
    root, *parts = spelled.strip().split(".")
    if not equals or not parts or not all(parts):
        raise click.UsageError(f"--set takes PATH=VALUE, as in resource.total=5, not {setting!r}.")
    if root not in ROOTS:
        guess = did_you_mean(root, ROOTS)
        hint = f"did you mean {guess}?" if guess else f"a path begins with {', '.join(ROOTS)}."
        raise click.UsageError(f"--set {spelled}: there is no {root}; {hint}")
    path = tuple(parts)
    found = [type_ for one in known if (type_ := one.type_of(root, path)) is not None]
    if known and not found:
        raise _unknown(root, path, known)
    return Change(root, path, _value(spelled, text, found))


def _value(spelled: str, text: str, expected: Sequence[types.Type]) -> Any:
    """JSON, or a text that is none; a number is a text too where only texts are expected."""
    from evaluator.documents.json_documents import load_json

    value, diagnostics = load_json(text, name=f"--set {spelled}")
    is_text = bool(expected) and all(map(_is_text, expected))
    if diagnostics and not is_text:
        if text[:1] in ("{", "[", '"'):
            raise click.UsageError(f"--set {spelled}: this is no JSON: {diagnostics[0].message}.")
        if diagnostics[0].code == "EVL603" and text[-1:].isdigit():  # beyond what numbers can be
            raise click.UsageError(f"--set {spelled}: {diagnostics[0].message}.")
    if diagnostics or (is_text and not isinstance(value, str)):
        return text
    if isinstance(from_host(value), ErrorValue):
        raise click.UsageError(f"--set {spelled}: {text} is no value that requests have.")
    return value


def _is_text(type_: types.Type) -> bool:
    return type_ is types.STRING or isinstance(type_, types.EnumType)


def _unknown(root: str, path: tuple[str, ...], known: Sequence[RequestType]) -> click.UsageError:
    names = sorted({name for one in known for name in getattr(one.roots[root], "fields", ())})
    guess = did_you_mean(path[0], names)
    if guess is not None and guess != path[0]:
        hint = f"did you mean {root}.{guess}?"
    elif path[0] in names:
        hint = f"{root}.{path[0]} is known, but not what is asked for in it."
    else:
        hint = f"{root} has {', '.join(names)}."
    return click.UsageError(f"--set {root}.{'.'.join(path)}: the schema does not know it; {hint}")


def with_changes(raw: Any, changes: tuple[Change, ...]) -> Any:
    """The request with the changes made to a copy; what is no object is returned as it is."""
    if not changes or not isinstance(raw, dict):
        return raw
    return changed(
        raw, {pointer(change.root, change.path): from_host(change.value) for change in changes}
    )
