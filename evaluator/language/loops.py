"""The macros that bind variables: what each comprehension does with its range."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from evaluator.language.dispatch import no_overload
from evaluator.language.syntax import Comprehension, ComprehensionKind
from evaluator.language.values import (
    NONE,
    Duration,
    ErrorValue,
    Map,
    Optional,
    Timestamp,
    UInt,
    Unknown,
    type_of,
)

if TYPE_CHECKING:
    from evaluator.language.interpreter import Run

__all__ = ["run_loop"]

Locals = Mapping[str, Any]
Turns = Iterator[dict[str, Any]]


def run_loop(run: Run, node: Comprehension, locals_: Locals) -> Any:
    """The value of a comprehension."""
    over = run.settled(node.range, locals_)
    if type(over) is ErrorValue or type(over) is Unknown:
        return over
    if node.kind in (ComprehensionKind.OPT_MAP, ComprehensionKind.OPT_FLAT_MAP):
        return _optional(run, node, over, locals_)
    if type(over) is not Map and type(over) is not list and type(over) is not tuple:
        return no_overload(node.kind.value, [over])
    return _LOOPS[node.kind](run, node, _turns(run, node, over, locals_))


def _turns(run: Run, node: Comprehension, over: Any, locals_: Locals) -> Turns:
    """The local variables of each turn; every turn is paid for."""
    names = node.variables
    for number, element in enumerate(over):
        run.budget.spend(1)
        if len(names) == 1:
            yield {**locals_, names[0]: element}
        elif type(over) is Map:
            yield {**locals_, names[0]: element, names[1]: over.get(element)}
        else:
            yield {**locals_, names[0]: number, names[1]: element}


def _optional(run: Run, node: Comprehension, over: Any, locals_: Locals) -> Any:
    if type(over) is not Optional:
        return no_overload(node.kind.value, [over])
    if not over.present:
        return NONE
    value = run.settled(node.body, {**locals_, node.variables[0]: over.value})
    if type(value) is ErrorValue or type(value) is Unknown:
        return value
    if node.kind is ComprehensionKind.OPT_MAP:
        return Optional(value)
    return value if type(value) is Optional else no_overload(node.kind.value, [value])


def _quantifier(run: Run, node: Comprehension, turns: Turns) -> Any:
    """``all`` and ``exists``: ``&&`` and ``||`` over the turns, absorbing what does not decide."""
    decides = node.kind is ComprehensionKind.EXISTS
    unknown: Unknown | None = None
    error: ErrorValue | None = None
    for names in turns:
        value = run.value(node.body, names)
        if value is decides:
            return decides
        if type(value) is Unknown:
            unknown = value if unknown is None else unknown | value
        elif type(value) is ErrorValue:
            error = error or value
        elif value is not (not decides):
            error = error or no_overload(node.kind.value, [value])
    return unknown or error or (not decides)


def _exists_one(run: Run, node: Comprehension, turns: Turns) -> Any:
    """Exactly one; unlike ``exists`` it absorbs no errors."""
    found = 0
    unknown: Unknown | None = None
    for names in turns:
        value = run.value(node.body, names)
        if type(value) is Unknown:
            unknown = value if unknown is None else unknown | value
        elif type(value) is not bool:
            return value if type(value) is ErrorValue else no_overload("exists_one", [value])
        else:
            found += value
    return unknown or found == 1


def _collected(
    run: Run, node: Comprehension, turns: Turns, add: Callable[[Any, dict[str, Any]], Any]
) -> Any:
    """Runs the filter and, where it holds, the body of each turn; the first error ends it."""
    unknown: Unknown | None = None
    for names in turns:
        if node.filter is not None:
            kept = run.value(node.filter, names)
            if type(kept) is Unknown:
                unknown = kept if unknown is None else unknown | kept
                continue
            if kept is False:
                continue
            if kept is not True:
                return kept if type(kept) is ErrorValue else no_overload(node.kind.value, [kept])
        value = run.settled(node.body, names)
        if type(value) is Unknown:
            unknown = value if unknown is None else unknown | value
            continue
        if type(value) is ErrorValue:
            return value
        failed = add(value, names)
        if failed is not None:
            return failed
    return unknown


def _filter(run: Run, node: Comprehension, turns: Turns) -> Any:
    made: list[Any] = []

    def add(value: Any, names: dict[str, Any]) -> ErrorValue | None:
        if value is True:
            made.append(names[node.variables[0]])
        return None if type(value) is bool else no_overload("filter", [value])

    return _collected(run, node, turns, add) or made


def _map(run: Run, node: Comprehension, turns: Turns) -> Any:
    made: list[Any] = []
    return _collected(run, node, turns, lambda value, _: made.append(value)) or made


ORDERED: Final = frozenset({bool, int, UInt, float, str, bytes, Timestamp, Duration})


def _sort_by(run: Run, node: Comprehension, turns: Turns) -> Any:
    """The elements by their keys, which are of one ordered type; equal keys change no order."""
    keyed: list[tuple[Any, Any]] = []

    def add(key: Any, names: dict[str, Any]) -> ErrorValue | None:
        if type(key) not in ORDERED:
            return ErrorValue(
                "no_such_overload", f"a key of `sortBy` has no order: it is of type {type_of(key)}"
            )
        if keyed and type(key) is not type(keyed[0][0]):
            kinds = f"{type_of(keyed[0][0])} and {type_of(key)}"
            return ErrorValue("no_such_overload", f"the keys of `sortBy` are of two types, {kinds}")
        keyed.append((key, names[node.variables[0]]))
        return None

    failed = _collected(run, node, turns, add)
    if failed is not None:
        return failed
    return [element for _, element in sorted(keyed, key=itemgetter(0))]


def _transform_map(run: Run, node: Comprehension, turns: Turns) -> Any:
    made: list[tuple[Any, Any]] = []
    known: set[Any] = set()

    def add(value: Any, names: dict[str, Any]) -> ErrorValue | None:
        entries: Iterable[tuple[Any, Any]] = ((names[node.variables[0]], value),)
        if node.kind is ComprehensionKind.TRANSFORM_MAP_ENTRY:
            if type(value) is not Map:
                return no_overload("transformMapEntry", [value])
            entries = value.items()
        for key, item in entries:
            # As in maps, true is another key than 1. Asked at once: one map that every turn gives
            # would otherwise be collected as often as there are turns.
            place = (key,) if type(key) is bool else key
            if place in known:
                return ErrorValue("duplicate_key", "two turns give the same key")
            known.add(place)
            made.append((key, item))
        return None

    failed = _collected(run, node, turns, add)
    return Map(made) if failed is None else failed


_Kind = ComprehensionKind
_LOOPS: Final[dict[ComprehensionKind, Callable[[Run, Comprehension, Turns], Any]]] = {
    _Kind.ALL: _quantifier,
    _Kind.EXISTS: _quantifier,
    _Kind.EXISTS_ONE: _exists_one,
    _Kind.MAP: _map,
    _Kind.FILTER: _filter,
    _Kind.SORT_BY: _sort_by,
    _Kind.TRANSFORM_LIST: _map,
    _Kind.TRANSFORM_MAP: _transform_map,
    _Kind.TRANSFORM_MAP_ENTRY: _transform_map,
}
