"""Files to texts: what is missing, no file, too large, binary or in another encoding is told."""

from __future__ import annotations

from typing import Final

from evaluator.diagnostics import Diagnostic
from evaluator.documents import problems
from evaluator.documents.limits import DEFAULT_LIMITS, Limits
from evaluator.source import Files, Source, Span

__all__ = ["decode", "read_source", "undecodable"]

# Longest first: the mark of UTF-16 begins that of UTF-32.
_FOREIGN_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
# Bytes that no text has, whatever its encoding.
_BINARY: Final = bytes({*range(0x20), 0x7F} - set(b"\t\n\v\f\r\x1b"))
_LATIN: Final = "Windows-1252 or Latin-1"
_SHOWN: Final = 200  # code points kept behind a bad byte, for the excerpt


def read_source(
    files: Files, name: str, *, at: Span | None = None, limits: Limits = DEFAULT_LIMITS
) -> Source | Diagnostic:
    """The text of a file, or what is wrong with it (EVL001 to EVL006). Never raises.

    ``at`` is where the file is named: a problem with the file as a whole is reported there, one
    with its bytes at the place in the file. A UTF-8 byte order mark is left out of the text.
    """
    place = at or Source(name, "").span(0, 0)
    try:
        data = files.read(name)
    except IsADirectoryError:
        return problems.not_a_file(place, name)
    except (FileNotFoundError, NotADirectoryError):
        return _missing(files, name, place)
    except (OSError, ValueError, RuntimeError) as error:  # a bad name, a circle of links
        reason = getattr(error, "strerror", None) or str(error)
        return problems.file_unreadable(place, name, reason[:1].lower() + reason[1:])
    if len(data) > limits.max_bytes:
        return problems.file_too_large(place, name, len(data), limits.max_bytes)
    return decode(data, name)


def _missing(files: Files, name: str, place: Span) -> Diagnostic:
    try:
        names = list(files.names())
    except OSError:
        names = []
    if any(other.startswith(f"{name.rstrip('/')}/") for other in names):
        return problems.not_a_file(place, name)
    return problems.file_missing(place, name, names)


def decode(data: bytes, name: str) -> Source | Diagnostic:
    """UTF-8 as a source, without its byte order mark; what is wrong with other bytes."""
    bad = undecodable(data, name)
    if bad is not None:
        span, encoding = bad
        if encoding in (None, _LATIN) and _is_binary(data):
            return problems.not_text(span, name)
        return problems.not_utf8(span, name, encoding)
    text = data.decode("utf-8-sig")
    if "\0" in text:
        return problems.not_text(_excerpt(name, text, text.index("\0")), name)
    return Source(name, text)


def undecodable(data: bytes, name: str) -> tuple[Span, str | None] | None:
    """Where bytes are no UTF-8, and the encoding that they seem to be in; None for UTF-8."""
    encoding = _foreign(data)
    if encoding:
        return Source(name, "").span(0, 0), encoding
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = len(error.object[: error.start].decode("utf-8"))
        span = _excerpt(name, error.object.decode("utf-8", "replace"), start)
        return span, _LATIN if _is_latin(data) else None
    return None


def _excerpt(name: str, text: str, at: int) -> Span:
    """The place of a bad character in a source that is no longer than needed to show it."""
    return Source(name, text[: at + _SHOWN]).span(at, at + 1)


def _foreign(data: bytes) -> str | None:
    """The encoding of another width that the bytes are in, by its mark or by the zeros it needs."""
    for mark, encoding in _FOREIGN_MARKS:
        if data.startswith(mark):
            return encoding
    even, odd = data[:400:2].count(0), data[1:400:2].count(0)
    half = len(data[:400]) // 2
    if half and min(even, odd) == 0 and max(even, odd) * 10 >= half * 9:
        return "UTF-16"
    return None


def _is_binary(data: bytes) -> bool:
    return len(data.translate(None, _BINARY)) < len(data)


def _is_latin(data: bytes) -> bool:
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True
