from __future__ import annotations

import pytest

from evaluator.language.budget import DEFAULT_BUDGET, Budget
from evaluator.language.values import ErrorValue
from tests.language.evaluating import evaluated, kind_of


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("1 + 2 * 3 == 7 && 'a' == 'a'", 0),
        ("[1, 2, 3].map(x, x)", 3),
        ("[1, 2].all(x, [1, 2, 3].exists(y, false) || true)", 8),
        ("[1, 2, 3].exists(x, x == 1)", 1),
        ("'abc' + 'de'", 5),
        ("[1] + [2, 3]", 3),
        ("2 in [1, 2, 3]", 3),
        ("'a' in {'a': 1}", 0),
        ("size('abc')", 0),
        ("'abc'.contains('c')", 3),
        ("'aaa'.replace('a', 'bbb')", 9),
        ("sum([1, 2])", 2),
        ("[[1], [2]] == [[1], [3]]", 4),
        ("[1, 2] == [1]", 0),
        ("{'a': [1, 2]} != {'a': [1, 2]}", 3),
        ("[1] in [[1], [2, 3]]", 3),
        ("'ab'.matches('^a')", 4),
    ],
)
def test_cost(text: str, cost: int) -> None:
    budget = Budget(100)
    assert not isinstance(evaluated(text, budget=budget), ErrorValue)
    assert budget.spent == cost
    if cost:
        assert kind_of(evaluated(text, budget=Budget(cost - 1))) == "cost_exceeded"


@pytest.mark.parametrize(
    "text",
    [
        "xs.all(x, true) || true",
        "true && (xs.map(x, x).size() > 0 || true)",
        "[1, 2].exists(y, xs.all(x, true) || true)",
        "optional.of(1).optMap(x, xs.map(y, y).size()).hasValue() || true",
        "cel.bind(n, xs.map(x, x).size(), n > 0 || true)",
    ],
)
def test_a_spent_budget_is_not_absorbed(text: str) -> None:
    found = evaluated(text, {"xs": list(range(50))}, budget=Budget(40))
    assert kind_of(found) == "cost_exceeded"
    assert "40" in found.message


@pytest.mark.parametrize("text", ["v || true", "[v, 1 / 0].size() > 0 || true", "a.v || true"])
def test_nor_is_that_of_a_variable(text: str) -> None:
    error = ErrorValue("cost_exceeded", "too much", 7, origin="the variable")
    found = evaluated(text, {"v": error, "a.v": error})
    assert found is error
    assert found.origin == "the variable"


def test_loops_within_loops_end() -> None:
    text = "xs.all(a, xs.all(b, xs.all(c, xs.all(d, true))))"
    assert kind_of(evaluated(text, {"xs": list(range(100))})) == "cost_exceeded"


def test_without_a_budget_there_is_one() -> None:
    names = {"xs": list(range(DEFAULT_BUDGET + 1))}
    assert evaluated("xs.all(x, x >= 0)", {"xs": names["xs"][:-1]}) is True
    assert kind_of(evaluated("xs.all(x, x >= 0)", names)) == "cost_exceeded"


MANY = "cel.bind(l, lists.range(5000), cel.bind(m, lists.range(5000),"


@pytest.mark.parametrize(
    "text",
    [
        f"{MANY} lists.range(1000).all(x, l == m)))",
        f"{MANY} lists.range(1000).all(x, l in [m])))",
        f"{MANY} lists.range(1000).all(x, !(l != m))))",
    ],
    ids=["equals", "in", "not-equals"],
)
def test_comparing_lists_is_paid_for(text: str) -> None:
    assert kind_of(evaluated(text)) == "cost_exceeded"
