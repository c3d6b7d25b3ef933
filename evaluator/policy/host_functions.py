"""Host functions: declared in pack.yaml, provided by the application, wrapped to be safe."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from evaluator.diagnostics import Diagnostics
from evaluator.documents.nodes import Node, Scalar
from evaluator.errors import EvaluationError, PolicyError
from evaluator.language.functions.registry import Function, Overload, Registry
from evaluator.language.type_text import parse_type
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
    ERROR_KINDS,
    Duration,
    ErrorValue,
    Map,
    Optional,
    Timestamp,
    UInt,
    from_host,
)
from evaluator.policy import pack_problems as problems
from evaluator.policy.names import is_identifier
from evaluator.policy.reading import child, entries, scalars, text

__all__ = ["HostFunctions", "declared_functions"]

HostFunctions = Mapping[str, Callable[..., Any]]


def declared_functions(
    node: Node | None,
    provided: HostFunctions,
    standard: Registry,
    reserved: frozenset[str],
    diagnostics: Diagnostics,
) -> tuple[Function, ...]:
    """The functions that the ``functions`` of pack.yaml declare, bound to those provided."""
    found = []
    for key, declaration in entries(node):
        name = key.text
        if name in reserved or name in standard:
            diagnostics.add(problems.host_function_reserved(key.span, name))
            continue
        if not is_identifier(name):
            diagnostics.add(problems.name_invalid(key.span, name))
            continue
        signature = child(declaration, "signature")
        if not isinstance(signature, Scalar):
            continue
        types = _signature(signature, diagnostics)
        kinds = frozenset(_error_kinds(declaration, diagnostics)) | {"host_function"}
        if name not in provided:
            diagnostics.add(problems.host_function_missing(key.span, name))
        if types is None:
            continue
        *parameters, result = types
        overload = Overload(
            f"host_{name}",
            tuple(parameters),
            result,
            _bound(name, provided.get(name, _missing), result, kinds),
            errors=kinds,
        )
        summary = text(child(declaration, "description")) or "A function of the host application."
        found.append(Function(name, summary, (overload,), family="host"))
    return tuple(found)


def _missing(*_: Any) -> Any:
    """Stands for a function that is not there, so that the rest of the pack can be checked."""
    raise LookupError("the application gave no such function")


def _error_kinds(declaration: Node, diagnostics: Diagnostics) -> Iterator[str]:
    for node in scalars(child(declaration, "errors")):
        if node.text in ERROR_KINDS:
            yield node.text
        else:
            diagnostics.add(problems.error_kind_unknown(node.span, node.text, ERROR_KINDS))


def _signature(node: Scalar, diagnostics: Diagnostics) -> list[Type] | None:
    """The types of ``(a, b) -> c``: those of the parameters, then that of the result."""
    fragment = node.fragment
    split = _split(fragment.text)
    if split is None:
        diagnostics.add(problems.signature_syntax(node.span, node.text))
        return None
    types = []
    for start, end in split:
        part = fragment.part(start, end)
        try:
            types.append(parse_type(part.text.strip()))
        except PolicyError as error:
            message = error.diagnostics[0].message
            diagnostics.add(problems.signature_type(part.whole_span, message))
            return None
    return types


def _split(signature: str) -> list[tuple[int, int]] | None:
    start = len(signature) - len(signature.lstrip())
    arrow = signature.rfind("->")
    close = signature.rfind(")", 0, max(arrow, 0))
    if not signature.startswith("(", start) or close < 0 or signature[close + 1 : arrow].strip():
        return None
    parts = []
    depth = 0
    begin = start + 1
    for at in range(start + 1, close):
        if signature[at] == "(":
            depth += 1
        elif signature[at] == ")":
            depth -= 1
        elif signature[at] == "," and depth == 0:
            parts.append((begin, at))
            begin = at + 1
    if parts or signature[begin:close].strip():
        parts.append((begin, close))
    return [*(_trimmed(signature, *part) for part in parts), _trimmed(signature, arrow + 2, None)]


def _trimmed(text: str, start: int, end: int | None) -> tuple[int, int]:
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return start, start + len(inner.strip())


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
