"""The parser of YAML events: libyaml where PyYAML was built with it, else the one in Python.

Both give the same events, with marks that count code points. Where the one in Python differs, it is
brought in line here. Importing this module imports PyYAML, so that is done with the first file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from yaml.error import MarkedYAMLError, YAMLError
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError
from yaml.tokens import ScalarToken

try:
    from yaml._yaml import CParser
except ImportError:  # pragma: no cover  # depends on how PyYAML was built
    CParser = None  # type: ignore[assignment, misc]  # a class that is not there

__all__ = ["EventParser", "Failure", "YAMLError", "failure_of", "has_libyaml", "open_parser"]


class EventParser(Protocol):
    """What both parsers of PyYAML have."""

    def get_event(self) -> Any:
        """The next event of ``yaml.events``. Raises ``YAMLError`` on a syntax error."""
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """A syntax error as the parser tells it: what it was at, where that began, where it stopped."""

    context: str
    context_at: int | None
    problem: str
    at: int


def has_libyaml() -> bool:
    """Whether PyYAML was built with libyaml, which is many times as fast."""
    return CParser is not None


def open_parser(text: str, *, native: bool | None = None) -> EventParser:
    """A parser of the text; ``native`` asks for libyaml (True) or the one in Python (False)."""
    if native is None:
        native = has_libyaml()
    parser: EventParser = CParser(text) if native else _PythonParser(text)
    return parser


def failure_of(error: YAMLError) -> Failure:
    """What an exception of a parser tells."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Failure("", None, str(error), 0)
    context_at = error.context_mark.index if error.context_mark else None
    return Failure(error.context or "", context_at, error.problem or "", error.problem_mark.index)


_LINE_BREAKS = "\r\n\x85\u2028\u2029"


class _PythonParser(Reader, Scanner, Parser):
    """PyYAML's parser, with libyaml's view of some texts.

    They have tabs, tags, ``?`` or ``:`` in flow collections, or escapes that are no characters.
    The methods replace those of ``yaml.scanner.Scanner``.
    """

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def scan_to_next_token(self) -> None:
        while True:
            tabs = self.flow_level or not self.allow_simple_key
            while self.peek() == " " or (tabs and self.peek() == "\t"):
                self.forward()
            if self.peek() == "#":
                while self.peek() not in "\0" + _LINE_BREAKS:
                    self.forward()
            if not self._line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain(self) -> Any:
        start_mark = end_mark = self.get_mark()
        indent = self.indent + 1
        chunks: list[str] = []
        spaces: list[str] = []
        while self.peek() != "#":
            length = self._plain_length(start_mark)
            if not length:
                break
            self.allow_simple_key = False
            chunks += [*spaces, self.prefix(length)]
            self.forward(length)
            end_mark = self.get_mark()
            spaces = self.scan_plain_spaces(indent, start_mark)
            if not spaces or (not self.flow_level and self.column < indent):
                break
        return ScalarToken("".join(chunks), True, start_mark, end_mark)

    def _plain_length(self, start_mark: Any) -> int:
        """How many code points of a plain scalar stand here up to a blank or an indicator."""
        length = 0
        while (character := self.peek(length)) not in "\0 \t" + _LINE_BREAKS:
            if character == ":":
                if self.peek(length + 1) in "\0 \t" + _LINE_BREAKS:
                    break
                if self.flow_level and self.peek(length + 1) in ",?[]{}":
                    self.forward(length)
                    problem = "found unexpected ':'"
                    raise ScannerError(
                        "while scanning a plain scalar", start_mark, problem, self.get_mark()
                    )
            elif self.flow_level and character in ",[]{}":
                break
            length += 1
        return length

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> list[str]:
        length = 0
        while self.peek(length) in " \t":
            length += 1
        blanks = self.prefix(length)
        self.forward(length)
        if self.peek() not in _LINE_BREAKS:
            return [blanks] if blanks else []
        breaks = [self._line_break()]
        self.allow_simple_key = True
        while not self._at_document_marker() and self.peek() in " \t" + _LINE_BREAKS:
            if self.peek() == "\t" and self.column < indent:
                problem = "found a tab character that violates indentation"
                raise ScannerError(
                    "while scanning a plain scalar", start_mark, problem, self.get_mark()
                )
            if self.peek() in " \t":
                self.forward()
            else:
                breaks.append(self._line_break())
        if self._at_document_marker():
            return []
        return breaks[1:] or [" "]

    def _line_break(self) -> str:
        """Reads one line break; "" if there is none."""
        found: str = self.scan_line_break()  # type: ignore[no-untyped-call]  # not in the stubs
        return found

    def _at_document_marker(self) -> bool:
        return (
            self.column == 0
            and self.prefix(3) in ("---", "...")
            and self.peek(3) in "\0 \t" + _LINE_BREAKS
        )

    def scan_tag(self) -> Any:
        start_mark = self.get_mark()
        token = super().scan_tag()
        handle, suffix = token.value
        if handle is not None and any(character in suffix for character in ",[]"):
            problem = "did not find expected whitespace or line break"
            raise ScannerError("while scanning a tag", start_mark, problem, start_mark)
        return token

    def scan_flow_scalar(self, style: str) -> Any:
        start_mark = self.get_mark()
        try:
            token = super().scan_flow_scalar(style)
            token.value.encode("utf-8")
        except (ValueError, OverflowError):  # no code point, or a surrogate
            problem = "found invalid Unicode character escape code"
            raise ScannerError(
                "while parsing a quoted scalar", start_mark, problem, start_mark
            ) from None
        return token
