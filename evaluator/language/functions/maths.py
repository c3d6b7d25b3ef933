"""The greatest and the least of numbers, of one type or of several."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from evaluator.language.functions.declaring import fails, function, invalid, overload
from evaluator.language.functions.registry import Function, Overload
from evaluator.language.types import DOUBLE, DYN, INT, UINT, ListType
from evaluator.language.values import ErrorValue

__all__ = ["FUNCTIONS"]

_NUMBERS = {"int": INT, "uint": UINT, "double": DOUBLE}
# As many arguments as every implementation must take (langdef.md, "Syntax").
_MOST = 32


def _extreme(choose: Callable[..., Any], name: str, words: str, example: str) -> Function:
    def of_list(items: list[Any]) -> Any:
        if not items:
            return invalid(f"math.{name} needs one number at the least")
        return _checked(items, lambda: choose(items))

    def of_arguments(*numbers: Any) -> Any:
        return _checked(numbers, lambda: choose(numbers))

    overloads: list[Overload] = []
    for kind, number in _NUMBERS.items():
        overloads.append(
            overload(
                f"math_{name}_list_{kind}",
                (ListType(number),),
                number,
                of_list,
                "invalid_argument",
                cost=len,
            )
        )
    overloads.append(
        overload(
            f"math_{name}_list",
            (ListType(DYN),),
            DYN,
            of_list,
            "invalid_argument",
            "no_such_overload",
            cost=len,
        )
    )
    for count in range(1, _MOST + 1):
        for kind, number in _NUMBERS.items():
            overloads.append(
                overload(f"math_{name}_{kind}_{count}", (number,) * count, number, of_arguments)
            )
        if count == 1:
            continue
        if count == 2:
            for left, right in product(_NUMBERS, repeat=2):
                if left != right:
                    pair = (_NUMBERS[left], _NUMBERS[right])
                    overloads.append(
                        overload(f"math_{name}_{left}_{right}", pair, DYN, of_arguments)
                    )
        overloads.append(
            overload(f"math_{name}_{count}", (DYN,) * count, DYN, of_arguments, "no_such_overload")
        )
    return function(
        f"math.{name}",
        words,
        *overloads,
        examples=(
            (f"math.{name}(1, 3, 2)", example),
            (f"math.{name}([1, 3])", example),
            (f"math.{name}(2.5, 2)", "2.5" if choose is max else "2"),
            fails(f"math.{name}([])", "invalid_argument"),
        ),
        family="math",
        cost="the size of the list, where one is given",
        forms=(
            f"math.{name}(number, ...) -> number",
            f"math.{name}(list(number)) -> number",
        ),
    )


def _checked(items: Any, choose: Callable[[], Any]) -> Any:
    if all(isinstance(item, (int, float)) and not isinstance(item, bool) for item in items):
        return choose()
    return ErrorValue("no_such_overload", "only numbers have a greatest and a least")


FUNCTIONS = (
    _extreme(max, "greatest", "The greatest of some numbers, or of a list of them.", "3"),
    _extreme(min, "least", "The least of some numbers, or of a list of them.", "1"),
)
