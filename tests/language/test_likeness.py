"""Likeness tells apart what printing tells apart."""

from __future__ import annotations

from itertools import combinations

import pytest

from evaluator.language.likeness import likeness
from evaluator.language.parser import parse_text
from evaluator.language.printer import print_expression

# No two of these say the same.
EXPRESSIONS = (
    *("a", "a.b", "a.?b", "has(a.b)", "b", '"a"', "1", "1u", "1.0", "true", '"1"', 'b"1"'),
    *("a == 1", "1 == a", "a != 1", "a && b", "b && a", "a || b", "a && b && c", "!a", "-a"),
    *("f(a)", "f(b)", "a.f()", "f(a, b)", "g(a)", "[a]", "[?a]", "[a, b]", "[[a], b]", "a in [b]"),
    *("{a: b}", "{b: a}", "a[0]", "a[?0]", "a ? b : c", "a.all(x, x > 1)", "a.exists(x, x > 1)"),
    *("a < duration('1h')", "a < duration('2h')", "a + 1 < 2", "a + (1 - 2)", "a + 1 - 2"),
)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_alike_wherever_they_stand(text: str) -> None:
    one, other = parse_text(text).root, parse_text(f"[z, ({text} )][1]").root.args[0].elements[1]  # type: ignore[attr-defined]
    assert likeness(one) == likeness(other)
    assert hash(likeness(one)) == hash(likeness(other))


def test_what_differs_is_not_alike() -> None:
    roots = [parse_text(text).root for text in EXPRESSIONS]
    for one, other in combinations(roots, 2):
        assert likeness(one) != likeness(other), (print_expression(one), print_expression(other))
