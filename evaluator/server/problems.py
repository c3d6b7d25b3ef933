"""What can be wrong with the files of a service, in words."""

from __future__ import annotations

from pathlib import Path

from evaluator.diagnostics import Diagnostic, Note, did_you_mean
from evaluator.source import Span

__all__ = [
    "action_name",
    "case_fails",
    "entities_key",
    "entities_list",
    "entities_shape",
    "entity_name",
    "entity_properties",
    "entity_repeated",
    "entity_shape",
    "folder_gone",
    "reload_failed",
]

_SHAPE = "write `subjects`, `resources` and `actions`, each with a list; all may be left out"
_ENTITY = "write `{type: ..., id: ..., properties: {...}}`; the properties may be left out"


def entities_shape(span: Span) -> Diagnostic:
    """The file is something else."""
    return Diagnostic("EVL801", "entities are given by a mapping", span=span, help=_SHAPE)


def entities_key(span: Span, key: str) -> Diagnostic:
    """A key that means nothing."""
    guess = did_you_mean(key, ("subjects", "resources", "actions"))
    return Diagnostic(
        "EVL801",
        f"a file of entities has no `{key}`",
        span=span,
        help=f"did you mean {guess}?" if guess else _SHAPE,
    )


def entities_list(span: Span, key: str) -> Diagnostic:
    """A value that is no list."""
    return Diagnostic("EVL801", f"`{key}` is not a list", span=span, help=_SHAPE)


def action_name(span: Span) -> Diagnostic:
    """An action that is no text."""
    return Diagnostic(
        "EVL802", "the name of an action is not a text", span=span, help="write it in quotes"
    )


def entity_shape(span: Span) -> Diagnostic:
    """An entity that is no mapping."""
    return Diagnostic("EVL802", "an entity is not a mapping", span=span, help=_ENTITY)


def entity_name(span: Span, key: str) -> Diagnostic:
    """A type or an id that is not there, or no text."""
    return Diagnostic(
        "EVL802", f"the `{key}` of an entity is missing, or not a text", span=span, help=_ENTITY
    )


def entity_properties(span: Span) -> Diagnostic:
    """Properties that are no mapping."""
    return Diagnostic(
        "EVL802", "the properties of an entity are not a mapping", span=span, help=_ENTITY
    )


def entity_repeated(span: Span, type_: str, id_: str, first: Span) -> Diagnostic:
    """Two entities with one name."""
    return Diagnostic(
        "EVL803",
        f"there are two entities `{id_}` of type `{type_}`",
        span=span,
        help="leave one of them",
        notes=(Note("the first is here", first),),
    )


def folder_gone(folder: Path) -> Diagnostic:
    """A folder of policies that is no longer there."""
    return Diagnostic(
        "EVL850",
        f"the folder `{folder}` is gone",
        help="bring it back; the policies that were loaded from it go on answering",
    )


def reload_failed(error: Exception) -> Diagnostic:
    """Policies that could not be loaded for a reason that no diagnostic tells."""
    return Diagnostic(
        "EVL850",
        f"loading the policies failed: {type(error).__name__}: {error}",
        help="the policies from before go on answering; `evaluator check` may tell more",
    )


def case_fails(span: Span, suite: str, case: str, label: str | None) -> Diagnostic:
    """A case that new policies decide otherwise than it expects."""
    which = case if label is None else f"{case} ({label})"
    return Diagnostic(
        "EVL851",
        f"the case `{which}` of `{suite}` fails",
        span=span,
        help="`evaluator test` shows what it comes to; the policies before go on answering",
    )
