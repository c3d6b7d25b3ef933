"""Parts of conditions that are never true, or never false, are found, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.language.checker import Checked, Declaration
from evaluator.language.checking.ranges import Finding, findings
from evaluator.language.interpreter import evaluate
from evaluator.language.types import DOUBLE, NullableType
from evaluator.language.values import ABSENT
from tests.language.checking_setting import TABLES, Requests, checked, environment, variable

# By condition: each part that is underlined, with what is said of it.
NEVER: dict[str, list[str]] = {
    # Two bounds
    "resource.total > 5 && resource.total < 3": ["resource.total < 3: true"],
    "resource.total > 5 && resource.total < 5": ["resource.total < 5: true"],
    "resource.total >= 5 && resource.total < 5": ["resource.total < 5: true"],
    "resource.total > 5 && resource.total < 6": ["resource.total < 6: true"],
    "resource.price > 5.0 && resource.price <= 5.0": ["resource.price <= 5.0: true"],
    "5 < resource.total && 3 > resource.total": ["3 > resource.total: true"],
    "resource.total > 5 && resource.paid && resource.total < 3": ["resource.total < 3: true"],
    "resource.total > 5 && (resource.paid && resource.total < 3)": ["resource.total < 3: true"],
    "resource.total > 5 || resource.total < 6": ["resource.total < 6: false"],
    "resource.total > 1 || resource.total < 5": ["resource.total < 5: false"],
    "resource.price < 1.0 || resource.price >= 1.0": ["resource.price >= 1.0: false"],
    "resource.id > 'b' && resource.id < 'a'": ["resource.id < 'a': true"],
    "size(subject.roles) == 0 && size(subject.roles) > 0": ["size(subject.roles) > 0: true"],
    "uint(resource.total) > 5u && uint(resource.total) < 6u": ["uint(resource.total) < 6u: true"],
    # Values, and bounds with them
    "resource.total == 1 && resource.total == 2": ["resource.total == 2: true"],
    "resource.total == 1 && resource.total != 1": ["resource.total != 1: true"],
    "resource.total == 1 && resource.total > 1": ["resource.total > 1: true"],
    "resource.total > 1 && resource.total == 1": ["resource.total == 1: true"],
    "resource.total != 1 || resource.total != 2": ["resource.total != 2: false"],
    "resource.total > 5 || resource.total < 5 || resource.total == 5": [
        "resource.total == 5: false"
    ],
    "resource.total >= 5 && resource.total <= 5 && resource.total != 5": [
        "resource.total != 5: true"
    ],
    "resource.total == 0 && resource.total < -0.0": ["resource.total < -0.0: true"],
    # Lists of values, and what an enum may be
    "resource.total in [1, 2] && resource.total > 2": ["resource.total > 2: true"],
    "resource.total in [1, 2] && resource.total in [3]": ["resource.total in [3]: true"],
    "!(resource.total in [1, 2]) && resource.total == 2": ["resource.total == 2: true"],
    "resource.state == 'open' && resource.state == 'paid'": ["resource.state == 'paid': true"],
    "resource.state != 'open' || resource.state != 'paid'": ["resource.state != 'paid': false"],
    "resource.state != 'open' && resource.state != 'paid' && resource.state != 'shipped'": [
        "resource.state != 'shipped': true"
    ],
    "resource.state in ['open', 'paid', 'shipped'] || resource.paid": [
        "resource.state in ['open', 'paid', 'shipped']: false"
    ],
    "resource.state > 'open' && resource.state < 'paid'": ["resource.state < 'paid': true"],
    "resource.total in nothing && resource.paid": ["resource.total in nothing: true"],
    # Constants by name
    "resource.total == most && resource.total > 10": ["resource.total > 10: true"],
    "resource.total in [most, 11] && resource.total < 10": ["resource.total < 10: true"],
    # Bools, null and presence
    "resource.paid && !resource.paid": ["!resource.paid: true"],
    "resource.paid || !resource.paid": ["!resource.paid: false"],
    "resource.paid == true && !resource.paid": ["!resource.paid: true"],
    "resource.manager == null && resource.manager != null": ["resource.manager != null: true"],
    "has(resource.discount) && !has(resource.discount)": ["!has(resource.discount): true"],
    "has(resource.discount) && resource.discount > 5 && resource.discount < 3": [
        "resource.discount < 3: true"
    ],
    # Negations and parts of parts
    "resource.total > 3 && !(resource.total > 2)": ["!(resource.total > 2): true"],
    "!(resource.total > 3 || resource.paid) && resource.total == 7": ["resource.total == 7: true"],
    "resource.paid || (resource.total > 3 && resource.total < 2)": ["resource.total < 2: true"],
    "[resource.total].all(t, t == 1 && t == 2)": ["t == 2: true"],
    "resource.lines.exists(l, l.quantity > 3 && l.quantity < 2)": ["l.quantity < 2: true"],
    # Something and itself
    "resource.total == resource.total && resource.paid": [
        "resource.total == resource.total: false"
    ],
    "resource.total < resource.total || resource.paid": ["resource.total < resource.total: true"],
    "resource.price != resource.price": ["resource.price != resource.price: true"],
    # Two chains
    "(resource.total > 5 && resource.total < 3) || (resource.paid && !resource.paid)": [
        "resource.total < 3: true",
        "!resource.paid: true",
    ],
    # What may be one or the other
    "resource.total > 5 && resource.total < 7": [],
    "resource.total >= 5 && resource.total <= 5": [],
    "resource.total > 5 || resource.total < 5": [],
    "resource.total > 5 || resource.total < 3": [],
    "resource.price > 5.0 && resource.price < 6.0": [],
    "resource.price * 2.0 < 1.0 || resource.price * 2.0 >= 1.0": [],  # neither of NaN
    "resource.price * 2.0 == resource.price * 2.0": [],
    "resource.price == 0.0 && resource.price == -0.0": [],
    "resource.total > 5 || resource.price < 5.0": [],
    "resource.total > 5 && resource.lines[0].quantity < 3": [],
    "resource.lines[0].quantity > 5 && resource.lines[1].quantity < 3": [],
    "resource.total in [1, 2] && resource.total < 2": [],
    "resource.total in [1, resource.lines[0].quantity] && resource.total == 3": [],
    "resource.state != 'open' && resource.state != 'paid'": [],
    "resource.state == 'open' || resource.state == 'paid'": [],
    "resource.state in ['open', 'paid'] || resource.paid": [],
    "resource.total > 0 && (resource.total == 0 || resource.paid)": [],
    "resource.total > 0 ? resource.total < 0 : true": [],
    "!(resource.total > 3 && resource.paid) && resource.total == 7": [],
    "resource.lines.exists(l, l.quantity > 3) && resource.lines.exists(l, l.quantity < 2)": [],
    "is_holiday(now) && !is_holiday(now)": [],  # the application may say anything
    "subject.roles == managing && subject.roles != managing": [],
    "'clerk' in subject.roles && 'manager' in subject.roles": [],
    "resource.due < now || resource.due > now": [],
    # Names that a macro gives to something else than a constant
    "[1, 2].exists(most, resource.total == most && resource.total == 1)": [],
    "cel.bind(most, resource.total, resource.total == most && resource.total > 10)": [],
    "[[0.0 / 0.0]].exists(each, each == each)": [],
}


def reported(found: Checked) -> list[str]:
    assert {item.code for item in found.diagnostics} <= {"EVL311"}
    return [
        f"{item.span.text}: {item.message.rpartition(' is never ')[2].removesuffix(' here')}"
        for item in found.diagnostics
        if item.span is not None
    ]


@pytest.mark.parametrize(("condition", "expected"), NEVER.items(), ids=NEVER)
def test_conditions(condition: str, expected: list[str]):
    assert reported(checked(condition)) == expected


def test_what_leaves_nothing_over_is_shown():
    (item,) = checked("resource.total > 5 && resource.paid && resource.total < 3").diagnostics
    (note,) = item.notes
    assert note.span is not None
    assert note.span.text == "resource.total > 5"
    assert item.message == "`resource.total < 3` is never true here"


def test_a_chain_of_many_parts_is_reported_once():
    many = " && ".join(f"resource.total == {number}" for number in range(50))
    assert reported(checked(many)) == ["resource.total == 1: true"]


def test_a_variable_is_the_same_wherever_it_stands():
    setting = environment(half=variable("resource.total / 2"))
    assert reported(checked("half > 3 && half < 2", setting)) == ["half < 2: true"]


@pytest.mark.parametrize("declared", [DOUBLE, NullableType(DOUBLE)], ids=str)
def test_a_variable_may_be_no_number(declared: Any):
    setting = environment(ratio=Declaration(declared, "variable"))
    guard = "" if declared == DOUBLE else "ratio != null && "
    assert reported(checked(f"{guard}(!(ratio < 1.0) && !(ratio >= 1.0))", setting)) == []
    assert reported(checked("ratio == ratio", setting)) == []


# Laws

TOTALS = (-1, 0, 1, 2, 3, 4, 9, 10, 11)
PRICES = (-0.5, 0.0, 1.0, 1.5, 2.0, float("inf"))
ORDERS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
INTS = st.sampled_from(["0", "1", "2", "3", "most"])
DOUBLES = st.sampled_from(["0.0", "1.0", "1.5", "2.0"])
STATES = st.sampled_from(["'open'", "'paid'", "'shipped'"])


def comparisons(attribute: str, constants: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Comparisons of an attribute with constants, either way round, and with lists of them."""
    items = st.lists(constants, min_size=1, max_size=2).map(", ".join)
    return st.one_of(
        st.builds(f"{attribute} {{}} {{}}".format, ORDERS, constants),
        st.builds(f"{{}} {{}} {attribute}".format, constants, ORDERS),
        items.map(f"{attribute} in [{{}}]".format),
    )


def trees(leaves: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Conditions of some leaves."""

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        parts = st.lists(inner, min_size=2, max_size=4)
        chains = st.builds(lambda sign, those: f"({sign.join(those)})",
                           st.sampled_from([" && ", " || "]), parts)  # fmt: skip
        return chains | inner.map("!({})".format) | st.builds("({} ? {} : {})".format, *[inner] * 3)

    return st.recursive(leaves, grown, max_leaves=8)


TOTAL = comparisons("resource.total", INTS)
CONDITIONS = st.one_of(
    trees(TOTAL),
    trees(TOTAL | comparisons("resource.state", STATES) | st.just("resource.paid")),
    trees(comparisons("resource.price", DOUBLES) | st.just("resource.price == resource.price")),
    trees(
        comparisons("resource.total % 3", INTS)
        | comparisons("(resource.price / resource.price)", DOUBLES)
    ),
)


class Order(Requests):
    """A request with the given attributes of the resource."""

    def __init__(self, resource: Mapping[str, Any]) -> None:
        self._resource = resource
        self._names = dict(TABLES)

    def attribute(self, root: str, path: tuple[str, ...]) -> Any:
        (name,) = path
        return self._resource.get(name, ABSENT)


ORDERED = [
    Order({"total": total, "price": price, "state": state, "paid": paid})
    for total, price, state, paid in product(
        TOTALS, PRICES, ("open", "paid", "shipped"), (True, False)
    )
]


def found_in(condition: Checked) -> list[Finding]:
    return list(findings(condition.root, condition.types, TABLES.get, lambda part: False))


@given(CONDITIONS)
def test_what_is_reported_is_never_so(text: str):
    condition = checked(text)
    for finding in found_in(condition):
        part = replace(condition, root=finding.node)
        for order in ORDERED:
            assert evaluate(part, order) is not finding.value


@given(st.data(), st.sampled_from([("&&", "=="), ("||", "!=")]))
def test_of_bounds_and_one_value_nothing_is_missed(data: st.DataObject, kind: tuple[str, str]):
    operator, equality = kind
    signs = st.sampled_from(["<", "<=", ">", ">=", equality])
    parts = st.builds("resource.total {} {}".format, signs, INTS)
    text = f" {operator} ".join(data.draw(st.lists(parts, min_size=2, max_size=5)))
    condition = checked(text)
    values = {evaluate(condition, order) for order in ORDERED}
    assert {finding.value for finding in found_in(condition)} == {True, False} - values
