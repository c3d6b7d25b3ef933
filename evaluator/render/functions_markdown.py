"""The reference of functions as a page: ``python -m evaluator.render.functions_markdown FILE``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from evaluator.language.functions.catalogue import FAMILIES, Entry, entries
from evaluator.language.functions.registry import Example
from evaluator.language.values import ERROR_KINDS

__all__ = ["functions_markdown", "write"]

_SIGNS: Final = {
    "_+_": "add",
    "_-_": "subtract",
    "_*_": "multiply",
    "_/_": "divide",
    "_%_": "modulo",
    "-_": "negate",
    "_==_": "equal",
    "_!=_": "not-equal",
    "_<_": "less",
    "_<=_": "less-or-equal",
    "_>_": "greater",
    "_>=_": "greater-or-equal",
    "!_": "not",
    "_[_]": "index",
    "_[?_]": "optional-index",
    "_&&_": "and",
    "_||_": "or",
    "_?_:_": "conditional",
    "_._": "select",
    "_?._": "optional-select",
}
_INTRODUCTION: Final = """\
# Functions, operators and macros

Everything that an expression can call, with examples that are run as tests. `evaluator functions
NAME` shows the same in a terminal. This page is generated: `python -m
evaluator.render.functions_markdown docs/functions.md`.

In signatures `A` and `B` stand for any types. **Errors** are those that a call itself can end in;
an error in an argument is passed on, except by `&&`, `||`, `?:`, `all` and `exists`, which may not
need it. Where the types of arguments are known only at run time (`dyn`), every function and
operator but `==` and `!=` can also end in `no_such_overload`. **Cost** is what a call adds to the
budget of the evaluation, in units; what is not mentioned costs nothing."""


def functions_markdown(all_entries: Iterable[Entry]) -> str:
    """The page: a table for each family, then all about each entry."""
    families = [(family, list(found)) for family, found in groupby(all_entries, _family)]
    lines = [_INTRODUCTION, ""]
    for family, found in families:
        lines += [f"**{FAMILIES[family]}**", "", "| | |", "|---|---|"]
        lines += [f"| {_link(entry)} | {entry.summary} |" for entry in found]
        lines.append("")
    for family, found in families:
        lines += [f"## {FAMILIES[family]}", ""]
        for entry in found:
            lines += _entry(entry)
    lines += ["## Kinds of error", "", "| kind | what happened |", "|---|---|"]
    lines += [f"| `{kind}` | {words} |" for kind, words in ERROR_KINDS.items()]
    return "\n".join(lines) + "\n"


def write(file: str) -> None:
    """Write the page to a file."""
    Path(file).write_text(functions_markdown(entries()), "utf-8")


def _family(entry: Entry) -> str:
    return entry.family


def _anchor(entry: Entry) -> str:
    """The name of an entry's place."""
    if entry.name[0].isalpha():
        return entry.name.replace(".", "-").replace("_", "-").lower()
    return f"operator-{_SIGNS[entry.others[0]]}"


def _link(entry: Entry) -> str:
    return f"[{_code(entry.name)}](#{_anchor(entry)})"


def _code(text: str) -> str:
    """Code inside a table: a bar would end the cell."""
    return f"`{text}`".replace("|", "\\|")


def _entry(entry: Entry) -> Iterator[str]:
    yield f'<a id="{_anchor(entry)}"></a>'
    yield ""
    yield f"### `{entry.name}`"
    yield ""
    yield entry.summary
    yield ""
    yield "```text"
    yield from entry.forms
    yield "```"
    yield ""
    facts = []
    if entry.errors:
        facts.append(f"Errors: {', '.join(f'`{kind}`' for kind in entry.errors)}.")
    if entry.cost:
        facts.append(f"Cost: {entry.cost}.")
    if facts:
        yield " ".join(facts)
        yield ""
    yield "```cel"
    yield from map(_example, entry.examples)
    yield "```"
    yield ""


def _example(example: Example) -> str:
    result = f"-> {example.value}" if example.error is None else f"error {example.error}"
    return f"{example.expression}  // {result}"


if __name__ == "__main__":
    import sys

    write(*sys.argv[1:])
