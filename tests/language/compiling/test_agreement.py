"""The compiler says what the interpreter says, or nothing."""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest

from evaluator.diagnostics import Severity
from evaluator.language.checker import Checked
from evaluator.language.compiling.runtime import Doubt
from evaluator.language.compiling.standalone import compile_expression
from evaluator.language.interpreter import evaluate
from evaluator.language.values import ErrorValue, Map, Optional
from tests.language.checking_setting import FUNCTIONS, TABLES, Requests, checked
from tests.language.typed_expressions import Expressions

CHUNKS = 10
# The nightly mode asks for a million: EVALUATOR_PAIRS=1000000.
PAIRS = int(os.environ.get("EVALUATOR_PAIRS", "20000")) // CHUNKS


def alike(one: Any, other: Any) -> bool:
    """Whether two values are the same in every respect: class, order of entries, NaN."""
    if type(one) is not type(other):
        return (
            isinstance(one, (list, tuple))
            and isinstance(other, (list, tuple))
            and (alike(list(one), list(other)))
        )
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, Map):
        return alike([list(pair) for pair in one.items()], [list(pair) for pair in other.items()])
    if isinstance(one, Optional):
        return one.present == other.present and alike(one.value, other.value)
    return bool(one == other) or (one != one and other != other)


def disagreement(found: Checked, request: Requests) -> str | None:
    """How the compiler differs from the interpreter, in words; "" when it was in doubt."""
    seen: list[Any] = []
    wanted = evaluate(
        found, request, functions=FUNCTIONS, trace=lambda _, value: seen.append(value)
    )
    function = compile_expression(found, functions=FUNCTIONS, constants=TABLES)
    try:
        value = function(request)
    except Exception as error:  # noqa: BLE001  # anything sends the caller to the interpreter
        if isinstance(wanted, ErrorValue) or any(isinstance(part, ErrorValue) for part in seen):
            return ""
        return f"compiled it is {error!r}, interpreted {wanted!r}"
    if isinstance(wanted, ErrorValue) or not alike(value, wanted):
        return f"compiled it is {value!r}, interpreted {wanted!r}"
    return None


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_generated_expressions(chunk: int) -> None:
    random = Random(chunk)
    tried = doubted = 0
    while tried < PAIRS:
        text = Expressions(random).expression()
        found = checked(text)
        if any(item.severity is Severity.ERROR for item in found.diagnostics):
            continue
        for _ in range(4):
            difference = disagreement(found, Requests(random))
            assert not difference, f"seed {chunk}: {text}\n{difference}"
            tried += 1
            doubted += difference == ""
    # Else the property would say nothing.
    assert doubted < tried * 0.3


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("1 / 0 == 1", True),
        ("[1, 2, 3][resource.total] == 1", None),
        ("resource.total + 9223372036854775807 > 0", None),
        ("resource.lines.all(l, l.quantity > 0) || true", False),
        ("resource.lines.filter(l, l.state == 'open').size() >= 0", False),
        ("resource.lines.map(l, l) == resource.lines", False),
        ("resource.lines.exists(l, has(l.note) && l.note.size() == 3)", False),
        ("subject.roles.exists(r, r in approvers[resource.state])", False),
        ("subject.roles.all(r, !(r in ['clerk']))", False),
        ("cel.bind(x, resource.total, [1, 2].exists(y, x == y && [x].exists(z, z == y)))", False),
        ("resource.due + window > now ? 1 : 2", None),
        ("resource.?partner.orValue('none').size() > 0", False),
        ("{'a': 1, 'b': resource.paid ? 1 : 2}.b", False),
        ("resource.manager == null || resource.manager.startsWith('m')", False),
        ("[1, 2].exists(x, [3, 4].exists(y, x + y == resource.total))", False),
        ("optional.of(resource.total).optMap(t, t > 1).orValue(false)", False),
        ("string(resource.due).matches(pattern)", False),
        ("resource.labels.transformMap(k, v, v > 1, k).size()", False),
        ("resource.labels.exists_one(k, k == '')", False),
        ("resource.lines.sortBy(l, l.quantity).map(l, l.product)", False),
        ("[3, 1, 2].sortBy(x, -x) == [3, 2, 1]", False),
        ("['b', 'a'].transformMapEntry(i, v, {v: i})", False),
        ("[1, 2].transformMapEntry(i, v, {'same': i})", True),
    ],
)
def test_what_may_be_in_doubt(text: str, doubtful: bool | None) -> None:
    found = checked(text)
    assert not [item for item in found.diagnostics if item.severity is Severity.ERROR]
    random = Random(text)
    doubts = 0
    for _ in range(50):
        difference = disagreement(found, Requests(random))
        assert not difference, difference
        doubts += difference == ""
    if doubtful is not None:
        assert (doubts > 0) is doubtful


def test_doubt_is_raised_not_returned() -> None:
    function = compile_expression(checked("1 / resource.total > 0"), functions=FUNCTIONS)

    class Zero(Requests):
        def attribute(self, root: str, path: tuple[str, ...]) -> Any:
            return 0

    with pytest.raises(Doubt):
        function(Zero(Random(1)))


def test_work_is_bounded() -> None:
    ranges = "[" + ", ".join(map(str, range(200))) + "]"
    text = f"{ranges}.all(x, {ranges}.all(y, {ranges}.all(z, x + y + z >= 0)))"
    function = compile_expression(checked(text), functions=FUNCTIONS)
    with pytest.raises(Doubt):
        function(Requests(Random(1)))
