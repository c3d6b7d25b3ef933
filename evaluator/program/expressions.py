"""Single expressions of a pack as Python functions: outputs, remedies, parts of messages.

What a decision tells beside its effect is evaluated expression by expression. One that is asked
for again and again is compiled; where its function is in doubt, the interpreter says.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Final, TypeVar

from evaluator.language.checker import Checked
from evaluator.language.functions.registry import Registry
from evaluator.policy.model import Effect, Output, Pack, Rule, Scope, Variable, Variant
from evaluator.policy.pointers import Path
from evaluator.program.generating import AsMaps, Code, plainly, reads
from evaluator.program.producing import (
    Emit,
    Part,
    emit_outputs,
    emit_watch,
    parts_of_outputs,
    parts_of_rules,
)
from evaluator.program.telling import RuleTexts, emit_texts, parts_of_texts

__all__ = ["Expressions"]

Function = Callable[..., Any]

# Compiling takes as long as some hundred evaluations by the interpreter: a process that decides
# once or twice is done sooner without.
_WORTHWHILE: Final = 8

_MOST_LOCALES: Final = 8
_T = TypeVar("_T")


class Expressions:
    """The functions of the expressions of one variant of a pack, made when they are worth it.

    A function takes what ``reading.PARAMETERS`` name; one that follows time takes besides the
    record of ``language.temporal``, where it notes when comparisons with ``now`` flip. It raises
    where it is in doubt. Instead of a function there is None while it is not worth it, and where
    only the interpreter evaluates something.
    """

    def __init__(self, pack: Pack, variant: Variant) -> None:
        self._pack = pack
        self._request_type = variant.request_type
        self._tellers: dict[tuple[Rule | Output, str], Any] = {}
        self._locales: set[str] = set()
        # By what they are of; until there is one, how often it was asked for.
        self._functions: dict[Hashable, Function | int | None] = {}
        self._timed: dict[Checked, bool] = {}
        self._known: dict[Variable, frozenset[tuple[str, Path]]] = {}

    def function(self, expression: Checked, scope: Scope, functions: Registry) -> Function | None:
        """The function of an expression, which gives its value."""
        return self._find(
            (expression, functions),
            lambda: ([(expression, scope)], _value_of(expression, scope)),
            functions=functions,
        )

    def following(self, expression: Checked, scope: Scope, functions: Registry) -> Function | None:
        """The function of an expression, which gives its value and follows time."""
        return self._find(
            (expression, functions, "following"),
            lambda: ([(expression, scope)], _value_of(expression, scope)),
            functions=functions,
            follows_time=True,
        )

    def outputs(self, outputs: tuple[Output, ...], effect: Effect) -> Function | None:
        """The function of all outputs on an effect; ``producing.produced`` reads what it gives."""
        return self._find(
            (outputs, effect),
            lambda: (parts_of_outputs(outputs), emit_outputs(outputs, effect)),
        )

    def watch(
        self, rules: tuple[Rule, ...], outputs: tuple[Output, ...], effect: Effect
    ) -> Function | None:
        """A function that gives the same, and follows time in it and in the conditions of rules."""
        return self._find(
            (rules, outputs, effect),
            lambda: (
                [*parts_of_rules(rules), *parts_of_outputs(outputs)],
                emit_watch(rules, outputs, effect),
            ),
            follows_time=True,
        )

    def texts(self, texts: RuleTexts, functions: Registry) -> Function | None:
        """The function of what a rule tells, which gives what ``telling.emit_texts`` says."""
        return self._find(
            (texts, functions),
            lambda: (parts_of_texts(texts), emit_texts(texts)),
            functions=functions,
        )

    def teller(self, definition: Rule | Output, locale: str, make: Callable[[], _T]) -> _T | None:
        """What ``make`` made to tell a rule or an output in a locale; None beyond some locales.

        Requests choose the locale, and memory must not grow with their number.
        """
        found: _T | None = self._tellers.get((definition, locale))
        if found is None:
            if locale not in self._locales:
                if len(self._locales) == _MOST_LOCALES:
                    return None
                self._locales.add(locale)
            found = self._tellers[definition, locale] = make()
        return found

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

    def _find(
        self,
        key: Hashable,
        content: Callable[[], tuple[Iterable[Part], Emit]],
        *,
        functions: Registry | None = None,
        follows_time: bool = False,
    ) -> Function | None:
        found = self._functions.get(key, 0)
        if isinstance(found, int):
            if found < _WORTHWHILE:
                self._functions[key] = found + 1
                return None
            parts, emit = content()
            wanted = frozenset[tuple[str, Path]]().union(
                *(reads(*part, self._known) for part in parts)
            )

            def make(as_maps: AsMaps) -> Function:
                registry = functions or self._pack.functions
                code = Code(
                    self._request_type, registry, wanted, as_maps, follows_time=follows_time
                )
                emit(code)
                name = f"expressions of {self._pack.name} (generated)"
                function: Function = code.function("evaluate", name)
                return function

            found = self._functions[key] = plainly(make)
        return found


def _value_of(expression: Checked, scope: Scope) -> Emit:
    def emit(code: Code) -> None:
        compiler = code.compiler
        with compiler.inside(expression, code.lookup(scope)) as root:
            code.builder.give(compiler.plain(compiler.visit(root)))

    return emit
