"""From records to the objects of linked packs, each made when it is first asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import RLock
from typing import Any, Final, Generic, TypeVar, overload

from evaluator.policy.caching.forms import FORMS, SINGLETONS
from evaluator.policy.caching.operations import Operation
from evaluator.policy.model import Constant, Scope, Variable
from evaluator.source import Source

__all__ = ["DamagedError", "Items", "Records"]

T = TypeVar("T")
_DECODE: Final = json.JSONDecoder().raw_decode  # the value at an offset, and where it ends
_REFERENCE, _REFERENCES, _ATOMS, _SCOPE = range(4)  # plain numbers, compared a million times
assert (_REFERENCE, _REFERENCES, _ATOMS, _SCOPE) == (
    Operation.REFERENCE,
    Operation.REFERENCES,
    Operation.ATOMS,
    Operation.SCOPE,
)


class DamagedError(Exception):
    """Records do not fit together."""


class Records:
    """The objects of some records by number, each made once; safe to use from many threads.

    ``offsets`` are where in the text records begin. ``source`` gives the source of a whole file,
    ``requested`` a type of a request type by its two numbers.
    """

    def __init__(
        self,
        text: str,
        offsets: Sequence[int],
        *,
        source: Callable[[str], Source],
        requested: Callable[[int, int], Any],
    ) -> None:
        self._text = text
        self._offsets = offsets
        self._made: dict[int, Any] = {}
        self._lock = RLock()
        self._makers: dict[int, Callable[[list[Any]], Any]] = {
            Operation.SINGLETON: lambda parts: SINGLETONS[parts[0]],
            Operation.REQUESTED: lambda parts: requested(*parts),
            Operation.SOURCE: lambda parts: (
                source(parts[0]) if parts[1] is None else Source(parts[0], parts[1])
            ),
            **{len(Operation) + number: form.make for number, form in enumerate(FORMS)},
        }

    def __len__(self) -> int:
        return len(self._offsets)

    def get(self, number: int) -> Any:
        """The object of a record."""
        try:
            return self._made[number]
        except KeyError:
            with self._lock:
                return self._make(number)

    def _make(self, wanted: int) -> Any:
        """Makes an object after all that it refers to, without recursion."""
        made = self._made
        waiting = [wanted]
        read: dict[int, list[Any]] = {}
        while waiting:
            number = waiting[-1]
            if number in made:
                waiting.pop()
                continue
            tokens = read.get(number)
            if tokens is None:
                tokens = read[number] = _DECODE(self._text, self._offsets[number])[0]
                missing = [other for other in _references(tokens) if other not in made]
                if missing:
                    waiting += missing
                    continue
            try:
                made[number] = self._built(tokens)
            except (KeyError, IndexError, TypeError, ValueError) as error:
                # Not as a KeyError, which says of a scope that it does not have a name.
                raise DamagedError(f"record {number}") from error
            waiting.pop()
        return made[wanted]

    def _built(self, tokens: list[Any]) -> Any:
        stack: list[Any] = []
        made, makers = self._made, self._makers
        for token in tokens:
            if type(token) is not list:
                stack.append(token)
                continue
            operation, argument = token
            if operation == _REFERENCE:
                stack.append(made[argument])
            elif operation == _REFERENCES:
                stack.append(tuple([made[number] for number in argument]))
            elif operation == _ATOMS:
                stack.append(tuple(argument))
            elif operation == _SCOPE:
                stack.append(Scope(_Names(self, argument)))
            else:
                start = len(stack) - argument
                parts = stack[start:]
                del stack[start:]
                stack.append(makers[operation](parts))
        (whole,) = stack
        return whole


def _references(tokens: list[Any]) -> Iterator[int]:
    for token in tokens:
        if type(token) is list:
            if token[0] == _REFERENCE:
                yield token[1]
            elif token[0] == _REFERENCES:
                yield from token[1]


class _Names(Mapping[str, "Constant | Variable"]):
    """What names stand for, made when it is asked for."""

    __slots__ = ("_numbers", "_records")

    def __init__(self, records: Records, numbers: Mapping[str, int]) -> None:
        self._records = records
        self._numbers = numbers

    def __getitem__(self, name: str) -> Constant | Variable:
        found: Constant | Variable = self._records.get(self._numbers[name])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class Items(Sequence[T], Generic[T]):
    """The objects of records whose numbers follow one another, made when they are asked for."""

    __slots__ = ("_numbers", "_records")

    def __init__(self, records: Records, first: int, count: int) -> None:
        self._records = records
        self._numbers = range(first, first + count)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return tuple([self._records.get(number) for number in self._numbers[index]])
        found: T = self._records.get(self._numbers[index])
        return found

    def __len__(self) -> int:
        return len(self._numbers)
