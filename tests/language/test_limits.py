"""Nothing that can be written exhausts the stack, the memory or the patience of who asks."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from evaluator.diagnostics import Severity
from evaluator.errors import PolicyError
from evaluator.language.checker import Declaration, Environment, check
from evaluator.language.interpreter import evaluate
from evaluator.language.parser import parse_text
from evaluator.language.types import INT, STRING, ListType
from evaluator.language.values import ErrorValue
from tests.language.evaluating import Names

MOST_BYTES = 64 * 2**20
NAMES: Mapping[str, Any] = {"a": 1, "s": "abc", "xs": list(range(1000)), "text": "x" * 20_000}
ENVIRONMENT = Environment(
    {
        "a": Declaration(INT, "ident"),
        "s": Declaration(STRING, "ident"),
        "text": Declaration(STRING, "ident"),
        "xs": Declaration(ListType(INT), "ident"),
    }
)


def outcome(text: str) -> str:
    """What a text comes to: the code of a diagnostic, the kind of an error, or "a value"."""
    try:
        parsed = parse_text(text)
    except PolicyError as error:
        (problem,) = error.diagnostics
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
        return str(problem.code)
    found = check(parsed, ENVIRONMENT)
    wrong = [item.code for item in found.diagnostics if item.severity is Severity.ERROR]
    value: Any = None
    # What nobody has checked is evaluated too.
    for tree in (parsed, found):
        value = evaluate(tree, Names(NAMES))
    return str(wrong[0]) if wrong else value.kind if isinstance(value, ErrorValue) else "a value"


def nested(opening: str, inner: str, closing: str, count: int) -> str:
    return opening * count + inner + closing * count


def doubling(start: str, count: int) -> str:
    """Each variable is the one before it joined to itself, so that sizes double."""
    names = [f"v{number}" for number in range(count)]
    bindings = [f"cel.bind({name}, {before} + {before}, " for before, name in pairwise(names)]
    return f"cel.bind(v0, {start}, {''.join(bindings)}size({names[-1]}){')' * count}"


DEEP = {
    "a sum": "+".join(["a"] * 50_000),
    "parentheses": nested("(", "a", ")", 10_000),
    "nots": "!" * 99_999 + "a",
    "minuses": "-" * 99_999 + "a",
    "selections": "a" + ".b" * 49_000,
    "lists": nested("[", "a", "]", 40_000),
    "open lists": "[" * 100_000,
    "maps": nested("{1:", "a", "}", 20_000),
    "open maps": "{1:" * 33_000,
    "ternaries to the right": "a > 0 ? 1 : " * 8_000 + "0",
    "ternaries to the left": nested("(", "true", " ? true : false)", 5_000),
    "ternaries in the middle": nested("true ? ", "1", " : 0", 7_000),
    "indexes": "xs" + "[0]" * 30_000,
    "calls": nested("size(", "s", ")", 15_000),
    "members": "s" + ".trim()" * 14_000,
    "comparisons": " < ".join(["a"] * 20_000),
    "unlike operators": "true && false || " * 5_000 + "!" * 1_000 + "true",
    "binds": nested("cel.bind(x, a, ", "x", ")", 5_000),
    "loops": nested("xs.map(x, ", "x", ")", 9),
    "generic members": "a" + ".?b" * 30_000,
    "messages": nested("A{b:", "1", "}", 10_000),
    "strings": "'" * 100_000,
    "a number": "1" * 99_999,
    "an exponent": "1e" + "9" * 50_000,
    "a hexadecimal number": "0x" + "f" * 99_000,
    "escapes": "'" + "\\u0041" * 16_000 + "\\",
    "comments": "// a\n" * 19_999,
    "commas": "[" + "," * 99_000 + "]",
}


@pytest.mark.parametrize("name", DEEP)
def test_what_is_too_deep_is_said(name: str) -> None:
    assert outcome(DEEP[name]).startswith("EVL2")


@pytest.mark.parametrize("opening", ["(", "[", "!", "-", "a.b(", "{1:", "xs.map(x,", "true?", "a+"])
@pytest.mark.parametrize("count", [50, 149, 151, 1_000, 30_000])
def test_an_expression_that_does_not_end_is_said(opening: str, count: int) -> None:
    assert outcome(opening * count).startswith("EVL2")


def test_a_megabyte_of_text_is_too_long() -> None:
    assert outcome(f"'{'x' * 2**20}'") == outcome("a" * 2**20) == outcome(" " * 2**20)


@pytest.mark.parametrize("count", [2_000, 10_000])
@pytest.mark.parametrize("operator", ["&&", "||"])
def test_long_chains_of_conditions_are_flat(operator: str, count: int) -> None:
    text = operator.join(["a>0" if operator == "&&" else "a<0"] * count)
    assert outcome(text) == "a value"


@pytest.mark.parametrize("operator", ["&&", "||"])
def test_a_chain_may_be_too_long(operator: str) -> None:
    assert outcome(operator.join(["a > 0"] * 20_000)).startswith("EVL2")


SPENT = {
    "maps in maps": nested("xs.map(x, ", "a", ")", 3),
    "a range of loops": "lists.range(99999).all(x, lists.range(99999).all(y, y >= 0))",
    "doubled lists": doubling("[1] + [1]", 60),
    "doubled texts": doubling("s + s", 60),
    "doubled bytes": doubling("bytes(s)", 60),
    "joined texts": "cel.bind(t, text, xs.map(x, t + t).join().size() > 0)",
    "lists in lists": "xs.map(x, xs).map(y, y + y).flatten()",
    "replaced": "text.replace('x', text)",
    "replaced by nothing between": "text.replace('', text)",
    "formatted": "xs.map(x, '%s%s'.format([text, text]))",
    "a long format": "('%s'.replace('s', 's%s').replace('s', 's%s')).format([text, text, text])",
    "sorted": "xs.map(x, xs.sort())",
    "split": "xs.map(x, text.split(''))",
    "distinct": "lists.range(60000).map(x, x).distinct()",
    "as sets": "sets.contains(lists.range(50000), lists.range(50000).reverse())",
    "searched": "lists.range(50000).all(x, x in lists.range(50000))",
    "quoted": "xs.map(x, strings.quote(text))",
    "encoded": "xs.map(x, base64.encode(bytes(text)))",
    "matched": "xs.map(x, text.matches('(x+x+)+y'))",
    "compared": "xs.all(x, xs.map(y, y) == xs.map(y, y))",
}


@pytest.mark.parametrize("name", SPENT)
def test_what_costs_too_much_is_stopped(name: str) -> None:
    tracemalloc.start()
    try:
        found = outcome(SPENT[name])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found in ("cost_exceeded", "invalid_argument")
    assert peak < MOST_BYTES


def test_loops_in_loops_end() -> None:
    assert outcome(nested("xs.all(x, ", "a > 0", ")", 4)) == "cost_exceeded"


BOUNDED = {
    "a long literal": "0." + "1" * 99_000,
    "a long range": "lists.range(1000000000000)",
    "a negative range": "lists.range(-1)",
    "a huge precision": "'%.999999999f'.format([1.5])",
    "a huge exponent's precision": "'%.999999999e'.format([1.5])",
    "a precision out of range": "'%.99999999999999999999f'.format([1.5])",
    "a huge pattern": "s.matches('(a{1000}){1000}')",
    "a long pattern": f"s.matches('{'(a|b)*' * 10_000}')",
    "a deep pattern": f"s.matches('{'(' * 5_000}a{')' * 5_000}')",
    "a pattern with classes": f"s.matches('{'[^a]{1,900}' * 500}')",
    "a shift": "math.bitShiftLeft(1, 9223372036854775807)",
    "a power of numbers": "9223372036854775807 * 9223372036854775807",
    "a late moment": "timestamp('9999-12-31T23:59:59Z') + duration('9999999h')",
    "a long duration": f"duration('{'9' * 5_000}h')",
    "a long number": f"int('{'9' * 50_000}')",
    "a long fraction": f"double('{'9' * 50_000}.5')",
    "a deep flattening": "[[[1]]].flatten(9223372036854775807)",
    "a long index": "xs[9223372036854775807]",
    "a long substring": "s.substring(0, 9223372036854775807)",
    "a lot of splits": "text.split('', 9223372036854775807)",
    "a lot of replacements": "text.replace('x', 'yy', 9223372036854775807)",
    "a long time zone": f"timestamp(0).getHours('{'A/' * 20_000}')",
    "a long address": f"ip('{'1:' * 20_000}')",
}


@pytest.mark.parametrize("name", BOUNDED)
def test_arguments_beyond_all_measure_have_an_answer(name: str) -> None:
    tracemalloc.start()
    try:
        assert outcome(BOUNDED[name])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_BYTES
