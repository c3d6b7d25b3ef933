"""The grammar at work: a text to a tree of parts, by the parse table of ``cel.lark``.

Parts are what the rules of the grammar are reduced to. They have no ids and know no macros; their
depth is watched while they are made, so that nothing after this stage can run out of stack.

Lark computes the table (see ``cel.lark``). That takes longer than deciding a request, hence the
table is carried with the package, and a test compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from evaluator.language import syntax_problems as problems
from evaluator.language.explaining import explain
from evaluator.language.limits import Limits
from evaluator.language.tokens import Token, tokens
from evaluator.source import Fragment

__all__ = ["Part", "bare", "listed", "read"]


@dataclass(slots=True)
class Part:
    """A reduced rule: its name, the offsets it spans, its depth, and its items.

    An item is a ``Part`` or a ``Token``; which, the rule says. As with tokens, nothing changes it.
    """

    rule: str
    start: int
    end: int
    depth: int
    items: tuple[Any, ...]


def read(fragment: Fragment, limits: Limits) -> Part:
    """The part of the whole fragment. Raises ``PolicyError``."""
    if len(fragment.text) > limits.max_length:
        raise problems.too_long(fragment, limits.max_length)
    if not fragment.text.isascii():
        _check_characters(fragment)
    scanned = list(tokens(fragment))
    if not scanned:
        raise problems.empty(fragment)
    return _reduced(scanned, fragment, limits.max_depth)


def _check_characters(fragment: Fragment) -> None:
    # A Python string can hold half a surrogate pair, a text in CEL cannot.
    for at, letter in enumerate(fragment.text):
        if "\ud800" <= letter <= "\udfff":
            raise problems.foreign_character(fragment, at)


def listed(part: Part, rule: str) -> list[Part]:
    """The items of a bracketed, comma-separated list."""
    inner = next(
        (item for item in part.items[1:] if isinstance(item, Part) and item.rule == rule), None
    )
    if inner is None:
        return []
    return [item for item in inner.items if isinstance(item, Part)]


def bare(part: Part) -> Part:
    """A part without the parentheses around it."""
    while part.rule == "parenthesised":
        part = part.items[1]
    return part


@dataclass(frozen=True, slots=True)
class _Table:
    """``states[state][symbol]`` is the next state n, or -1 - n for the reduction of ``rules[n]``.

    A rule is the symbol it makes, how many symbols it takes, and the name of the part: "" for a
    stretch of a list, None where the one symbol passes through.
    """

    rules: Sequence[tuple[str, int, str | None]]
    states: Sequence[Mapping[str, int]]
    # Where symbols have led, by the state below them and the next terminal; at most some thousands.
    _settled: dict[tuple[int, str, str], int] = field(default_factory=dict)

    def after(self, below: int, symbol: str, terminal: str) -> int:
        """The state in which a symbol leaves the automaton, before a terminal.

        An operand passes through a dozen rules of one symbol each, from ``primary`` to ``expr``,
        which build nothing: these are gone through once.
        """
        key = (below, symbol, terminal)
        found = self._settled.get(key)
        if found is None:
            found = self._settled[key] = self._settle(below, symbol, terminal)
        return found

    def _settle(self, below: int, symbol: str, terminal: str) -> int:
        while True:
            state = self.states[below][symbol]
            action = self.states[state].get(terminal)
            if action is None or action >= 0:
                return state
            symbol, _, name = self.rules[~action]
            if name is not None or symbol == "start":
                return state


@cache
def _table() -> _Table:
    text = Path(__file__).with_name("parse_table.json").read_text("utf-8")
    data = json.loads(text)
    return _Table([tuple(rule) for rule in data["rules"]], data["states"])


def _reduced(scanned: Sequence[Token], fragment: Fragment, max_depth: int) -> Part:
    """The LALR automaton: it shifts tokens and reduces what stands on top of the stack."""
    table = _table()
    rules, states, after = table.rules, table.states, table.after
    stack = [0]
    values: list[Any] = []
    index, token = 0, scanned[0]
    while True:
        action = states[stack[-1]].get(token.kind)
        if action is None:
            accepted = _accepted(table, stack)
            raise explain(scanned, index, accepted, fragment)
        if action >= 0:
            stack.append(action)
            values.append(token)
            index += 1
            token = scanned[index] if index < len(scanned) else _END
            continue
        symbol, size, name = rules[~action]
        if symbol == "start":
            part = values[-1]
            assert isinstance(part, Part)
            return part
        if name:
            made = _part(name, values[-size:])
            if made.depth > max_depth:
                raise problems.too_deep(fragment, made.start, made.end, max_depth)
            values[-size:] = (made,)
        elif name is not None:
            values[-size:] = (_stretch(values[-size:]),)
        del stack[-size:]
        stack.append(after(stack[-1], symbol, token.kind))


_END: Final = Token("$END", "", 0, 0)


def _stretch(items: list[Any]) -> list[Any]:
    """Items of a list that is still growing; the grammar makes it from the left."""
    if isinstance(items[0], list):
        items[0].extend(items[1:])  # in place: lists may have many thousand items
        return items[0]
    return items


# Lists in brackets are no node, so they add nothing to the depth.
_FLAT: Final = frozenset({"arguments", "elements", "entries", "fields"})


def _part(rule: str, items: list[Any]) -> Part:
    first = items[0]
    if len(items) == 1 and type(first) is Token:
        return Part(rule, first.start, first.end, 1, (first,))
    flat: list[Any] = []
    depth = 0
    for item in items:
        kind = type(item)
        if kind is Part:
            flat.append(item)
            depth = max(depth, item.depth)
        elif kind is Token:
            flat.append(item)
        else:
            flat.extend(item)
            depth = max(depth, *(inner.depth for inner in item if type(inner) is Part), 0)
    if rule in ("negation", "minus"):
        depth += len(flat) - 1
    elif rule not in _FLAT:
        depth += 1
    return Part(rule, flat[0].start, flat[-1].end, depth, tuple(flat))


def _accepted(table: _Table, stack: Sequence[int]) -> frozenset[str]:
    """The terminals that could stand where the automaton is stuck.

    A row may name more: a reduction that it allows can lead to a state that refuses the terminal.
    """
    return frozenset(
        symbol
        for symbol in table.states[stack[-1]]
        if not symbol.islower() and _accepts(table, list(stack), symbol)
    )


def _accepts(table: _Table, stack: list[int], terminal: str) -> bool:
    while True:
        action = table.states[stack[-1]].get(terminal)
        if action is None:
            return False
        if action >= 0:
            return True
        symbol, size, _ = table.rules[~action]
        if symbol == "start":
            return True
        del stack[-size:]
        stack.append(table.states[stack[-1]][symbol])
