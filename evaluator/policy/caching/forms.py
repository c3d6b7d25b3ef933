"""The classes of objects in a linked pack, and how each is taken apart and put together again.

Nothing else is kept in a cache and nothing else comes out of one: there are no names of classes or
functions in it that would be looked up, only numbers of the forms that are listed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from operator import attrgetter
from typing import Any, Final

from evaluator.diagnostics import Diagnostic, Edit, Fix, Note, Severity
from evaluator.language import syntax, types
from evaluator.language.checker import Checked, Declaration, Facts
from evaluator.language.checking.facts import CONTENT, IMPOSSIBLE, NOTHING, PRESENT
from evaluator.language.checking.side_tables import SideTable
from evaluator.language.networks import CIDR, IP
from evaluator.language.places import Places
from evaluator.language.syntax import ComprehensionKind, Parsed, SelectMode
from evaluator.language.values import ABSENT, NONE, Duration, Map, Optional, Timestamp, UInt
from evaluator.policy import model
from evaluator.policy.host_binding import HostFunction
from evaluator.policy.patterns import Patterns
from evaluator.source import Fragment, Span

__all__ = ["ATOMS", "FORMS", "SINGLE", "SINGLETONS", "Form"]

ATOMS: Final = frozenset({type(None), bool, int, float, str})
"""The classes of what JSON can say as it is: these alone, and none that inherits from them."""

SINGLETONS: Final[Sequence[Any]] = (ABSENT, PRESENT, CONTENT, NOTHING, IMPOSSIBLE, NONE)
"""Objects that there is one of, and which are known by that."""


@dataclass(frozen=True, slots=True)
class Form:
    """``parts`` are what an object of a class is made of; ``make`` makes one of a list of them."""

    type: type
    parts: Callable[[Any], Iterable[Any]]
    make: Callable[[list[Any]], Any]


def _record(cls: type) -> Form:
    """The form of a dataclass: what its initializer takes."""
    names = [field.name for field in fields(cls) if field.init]
    if len(names) == 1:
        read = attrgetter(names[0])
        return Form(cls, lambda value: (read(value),), lambda parts: cls(*parts))
    return Form(cls, attrgetter(*names), lambda parts: cls(*parts))


def _choice(cls: type) -> Form:
    """The form of an enumeration of words."""
    return Form(cls, lambda value: (str(value.value),), lambda parts: cls(parts[0]))


def _pairs(parts: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    return zip(parts[::2], parts[1::2], strict=True)


def _parts_of_fragment(value: Fragment) -> Iterable[Any]:
    return value.text, value.source, tuple(chain.from_iterable(value.segments)), value.end


def _fragment(parts: list[Any]) -> Fragment:
    text, source, segments, end = parts
    return Fragment(text, source, tuple(_pairs(segments)), end)


def _parts_of_places(value: Places) -> Iterable[Any]:
    first, starts, ends, firsts, fragments = value.state
    return first, tuple(starts), tuple(ends), firsts, fragments


# Of the two trees of a checked expression the resolved one is kept, in place of the other too, as
# when an expression is moved: both have the same ids.
_OF_PARSED: Final = attrgetter("places", "names", "next_id")
_OF_CHECKED: Final = attrgetter(
    *(field.name for field in fields(Checked) if field.name != "parsed")
)


def _parts_of_checked(value: Checked) -> Iterable[Any]:
    return (*_OF_PARSED(value.parsed), *_OF_CHECKED(value))


def _checked(parts: list[Any]) -> Checked:
    places, names, next_id, root, *rest = parts
    return Checked(Parsed(root, places, names, next_id), root, *rest)


_PRIMITIVES: Final = {
    str(type_.primitive): type_
    for type_ in vars(types).values()
    if isinstance(type_, types.PrimitiveType)
}


def _parts_of_primitive(value: types.PrimitiveType) -> Iterable[Any]:
    return (str(value.primitive),)


_TYPES: Final = (
    types.EnumType,
    types.ListType,
    types.MapType,
    types.OptionalType,
    types.NullableType,
    types.ObjectType,
    types.TypeType,
    types.OpaqueType,
    types.TypeParameter,
)
_NODES: Final = (
    syntax.Literal,
    syntax.Name,
    syntax.Select,
    syntax.Attribute,
    syntax.Call,
    syntax.Logical,
    syntax.Conditional,
    syntax.ListExpr,
    syntax.Entry,
    syntax.MapExpr,
    syntax.Comprehension,
    syntax.Bind,
)
_OF_PACKS: Final = (
    Patterns,
    model.Applies,
    model.Assignment,
    model.Citation,
    model.Constant,
    model.Output,
    model.Period,
    model.Policy,
    model.Remedy,
    model.Rule,
    model.Template,
    model.Variable,
    HostFunction,
)

SINGLE: Final = frozenset(
    (*_TYPES, types.PrimitiveType, frozenset, SideTable, Declaration, model.Scope)
)
"""Classes of objects that mostly stand in several places."""

FORMS: Final[Sequence[Form]] = (
    Form(tuple, tuple, tuple),
    Form(list, list, list),
    Form(dict, lambda value: chain.from_iterable(value.items()), lambda parts: dict(_pairs(parts))),
    Form(frozenset, tuple, frozenset),
    Form(bytes, lambda value: (value.hex(),), lambda parts: bytes.fromhex(parts[0])),
    Form(Map, lambda value: chain.from_iterable(value.items()), lambda parts: Map(_pairs(parts))),
    Form(UInt, lambda value: (int(value),), lambda parts: UInt(parts[0])),
    Form(Fragment, _parts_of_fragment, _fragment),
    Form(Places, _parts_of_places, lambda parts: Places.restored(*parts)),
    Form(SideTable, attrgetter("state"), lambda parts: SideTable.restored(parts[0], parts[1])),
    Form(Checked, _parts_of_checked, _checked),
    Form(types.PrimitiveType, _parts_of_primitive, lambda parts: _PRIMITIVES[parts[0]]),
    *map(_choice, (SelectMode, ComprehensionKind, Severity)),
    *map(_record, (*_TYPES, types.Field, Timestamp, Duration, Optional, IP, CIDR)),
    *map(_record, (*_NODES, Facts, Declaration, Span, Diagnostic, Note, Edit, Fix)),
    *map(_record, _OF_PACKS),
)
