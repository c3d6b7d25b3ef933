"""The parse table of ``cel.lark`` as Lark computes it: what the package carries as JSON.

Computing it takes a tenth of a second, reading it a thousandth; a process that decides one request
would spend a good part of its time there. ``python -m tests.language.parse_table`` writes the file
anew after a change of the grammar.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lark import Lark
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Shift

import evaluator.language

__all__ = ["TABLE", "table_text"]

_FOLDER = Path(evaluator.language.__file__).parent
TABLE = _FOLDER / "parse_table.json"


class _NoLexer(Lexer):
    """The terminals are declared in the grammar and scanned by the package itself."""

    def __init__(self, _conf: Any) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
        raise NotImplementedError  # Lark wants the method; here it makes a table, and reads nothing


def table_text() -> str:
    """The table as JSON, the same whenever the grammar is: states numbered as they are reached.

    State 0 is the first. A row says for a symbol which state comes next (n) or which rule is
    reduced (-1 - n). A rule is the symbol it makes, how many it takes, and the name of the part.
    """
    lark = Lark(
        (_FOLDER / "cel.lark").read_text("utf-8"),
        parser="lalr",
        lexer=_NoLexer,
        keep_all_tokens=True,  # a part knows its brackets, hence where it begins and ends
        maybe_placeholders=False,
    )
    table = lark.parser.parser._parse_table
    order = [table.start_states["start"]]
    rules: list[Any] = []
    rows = []
    for state in order:
        row = {}
        for symbol, (action, target) in sorted(table.states[state].items()):
            if action is Shift:
                if target not in order:
                    order.append(target)
                row[symbol] = order.index(target)
            else:
                rule = [target.origin.name, len(target.expansion), _part_name(target)]
                if rule not in rules:
                    rules.append(rule)
                row[symbol] = -1 - rules.index(rule)
        rows.append(row)
    return _written({"rules": rules, "states": rows})


def _part_name(rule: Any) -> str | None:
    """What a reduction makes: a part of this name, "" for a piece of a list, None for nothing."""
    if rule.origin.name.startswith("_"):
        return ""
    if rule.options.expand1 and not rule.alias:
        assert len(rule.expansion) == 1
        return None
    return str(rule.alias or rule.origin.name)


def _written(table: dict[str, list[Any]]) -> str:
    """JSON with a rule or state a line."""
    blocks = (
        f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]"
        for name, rows in table.items()
    )
    return "{\n" + ",\n".join(blocks) + "\n}\n"


if __name__ == "__main__":
    TABLE.write_text(table_text(), "utf-8")
