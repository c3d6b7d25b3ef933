"""The grammar at work: a text to a tree of parts, by Lark's LALR tables over our own tokens.

Parts are what the rules of ``cel.lark`` are reduced to. They have no ids and know no macros; their
depth is watched while they are made, so that nothing after this stage can run out of stack.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from evaluator.language import syntax_problems as problems
from evaluator.language.limits import Limits
from evaluator.language.tokens import RESERVED, Token, tokens
from evaluator.source import Fragment

if TYPE_CHECKING:
    from lark import Lark

__all__ = ["Part", "read"]


@dataclass(frozen=True, slots=True)
class Part:
    """A reduced rule: its name, the offsets it spans (parentheses included), depth and items."""

    rule: str
    start: int
    end: int
    depth: int
    items: tuple[Any, ...]


class _TooDeepError(Exception):
    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end


def read(fragment: Fragment, limits: Limits) -> Part:
    """The part of the whole fragment. Raises ``PolicyError``."""
    if len(fragment.text) > limits.max_length:
        raise problems.too_long(fragment, limits.max_length)
    scanned = list(tokens(fragment))
    if not scanned:
        raise problems.empty(fragment)
    _check_nesting(scanned, fragment, limits.max_nesting)
    from lark import UnexpectedToken

    try:
        part = _parser(limits.max_depth).parse(scanned)
    except UnexpectedToken as unexpected:
        raise _explain(unexpected, scanned, fragment) from None
    except _TooDeepError as place:
        raise problems.too_deep(fragment, place.start, place.end, limits.max_depth) from None
    assert isinstance(part, Part)
    return part


def _check_nesting(scanned: Sequence[Token], fragment: Fragment, limit: int) -> None:
    depth = 0
    for token in scanned:
        if token.text in ("(", "[", "{"):
            depth += 1
            if depth > limit:
                raise problems.too_deep(fragment, token.start, token.end, limit)
        elif token.text in (")", "]", "}"):
            depth -= 1


@cache
def _parser(max_depth: int) -> Lark:
    from lark import Lark, Transformer, Tree
    from lark import Token as LarkToken
    from lark.lexer import Lexer

    class Scanned(Lexer):
        """Hands tokens that were scanned already to Lark."""

        def __init__(self, _conf: Any) -> None:
            pass

        def lex(self, data: Any, _state: Any = None) -> Iterator[LarkToken]:
            for token in data:
                yield LarkToken(token.kind, token.text, token.start, end_pos=token.end)

    class Parts(Transformer[Any, Any]):
        """Makes every rule a part. It is stateless, so one parser serves all threads."""

        def __default__(self, rule: Any, items: list[Any], _meta: Any) -> Part | Tree[Any]:
            if rule.startswith("_"):  # a repetition inside a rule, which Lark puts in its place
                return Tree(rule, items)
            return _part(str(rule), items, max_depth)

        def start(self, items: list[Any]) -> Any:
            return items[0]

    grammar = Path(__file__).with_name("cel.lark").read_text("utf-8")
    # With keep_all_tokens every part knows its brackets, hence where it begins and ends.
    return Lark(
        grammar,
        parser="lalr",
        lexer=Scanned,
        transformer=Parts(),
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


_BRACKETS: Final = {"LPAREN": "(", "LBRACKET": "[", "LBRACE": "{"}
# Chains of these are flat, and parentheses are no node, so neither adds to the depth.
_FLAT: Final = frozenset({"parenthesised", "arguments", "elements", "entries", "fields"})


def _part(rule: str, items: list[Any], max_depth: int) -> Part:
    first, last = items[0], items[-1]
    start = first.start if isinstance(first, Part) else first.start_pos
    end = last.end if isinstance(last, Part) else last.end_pos
    depth = max((item.depth for item in items if isinstance(item, Part)), default=0)
    if rule == "negation" or rule == "minus":
        depth += len(items) - 1
    elif rule not in _FLAT:
        depth += 1
    if depth > max_depth:
        raise _TooDeepError(start, end)
    return Part(rule, start, end, depth, tuple(items))


_VALUE_ENDS: Final = frozenset(
    {
        "IDENT",
        "QUOTED_IDENT",
        "INT",
        "UINT",
        "FLOAT",
        "STRING",
        "BYTES",
        "TRUE",
        "FALSE",
        "NULL",
        "RPAREN",
        "RBRACKET",
        "RBRACE",
    }
)
_VALUE_STARTS: Final = _VALUE_ENDS - {"RPAREN", "RBRACKET", "RBRACE", "QUOTED_IDENT"}


def _explain(unexpected: Any, scanned: Sequence[Token], fragment: Fragment) -> Exception:
    """The diagnostic for the token at which the grammar gave up."""
    expected: set[str] = set(unexpected.accepts or unexpected.expected)
    wanted = _wanted(expected)
    at_end = unexpected.token.type == "$END"
    # At the end Lark gives the position of the token before; the place is behind that.
    index = len(scanned) if at_end else _index(scanned, unexpected.token.start_pos)
    before = scanned[index - 1] if index else None
    for token in (None if at_end else scanned[index], before):
        if token is None:
            continue
        if token.kind == "FOREIGN":
            return problems.foreign_operator(fragment, token.text, token.start, token.end)
        if token.kind == "IDENT":
            foreign = problems.foreign_word(fragment, token.text, token.start, token.end)
            if foreign is not None:
                return foreign
    opened = _open_bracket(scanned[:index])
    if at_end:
        if before is not None and before.kind in _VALUE_ENDS and opened is not None:
            return problems.unclosed_bracket(fragment, opened.text, opened.start)
        return problems.unexpected_end(fragment, wanted)
    token = scanned[index]
    if token.kind == "IDENT" and token.text in RESERVED:
        return problems.reserved_word(fragment, token.text, token.start, token.end)
    if before is not None and before.kind in _VALUE_ENDS and token.kind in _VALUE_STARTS:
        return problems.two_values(fragment, token.text, token.start, token.end)
    return problems.unexpected_token(fragment, token.text, token.start, token.end, wanted)


def _index(scanned: Sequence[Token], start: int) -> int:
    return next(index for index, token in enumerate(scanned) if token.start == start)


def _open_bracket(scanned: Sequence[Token]) -> Token | None:
    stack: list[Token] = []
    for token in scanned:
        if token.kind in _BRACKETS:
            stack.append(token)
        elif token.kind in ("RPAREN", "RBRACKET", "RBRACE") and stack:
            stack.pop()
    return stack[-1] if stack else None


def _wanted(expected: set[str]) -> str:
    if "INT" in expected or ("LPAREN" in expected and "NOT" in expected):
        return "a value"
    if "IDENT" in expected:
        return "a name"
    words = [
        word
        for kind, word in (
            ("RPAREN", "`)`"),
            ("RBRACKET", "`]`"),
            ("RBRACE", "`}`"),
            ("COLON", "`:`"),
            ("COMMA", "`,`"),
        )
        if kind in expected
    ]
    operators = "an operator" if "AND" in expected or "PLUS" in expected else None
    return problems.listed([*([operators] if operators else []), *words] or ["the end"])
