"""One expression as a Python function of an activation, as the interpreter takes it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from evaluator.language.compiler import Compiler, Slot
from evaluator.language.compiling.builder import Builder
from evaluator.language.compiling.forms import Form, Value
from evaluator.language.compiling.runtime import Doubt, boolean, sure
from evaluator.language.functions import STANDARD
from evaluator.language.functions.registry import Registry
from evaluator.language.types import DYN
from evaluator.language.values import ABSENT

if TYPE_CHECKING:
    from evaluator.language.checker import Checked
    from evaluator.language.interpreter import Activation

__all__ = ["compile_expression"]

_NOTHING: Final[Mapping[str, Any]] = {}


def compile_expression(
    checked: Checked,
    *,
    functions: Registry = STANDARD,
    constants: Mapping[str, Any] = _NOTHING,
) -> Callable[[Activation], Any]:
    """A function that gives the value of an expression; ``constants`` are known beforehand.

    It raises ``Doubt``, or what Python raises, where the interpreter has to be asked. Raises
    ``UnsupportedError`` for an expression that only the interpreter evaluates.
    """
    builder = Builder()
    compiler = Compiler(builder, _Attributes(builder), functions)
    slots: dict[str, Slot] = {}

    def lookup(name: str) -> Value | Slot:
        if name in constants:
            return compiler.literal(constants[name])
        if name not in slots:
            slots[name] = Slot(builder.fresh("n"), lambda: _read_name(compiler, slots[name], name))
        return slots[name]

    with compiler.inside(checked, lookup) as root:
        builder.give(compiler.plain(compiler.visit(root)))
    function: Callable[[Activation], Any] = compiler.function("expression", ["activation"])
    return function


def _read_name(compiler: Compiler, slot: Slot, name: str) -> Value:
    builder = compiler.builder
    read = builder.method(builder.load("activation"), "name", builder.constant(name))
    builder.assign(slot.local, builder.call(_value, read))
    return Value(builder.load(slot.local), DYN)


def _value(value: Any) -> Any:
    if value is ABSENT:
        raise Doubt
    return sure(value)


class _Attributes:
    """Reads through the activation."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def read(self, root: str, path: tuple[str, ...]) -> Value:
        builder = self._builder
        code = self._ask("attribute", root, path)
        return Value(builder.call(sure, code), DYN, Form.PLAIN, may_be_absent=True)

    def has(self, root: str, path: tuple[str, ...]) -> ast.expr:
        return self._builder.call(boolean, self._ask("has", root, path))

    def _ask(self, method: str, root: str, path: tuple[str, ...]) -> ast.expr:
        builder = self._builder
        place = [builder.constant(root), builder.constant(path, "path")]
        return builder.method(builder.load("activation"), method, *place)
