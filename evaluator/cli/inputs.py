"""What commands read: policies with their host functions, and requests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import click

import evaluator
from evaluator.cli.screens import Color, fail, show_diagnostics
from evaluator.diagnostics import Diagnostic
from evaluator.naming import NotNamedError, named_mapping
from evaluator.policy.localized import is_locale

__all__ = [
    "Input",
    "host_functions",
    "inputs",
    "load_policies",
    "prefix",
]

_OF_CACHES = ("EVL760", "EVL761", "EVL762")


def load_policies(
    path: str,
    functions: str | None,
    locale: str | None,
    color: Color,
    *,
    cache: str | None = None,
) -> evaluator.PolicySet:
    """The policies in a folder. With errors, shows them all and exits with 2.

    What is wrong with the cache is shown, and no reason to stop.
    """
    folder = Path(path)
    if not folder.exists():
        raise click.UsageError(f"There is no folder {path!r}; name the policies with -p.")
    if not folder.is_dir():
        raise click.UsageError(f"{path!r} is a file; -p takes the folder of a pack, or of packs.")
    if locale is not None and not is_locale(locale.replace("_", "-")):
        raise click.UsageError(f"--locale takes a tag such as da or en-GB, not {locale!r}.")
    if cache == "":  # which would be the working directory
        raise click.UsageError("--cache takes the name of a folder.")
    try:
        policies = evaluator.load(
            folder, locale=locale, functions=host_functions(functions), cache=cache
        )
    except evaluator.PolicyError as error:
        fail(error.diagnostics, color, folder=prefix(path))
    show_diagnostics((one for one in policies.warnings if one.code in _OF_CACHES), color)
    return policies


def prefix(path: str) -> str:
    """What stands before the names of files that were found in a folder, ``policies/``."""
    text = Path(path).as_posix()
    return "" if text == "." else f"{text}/"


def host_functions(name: str | None) -> Mapping[str, Callable[..., Any]] | None:
    """The mapping of host functions that ``module:attribute`` names."""
    if name is None:
        return None
    try:
        return named_mapping(name)
    except NotNamedError as error:
        raise click.UsageError(f"--functions {error}.") from None


@dataclass(frozen=True, slots=True)
class Input:
    """One request as it was read: the JSON value, or what is wrong with its text.

    ``streamed`` tells that it is a line of JSON Lines, whose decision is to be a line too; ``data``
    is the text, which ``name`` stands for in diagnostics.
    """

    value: Any
    diagnostics: tuple[Diagnostic, ...]
    streamed: bool
    data: bytes
    name: str

    def located(self, error: evaluator.RequestError) -> tuple[Diagnostic, ...]:
        """What is wrong with the request, at its places in the text where it is so there too."""
        try:
            evaluator.Request.parse(self.data, name=self.name)
        except evaluator.RequestError as there:
            if [item.message for item in there.diagnostics] == [
                item.message for item in error.diagnostics
            ]:
                return there.diagnostics
        return error.diagnostics


def inputs(names: tuple[str, ...], *, whole: bool) -> Iterator[Input]:
    """The requests in some files, ``-`` being standard input; files end in .json or .jsonl.

    JSON Lines are read line by line. Standard input is JSON Lines if its first line is a whole
    JSON value, otherwise one document. With ``whole`` a single line is a document too; that takes
    a look at what follows before the line is answered.
    """
    for name in names or ("-",):
        if name == "-":
            if not names and sys.stdin.isatty():
                raise click.UsageError("Name a file with a request, or - for standard input.")
            yield from _standard_input(sys.stdin.buffer, whole)
        else:
            yield from _file(Path(name))


def _file(path: Path) -> Iterator[Input]:
    try:
        if path.suffix in (".jsonl", ".ndjson"):
            with path.open("rb") as stream:
                yield from _lines(stream, str(path))
            return
        data = path.read_bytes()
    except IsADirectoryError:
        raise click.UsageError(f"{str(path)!r} is a folder, not a file with a request.") from None
    except OSError as error:
        raise click.UsageError(f"{str(path)!r}: {error.strerror or error}.") from None
    yield _document(data, str(path), streamed=False)


def _standard_input(stream: BinaryIO, whole: bool) -> Iterator[Input]:
    name = "<stdin>"
    first = stream.readline()
    if _is_request(first) and not whole:
        yield _document(first, name, streamed=True)
        yield from _lines(stream, name, first=2)
        return
    second = stream.readline()
    if _is_request(second) or (_is_request(first) and second.strip()):
        yield from _lines(chain([first, second], stream), name)
    else:
        # The lines of one document, of which the second is no request.
        yield _document(first + second + stream.read(), name, streamed=False)


def _is_request(line: bytes) -> bool:
    found = _document(line, "<stdin>", streamed=True)
    return isinstance(found.value, dict) and not found.diagnostics


def _lines(lines: Any, name: str, *, first: int = 1) -> Iterator[Input]:
    for number, line in enumerate(lines, first):
        if line.strip():
            yield _document(line, f"{name}:{number}", streamed=True)


def _document(data: bytes, name: str, *, streamed: bool) -> Input:
    from evaluator.documents.json_documents import load_json

    value, diagnostics = load_json(data, name=name)
    return Input(value, diagnostics, streamed, data, name)
