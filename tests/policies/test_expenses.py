"""The expenses pack decides as the same policy by hand does, and its suites hold it to that."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

import evaluator
from evaluator.suites.coverage.measuring import measure
from evaluator.suites.model import Suite
from evaluator.suites.reading import read_suites
from evaluator.suites.running import Runner
from tests.cli_runner import evaluator as run
from tests.policies.expenses_by_hand import decide

FILES: Final = evaluator.Folder(Path(__file__).parents[2] / "policies" / "expenses")
PACKS: Final = evaluator.load(FILES).packs
READ: Final = read_suites(FILES, PACKS)

NOW: Final = datetime(2026, 3, 3, 9, tzinfo=UTC)
ROLES: Final = ("department_manager", "regional_director", "finance_director", "accountant")
REGIONS: Final = ("europe", "americas", "asia")
STATUSES: Final = ("draft", "submitted", "approved", "rejected", "paid")
# At every limit and just beyond.
AMOUNTS: Final = (1, 49, 50, 74, 75, 99, 100, 1_000, 1_001, 10_000, 10_001, 100_000, 100_001)
# Now, at the end of the window, a nanosecond earlier, and in the future.
SUBMISSIONS: Final = (
    "2026-03-03T09:00:00Z",
    "2026-02-01T09:00:00Z",
    "2026-02-01T08:59:59.999999Z",
    "2026-03-04T00:00:00+01:00",
)


def requests(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Requests that satisfy the schema, most of them for an expense that waits for approval."""
    chance = random.Random(seed)
    for _ in range(count):
        person = chance.choice(["ann", "bo"])
        properties: dict[str, Any] = {}
        if chance.random() < 0.9:
            properties["roles"] = chance.sample(ROLES, chance.randint(0, 3))
        if chance.random() < 0.8:
            properties["department"] = chance.choice(["sales", "research"])
        if chance.random() < 0.8:
            properties["region"] = chance.choice(REGIONS)
        expense: dict[str, Any] = {
            "owner": chance.choice(["ann", "bo", "carl"]),
            "department": "sales",
            "region": chance.choice(REGIONS),
            "amount": chance.choice(AMOUNTS),
            "has_receipt": chance.random() < 0.5,
            "status": chance.choice([*STATUSES, *["submitted"] * 3]),
        }
        if chance.random() < 0.9:
            expense["submitted_at"] = chance.choice(SUBMISSIONS)
        yield {
            "subject": {"type": "user", "id": person, "properties": properties},
            "action": {"name": chance.choice(["submit", "approve", "approve", "reject", "pay"])},
            "resource": {"type": "expense", "id": "expense-1", "properties": expense},
        }


@pytest.mark.parametrize("seed", range(2))
def test_it_decides_as_by_hand(seed: int) -> None:
    policies = evaluator.load(FILES, clock=lambda: NOW)
    seen = set()
    for request in requests(seed, 3_000):
        answer = decide(request, NOW)
        assert policies.effect_and_ids(request) == (answer[0], (answer[1],)), request
        seen.add(answer[1])
    (variant,) = PACKS[0].variants
    assert seen == {rule.id for rule in variant.rules}


def test_its_suites_have_no_problems() -> None:
    assert READ.diagnostics == ()
    assert [suite.name for suite in READ.suites] == [
        "expenses.approval",
        "expenses.payment",
        "expenses.submission",
    ]


@pytest.mark.parametrize("suite", READ.suites, ids=lambda suite: suite.name)
def test_every_step_passes(suite: Suite) -> None:
    runner = Runner(PACKS)
    failed = {
        f"{case.name} [{step.label}]": runner.run(step)
        for case, step in suite.steps()
        if not runner.passes(step)
    }
    assert failed == {}


def test_its_suites_leave_nothing_out() -> None:
    found = measure(PACKS, READ.suites, unreachable=READ.unreachable)
    assert [result.words for result in found.gaps] == []
    assert found.aside == ()


def test_its_suites_notice_changes() -> None:
    done = run("mutate", "policies/expenses", "--limit", "40", "-j", "1")
    assert done.returncode == 0, done.stdout
    last = done.stdout.splitlines()[-1]
    found = re.fullmatch(r"mutation: (\d+) of (\d+) mutants noticed, \d+ set aside.*", last)
    assert found is not None, last
    assert found[1] == found[2]
    assert int(found[1]) > 30
