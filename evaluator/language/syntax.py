"""The syntax tree of an expression: frozen nodes with ids. What is learnt of them stands elsewhere.

Macros are expanded once, by the parser, into nodes of their own (``Comprehension``, ``Bind``,
``Select`` with a mode), so that every target sees the shape and none has to recognise it.
``&&`` and ``||`` chains are one flat node each, however they were parenthesised: the operators are
associative, errors included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from evaluator.language.places import Places
from evaluator.source import Fragment, Span

__all__ = [
    "Attribute",
    "Bind",
    "Call",
    "Comprehension",
    "ComprehensionKind",
    "Conditional",
    "Entry",
    "Expr",
    "ListExpr",
    "Literal",
    "Logical",
    "MapExpr",
    "Message",
    "Name",
    "Parsed",
    "Select",
    "SelectMode",
    "children",
    "walk",
]


@dataclass(frozen=True, slots=True)
class Expr:
    """The base of all nodes. ``id`` is unique in its tree and keys every side table."""

    id: int


@dataclass(frozen=True, slots=True)
class Literal(Expr):
    """A constant: any CEL value, as ``values`` represents it."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Expr):
    """An identifier; ``.a`` (absolute, bypassing local variables) keeps its leading dot."""

    name: str


class SelectMode(StrEnum):
    """How a field is selected."""

    PLAIN = "plain"  # a.b
    OPTIONAL = "optional"  # a.?b
    HAS = "has"  # has(a.b)


@dataclass(frozen=True, slots=True)
class Select(Expr):
    """A selection of a field of a map, an object or an optional of them."""

    operand: Expr
    field: str
    mode: SelectMode = SelectMode.PLAIN


@dataclass(frozen=True, slots=True)
class Attribute(Expr):
    """A read of the request: ``resource.billing_account.type``. Made by the checker out of selects.

    With ``optional_from`` = k the parts from ``path[k]`` on are selected optionally, as in
    ``resource.?a.b``, and the value is an optional of what is there; all before must be there.
    In ``has(resource.total)`` the node is ``Select(Attribute("resource", ()), "total", HAS)``: only
    there may ``path`` be empty.
    """

    root: str
    path: tuple[str, ...]
    optional_from: int | None = None


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A call of a function or operator (``_+_``, ``!_``, ``-_``, ``_[_]``, ``_[?_]``, ``@in``).

    ``target`` is the receiver of a member call ``target.function(args)``, None of a global one.
    """

    function: str
    target: Expr | None
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Logical(Expr):
    """A flat chain of ``&&`` or ``||`` with two operands or more."""

    operator: str
    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Conditional(Expr):
    """``condition ? then : otherwise``."""

    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class ListExpr(Expr):
    """A list; ``optional`` holds the indices of elements written ``?e``."""

    elements: tuple[Expr, ...]
    optional: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry(Expr):
    """An entry of a map (its key an expression) or a field of a message (its key a ``Literal``)."""

    key: Expr
    value: Expr
    optional: bool = False


@dataclass(frozen=True, slots=True)
class MapExpr(Expr):
    """A map ``{k: v, ?k: v}``."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Message(Expr):
    """A message construction ``Name{field: value}``: parsed, and refused by the checker."""

    name: str
    entries: tuple[Entry, ...]


class ComprehensionKind(StrEnum):
    """The macros that bind variables: over a list or map, and over an optional."""

    ALL = "all"
    EXISTS = "exists"
    EXISTS_ONE = "exists_one"
    MAP = "map"
    FILTER = "filter"
    SORT_BY = "sortBy"
    TRANSFORM_LIST = "transformList"
    TRANSFORM_MAP = "transformMap"
    TRANSFORM_MAP_ENTRY = "transformMapEntry"
    OPT_MAP = "optMap"
    OPT_FLAT_MAP = "optFlatMap"


@dataclass(frozen=True, slots=True)
class Comprehension(Expr):
    """``range.kind(variables..., [filter,] body)``.

    ``variables`` has one name (element of a list, key of a map) or two (index and element, key and
    value). ``body`` is the predicate of all, exists, exists_one and filter, the key of sortBy, the
    transformation of the others; ``filter`` is the middle argument of ``map(x, p, t)`` and such.
    """

    kind: ComprehensionKind
    range: Expr
    variables: tuple[str, ...]
    filter: Expr | None
    body: Expr


@dataclass(frozen=True, slots=True)
class Bind(Expr):
    """``cel.bind(name, value, body)``; the value is evaluated at most once, when first needed."""

    name: str
    value: Expr
    body: Expr


_new = object.__new__


class Parsed:
    """A tree with the place of each node: (fragment, start, end) by id. Nothing changes it.

    The place of a call or a select of a member covers the whole of ``a.b(c)``; ``names`` has the
    place of the operator, the function's name or the field alone. One tree may come from several
    fragments, as the tree of ``all``, ``any`` and ``none`` in a policy does. Ids are below
    ``next_id``.
    """

    __slots__ = ("_fragment", "_names", "_places", "next_id", "root")

    def __init__(self, root: Expr, places: Places, names: Places, next_id: int) -> None:
        self.root = root
        self.next_id = next_id
        self._places = places
        self._names = names
        # The fragment that the tree has moved to, all of it.
        self._fragment: Fragment | None = None

    def moved(self, fragment: Fragment) -> Parsed:
        """The tree of the same text in another place; the two share their nodes."""
        return self._with(self.root, fragment)

    def with_root(self, root: Expr) -> Parsed:
        """The same places for another tree, whose nodes have the same ids."""
        return self._with(root, self._fragment)

    def _with(self, root: Expr, fragment: Fragment | None) -> Parsed:
        made = _new(Parsed)
        made.root = root
        made.next_id = self.next_id
        made._places = self._places
        made._names = self._names
        made._fragment = fragment
        return made

    @property
    def places(self) -> Places:
        """Where the nodes stand."""
        fragment = self._fragment
        return self._places if fragment is None else self._places.moved((fragment,))

    @property
    def names(self) -> Places:
        """Where what names them stands."""
        fragment = self._fragment
        return self._names if fragment is None else self._names.moved((fragment,))

    def span(self, node: Expr | int) -> Span:
        """The place of a whole node in its source."""
        fragment, start, end = self.places[node if isinstance(node, int) else node.id]
        return fragment.span(start, end)

    def name_span(self, node: Expr | int) -> Span:
        """The place of a node's operator, function or field; of the whole where it has none."""
        key = node if isinstance(node, int) else node.id
        fragment, start, end = self.names.get(key) or self.places[key]
        return fragment.span(start, end)

    def text(self, node: Expr | int) -> str:
        """The text of a node as it was written."""
        fragment, start, end = self.places[node if isinstance(node, int) else node.id]
        return fragment.text[start:end]


def children(node: Expr) -> Sequence[Expr]:
    """The nodes right below a node, in the order of the text."""
    found: list[Expr] = []
    for name in _PARTS[type(node)]:
        value = getattr(node, name)
        if type(value) is tuple:
            found += value
        elif value is not None:
            found.append(value)
    return found


# The attributes of each class of nodes that hold nodes: one, a tuple of them, or None.
_PARTS: Final[Mapping[type[Expr], tuple[str, ...]]] = {
    Attribute: (),
    Bind: ("value", "body"),
    Call: ("target", "args"),
    Comprehension: ("range", "filter", "body"),
    Conditional: ("condition", "then", "otherwise"),
    Entry: ("key", "value"),
    ListExpr: ("elements",),
    Literal: (),
    Logical: ("operands",),
    MapExpr: ("entries",),
    Message: ("entries",),
    Name: (),
    Select: ("operand",),
}


def walk(node: Expr) -> Iterator[Expr]:
    """A node and all below it, parents first."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))
