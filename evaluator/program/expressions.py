"""Single expressions of a pack as Python functions: outputs, remedies, parts of messages.

What a decision tells beside its effect is evaluated expression by expression. One that is asked
for again and again is compiled; where its function is in doubt, the interpreter says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from evaluator.language.checker import Checked
from evaluator.language.functions.registry import Registry
from evaluator.policy.model import Pack, Scope, Variable, Variant
from evaluator.policy.pointers import Path
from evaluator.program.generating import AsMaps, Code, plainly, reads

__all__ = ["Expressions"]

Function = Callable[..., Any]

# Compiling takes as long as some hundred evaluations by the interpreter: a process that decides
# once or twice is done sooner without.
_WORTHWHILE: Final = 8


class Expressions:
    """The functions of the expressions of one variant of a pack, made when they are worth it.

    A function takes what ``reading.PARAMETERS`` name. It raises where it is in doubt.
    """

    def __init__(self, pack: Pack, variant: Variant) -> None:
        self._pack = pack
        self._request_type = variant.request_type
        self._functions: dict[tuple[Checked, Registry], Function | int | None] = {}
        self._following: dict[Checked, Function | int | None] = {}
        self._timed: dict[Checked, bool] = {}
        self._known: dict[Variable, frozenset[tuple[str, Path]]] = {}

    def function(self, expression: Checked, scope: Scope, functions: Registry) -> Function | None:
        """The function of an expression; None while it is not worth it, or where it cannot be."""
        key = (expression, functions)
        found = self._functions.get(key, 0)
        if isinstance(found, int):
            found = self._asked(found, expression, scope, functions, follows_time=False)
            self._functions[key] = found
        return None if isinstance(found, int) else found

    def following(self, expression: Checked, scope: Scope) -> Function | None:
        """One that notes besides when comparisons with ``now`` flip: see ``language.temporal``."""
        found = self._following.get(expression, 0)
        if isinstance(found, int):
            functions = self._pack.functions
            found = self._asked(found, expression, scope, functions, follows_time=True)
            self._following[expression] = found
        return None if isinstance(found, int) else found

    def is_timed(self, expression: Checked, scope: Scope) -> bool:
        """Whether the value of an expression may depend on ``now``, itself or by a variable."""
        known = self._timed.get(expression)
        if known is None:
            known = ("context", ("time",)) in expression.reads or any(
                self._is_timed_name(name, scope) for name in expression.uses
            )
            self._timed[expression] = known
        return known

    def reads_time(self, expression: Checked, scope: Scope) -> bool:
        """Whether an expression reads ``context.time`` rather than ``now``."""
        return ("context", ("time",)) in reads(expression, scope, self._known)

    def _is_timed_name(self, name: str, scope: Scope) -> bool:
        definition = scope.names.get(name)
        if isinstance(definition, Variable):
            return self.is_timed(definition.expression, definition.scope)
        return name == "now"

    def _asked(
        self,
        before: int,
        expression: Checked,
        scope: Scope,
        functions: Registry,
        *,
        follows_time: bool,
    ) -> Function | int | None:
        if before < _WORTHWHILE:
            return before + 1
        return plainly(
            lambda as_maps: self._made(expression, scope, functions, as_maps, follows_time)
        )

    def _made(
        self,
        expression: Checked,
        scope: Scope,
        functions: Registry,
        as_maps: AsMaps,
        follows_time: bool,
    ) -> Function:
        wanted = reads(expression, scope, self._known)
        code = Code(self._request_type, functions, wanted, as_maps, follows_time=follows_time)
        compiler = code.compiler
        with compiler.inside(expression, code.lookup(scope)) as root:
            code.builder.give(compiler.plain(compiler.visit(root)))
        made: Function = code.function("evaluate", f"expression of {self._pack.name} (generated)")
        return made
