"""Places as the page counts them: offsets and columns in UTF-16 code units, as JavaScript has."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

from evaluator.decision.parts import Location
from evaluator.source import Source, Span

__all__ = ["Places"]


class Places:
    """Turns spans into JSON. Of each source it knows where code points take two units."""

    def __init__(self) -> None:
        self._wide: dict[Source, list[int]] = {}

    def offset(self, source: Source, offset: int) -> int:
        """An offset in code points as one in UTF-16 code units."""
        wide = self._wide.get(source)
        if wide is None:
            wide = self._wide[source] = _wide(source.text)
        return offset + bisect_left(wide, offset) if wide else offset

    def of(self, span: Span) -> dict[str, Any]:
        """A stretch of a file: ``Place`` of the wire."""
        source = span.source
        start = self.offset(source, span.start)
        position = span.position
        line_start = self.offset(source, source.offset(position.line, 1))
        return {
            "file": source.name,
            "line": position.line,
            "column": start - line_start + 1,
            "from": start,
            "to": self.offset(source, span.end),
        }

    def maybe(self, span: Span | None) -> dict[str, Any] | None:
        """The place of a span, where there is one."""
        return None if span is None else self.of(span)

    def located(self, location: Location, sources: Mapping[str, Source]) -> dict[str, Any]:
        """File, line and column of a place of which no more is known."""
        source = sources.get(location.file)
        column = location.column
        if source is not None:
            column = source.utf16_column(source.offset(location.line, column))
        return {"file": location.file, "line": location.line, "column": column}


def _wide(text: str) -> list[int]:
    """Where a text has code points beyond U+FFFF."""
    if text.isascii() or max(text) <= "\uffff":
        return []
    return [at for at, sign in enumerate(text) if sign > "\uffff"]
