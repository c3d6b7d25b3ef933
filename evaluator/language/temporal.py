"""How a value depends on ``now``: the moments at which an evaluation would go another way.

While a decision's validity is worked out, ``now`` is a ``Moving`` value: it knows that it moves
with time, and at which rate. Arithmetic keeps it moving, comparisons turn it into a bool and note
the instants at which that bool flips, accessors such as ``getHours`` note their next unit boundary.
Whatever else a moving value goes through makes the evaluation ``opaque``: nothing can be said.

Between two noted instants every comparison, hence the whole evaluation, goes the same way.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from evaluator.language.instants import MAX_INSTANT, MIN_INSTANT, NANOS
from evaluator.language.values import Duration, ErrorValue, Timestamp

__all__ = ["Moments", "Moving"]


@dataclass(frozen=True, slots=True)
class Moving:
    """A time whose nanoseconds are ``rate * now + offset``; ``value`` is what it is now."""

    value: Timestamp | Duration
    rate: int
    offset: int


Apply = Callable[[Sequence[Any]], Any]

_OPERATORS: Final = {
    "_<_": operator.lt,
    "_<=_": operator.le,
    "_>_": operator.gt,
    "_>=_": operator.ge,
    "_==_": operator.eq,
    "_!=_": operator.ne,
}
_COMPARISONS: Final = frozenset(_OPERATORS)
_IDENTITIES: Final = frozenset({"timestamp", "duration", "dyn"})
_UNIT_NANOS: Final = {
    "getMilliseconds": NANOS // 1000,
    "getSeconds": NANOS,
    "getMinutes": 60 * NANOS,
    "getHours": 3600 * NANOS,
}
# How far to step while looking for the end of an accessor's unit: never over a whole unit, and
# where zones matter a quarter of an hour or more, since offsets change on such instants.
_STEPS: Final = {
    "getMilliseconds": NANOS // 1000,
    "getSeconds": NANOS,
    "getMinutes": 60 * NANOS,
    "getHours": 900 * NANOS,
    "getDate": 3600 * NANOS,
    "getDayOfMonth": 3600 * NANOS,
    "getDayOfWeek": 3600 * NANOS,
    "getDayOfYear": 3600 * NANOS,
    "getMonth": 86_400 * NANOS,
    "getFullYear": 86_400 * NANOS,
}


class Moments:
    """The record of an evaluation at ``instant``: when later it may go another way."""

    __slots__ = ("_later", "instant", "opaque")

    def __init__(self, instant: int) -> None:
        self.instant = instant
        self.opaque = False
        self._later: set[int] = set()

    def now(self) -> Moving:
        """``now`` for the evaluation."""
        return Moving(Timestamp(self.instant), 1, 0)

    @property
    def next(self) -> int | None:
        """The first noted instant after this one, or None when time changes nothing."""
        return min(self._later, default=None)

    def note(self, *instants: int | None) -> None:
        """Something changes at these instants; those that are past or beyond time are dropped."""
        self._later.update(
            instant
            for instant in instants
            if instant is not None and self.instant < instant <= MAX_INSTANT
        )

    def compare(self, function: str, rate: int, left: int, right: int) -> bool:
        """A comparison of nanoseconds whose difference moves at a rate; its flips are noted."""
        difference = left - right
        self.note(*_flips(function, rate, difference - rate * self.instant))
        return bool(_OPERATORS[function](left, right))

    def bound(self, rate: int, nanoseconds: int) -> None:
        """Notes when a moving time leaves the range of its type, or comes back into it."""
        offset = nanoseconds - rate * self.instant
        for bound in (MIN_INSTANT, MAX_INSTANT, -(2**63), 2**63 - 1):
            edge = (bound - offset) // rate
            self.note(edge, edge + 1)

    def settle(self, value: Any) -> Any:
        """A moving value used as plain data: what it is now, and nothing known of later."""
        if type(value) is Moving:
            self.opaque = True
            return value.value
        return value

    def call(self, function: str, args: Sequence[Any], apply: Apply) -> Any:
        """The call of a function with a moving argument or more."""
        if function in _COMPARISONS and len(args) == 2:
            return self._compare(function, args, apply)
        if function in ("_+_", "_-_") and len(args) == 2:
            return self._arithmetic(function, args, apply)
        if function in _IDENTITIES and len(args) == 1:
            result = apply([_plain(args[0])])
            return args[0] if result == args[0].value else self._settled(args, apply)
        if function in _STEPS and type(args[0]) is Moving:
            return self._accessor(function, args, apply)
        return self._settled(args, apply)

    def _settled(self, args: Sequence[Any], apply: Apply) -> Any:
        return apply([self.settle(arg) for arg in args])

    def _compare(self, function: str, args: Sequence[Any], apply: Apply) -> Any:
        left, right = (_linear(arg) for arg in args)
        if left is None or right is None:
            # A value of another type: never equal, and no order; time does not change that.
            return apply([_plain(arg) for arg in args])
        rate, offset = left[0] - right[0], left[1] - right[1]
        if rate:
            self.note(*_flips(function, rate, offset))
        return apply([_plain(arg) for arg in args])

    def _arithmetic(self, function: str, args: Sequence[Any], apply: Apply) -> Any:
        left, right = (_linear(arg) for arg in args)
        if left is None or right is None:
            return self._settled(args, apply)
        result = apply([_plain(arg) for arg in args])
        sign = 1 if function == "_+_" else -1
        rate, offset = left[0] + sign * right[0], left[1] + sign * right[1]
        if rate:
            self.bound(rate, rate * self.instant + offset)
        if not rate or isinstance(result, ErrorValue) or not _is_time(result):
            return result
        return Moving(result, rate, offset)

    def _accessor(self, function: str, args: Sequence[Any], apply: Apply) -> Any:
        moving: Moving = args[0]
        result = apply([moving.value, *args[1:]])
        if isinstance(moving.value, Duration) or moving.rate != 1:
            unit = _UNIT_NANOS.get(function)
            if unit is None:
                return self._settled(args, apply)
            here = moving.value.nanoseconds
            for bound in (here // unit * unit, (here // unit + 1) * unit, here // unit * unit - 1):
                edge = (bound - moving.offset) // moving.rate
                self.note(edge, edge + 1)
            return result
        boundary = _next_change(
            moving.value.nanoseconds, _STEPS[function], lambda at: apply([Timestamp(at), *args[1:]])
        )
        self.note(boundary - moving.offset)
        return result


def _flips(function: str, rate: int, offset: int) -> tuple[int, ...]:
    """The instants at which ``rate * now + offset`` compared with 0 may change its result."""
    zero, rest = divmod(-offset, rate)
    if rest:
        return (zero + 1,)
    # Rising, `<` and `>=` change when zero is reached and `<=` and `>` one later; falling, it is
    # the other way round. Equality holds for the one instant.
    if function in ("_==_", "_!=_"):
        return (zero, zero + 1)
    return (zero if (function in ("_<_", "_>=_")) == (rate > 0) else zero + 1,)


def _plain(value: Any) -> Any:
    return value.value if type(value) is Moving else value


def _is_time(value: Any) -> bool:
    return type(value) is Timestamp or type(value) is Duration


def _linear(value: Any) -> tuple[int, int] | None:
    """(rate, offset) of a timestamp or duration, moving or not."""
    if type(value) is Moving:
        return value.rate, value.offset
    return (0, value.nanoseconds) if _is_time(value) else None


def _next_change(instant: int, step: int, accessor: Callable[[int], Any]) -> int:
    """The first instant after this one at which the accessor has another value.

    Steps until the value differs, then halves. After 400 steps the instant reached is returned,
    which is no change but a safe place to look again from.
    """
    here = accessor(instant)
    at = instant // step * step
    for _ in range(400):
        at += step
        if at > MAX_INSTANT:
            return MAX_INSTANT + 1
        if accessor(at) != here:
            break
    else:
        return at
    # Local time is UTC plus whole seconds, so no unit but the millisecond ends between seconds.
    quantum = min(step, NANOS)
    low, high = max(instant, at - step) // quantum, at // quantum
    while high - low > 1:
        middle = (low + high) // 2
        if accessor(middle * quantum) != here:
            high = middle
        else:
            low = middle
    return high * quantum
