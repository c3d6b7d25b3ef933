"""Running facts: each through parser, checker, interpreter and compiler, checked and unchecked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evaluator.diagnostics import Severity
from evaluator.errors import PolicyError
from evaluator.language.checker import Checked, Declaration, Environment, check
from evaluator.language.compiling.standalone import compile_expression
from evaluator.language.functions import STANDARD
from evaluator.language.functions.registry import Function, Overload, Registry
from evaluator.language.interpreter import evaluate
from evaluator.language.parser import parse
from evaluator.language.syntax import Comprehension, ComprehensionKind, Logical, Parsed, walk
from evaluator.language.type_text import parse_type
from evaluator.language.types import DYN, Type
from evaluator.language.values import ABSENT, ErrorValue, Map, Timestamp, UInt, type_of
from evaluator.source import Fragment
from tests.conformance.cel.reading import Fact, same, type_name, value_of

__all__ = ["failure"]


def failure(fact: Fact) -> str | None:
    """Why a fact does not hold here, in words; None when it does."""
    try:
        return _failure(fact)
    except Exception as error:  # noqa: BLE001  # a runner reports what breaks and goes on
        return f"{type(error).__name__}: {error}"


def _failure(fact: Fact) -> str | None:
    data = fact.data
    expected = data["expect"]
    try:
        parsed = parse(Fragment.whole(fact.expression), macros=not data["disable_macros"])
    except PolicyError as error:
        return None if "error" in expected else f"it does not parse: {error}"
    bindings = {name: value_of(value) for name, value in data["bindings"].items()}
    functions = STANDARD.extended(_functions(data["type_env"]))
    ways: list[Checked | Parsed] = [parsed]
    checked = None
    if not data["disable_check"]:
        checked = check(parsed, _environment(data, bindings, functions))
        problems = [item for item in checked.diagnostics if item.severity is Severity.ERROR]
        if problems:
            return None if "error" in expected else f"it does not check: {problems[0]}"
        wanted = data["typed_result_type"]
        if wanted is not None and type_name(checked.type) != wanted:
            return f"its type is {type_name(checked.type)}, not {wanted}"
        ways.append(checked)
    if data["check_only"]:
        return None
    for way in ways:
        found = evaluate(way, _Bindings(bindings), functions=functions, container=data["container"])
        kind = "unchecked" if isinstance(way, Parsed) else "checked"
        if "error" in expected:
            if not isinstance(found, ErrorValue):
                return f"{kind} it is {found!r}, where an error is expected"
        elif isinstance(found, ErrorValue) or not same(found, value_of(expected["value"])):
            return f"{kind} it is {found!r}, not {expected['value']}"
    return None if checked is None else _compiled(checked, bindings, functions, expected)


def _compiled(
    checked: Checked, bindings: Mapping[str, Any], functions: Registry, expected: Mapping[str, Any]
) -> str | None:
    """Why compiled code does not do; where it is in doubt, the interpreter's answer stands."""
    function = compile_expression(checked, functions=functions)
    try:
        found = function(_Bindings(bindings))
    except Exception:  # noqa: BLE001  # whatever is raised sends the caller to the interpreter
        return None if "error" in expected or _absorbs(checked) else "compiled it is in doubt"
    if "error" in expected:
        return f"compiled it is {found!r}, where an error is expected"
    if not same(found, value_of(expected["value"])):
        return f"compiled it is {found!r}, not {expected['value']}"
    return None


def _absorbs(checked: Checked) -> bool:
    """Whether an expression has what may absorb errors, which compiled code does not."""
    return any(
        isinstance(node, Logical) or (isinstance(node, Comprehension) and node.kind in _QUANTIFIERS)
        for node in walk(checked.root)
    )


_QUANTIFIERS = (ComprehensionKind.ALL, ComprehensionKind.EXISTS)


def _environment(
    data: Mapping[str, Any], bindings: Mapping[str, Any], functions: Registry
) -> Environment:
    declarations = {
        name: Declaration(_bound_type(value), "ident") for name, value in bindings.items()
    }
    for entry in data["type_env"]:
        if entry["kind"] == "ident":
            declarations[entry["name"]] = Declaration(parse_type(entry["type"]), "ident")
    return Environment(declarations, functions=functions, container=data["container"])


def _bound_type(value: Any) -> Type:
    """The type of a bound value: exact for scalars, dyn for what facts leave open."""
    simple = isinstance(value, (bool, int, float, str, bytes, UInt, Timestamp))
    return type_of(value) if simple and not isinstance(value, Map) else DYN


def _functions(entries: Sequence[Mapping[str, Any]]) -> list[Function]:
    """Functions that a fact declares; they are checked and never called."""
    made = []
    for entry in entries:
        if entry["kind"] != "function":
            continue
        overloads = []
        for one in entry["overloads"]:
            letters = {text for text in one["params"] if len(text) == 1} | {"T", "U", "V"}
            parameters = [
                parse_type(text, parameters=letters, opaque={"tuple"}) for text in one["params"]
            ]
            result = parse_type(one["result"], parameters=letters, opaque={"tuple"})
            overloads.append(
                Overload(one["id"], tuple(parameters), result, _never, member=one["member"])
            )
        made.append(Function(entry["name"], "declared by a fact", tuple(overloads)))
    return made


def _never(*_: Any) -> ErrorValue:
    return ErrorValue("unknown_function", "a fact declares this function and nothing defines it")


class _Bindings:
    """The bindings of a fact: an ``Activation`` without a request."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def name(self, name: str) -> Any:
        return self._names.get(name, ABSENT)

    def attribute(self, root: str, path: tuple[str, ...]) -> Any:
        return ABSENT

    def has(self, root: str, path: tuple[str, ...]) -> bool:
        return False
