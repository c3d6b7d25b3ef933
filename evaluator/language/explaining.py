"""What was probably meant where the grammar gave up: habits from other languages, open brackets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from typing import Final

from evaluator.errors import PolicyError
from evaluator.language import syntax_problems as problems
from evaluator.language.tokens import RESERVED, Token
from evaluator.source import Fragment

__all__ = ["explain"]

_LITERALS: Final = frozenset({"INT", "UINT", "FLOAT", "STRING", "BYTES", "TRUE", "FALSE", "NULL"})
_VALUE_STARTS: Final = _LITERALS | {"IDENT"}
_VALUE_ENDS: Final = _VALUE_STARTS | {"QUOTED_IDENT", "RPAREN", "RBRACKET", "RBRACE"}
_OPERAND_STARTS: Final = _VALUE_STARTS | {"NOT", "LBRACE"}
_WORDS: Final = frozenset({"TRUE", "FALSE", "NULL", "IN"})
_CLOSING: Final = {"LPAREN": "RPAREN", "LBRACKET": "RBRACKET", "LBRACE": "RBRACE"}
# What ends the operand of a `not`; all but brackets, dots and values makes it a compound one.
_OPERAND_ENDS: Final = frozenset({"AND", "OR", "QUESTION", "COLON", "COMMA", *_CLOSING.values()})
_OPERAND_PARTS: Final = _VALUE_ENDS | {"DOT", *_CLOSING}


def explain(
    scanned: Sequence[Token], index: int, accepted: Set[str], fragment: Fragment
) -> PolicyError:
    """The problem with ``scanned[index]``, or with the end of the text if there is none.

    ``accepted`` are the terminals that could stand there.
    """
    before = scanned[index - 1] if index else None
    token = scanned[index] if index < len(scanned) else None
    after_value = before is not None and before.kind in _VALUE_ENDS
    found = _foreign(scanned, index, after_value, fragment)
    if found is not None:
        return found
    opened = _opened(scanned[:index])
    if token is None:
        if after_value and opened is not None:
            return problems.unclosed_bracket(fragment, opened.text, opened.start)
        return problems.unexpected_end(fragment, _wanted(accepted))
    if token.kind in _CLOSING.values() and (after_value or opened is None):
        if opened is None or _CLOSING[opened.kind] != token.kind:
            return problems.unmatched_bracket(fragment, token, opened)
    elif before is not None and before.kind == "DOT" and token.kind in _WORDS:
        return problems.reserved_word(fragment, token)
    elif before is not None and after_value and token.kind in _VALUE_STARTS:
        return problems.two_values(fragment, before, token)
    elif token.kind == "QUESTION" and after_value and _holds(scanned[:index], "QUESTION"):
        return problems.nested_conditional(fragment, token)
    return problems.unexpected_token(fragment, token, _wanted(accepted))


def _foreign(
    scanned: Sequence[Token], index: int, after_value: bool, fragment: Fragment
) -> PolicyError | None:
    """A word or sign of another language, here or just before, that made the grammar stumble."""
    for place, name in _names(scanned[: index + 1]):
        if name.text in RESERVED:
            foreign = problems.foreign_word(fragment, name)
            following = scanned[place + 1 : place + 2]
            if foreign is None and following and following[0].kind == "COLON":
                continue  # a field of a message may have any name
            return foreign or problems.reserved_word(fragment, name)
    token = scanned[index] if index < len(scanned) else None
    if token is not None and token.kind == "FOREIGN":
        return problems.foreign_operator(fragment, token)
    if token is not None and token.kind == "IDENT" and after_value:
        second = scanned[index + 1] if index + 1 < len(scanned) else None
        found = problems.foreign_word(fragment, token, second)
        if found is not None:
            return found
    if index and token is not None and token.kind in _OPERAND_STARTS:
        found = _foreign_prefix(scanned, index - 1, fragment)
        if found is not None:
            return found
    for first, second in pairwise(scanned[:index]):
        if first.kind == "QUESTION" and second.kind == "DOT" and first.end == second.start:
            return problems.reversed_optional(fragment, first.start, second.end)
    return None


def _names(scanned: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """The identifiers with their indices, but those that are selected."""
    for index, token in enumerate(scanned):
        if token.kind == "IDENT" and (index == 0 or scanned[index - 1].kind != "DOT"):
            yield index, token


def _foreign_prefix(scanned: Sequence[Token], index: int, fragment: Fragment) -> PolicyError | None:
    token = scanned[index]
    if token.kind != "IDENT":
        return None
    if index and scanned[index - 1].kind == "DOT":
        return problems.uncalled(fragment, token)
    return problems.foreign_prefix(fragment, token, _simple_operand(scanned, index + 1))


def _simple_operand(scanned: Sequence[Token], start: int) -> int | None:
    """Where the value at an index begins, if `!` before it negates all that a `not` would."""
    depth = 0
    for token in scanned[start:]:
        if depth == 0 and (token.kind in _OPERAND_ENDS or token.text in ("and", "or")):
            break
        if depth == 0 and token.kind not in _OPERAND_PARTS:
            return None
        depth += (token.kind in _CLOSING) - (token.kind in _CLOSING.values())
    return scanned[start].start


def _holds(scanned: Sequence[Token], kind: str) -> bool:
    return any(token.kind == kind for token in scanned)


def _opened(scanned: Sequence[Token]) -> Token | None:
    """The innermost bracket that is open at the end."""
    stack: list[Token] = []
    for token in scanned:
        if token.kind in _CLOSING:
            stack.append(token)
        elif token.kind in _CLOSING.values() and stack:
            stack.pop()
    return stack[-1] if stack else None


def _wanted(accepted: Set[str]) -> str:
    """The terminals in words."""
    if "NOT" in accepted:
        closing = {"RPAREN", "RBRACKET", "RBRACE"} & accepted
        return problems.listed(["a value", *sorted(_SIGNS[kind] for kind in closing)])
    if "IDENT" in accepted:
        return "a name"
    words = ["an operator"] if "AND" in accepted else []
    words += [sign for kind, sign in _SIGNS.items() if kind in accepted]
    return problems.listed(words or ["the end"])


_SIGNS: Final = {
    "RPAREN": "`)`",
    "RBRACKET": "`]`",
    "RBRACE": "`}`",
    "COLON": "`:`",
    "COMMA": "`,`",
}
