"""Host functions as pack.yaml declares them."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.diagnostics import Diagnostics
from evaluator.documents.nodes import Node, Scalar
from evaluator.errors import PolicyError
from evaluator.language.functions.registry import Function, Registry
from evaluator.language.type_text import parse_type
from evaluator.language.types import Type
from evaluator.language.values import ERROR_KINDS
from evaluator.policy import pack_problems as problems
from evaluator.policy.host_binding import HostFunction, HostFunctions
from evaluator.policy.names import is_identifier
from evaluator.policy.reading import child, entries, scalars, text

__all__ = ["HostFunctions", "declared_functions"]


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
        summary = text(child(declaration, "description")) or "A function of the host application."
        host = HostFunction(name, summary, tuple(parameters), result, kinds)
        found.append(host.bound(provided))
    return tuple(found)


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
