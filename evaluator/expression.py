"""One expression on its own, outside any policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from evaluator.diagnostics import Severity
from evaluator.errors import EvaluationError, PolicyError
from evaluator.language.type_text import TYPE_NAMES
from evaluator.language.values import ABSENT, ErrorValue, Unknown, from_host, to_host
from evaluator.source import Fragment

if TYPE_CHECKING:
    from evaluator.language.syntax import Expr, Parsed

__all__ = ["Expression"]


class Expression:
    """One expression on its own, outside any policy.

    ``types`` declares its variables by name: ``{"a": "int", "roles": "list(string)"}``; without it
    every name is dynamic. Raises ``PolicyError`` when the text is no well-typed expression.
    """

    __slots__ = ("_checked", "_parsed", "_types", "text")

    def __init__(self, text: str, types: Mapping[str, str] | None = None) -> None:
        from evaluator.language.checker import Declaration, Environment, check
        from evaluator.language.parser import parse
        from evaluator.language.type_text import parse_type

        self.text = text
        self._types = types
        self._parsed: Parsed = parse(Fragment.whole(text))
        self._checked = None
        if types is not None:
            declarations = {
                name: Declaration(parse_type(type_), "ident") for name, type_ in types.items()
            }
            checked = check(self._parsed, Environment(declarations))
            errors = [item for item in checked.diagnostics if item.severity is Severity.ERROR]
            if errors:
                raise PolicyError(errors)
            self._checked = checked

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    @property
    def type(self) -> str:
        """The type of the value, ``dyn`` when the variables were not declared."""
        return "dyn" if self._checked is None else str(self._checked.type)

    def evaluate(self, variables: Mapping[str, Any] | None = None) -> Any:
        """The value, as plain Python. Raises ``EvaluationError`` when it ends in an error."""
        from evaluator.language.interpreter import evaluate

        names = {name: from_host(value, name) for name, value in (variables or {}).items()}
        value = evaluate(self._checked or self._parsed, _Variables(names))
        if isinstance(value, ErrorValue):
            span = self._parsed.span(value.id) if value.id in self._parsed.places else None
            raise EvaluationError(value.kind, value.message, span)
        return to_host(value)

    def residual(self, known: Mapping[str, Any]) -> Expression:
        """What is left of the expression when some variables are known.

        Evaluating it with the others gives what the whole gives with all of them. Its ``text``
        holds known values as literals; with everything known it is one. Raises ``EvaluationError``
        for a value that expressions cannot have.
        """
        names = {name: from_host(value, name) for name, value in known.items()}
        for value in names.values():
            if isinstance(value, ErrorValue):
                raise EvaluationError(value.kind, value.message, None)
        types = None
        if self._types is not None:
            types = {name: type_ for name, type_ in self._types.items() if name not in names}
        # Where conditions made of loops nest too deeply, the loops are kept. Known values may be of
        # other types than were declared: then nothing is declared of the rest.
        text = self._left(names, unrolls=True)
        for declared in (types, None):
            try:
                return Expression(text, declared)
            except PolicyError:
                continue
        return Expression(self._left(names, unrolls=False))

    def _left(self, names: Mapping[str, Any], *, unrolls: bool) -> str:
        from evaluator.language.functions import STANDARD
        from evaluator.language.printer import print_expression
        from evaluator.language.residual import residual

        checked = self._checked
        root: Expr = self._parsed.root if checked is None else checked.root
        left = residual(
            root,
            _Known(names),
            functions=STANDARD,
            prefixes=("",) if checked is None else (),
            overloads=None if checked is None else checked.overloads,
            unrolls=unrolls,
        )
        return print_expression(left)


class _Variables:
    """The variables of a free-standing expression: an ``Activation`` without a request."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def name(self, name: str) -> Any:
        return self._names.get(name, ABSENT)

    def attribute(self, root: str, path: tuple[str, ...]) -> Any:
        return ABSENT

    def has(self, root: str, path: tuple[str, ...]) -> bool | ErrorValue | Unknown:
        return False


class _Known(_Variables):
    """Some variables; all others are unknown."""

    def name(self, name: str) -> Any:
        value = super().name(name)
        if value is not ABSENT or name in TYPE_NAMES or "." in name:
            return value
        return Unknown(frozenset({name}))
