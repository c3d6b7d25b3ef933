"""Optionals: values that may be there or not."""

from __future__ import annotations

from typing import Any

from evaluator.language.functions.declaring import (
    LIST_A,
    OPTIONAL_A,
    A,
    fails,
    function,
    overload,
)
from evaluator.language.types import BOOL, ListType
from evaluator.language.values import NONE, Duration, ErrorValue, Map, Optional, Timestamp

__all__ = ["FUNCTIONS"]


def _of_non_zero(value: Any) -> Optional:
    return NONE if _is_zero(value) else Optional(value)


def _is_zero(value: Any) -> bool:
    if value is None or value is False:
        return True
    if isinstance(value, (int, float)):
        return value == 0
    if isinstance(value, (str, bytes, list, tuple, Map)):
        return len(value) == 0
    if isinstance(value, (Timestamp, Duration)):
        return value.nanoseconds == 0
    return isinstance(value, Optional) and not value.present


def _value(optional: Optional) -> Any:
    if optional.present:
        return optional.value
    return ErrorValue("no_value", "an empty optional has no value")


def _unwrap(items: list[Optional]) -> list[Any]:
    return [item.value for item in items if item.present]


_LIST = ListType(OPTIONAL_A)

FUNCTIONS = (
    function(
        "optional.of",
        "An optional that holds a value.",
        overload("optional_of", (A,), OPTIONAL_A, Optional),
        examples=(
            ("optional.of(1)", "optional.of(1)"),
            ("optional.of(null)", "optional.of(null)"),
        ),
        family="optionals",
    ),
    function(
        "optional.none",
        "An empty optional.",
        overload("optional_none", (), OPTIONAL_A, lambda: NONE),
        examples=(("optional.none()", "optional.none()"),),
        family="optionals",
    ),
    function(
        "optional.ofNonZeroValue",
        "An optional of a value, empty for zero, false, null and what is empty.",
        overload("optional_ofNonZeroValue", (A,), OPTIONAL_A, _of_non_zero),
        examples=(
            ("optional.ofNonZeroValue('')", "optional.none()"),
            ("optional.ofNonZeroValue(5)", "optional.of(5)"),
        ),
        family="optionals",
    ),
    function(
        "hasValue",
        "Whether an optional holds a value.",
        overload("optional_hasValue", (OPTIONAL_A,), BOOL, lambda one: one.present, member=True),
        examples=(
            ("optional.of(1).hasValue()", "true"),
            ("{'a': 1}.?b.hasValue()", "false"),
        ),
        family="optionals",
    ),
    function(
        "value",
        "The value of an optional; an error when it is empty.",
        overload("optional_value", (OPTIONAL_A,), A, _value, "no_value", member=True),
        examples=(
            ("optional.of('a').value()", '"a"'),
            fails("optional.none().value()", "no_value"),
        ),
        family="optionals",
    ),
    function(
        "or",
        "An optional, or another one when it is empty.",
        overload(
            "optional_or_optional",
            (OPTIONAL_A, OPTIONAL_A),
            OPTIONAL_A,
            lambda one, other: one if one.present else other,
            member=True,
        ),
        examples=(
            ("optional.none().or(optional.of(2))", "optional.of(2)"),
            ("optional.of(1).or(optional.of(2))", "optional.of(1)"),
        ),
        family="optionals",
    ),
    function(
        "orValue",
        "The value of an optional, or another value when it is empty.",
        overload(
            "optional_orValue_value",
            (OPTIONAL_A, A),
            A,
            lambda one, other: one.value if one.present else other,
            member=True,
        ),
        examples=(
            ("optional.none().orValue(5)", "5"),
            ("{'a': 1}.?a.orValue(5)", "1"),
        ),
        family="optionals",
    ),
    function(
        "optional.unwrap",
        "The values of a list of optionals, without those that are empty.",
        overload("optional_unwrap_list", (_LIST,), LIST_A, _unwrap, cost=len),
        examples=(("optional.unwrap([optional.of(1), optional.none()])", "[1]"),),
        family="optionals",
        cost="the size of the list",
    ),
    function(
        "unwrapOpt",
        "The values of a list of optionals, without those that are empty.",
        overload("optional_unwrapOpt_list", (_LIST,), LIST_A, _unwrap, member=True, cost=len),
        examples=(("[{'a': 1}.?a, {'a': 1}.?b].unwrapOpt()", "[1]"),),
        family="optionals",
        cost="the size of the list",
    ),
)
