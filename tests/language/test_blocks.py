"""``cel.block`` and the names that numbers stand behind."""

from __future__ import annotations

import pytest

import evaluator
from evaluator.language.parser import parse_text
from evaluator.language.printer import print_expression

BLOCKS = {
    "one value": ("cel.block([1], cel.index(0) + 1)", 2),
    "a value of values": ("cel.block([2, cel.index(0) * 3], cel.index(1) + cel.index(0))", 8),
    "no value": ("cel.block([], 5)", 5),
    "in a block": ("cel.block([1], cel.block([cel.index(0) + 1], cel.index(0)))", 2),
    "in a macro": ("cel.block([[1, 2]], cel.index(0).map(x, x + cel.index(0).size()))", [3, 4]),
    "variables by number": ("[1, 2].filter(cel.iterVar(0, 0), cel.iterVar(0, 0) > 1)", [2]),
    "values that are not needed": ("cel.block([1 / 0], 3)", 3),
}


@pytest.mark.parametrize(("text", "value"), BLOCKS.values(), ids=BLOCKS)
def test_values(text: str, value: object) -> None:
    assert evaluator.Expression(text, {}).evaluate() == value
    assert evaluator.Expression(text).evaluate() == value


@pytest.mark.parametrize("text", [text for text, _ in BLOCKS.values()], ids=BLOCKS)
def test_what_is_printed_is_what_was_read(text: str) -> None:
    printed = print_expression(parse_text(text).root)
    assert print_expression(parse_text(printed).root) == printed
    assert evaluator.Expression(printed).evaluate() == evaluator.Expression(text).evaluate()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cel.block([1], cel.index(1))", "EVL301"),
        ("cel.index(0)", "EVL301"),
        ("cel.block(" + repr([0] * 65) + ", 1)", "EVL207"),
        ("cel.block(1, 2)", "EVL303"),
    ],
)
def test_wrong_ones(text: str, code: str) -> None:
    with pytest.raises(evaluator.PolicyError) as caught:
        evaluator.Expression(text, {})
    assert code in [item.code for item in caught.value.diagnostics]
