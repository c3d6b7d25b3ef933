"""What is changed in expressions: which nodes, and into what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from evaluator.diagnostics import shortened
from evaluator.language.printer import print_value
from evaluator.language.syntax import (
    Call,
    Comprehension,
    ComprehensionKind,
    Conditional,
    Expr,
    ListExpr,
    Literal,
    Logical,
    MapExpr,
    Parsed,
    Select,
    SelectMode,
    children,
)
from evaluator.suites.mutation.mutants import Edit
from evaluator.suites.mutation.times import near_duration, near_instant

__all__ = ["Rewrite", "Vocabulary", "rewrites"]

Vocabulary = Sequence[Sequence[str]]
"""Groups of texts, each of which may stand where another of its group does: enums, actions."""

# An operator is best tested by its neighbours: of the other relations each is farther from it than
# one of these is. The last one is the opposite.
_COMPARISONS: Final = {
    "_<_": ("<=", "!=", ">="),
    "_<=_": ("<", "==", ">"),
    "_>_": (">=", "!=", "<="),
    "_>=_": (">", "==", "<"),
    "_==_": ("!=",),
    "_!=_": ("==",),
}
_OF_NUMBERS: Final = {"_==_": ("<=", ">="), "_!=_": ("<", ">")}
_SAME_OF_SIZES: Final = frozenset({("_>_", "!="), ("_!=_", ">"), ("_==_", "<="), ("_<=_", "==")})
_ARITHMETIC: Final = {"_+_": "-", "_-_": "+", "_*_": "/", "_/_": "*", "_%_": "*"}
_SWAPPED_CALLS: Final = {"greatest": "least", "least": "greatest"}
_SWAPPED_KINDS: Final = {
    ComprehensionKind.ALL: ComprehensionKind.EXISTS,
    ComprehensionKind.EXISTS: ComprehensionKind.ALL,
    ComprehensionKind.EXISTS_ONE: ComprehensionKind.EXISTS,
}
_PREDICATES: Final = frozenset({*_SWAPPED_KINDS, ComprehensionKind.FILTER})


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A node and what is put in its place; ``attempts`` are edits of the text that may do it."""

    operator: str
    change: str
    node: Expr
    new: Expr
    attempts: tuple[Edit, ...]


def rewrites(
    parsed: Parsed, text: str, vocabulary: Vocabulary, *, condition: bool
) -> Iterator[Rewrite]:
    """The rewrites of an expression, in the order of its text.

    ``condition`` tells that it is one. Its being always true or false is left to whoever knows what
    it is for; of another expression that is true or false, that is a rewrite too.
    """
    writer = _Writer(parsed, text, vocabulary)
    root = parsed.root
    truth = condition or _is_boolean(root)
    if truth and not condition:
        yield from writer.settled(root)
    yield from writer.below(root, truth=truth, negatable=True)


def _is_boolean(node: Expr) -> bool:
    """Whether the form of an expression tells that it is true or false."""
    match node:
        case Logical():
            return True
        case Call(function=function):
            return function in _COMPARISONS or function in ("!_", "@in")
        case Select(mode=mode):
            return mode is SelectMode.HAS
        case Comprehension(kind=kind):
            return kind in _SWAPPED_KINDS
        case Conditional(then=then, otherwise=otherwise):
            return _is_boolean(then) and _is_boolean(otherwise)
        case Literal(value=value):
            return isinstance(value, bool)
    return False


class _Writer:
    """The rewrites of the nodes of one expression."""

    def __init__(self, parsed: Parsed, text: str, vocabulary: Vocabulary) -> None:
        self._parsed = parsed
        self._text = text
        self._vocabulary = vocabulary

    def below(self, node: Expr, *, truth: bool, negatable: bool) -> Iterator[Rewrite]:
        """The rewrites of a node and of all below it.

        ``truth`` tells that it stands where true or false does, ``negatable`` that its opposite is
        not what another rewrite makes.
        """
        yield from self._own(node)
        if truth and negatable and not isinstance(node, (Logical, Conditional, Literal)):
            yield from self._negated(node)
        for child in children(node):
            true_or_false, only_here = _position(node, child, truth)
            if isinstance(node, Comprehension) and true_or_false:
                yield from self.settled(child)
            yield from self.below(child, truth=true_or_false, negatable=only_here)

    def settled(self, node: Expr) -> Iterator[Rewrite]:
        """A node that is true or false whatever the request."""
        for value in (True, False):
            if not (isinstance(node, Literal) and node.value is value):
                yield self._instead("settled", node, Literal(0, value))

    def _own(self, node: Expr) -> Iterator[Rewrite]:
        match node:
            case Call():
                yield from self._call(node)
            case Logical():
                yield from self._logical(node)
            case Conditional(then=then, otherwise=otherwise):
                yield self._part("branch", node, then)
                yield self._part("branch", node, otherwise)
            case Comprehension(kind=kind) if kind in _SWAPPED_KINDS:
                other = _SWAPPED_KINDS[kind]
                yield self._renamed("quantifier", node, replace(node, kind=other), other.value)
            case ListExpr(elements=elements):
                yield from self._dropped("element", node, elements)
            case MapExpr(entries=entries):
                yield from self._dropped("element", node, entries)
            case Literal():
                for value in self._neighbours(node.value):
                    yield self._instead("constant", node, replace(node, value=value))

    def _call(self, node: Call) -> Iterator[Rewrite]:
        name, args = node.function, node.args
        if len(args) == 2 and node.target is None:
            signs = _COMPARISONS.get(name, ())
            if any(_is_number(arg) for arg in args):
                signs += _OF_NUMBERS.get(name, ())
            for sign in signs:
                if not _is_of_size(node, sign):
                    new = replace(node, function=f"_{sign}_")
                    yield self._renamed("comparison", node, new, sign)
            if name in _ARITHMETIC:
                sign = _ARITHMETIC[name]
                new = replace(node, function=f"_{sign}_")
                yield self._renamed("arithmetic", node, new, sign)
        elif name in _SWAPPED_CALLS:
            other = _SWAPPED_CALLS[name]
            yield self._renamed("function", node, replace(node, function=other), other)
        elif name == "!_":
            yield self._part("negation", node, args[0])
        elif name == "-_":
            yield self._part("arithmetic", node, args[0])
        elif name in _TIMES and node.target is None and isinstance(args[0], Literal):
            start, end = self._place(args[0])
            for text in _TIMES[name](str(args[0].value)):
                new = replace(node, args=(replace(args[0], value=text),))
                attempt = Edit(start, end, print_value(text))
                yield self._rewrite("constant", node, new, f'{name}("{text}")', attempt)

    def _logical(self, node: Logical) -> Iterator[Rewrite]:
        sign = "||" if node.operator == "&&" else "&&"
        start, end = self._place(node)
        signs = [self._sign(node, number) for number in range(len(node.operands) - 1)]
        text = self._text[start:end]
        for at, stop in reversed(signs):
            text = text[: at - start] + sign + text[stop - start :]
        change = f"`{node.operator}` becomes `{sign}`"
        new = replace(node, operator=sign)
        yield Rewrite("logic", change, node, new, (Edit(start, end, text),))
        for number, operand in enumerate(node.operands):
            rest = node.operands[:number] + node.operands[number + 1 :]
            shorter = replace(node, operands=rest) if len(rest) > 1 else rest[0]
            change = f"without `{self._shown(operand)}`"
            attempt = self._without(node, signs, number)
            yield Rewrite("condition", change, node, shorter, (attempt,))

    def _sign(self, node: Logical, number: int) -> tuple[int, int]:
        """Where the operator behind an operand stands."""
        after = self._place(node.operands[number])[1]
        at = self._text.index(node.operator, after)
        return at, at + len(node.operator)

    def _without(self, node: Logical, signs: Sequence[tuple[int, int]], number: int) -> Edit:
        start, end = self._place(node)
        if number == 0:
            stop = signs[0][1]
            return Edit(start, stop + len(self._text[stop:]) - len(self._text[stop:].lstrip()), "")
        before = len(self._text[: signs[number - 1][0]].rstrip())
        if number < len(signs):
            end = len(self._text[: signs[number][0]].rstrip())
        return Edit(before, end, "")

    def _negated(self, node: Expr) -> Iterator[Rewrite]:
        if isinstance(node, Call) and (node.function in _COMPARISONS or node.function == "!_"):
            return  # which another operator, or no sign, makes already
        start, end = self._place(node)
        shown = self._text[start:end]
        attempts = (Edit(start, end, f"!{shown}"), Edit(start, end, f"!({shown})"))
        new = Call(0, "!_", None, (node,))
        change = f"`{_brief(shown)}` is negated"
        yield Rewrite("negation", change, node, new, attempts)

    def _dropped(self, operator: str, node: ListExpr | MapExpr, parts: Any) -> Iterator[Rewrite]:
        for number, part in enumerate(parts):
            rest = parts[:number] + parts[number + 1 :]
            if isinstance(node, MapExpr):
                new: Expr = replace(node, entries=rest)
            else:
                kept = (index for index in sorted(node.optional) if index != number)
                optional = frozenset(index - (index > number) for index in kept)
                new = replace(node, elements=rest, optional=optional)
            attempts: tuple[Edit, ...] = ()
            if number:
                attempts = (Edit(self._place(parts[number - 1])[1], self._place(part)[1], ""),)
            elif rest:
                attempts = (Edit(self._place(part)[0], self._place(rest[0])[0], ""),)
            yield Rewrite(operator, f"without `{self._shown(part)}`", node, new, attempts)

    def _part(self, operator: str, node: Expr, part: Expr) -> Rewrite:
        """The node becomes a part of itself."""
        start, end = self._place(node)
        first, last = self._place(part)
        text = self._text[first:last]
        attempts = (Edit(start, end, text), Edit(start, end, f"({text})"))
        change = f"`{self._shown(node)}` becomes `{_brief(text)}`"
        return Rewrite(operator, change, node, part, attempts)

    def _renamed(self, operator: str, node: Expr, new: Expr, name: str) -> Rewrite:
        """The node has another operator or function."""
        _, start, end = self._parsed.names[node.id]
        change = f"`{self._text[start:end]}` becomes `{name}`"
        return Rewrite(operator, change, node, new, (Edit(start, end, name),))

    def _instead(self, operator: str, node: Expr, new: Literal) -> Rewrite:
        start, end = self._place(node)
        text = print_value(new.value)
        return self._rewrite(operator, node, new, text, Edit(start, end, text))

    def _rewrite(self, operator: str, node: Expr, new: Expr, text: str, attempt: Edit) -> Rewrite:
        change = f"`{self._shown(node)}` becomes `{text}`"
        return Rewrite(operator, change, node, new, (attempt,))

    def _neighbours(self, value: Any) -> Iterator[Any]:
        if isinstance(value, bool):
            yield not value
        elif isinstance(value, (int, float)):
            yield type(value)(value + 1)
            yield type(value)(value - 1)
        elif type(value) is str:
            others = dict.fromkeys(
                group[(group.index(value) + 1) % len(group)]
                for group in self._vocabulary
                if value in group
            )
            yield from (other for other in others if other != value)

    def _place(self, node: Expr) -> tuple[int, int]:
        _, start, end = self._parsed.places[node.id]
        return start, end

    def _shown(self, node: Expr) -> str:
        start, end = self._place(node)
        return _brief(self._text[start:end])


def _position(parent: Expr, child: Expr, truth: bool) -> tuple[bool, bool]:
    """Whether a child stands where true or false does, and is worth negating there."""
    match parent:
        case Logical():
            return True, True
        case Call(function="!_"):
            return True, False  # the sign itself can go
        case Conditional(condition=condition):
            if child is condition:
                return True, True
            return truth, True
        case Comprehension(kind=kind, body=body, filter=filter_):
            return child is filter_ or (child is body and kind in _PREDICATES), True
    return False, False


def _is_of_size(node: Call, sign: str) -> bool:
    """Whether a comparison of a size with 0 says the same with another sign: none is below 0."""
    size, zero = node.args
    return (
        isinstance(size, Call)
        and size.function == "size"
        and isinstance(zero, Literal)
        and zero.value == 0
        and (node.function, sign) in _SAME_OF_SIZES
    )


def _is_number(node: Expr) -> bool:
    return isinstance(node, Literal) and type(node.value) in (int, float)


def _brief(text: str) -> str:
    return shortened(" ".join(text.split()))


_TIMES: Final[Mapping[str, Callable[[str], Iterator[str]]]] = {
    "duration": near_duration,
    "timestamp": near_instant,
}
