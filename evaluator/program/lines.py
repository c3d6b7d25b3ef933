"""Which line of which file generated code comes from, as tracebacks show it.

A function is made of expressions from several files, and Python knows one file for each. So that
one is a listing: its lines are those of the policy files, each behind the file's name and number.
It is written when a traceback asks for it.
"""

from __future__ import annotations

from evaluator.language.compiling.builder import Place
from evaluator.source import Span

__all__ = ["Listing"]


class Listing:
    """The lines that the nodes of one function come from.

    As the ``__loader__`` of the function's module it gives them to ``linecache``.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int], int] = {}
        self._spans: list[Span] = []  # one on each line of the listing

    def place(self, span: Span) -> Place:
        """Where a span stands in the listing."""
        key = (span.source.name, span.line)
        number = self._numbers.get(key)
        if number is None:
            self._spans.append(span)
            number = self._numbers[key] = len(self._spans)
        before, line = _head(span), span.source.line(span.line)
        start = span.position.column - 1
        last = span.end_position
        end = last.column - 1 if last.line == span.line else len(line)
        # Python counts octets.
        return (number, _octets(before + line[:start]), number, _octets(before + line[:end]))

    def get_source(self, name: str) -> str:
        """The listing; ``name`` is that of the module."""
        return "".join(f"{_head(span)}{span.source.line(span.line)}\n" for span in self._spans)


def _head(span: Span) -> str:
    return f"{span.source.name}:{span.line}: "


def _octets(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
