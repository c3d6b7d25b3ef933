"""What the names in an expression stand for: declarations, structures of the request, types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from evaluator.language.checking.facts import NOTHING, Facts
from evaluator.language.functions.registry import Registry
from evaluator.language.type_text import TYPE_NAMES
from evaluator.language.types import Type
from evaluator.language.values import ABSENT
from evaluator.source import Span

__all__ = ["Declaration", "Environment", "Found"]

_TYPE_HEADS: Final = frozenset(name.split(".")[0] for name in TYPE_NAMES if "." in name)


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """A declared name. Compared by identity, which makes facts about it its own.

    ``value`` is that of a constant, ``errors`` the kinds that a variable may end in, ``volatile``
    whether ``now`` flows into it as data. ``when_true`` and ``when_false`` are the facts that hold
    when a bool is true or false, ``always`` those about the value itself (``Checked.always``).
    ``span`` is where it is declared.
    """

    type: Type
    kind: Literal["constant", "variable", "ident"]
    value: Any = ABSENT
    errors: frozenset[str] = frozenset()
    volatile: bool = False
    when_true: Facts = NOTHING
    when_false: Facts = NOTHING
    span: Span | None = None
    always: Facts = NOTHING


def _standard() -> Registry:
    from evaluator.language.functions import STANDARD

    return STANDARD


@dataclass(slots=True)
class Found:
    """What a name stands for, under its full name; exactly one of the last three is not None.

    Nothing changes it; a frozen one would take three times as long to make.

    ``steps`` tells how many of the selections after the name belong to it, as in ``a.b.c`` where
    ``a.b`` is declared.
    """

    name: str
    steps: int
    declaration: Declaration | None = None
    structure: Type | None = None
    type: Type | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Environment:
    """The names and functions that an expression may use.

    ``roots`` maps ``subject`` and the other structures of the request to their ``ObjectType``, or
    to dyn without a schema: they can be selected from and are no values. Names are resolved from
    the inner to the outer namespace of ``container`` (langdef.md, "Name Resolution").
    """

    declarations: Mapping[str, Declaration]
    roots: Mapping[str, Type] = field(default_factory=dict)
    functions: Registry = field(default_factory=_standard)
    container: str = ""
    _heads: frozenset[str] = field(init=False, repr=False)
    _prefixes: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        dotted = (name.split(".")[0] for name in self.declarations if "." in name)
        object.__setattr__(self, "_heads", _TYPE_HEADS.union(dotted))
        parts = self.container.split(".") if self.container else []
        prefixes = (".".join(parts[:end]) + "." for end in range(len(parts), 0, -1))
        object.__setattr__(self, "_prefixes", (*prefixes, ""))

    def find(self, name: str, fields: Sequence[str] = ()) -> Found | None:
        """What a name followed by plain selections stands for: the longest that is known counts."""
        if not self.may_go_on(name):
            return self._exactly(name, 0)
        if name.startswith("."):
            return self._longest(("",), name[1:], fields)
        return self._longest(self._prefixes, name, fields)

    def may_go_on(self, name: str) -> bool:
        """Whether selections after a name may belong to the name of what is meant."""
        return name in self._heads or self.container != "" or name.startswith(".")

    def _longest(self, prefixes: Sequence[str], name: str, fields: Sequence[str]) -> Found | None:
        for steps in range(len(fields), -1, -1):
            qualified = ".".join((name, *fields[:steps]))
            for prefix in prefixes:
                found = self._exactly(prefix + qualified, steps)
                if found is not None:
                    return found
        return None

    def _exactly(self, name: str, steps: int) -> Found | None:
        declaration = self.declarations.get(name)
        if declaration is not None:
            return Found(name, steps, declaration)
        structure = self.roots.get(name)
        if structure is not None:
            return Found(name, steps, structure=structure)
        type_ = TYPE_NAMES.get(name)
        return None if type_ is None else Found(name, steps, type=type_)

    def qualified(self, name: str) -> Iterator[str]:
        """The full names that a function's name may stand for, the innermost namespace first."""
        if name.startswith("."):
            yield name[1:]
            return
        for prefix in self._prefixes:
            yield prefix + name

    def shadows(self, name: str) -> bool:
        """Whether a name is declared, so that it cannot begin the name of a function."""
        return name in self.declarations or name in self.roots
