"""Functions of the host application, wrapped: they return a value of their type or an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.errors import EvaluationError
from evaluator.language.functions.registry import Function, Overload
from evaluator.language.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    MapType,
    NullableType,
    OptionalType,
    Type,
)
from evaluator.language.values import (
    Duration,
    ErrorValue,
    Map,
    Optional,
    Timestamp,
    UInt,
    from_host,
)

__all__ = ["HostFunction", "HostFunctions"]

HostFunctions = Mapping[str, Callable[..., Any]]
"""What the application provides, by the names that packs declare."""


@dataclass(frozen=True, slots=True)
class HostFunction:
    """The declaration of a function: what it takes and gives, and how it may fail."""

    name: str
    summary: str
    parameters: tuple[Type, ...]
    result: Type
    errors: frozenset[str]

    @classmethod
    def of(cls, function: Function) -> HostFunction:
        """The declaration that a function was bound by."""
        (overload,) = function.overloads
        return cls(
            function.name, function.summary, overload.parameters, overload.result, overload.errors
        )

    def bound(self, provided: HostFunctions) -> Function:
        """The function as expressions call it."""
        call = _bound(self.name, provided.get(self.name, _missing), self.result, self.errors)
        overload = Overload(
            f"host_{self.name}", self.parameters, self.result, call, errors=self.errors
        )
        return Function(self.name, self.summary, (overload,), family="host")


def _missing(*_: Any) -> Any:
    """Stands for a function that is not there, so that the rest of the pack can be checked."""
    raise LookupError("the application gave no such function")


def _bound(
    name: str, function: Callable[..., Any], result: Type, kinds: frozenset[str]
) -> Callable[..., Any]:
    """The function, made to return a value of its type or an ``ErrorValue``, whatever it does."""

    def call(*arguments: Any) -> Any:
        try:
            value = function(*arguments)
        except EvaluationError as error:
            if error.kind in kinds:
                return ErrorValue(error.kind, error.message)
            return ErrorValue(
                "host_function", f"`{name}` raised {error.kind}, which it does not declare"
            )
        except Exception as error:  # noqa: BLE001  # it is not our code, and deciding never raises
            return ErrorValue("host_function", f"`{name}` raised {type(error).__name__}: {error}")
        value = _converted(value, result)
        if not _has_type(value, result):
            return ErrorValue(
                "host_function", f"`{name}` did not return a value of type `{result}`"
            )
        return value

    return call


def _converted(value: Any, type_: Type) -> Any:
    if isinstance(value, Optional) and isinstance(type_, OptionalType):
        return value
    value = from_host(value)
    if type_ == DOUBLE and type(value) is int:
        return float(value)
    if type_ == UINT and type(value) is int and value >= 0:
        return UInt(value)
    return value


_CLASSES: dict[Type, type] = {
    BOOL: bool,
    INT: int,
    UINT: UInt,
    DOUBLE: float,
    STRING: str,
    BYTES: bytes,
    TIMESTAMP: Timestamp,
    DURATION: Duration,
    NULL: type(None),
}


def _has_type(value: Any, type_: Type) -> bool:
    if isinstance(value, ErrorValue):
        return False
    if type_ == DYN:
        return True
    if isinstance(type_, ListType):
        return isinstance(value, list) and all(_has_type(item, type_.element) for item in value)
    if isinstance(type_, MapType):
        return isinstance(value, Map) and all(
            _has_type(key, type_.key) and _has_type(item, type_.value)
            for key, item in value.items()
        )
    if isinstance(type_, OptionalType):
        return isinstance(value, Optional) and (
            not value.present or _has_type(value.value, type_.value)
        )
    if isinstance(type_, NullableType):
        return value is None or _has_type(value, type_.value)
    return type(value) is _CLASSES.get(type_)
