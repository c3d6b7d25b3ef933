"""The evaluation of one pack's expressions on one request at one moment, by the interpreter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from evaluator.language.budget import Budget
from evaluator.language.checker import Checked
from evaluator.language.functions.registry import Registry
from evaluator.language.interpreter import Activation, evaluate
from evaluator.language.temporal import Moments
from evaluator.language.values import ABSENT, ErrorValue, Timestamp
from evaluator.policy.model import (
    Constant,
    Effect,
    Output,
    Pack,
    Rule,
    Scope,
    Variable,
    Variant,
)
from evaluator.policy.pointers import Path
from evaluator.policy.request import Request
from evaluator.policy.request_types import View
from evaluator.policy.views import PartialView
from evaluator.program.expressions import Expressions
from evaluator.program.producing import produced
from evaluator.program.telling import RuleTexts

__all__ = ["Evaluation", "Tracer"]

_T = TypeVar("_T")
Tracer = Callable[[Checked], Callable[[int, Any], None]]
"""Given an expression that is about to be evaluated, what records its nodes' values."""


class Evaluation:
    """Attributes are verified and read once, variables evaluated at most once.

    With ``moments`` the comparisons that involve ``now`` are noted there (see
    ``language.temporal``); with ``tracer`` the value of every sub-expression is. With ``compiled``
    the functions of expressions are asked before the interpreter.
    """

    __slots__ = (
        "_arguments",
        "_compiled",
        "_pack",
        "_scopes",
        "_variables",
        "_variant",
        "_view",
        "_watched",
        "functions",
        "moments",
        "now",
        "request",
        "tracer",
    )

    def __init__(
        self,
        pack: Pack,
        variant: Variant,
        request: Request,
        now: int,
        *,
        moments: Moments | None = None,
        tracer: Tracer | None = None,
        compiled: Expressions | None = None,
    ) -> None:
        self._pack = pack
        self._variant = variant
        self.request = request
        self.now = now
        self.moments = moments
        self.tracer = tracer
        self._view: View | PartialView | None = None
        self.functions = pack.functions
        self._compiled = compiled
        self._arguments: tuple[Any, ...] = ()
        self._scopes: dict[Scope, _Names] = {}
        self._variables: dict[Variable, Any] = {}
        # The outputs that were worked out while time was followed, and what they were of.
        self._watched: tuple[Any, Sequence[tuple[Output, Any]]] = (None, ())

    @property
    def view(self) -> View | PartialView:
        """The attributes of the request; generated functions read it themselves."""
        if self._view is None:
            self._view = self._variant.request_type.view(self.request)
        return self._view

    def hide(self, unknown: Sequence[tuple[str, Path]]) -> None:
        """Takes some attributes as not known, whatever the request says of them."""
        self._view = PartialView(self._variant.request_type.view(self.request), unknown)

    def at_rest(self) -> Evaluation:
        """The same evaluation, begun anew, without noting moments."""
        return Evaluation(
            self._pack, self._variant, self.request, self.now, compiled=self._compiled
        )

    def following(self, moments: Moments) -> Evaluation:
        """The same evaluation, begun anew, which notes moments."""
        return Evaluation(
            self._pack,
            self._variant,
            self.request,
            self.now,
            moments=moments,
            compiled=self._compiled,
        )

    def value(
        self,
        expression: Checked,
        scope: Scope,
        *,
        functions: Registry | None = None,
        budget: Budget | None = None,
    ) -> Any:
        """The value of an expression in a file's scope: a value or an ``ErrorValue``."""
        if self._compiled is not None and budget is None:
            value = self._computed(self._compiled, expression, scope, functions or self.functions)
            if value is not ABSENT:
                return value
        names = self.names(scope)
        trace = self.tracer(expression) if self.tracer is not None else None
        try:
            value = evaluate(
                expression,
                names,
                functions=functions or self.functions,
                trace=trace,
                budget=budget,
                moments=self.moments,
            )
        except RecursionError:  # a long chain of variables, each using the one before
            value = ErrorValue("internal", "the evaluation is nested too deeply")
        if isinstance(value, ErrorValue) and value.origin is None:
            return replace(value, origin=expression)
        return value

    def _computed(
        self, compiled: Expressions, expression: Checked, scope: Scope, functions: Registry
    ) -> Any:
        """The value that the expression's function gives; ``ABSENT`` where there is none."""
        timed = self.moments is not None and compiled.is_timed(expression, scope)
        if timed:
            function = compiled.following(expression, scope, functions)
        else:
            function = compiled.function(expression, scope, functions)
        if function is None:
            return ABSENT
        return self._call(function, self.moments if timed else None)

    def outputs(
        self, outputs: tuple[Output, ...], effect: Effect
    ) -> Sequence[tuple[Output, Any]] | None:
        """Each output that applies, with its value; None where they are to be asked one by one."""
        if self._compiled is None or self.moments is not None:
            return None
        watched, values = self._watched
        if watched == (outputs, effect):
            return values
        function = self._compiled.outputs(outputs, effect)
        if function is None:
            return None
        found = self._call(function)
        return None if found is ABSENT else produced(outputs, found)

    def watch(
        self,
        rules: tuple[Rule, ...],
        outputs: tuple[Output, ...],
        effect: Effect,
        moments: Moments,
    ) -> Sequence[tuple[Output, Any]] | None:
        """The same, and notes when time changes something in it or in the conditions of rules."""
        if self._compiled is None:
            return None
        function = self._compiled.watch(rules, outputs, effect)
        if function is None:
            return None
        found = self._call(function, moments)
        if found is ABSENT:
            return None
        values = produced(outputs, found)
        self._watched = (outputs, effect), values
        return values

    def texts(self, texts: RuleTexts, functions: Registry) -> tuple[Any, ...] | None:
        """What ``telling.emit_texts`` gives for a rule; None where it is to be asked for singly."""
        if self._compiled is None:
            return None
        function = self._compiled.texts(texts, functions)
        if function is None:
            return None
        found = self._call(function)
        return None if found is ABSENT else found

    def teller(self, definition: Rule | Output, locale: str, make: Callable[[], _T]) -> _T | None:
        """See ``Expressions.teller``; None where the interpreter evaluates."""
        return None if self._compiled is None else self._compiled.teller(definition, locale, make)

    def _call(self, function: Callable[..., Any], moments: Moments | None = None) -> Any:
        """What a function gives; ``ABSENT`` where it is in doubt."""
        if not self._arguments:
            self._arguments = (*self.request.arguments, self.now)
        try:
            if moments is not None:
                return function(*self._arguments, moments)
            return function(*self._arguments)
        except Exception:  # noqa: BLE001  # in doubt: the interpreter knows
            return ABSENT

    def names(self, scope: Scope) -> Activation:
        """What the names and attributes in a file's expressions stand for."""
        names = self._scopes.get(scope)
        if names is None:
            names = self._scopes[scope] = _Names(self, scope.names)
        return names

    def variable(self, variable: Variable) -> Any:
        """The value of a variable, its error included, evaluated at most once."""
        try:
            return self._variables[variable]
        except KeyError:
            value = self._variables[variable] = self.value(variable.expression, variable.scope)
            return value

    @property
    def moment(self) -> Any:
        """``now`` as expressions see it."""
        return Timestamp(self.now) if self.moments is None else self.moments.now()


class _Names:
    """What the names of one file's expressions stand for: an ``Activation`` of the interpreter."""

    __slots__ = ("_evaluation", "_names", "_view")

    def __init__(self, evaluation: Evaluation, names: Mapping[str, Constant | Variable]) -> None:
        self._evaluation = evaluation
        self._view = evaluation.view
        self._names = names

    def attribute(self, root: str, path: tuple[str, ...]) -> Any:
        if self._evaluation.moments is not None and root == "context" and path == ("time",):
            # Deciding at another moment replaces it, so it moves as `now` does.
            value = self._view.attribute(root, path)
            return self._evaluation.moment if isinstance(value, Timestamp) else value
        return self._view.attribute(root, path)

    def has(self, root: str, path: tuple[str, ...]) -> Any:
        return self._view.has(root, path)

    def name(self, name: str) -> Any:
        if name == "now":
            return self._evaluation.moment
        definition = self._names.get(name)
        if definition is None:
            return ABSENT
        if isinstance(definition, Constant):
            return definition.value
        return self._evaluation.variable(definition)
