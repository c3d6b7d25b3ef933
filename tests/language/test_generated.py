"""Laws of every expression that can be written, whatever its functions: each over three seeds."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from evaluator.language.functions import STANDARD
from evaluator.language.interpreter import evaluate
from evaluator.language.parser import parse_text
from evaluator.language.printer import print_expression
from evaluator.language.syntax import Call, Comprehension, ComprehensionKind, walk
from evaluator.language.values import ERROR_KINDS, ErrorValue
from tests.generating.reducing import reduced
from tests.generating.settings import Reading, Setting, has_errors
from tests.language.checking_setting import conforms
from tests.language.trees import shape

SEEDS = (11, 3047, 77003)
over_seeds = pytest.mark.parametrize("seed", SEEDS)


def changed_by_printing(text: str) -> bool:
    root = parse_text(text).root
    return bool(shape(parse_text(print_expression(root)).root) != shape(root))


@over_seeds
def test_what_is_printed_parses_to_the_same_tree(seed: int) -> None:
    random = Random(seed)
    for _ in range(10):
        expressions = Setting(random, dynamic=True).expressions
        for _ in range(60):
            text = expressions.expression()
            if changed_by_printing(text):
                pytest.fail(f"seed {seed}: {reduced(text, changed_by_printing)}")


@over_seeds
def test_values_and_errors_are_of_the_types_and_kinds_that_were_told(seed: int) -> None:
    random = Random(seed)
    for _ in range(12):
        setting = Setting(random, dynamic=True)
        reading = setting.reading(setting.requests.request())

        def is_untold(text: str, setting: Setting = setting, reading: Reading = reading) -> bool:
            found = setting.checked(text)
            value = evaluate(found, reading)
            if has_errors(found):
                return False
            if isinstance(value, ErrorValue):
                return value.kind not in found.errors
            return not conforms(value, found.type)

        for text, found in islice(setting.accepted(), 50):
            assert found.errors <= ERROR_KINDS.keys()
            if is_untold(text):
                smallest = reduced(text, is_untold)
                again = setting.checked(smallest)
                value = evaluate(again, reading)
                told = f"{again.type}, {sorted(again.errors)}"
                pytest.fail(f"seed {seed}: {smallest}\nchecked: {told}\nevaluated: {value!r}")


@over_seeds
def test_a_checked_expression_says_what_the_parsed_one_says(seed: int) -> None:
    random = Random(seed)
    for _ in range(8):
        setting = Setting(random)
        for text, found in islice(setting.accepted(), 25):
            printed = setting.checked(print_expression(found.parsed.root))
            assert printed.type == found.type, text
            assert printed.errors == found.errors, text


def test_most_of_what_is_made_passes_and_all_functions_and_macros_are_in_it() -> None:
    random = Random(SEEDS[0])
    seen: set[object] = set()
    passed = tried = 0
    for _ in range(60):
        setting = Setting(random, dynamic=True)
        for _ in range(40):
            parsed = parse_text(text := setting.expressions.expression())
            passed += not has_errors(setting.checked(text))
            tried += 1
            for node in walk(parsed.root):
                if isinstance(node, Call):
                    seen.add(node.function)
                elif isinstance(node, Comprehension):
                    seen.add(node.kind)
    assert passed >= tried * 0.8
    assert set(ComprehensionKind) <= seen
    names = {name.rpartition(".")[2] if "." in name else name for name in STANDARD.names}
    missing = names - {str(name).rpartition(".")[2] for name in seen}
    assert not missing
