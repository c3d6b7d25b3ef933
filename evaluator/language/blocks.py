"""``cel.block``: values that are named by number, which optimisers write and people seldom do.

``cel.block([a, b], body)`` is a ``cel.bind`` for each value, and ``cel.index(0)`` the name of the
first in all that comes behind it. ``cel.iterVar(n, i)`` and ``cel.accuVar(n, i)`` are names for the
variables of macros, made from the depth of the macro and the number of the variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from evaluator.language import syntax_problems as problems
from evaluator.language.grammar import Part, bare, listed
from evaluator.language.syntax import Bind, Expr, Name

if TYPE_CHECKING:
    from evaluator.language.parser import _Builder

__all__ = ["MAX_VALUES", "block", "named", "numbered_name", "spelling"]

MAX_VALUES: Final = 64
"""So many values a block may have: each is a level of depth."""

# By function: how a name begins that it makes, and how many numbers it takes. No name that a person
# writes has such a beginning.
_NUMBERED: Final = {"index": ("@index", 1), "iterVar": ("@it", 2), "accuVar": ("@ac", 2)}
_BY_PREFIX: Final = {prefix: function for function, (prefix, _) in _NUMBERED.items()}


def numbered_name(function: str, arguments: list[Part]) -> str | None:
    """The name that ``cel.index(0)`` or ``cel.iterVar(0, 1)`` stands for; None of other calls."""
    known = _NUMBERED.get(function)
    if known is None or len(arguments) != known[1]:
        return None
    numbers = []
    for argument in map(bare, arguments):
        text = argument.items[0].text if argument.rule == "literal" else ""
        if not (text.isascii() and text.isdigit()):
            return None
        numbers.append(str(int(text)))
    return ":".join((known[0], *numbers))


def spelling(name: str) -> str:
    """A name as it is written: ``cel.index(0)`` for one that a number stands behind."""
    prefix, *numbers = name.split(":")
    if prefix not in _BY_PREFIX:
        return name
    return f"cel.{_BY_PREFIX[prefix]}({', '.join(numbers)})"


def block(builder: _Builder, part: Part, name: Any, arguments: list[Part]) -> Expr | None:
    """The nested binds of ``cel.block(values, body)``; None when it is no such call."""
    values = bare(arguments[0]) if len(arguments) == 2 else None
    if values is None or values.rule != "list":
        return None
    if any(element.rule == "optional_element" for element in listed(values, "elements")):
        return None
    elements = listed(values, "elements")
    if len(elements) > MAX_VALUES:
        raise problems.too_deep(builder.fragment, part.start, part.end, MAX_VALUES)
    numbers = [builder.id(part.start, part.end, name) for _ in elements]
    made = [builder.node(element) for element in elements]
    body: Expr = builder.node(arguments[1])
    for index in reversed(range(len(made))):
        body = Bind(numbers[index], f"@index:{index}", made[index], body)
    return body


def named(builder: _Builder, part: Part, name: str) -> Name:
    """The node of a numbered name."""
    return Name(builder.id(part.start, part.end), name)
