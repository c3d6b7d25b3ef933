"""What can be wrong with the files of a service, in words."""

from __future__ import annotations

from pathlib import Path

from evaluator.diagnostics import Diagnostic, Note, did_you_mean, shortened
from evaluator.server.sources.place import Place
from evaluator.source import Span

__all__ = [
    "action_name",
    "address_unknown",
    "case_fails",
    "database_empty",
    "database_unreachable",
    "driver_missing",
    "entities_key",
    "entities_list",
    "entities_shape",
    "entity_name",
    "entity_properties",
    "entity_repeated",
    "entity_shape",
    "folder_gone",
    "query_fails",
    "query_key",
    "query_text",
    "reload_failed",
    "row_repeated",
    "row_shape",
]

_SHAPE = "write `subjects`, `resources` and `actions`, each with a list; all may be left out"
_QUERY = "write `{url: ..., query: ...}`: where the database is, and a SELECT statement"
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


# Of databases: neither their addresses nor their lines are shown, for the passwords in them.


def query_key(place: Place, key: str) -> Diagnostic:
    """A key that means nothing beside a query."""
    guess = did_you_mean(key, ("url", "query"))
    return Diagnostic(
        "EVL804",
        f"the query for {_named(place)} has no `{shortened(key)}`",
        span=place.span,
        help=f"did you mean {guess}?" if guess else _QUERY,
    )


def query_text(place: Place, key: str) -> Diagnostic:
    """A part of a query that is missing, or no text."""
    return Diagnostic(
        "EVL804",
        f"the `{key}` of {_named(place)} is missing, or not a text",
        span=place.span,
        help=_QUERY,
    )


def database_empty(place: Place) -> Diagnostic:
    """A database without any of the tables that are looked for."""
    return Diagnostic(
        "EVL804",
        f"the database `{place.file}` has no table or view of entities",
        help="name them `subjects`, `resources`, `actions`, or name a file with queries instead",
    )


def address_unknown(place: Place) -> Diagnostic:
    """An address that leads to no database."""
    return Diagnostic(
        "EVL805",
        f"the `url` of {_named(place)} is not the address of a database",
        span=place.span,
        help="write `sqlite:///FILE`, or an address of SQLAlchemy: `postgresql+psycopg://HOST/NAME`",
    )


def driver_missing(place: Place, module: str) -> Diagnostic:
    """A database that nothing installed can talk to."""
    help_ = f"install the driver `{module}`"
    if module == "sqlalchemy":
        help_ = "pip install 'policy-evaluator[entities]', and the driver of the database"
    return Diagnostic(
        "EVL805",
        f"the database of {_named(place)} needs `{module}`, which is not installed",
        span=place.span,
        help=help_,
    )


def database_unreachable(place: Place, words: str) -> Diagnostic:
    """A database that does not answer, or a file that is none."""
    return Diagnostic(
        "EVL806",
        f"the database of {_named(place)} cannot be read: {_first_line(words)}",
        span=place.span,
        help="check that it is there, that it answers, and who may read it",
    )


def query_fails(place: Place, words: str) -> Diagnostic:
    """A statement that the database refuses."""
    return Diagnostic(
        "EVL807",
        f"the query for {_named(place)} fails: {_first_line(words)}",
        span=place.span,
        help="it is one SELECT statement, which has to stand in the parentheses of another",
    )


def row_shape(place: Place, words: str, help_: str) -> Diagnostic:
    """A row that stands for no entity."""
    message = f"a row of the query for {_named(place)} {words}"
    return Diagnostic("EVL808", message, span=place.span, help=help_)


def row_repeated(place: Place, type_: str, id_: str) -> Diagnostic:
    """Two rows for one entity."""
    return Diagnostic(
        "EVL809",
        f"the query for {_named(place)} has two rows for `{shortened(id_)}` of type "
        f"`{shortened(type_)}`",
        span=place.span,
        help="give each entity one row: group what a join repeats",
    )


def _named(place: Place) -> str:
    return f"`{place.part}` of `{place.file}`"


def _first_line(words: str) -> str:
    return shortened(words.strip().partition("\n")[0], 200)


# Of policies


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
