"""The examples of the reference are run, as they are written and after checking."""

from __future__ import annotations

import pytest

from evaluator.language.functions.catalogue import Entry, entries
from evaluator.language.functions.registry import Example
from evaluator.language.printer import print_value
from evaluator.language.values import ERROR_KINDS, ErrorValue
from tests.language.evaluating import checked_and_evaluated, evaluated

EXAMPLES = [(entry, example) for entry in entries() for example in entry.examples]
# Errors of these are those of what is evaluated inside.
TRANSPARENT = {"&&", "||", "exists_one"}


def shown(value: object) -> str:
    return f"error {value.kind}" if isinstance(value, ErrorValue) else print_value(value)


@pytest.mark.parametrize(
    ("entry", "example"), EXAMPLES, ids=[example.expression for _, example in EXAMPLES]
)
def test_an_example_comes_to_what_it_says(entry: Entry, example: Example) -> None:
    said = f"error {example.error}" if example.error else example.value
    assert shown(evaluated(example.expression)) == said
    assert shown(checked_and_evaluated(example.expression)) == said


@pytest.mark.parametrize(
    ("entry", "example"),
    [pair for pair in EXAMPLES if pair[1].error and pair[0].name not in TRANSPARENT],
    ids=lambda part: part.expression if isinstance(part, Example) else "",
)
def test_the_error_of_an_example_is_declared(entry: Entry, example: Example) -> None:
    assert example.error in entry.errors
    assert example.error in ERROR_KINDS
    assert example.value == ""


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.forms[0])
def test_an_entry_teaches(entry: Entry) -> None:
    """It is used as it is called, and what can fail for its values shows how."""
    last = entry.name.rpartition(".")[2].strip("[]?:") or entry.name[0]
    assert any(last in example.expression for example in entry.examples)
    if set(entry.errors) - {"cost_exceeded", "no_such_overload", "invalid_attribute"}:
        assert any(example.error for example in entry.examples)
