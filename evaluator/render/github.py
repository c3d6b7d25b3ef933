"""Diagnostics as workflow commands of GitHub Actions, which shows them beside the changed lines."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.diagnostics import Diagnostic
from evaluator.source import Span

__all__ = ["command", "diagnostic_command", "place"]


def diagnostic_command(diagnostic: Diagnostic, *, folder: str = "") -> str:
    """One ``::error`` or ``::warning`` command; ``folder`` is put before the file's name."""
    properties = {"title": f"{diagnostic.code} {diagnostic.name}"}
    if diagnostic.span is not None:
        properties |= place(diagnostic.span, folder)
    message = diagnostic.message + (f" ({diagnostic.help})" if diagnostic.help else "")
    return command(diagnostic.severity, properties, message)


def place(span: Span, folder: str) -> dict[str, str]:
    """The properties that tell where something is."""
    start, end = span.position, span.end_position
    found = {"file": folder + span.source.name, "line": str(start.line)}
    if end.line == start.line:
        return found | {"col": str(start.column), "endColumn": str(end.column)}
    return found | {"endLine": str(end.line)}


def command(kind: str, properties: Mapping[str, str], message: str) -> str:
    """A workflow command: ``kind`` is ``error``, ``warning`` or ``notice``."""
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{kind} {listed}::{_message(message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
