"""From text to the syntax tree: nodes with ids and places, macros expanded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from evaluator.errors import PolicyError
from evaluator.language import syntax_problems as problems
from evaluator.language.grammar import Part, bare, listed, read
from evaluator.language.limits import DEFAULT_LIMITS, Limits
from evaluator.language.macros import expand
from evaluator.language.places import Places
from evaluator.language.string_literals import literal_text
from evaluator.language.syntax import (
    Call,
    Conditional,
    Entry,
    Expr,
    ListExpr,
    Literal,
    Logical,
    MapExpr,
    Message,
    Name,
    Parsed,
    Select,
    SelectMode,
)
from evaluator.language.tokens import RESERVED, Token, tokens
from evaluator.language.values import INT_MAX, UINT_MAX, UInt
from evaluator.source import Fragment, Source

__all__ = ["expression_end", "parse", "parse_text"]


def parse(
    fragment: Fragment, *, first_id: int = 1, limits: Limits = DEFAULT_LIMITS, macros: bool = True
) -> Parsed:
    """The tree of an expression. Ids count from ``first_id``.

    Raises ``PolicyError`` with a diagnostic of the 200s where the text is no expression. Without
    ``macros`` calls such as ``x.all(...)`` stay calls.
    """
    part = read(fragment, limits)
    builder = _Builder(fragment, first_id, limits, macros)
    root = builder.node(part)
    return Parsed(root, builder.places, builder.names, builder.next_id)


def parse_text(text: str) -> Parsed:
    """The tree of a text that is its own source."""
    return parse(Fragment.whole(text))


_NOWHERE = Source("<template>", "")  # whoever asks for the end makes the diagnostics


def expression_end(text: str, start: int) -> int:
    """The offset of the ``}`` that ends an expression which begins at ``start`` in a template.

    Strings, comments and brackets inside are passed over; -1 when there is no such brace, or the
    text up to it is no sequence of tokens.
    """
    depth = 0
    try:
        for token in tokens(Fragment(text, _NOWHERE, ((0, 0),), 0), start):
            if token.kind in ("LBRACE", "LPAREN", "LBRACKET"):
                depth += 1
            elif token.kind == "RBRACE" and depth == 0:
                return token.start
            elif token.kind in ("RBRACE", "RPAREN", "RBRACKET"):
                depth -= 1
    except PolicyError:
        return -1
    return -1


class _Builder:
    """Makes nodes of parts. Recursion is bounded by the depth that the grammar has checked."""

    def __init__(self, fragment: Fragment, first_id: int, limits: Limits, macros: bool) -> None:
        self.fragment = fragment
        self.limits = limits
        self.macros = macros
        self.next_id = first_id
        self.loops = 0  # comprehensions around the node that is being made
        self._first_id = first_id
        # By id: where nodes and the tokens that name them begin and end, -1 where none does.
        self._places: tuple[list[int], list[int]] = ([], [])
        self._names: tuple[list[int], list[int]] = ([], [])

    @property
    def places(self) -> Places:
        return self._placed(*self._places)

    @property
    def names(self) -> Places:
        return self._placed(*self._names)

    def _placed(self, starts: list[int], ends: list[int]) -> Places:
        first = self._first_id
        return Places.restored(first, starts, ends, (first,), (self.fragment,))

    def id(self, start: int, end: int, name: Any = None) -> int:
        """A new id, placed; ``name`` is the token of the operator, function or field."""
        number = self.next_id
        self.next_id += 1
        starts, ends = self._places
        starts.append(start)
        ends.append(end)
        starts, ends = self._names
        starts.append(-1 if name is None else name.start)
        ends.append(-1 if name is None else name.end)
        return number

    def node(self, part: Part) -> Expr:
        if part.rule == "parenthesised":
            part = bare(part)
        return _MAKERS[part.rule](self, part)

    def _conditional(self, part: Part) -> Expr:
        condition, question, then, _, otherwise = part.items
        return Conditional(
            self.id(part.start, part.end, question),
            self.node(condition),
            self.node(then),
            self.node(otherwise),
        )

    def _logical_and(self, part: Part) -> Expr:
        return self._logical(part, "&&")

    def _logical_or(self, part: Part) -> Expr:
        return self._logical(part, "||")

    def _logical(self, part: Part, operator: str) -> Expr:
        operands: list[Expr] = []
        number = self.id(part.start, part.end, part.items[1])
        for item in part.items[::2]:
            operand = self.node(item)
            if isinstance(operand, Logical) and operand.operator == operator:
                operands.extend(operand.operands)  # (a && b) && c is one chain
            else:
                operands.append(operand)
        return Logical(number, operator, tuple(operands))

    def _binary(self, part: Part) -> Expr:
        left, operator, right = part.items
        function = "@in" if operator.kind == "IN" else f"_{operator.text}_"
        number = self.id(part.start, part.end, operator)
        return Call(number, function, None, (self.node(left), self.node(right)))

    def _negation(self, part: Part) -> Expr:
        return self._prefixed(part, part.items[:-1], self.node(part.items[-1]), "!_")

    def _minus(self, part: Part) -> Expr:
        signs, last = part.items[:-1], part.items[-1]
        operand: Expr
        if last.rule == "literal" and last.items[0].kind in ("INT", "FLOAT"):
            operand = self._number(last.items[0], signs[-1])
            signs = signs[:-1]
        else:
            operand = self.node(last)
        return self._prefixed(part, signs, operand, "-_")

    def _prefixed(self, part: Part, signs: Any, operand: Expr, function: str) -> Expr:
        for sign in reversed(signs):
            number = self.id(sign.start, part.end, sign)
            operand = Call(number, function, None, (operand,))
        return operand

    def _select(self, part: Part) -> Expr:
        return self._selected(part, SelectMode.PLAIN)

    def _optional_select(self, part: Part) -> Expr:
        return self._selected(part, SelectMode.OPTIONAL)

    def _selected(self, part: Part, mode: SelectMode) -> Expr:
        field = part.items[-1]
        number = self.id(part.start, part.end, field)
        return Select(number, self.node(part.items[0]), field.text, mode)

    def _member_call(self, part: Part) -> Expr:
        target, _, name, *rest = part.items
        return self._call(part, name, name.text, target, rest)

    def _global_call(self, part: Part) -> Expr:
        name, *rest = part.items
        return self._call(part, name, self.checked_name(name), None, rest)

    def _absolute_call(self, part: Part) -> Expr:
        _, name, *rest = part.items
        return self._call(part, name, f".{self.checked_name(name)}", None, rest)

    def _call(self, part: Part, name: Any, function: str, target: Part | None, rest: Any) -> Expr:
        arguments = [item for item in rest if isinstance(item, Part)]
        parts = list(arguments[0].items[::2]) if arguments else []
        if self.macros:
            expanded = expand(self, part, name, function, target, parts)
            if expanded is not None:
                return expanded
        number = self.id(part.start, part.end, name)
        receiver = None if target is None else self.node(target)
        return Call(number, function, receiver, tuple(map(self.node, parts)))

    def _index(self, part: Part) -> Expr:
        return self._indexed(part, part.items[2], "_[_]")

    def _optional_index(self, part: Part) -> Expr:
        return self._indexed(part, part.items[3], "_[?_]")

    def _indexed(self, part: Part, index: Part, function: str) -> Expr:
        number = self.id(part.start, part.end)
        return Call(number, function, None, (self.node(part.items[0]), self.node(index)))

    def _name(self, part: Part) -> Expr:
        return Name(self.id(part.start, part.end), self.checked_name(part.items[0]))

    def _absolute_name(self, part: Part) -> Expr:
        return Name(self.id(part.start, part.end), f".{self.checked_name(part.items[1])}")

    def checked_name(self, token: Token) -> str:
        """A name where the grammar reserves words; as a field any word will do."""
        if token.text in RESERVED:
            raise problems.reserved_word(self.fragment, token)
        return token.text

    def _list(self, part: Part) -> Expr:
        number = self.id(part.start, part.end)
        elements: list[Expr] = []
        optional: set[int] = set()
        for item in listed(part, "elements"):
            if item.rule == "optional_element":
                optional.add(len(elements))
                item = item.items[1]
            elements.append(self.node(item))
        return ListExpr(number, tuple(elements), frozenset(optional))

    def _map(self, part: Part) -> Expr:
        number = self.id(part.start, part.end)
        return MapExpr(number, tuple(map(self._entry, listed(part, "entries"))))

    def _entry(self, part: Part) -> Entry:
        optional = part.rule == "optional_entry"
        key, _, value = part.items[1:] if optional else part.items
        number = self.id(part.start, part.end)
        return Entry(number, self.node(key), self.node(value), optional)

    def _message(self, part: Part) -> Expr:
        number = self.id(part.start, part.end)
        name = _qualified(part.items[0])
        if name is None:
            raise problems.not_a_message(self.fragment, part.items[1])
        entries = []
        for item in listed(part, "fields"):
            optional = item.rule == "optional_field"
            field, _, value = item.items[1:] if optional else item.items
            key = Literal(self.id(field.start, field.end), field.text)
            entries.append(Entry(self.id(item.start, item.end), key, self.node(value), optional))
        return Message(number, name, tuple(entries))

    def _literal(self, part: Part) -> Expr:
        token = part.items[0]
        if token.kind in ("INT", "UINT", "FLOAT"):
            return self._number(token, None)
        number = self.id(part.start, part.end)
        if token.kind in ("STRING", "BYTES"):
            return Literal(number, literal_text(token, self.fragment))
        return Literal(number, {"TRUE": True, "FALSE": False, "NULL": None}[token.kind])

    def _number(self, token: Any, sign: Any) -> Literal:
        start = token.start if sign is None else sign.start
        number = self.id(start, token.end)
        text = token.text
        if token.kind == "FLOAT":
            value = float(text)
            if value in (float("inf"), float("-inf")):
                raise problems.double_out_of_range(self.fragment, start, token.end)
            return Literal(number, value if sign is None else -value)
        unsigned = token.kind == "UINT"
        digits = text[:-1] if unsigned else text
        if len(digits) > 64:
            raise problems.int_out_of_range(self.fragment, start, token.end, unsigned)
        whole = int(digits, 16) if digits[:2] in ("0x", "0X") else int(digits)
        limit = UINT_MAX if unsigned else INT_MAX + (sign is not None)
        if whole > limit:
            raise problems.int_out_of_range(self.fragment, start, token.end, unsigned)
        if unsigned:
            return Literal(number, UInt(whole))
        return Literal(number, whole if sign is None else -whole)


_MAKERS: Final[Mapping[str, Callable[[_Builder, Part], Expr]]] = {
    rule: getattr(_Builder, f"_{rule}")
    for rule in (
        *("absolute_call", "absolute_name", "binary", "conditional", "global_call", "index"),
        *("list", "literal", "logical_and", "logical_or", "map", "member_call", "message"),
        *("minus", "name", "negation", "optional_index", "optional_select", "select"),
    )
}
"""By rule of the grammar: what makes its node."""


def _qualified(part: Part) -> str | None:
    """``a.b.C`` of a chain of plain selections, None of anything else."""
    if part.rule == "name":
        return f"{part.items[0].text}"
    if part.rule == "absolute_name":
        return f".{part.items[1].text}"
    if part.rule == "select":
        base = _qualified(part.items[0])
        return None if base is None else f"{base}.{part.items[-1].text}"
    return None
