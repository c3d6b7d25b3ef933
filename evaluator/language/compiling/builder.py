"""Python code under construction: statements in nested blocks, with hygienic names and places.

Only syntax trees are built, never source text, and what a policy brings enters as data: as a
constant of a type that is safe to print, or as an object behind a name of ours.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

__all__ = ["Builder", "Place"]

Place = tuple[int, int, int, int]
"""Line, column, end line and end column, as ``ast`` counts them."""

_NOWHERE: Final[Place] = (1, 0, 1, 0)
_SAFE: Final = (str, int, bool, float, bytes, type(None))


class Builder:
    """Makes nodes at the current ``place`` and collects statements in the current block."""

    def __init__(self) -> None:
        self.place: Place = _NOWHERE
        self.globals: dict[str, Any] = {}
        self._known: dict[int, str] = {}  # the names of objects by identity
        self._count = 0
        self._blocks: list[list[ast.stmt]] = [[]]

    # Names

    def fresh(self, hint: str) -> str:
        """A local name that nothing else has."""
        self._count += 1
        return f"{hint}_{self._count}"

    def constant(self, value: Any, hint: str = "k") -> ast.expr:
        """A value as a literal where Python has one, else as a name of the generated module."""
        kind = type(value)
        if kind in _SAFE and (kind is not float or value - value == 0):
            return ast.Constant(value, **self._at())
        return self.load(self.given(value, hint))

    def given(self, value: Any, hint: str) -> str:
        """The global name of an object."""
        name = self._known.get(id(value))
        if name is None:
            name = self._known[id(value)] = self.fresh(hint.upper())
            self.globals[name] = value
        return name

    # Expressions

    def load(self, name: str) -> ast.expr:
        return ast.Name(name, ast.Load(), **self._at())

    def attribute(self, value: ast.expr, name: str) -> ast.expr:
        return ast.Attribute(value, name, ast.Load(), **self._at())

    def call(self, function: ast.expr | Any, *args: ast.expr) -> ast.expr:
        """A call of an expression, or of a Python object."""
        if not isinstance(function, ast.expr):
            function = self.load(
                self.given(function, getattr(function, "__name__", "f").strip("_<>"))
            )
        return ast.Call(function, list(args), [], **self._at())

    def method(self, value: ast.expr, name: str, *args: ast.expr) -> ast.expr:
        return ast.Call(self.attribute(value, name), list(args), [], **self._at())

    def compare(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
        return ast.Compare(left, [operator], [right], **self._at())

    def between(self, low: ast.expr, value: ast.expr, high: ast.expr) -> ast.expr:
        """``low <= value <= high``."""
        return ast.Compare(low, [ast.LtE(), ast.LtE()], [value, high], **self._at())

    def binary(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.expr:
        return ast.BinOp(left, operator, right, **self._at())

    def negated(self, value: ast.expr) -> ast.expr:
        return ast.UnaryOp(ast.Not(), value, **self._at())

    def logical(self, operator: str, values: list[ast.expr]) -> ast.expr:
        """A chain of ``&&`` or ``||``; of one value, that."""
        if len(values) == 1:
            return values[0]
        return ast.BoolOp(ast.And() if operator == "&&" else ast.Or(), values, **self._at())

    def conditional(self, test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
        return ast.IfExp(test, then, otherwise, **self._at())

    def listed(self, values: list[ast.expr]) -> ast.expr:
        return ast.List(values, ast.Load(), **self._at())

    def tupled(self, values: list[ast.expr]) -> ast.expr:
        return ast.Tuple(values, ast.Load(), **self._at())

    def item(self, value: ast.expr, key: ast.expr) -> ast.expr:
        return ast.Subscript(value, key, ast.Load(), **self._at())

    def is_(self, left: ast.expr, right: ast.expr) -> ast.expr:
        return self.compare(left, ast.Is(), right)

    def is_not(self, left: ast.expr, right: ast.expr) -> ast.expr:
        return self.compare(left, ast.IsNot(), right)

    def class_of(self, value: ast.expr) -> ast.expr:
        return self.call(type, value)

    # Statements

    def add(self, statement: ast.stmt) -> None:
        self._blocks[-1].append(statement)

    @property
    def count(self) -> int:
        """How many statements the current block has."""
        return len(self._blocks[-1])

    def assign(self, name: str, value: ast.expr) -> None:
        if isinstance(value, ast.Name) and value.id == name:
            return
        target = ast.Name(name, ast.Store(), **self._at())
        self.add(ast.Assign([target], value, **self._at()))

    def unpack(self, names: list[str], value: ast.expr) -> None:
        targets: list[ast.expr] = [ast.Name(name, ast.Store(), **self._at()) for name in names]
        self.add(ast.Assign([ast.Tuple(targets, ast.Store(), **self._at())], value, **self._at()))

    def increase(self, name: str, operator: ast.operator, value: ast.expr) -> None:
        target = ast.Name(name, ast.Store(), **self._at())
        self.add(ast.AugAssign(target, operator, value, **self._at()))

    def do(self, value: ast.expr) -> None:
        self.add(ast.Expr(value, **self._at()))

    def leave(self) -> None:
        self.add(ast.Break(**self._at()))

    def skip(self) -> None:
        self.add(ast.Continue(**self._at()))

    def give(self, value: ast.expr) -> None:
        self.add(ast.Return(value, **self._at()))

    def fail(self, exception: type[Exception]) -> None:
        name = self.load(self.given(exception, exception.__name__))
        self.add(ast.Raise(name, None, **self._at()))

    @contextmanager
    def block(self) -> Iterator[list[ast.stmt]]:
        """Statements made inside go into the block that is yielded, which is added to nothing."""
        made: list[ast.stmt] = []
        self._blocks.append(made)
        try:
            yield made
        finally:
            self._blocks.pop()

    @contextmanager
    def when(self, test: ast.expr) -> Iterator[None]:
        """``if test:`` around the statements made inside; nothing where there are none."""
        with self.block() as body:
            yield
        if body:
            self.add(ast.If(test, body, [], **self._at()))

    def choose(self, test: ast.expr, then: list[ast.stmt], otherwise: list[ast.stmt]) -> None:
        self.add(ast.If(test, then or [ast.Pass(**self._at())], otherwise, **self._at()))

    @contextmanager
    def each(self, name: str, over: ast.expr) -> Iterator[None]:
        """``for name in over:`` around the statements made inside."""
        with self.block() as body:
            yield
        target = ast.Name(name, ast.Store(), **self._at())
        self.add(ast.For(target, over, body or [ast.Pass(**self._at())], [], None, **self._at()))

    # The whole

    def function(self, name: str, parameters: list[str]) -> ast.FunctionDef:
        """The function whose body the outermost block is."""
        (body,) = self._blocks
        arguments = ast.arguments(
            posonlyargs=[ast.arg(parameter, None, **self._at()) for parameter in parameters],
            args=[],
            vararg=None,
            kwonlyargs=[],
            kw_defaults=[],
            kwarg=None,
            defaults=[],
        )
        node = ast.FunctionDef(name, arguments, body, [], None, None, **self._at())
        if hasattr(node, "type_params"):
            node.type_params = []
        return node

    def _at(self) -> dict[str, Any]:
        line, column, end_line, end_column = self.place
        return {
            "lineno": line,
            "col_offset": column,
            "end_lineno": end_line,
            "end_col_offset": end_column,
        }
