"""Diagnostics as workflow commands of GitHub Actions, which shows them beside the changed lines."""

from __future__ import annotations

from evaluator.diagnostics import Diagnostic

__all__ = ["diagnostic_command"]


def diagnostic_command(diagnostic: Diagnostic, *, folder: str = "") -> str:
    """One ``::error`` or ``::warning`` command; ``folder`` is put before the file's name."""
    properties = {"title": f"{diagnostic.code} {diagnostic.name}"}
    span = diagnostic.span
    if span is not None:
        start, end = span.position, span.end_position
        properties |= {"file": folder + span.source.name, "line": str(start.line)}
        if end.line == start.line:
            properties |= {"col": str(start.column), "endColumn": str(end.column)}
        else:
            properties["endLine"] = str(end.line)
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    message = diagnostic.message + (f" ({diagnostic.help})" if diagnostic.help else "")
    return f"::{diagnostic.severity} {listed}::{_message(message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
