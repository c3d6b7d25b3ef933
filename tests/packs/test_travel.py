"""The travel pack: one rule that allows is enough, and an application tells it the holidays."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

import evaluator
from tests.cli_runner import evaluator as run
from tests.packs.functions import FUNCTIONS

PACK: Final = Path(__file__).parent / "travel"
NAME: Final = "tests.packs.functions:FUNCTIONS"


def request(**properties: Any) -> dict[str, Any]:
    trip = {"purpose": "customer", "departs_at": "2026-03-17T09:00:00Z", **properties}
    return {
        "subject": {"type": "user", "id": "ann"},
        "action": {"name": "book"},
        "resource": {"type": "trip", "id": "trip-1", "properties": trip},
        "context": {"time": "2026-03-03T09:00:00Z"},
    }


CHRISTMAS: Final = "2026-12-25T09:00:00Z"


@pytest.mark.parametrize(
    ("properties", "answer"),
    [
        ({}, ("deny", ("no-rule-allows",))),
        ({"departs_at": CHRISTMAS}, ("deny", ("on-a-holiday",))),
        ({"departs_at": CHRISTMAS, "purpose": "emergency"}, ("allow", ("emergency",))),
        ({"departs_at": "2026-03-04T09:00:00Z"}, ("deny", ("on-short-notice",))),
        ({"departs_at": "2026-01-01T09:00:00Z"}, ("deny", ("on-a-holiday", "on-short-notice"))),
        (
            {"departs_at": CHRISTMAS, "purpose": "emergency", "agreed_by": "bo"},
            ("allow", ("emergency", "agreed")),
        ),
    ],
    ids=str,
)
def test_one_rule_that_allows_is_enough(
    properties: dict[str, Any], answer: tuple[str, tuple[str, ...]]
) -> None:
    policies = evaluator.load(PACK, functions=FUNCTIONS)
    assert policies.effect_and_ids(request(**properties)) == answer


def test_a_function_that_fails_denies_unless_something_allows() -> None:
    policies = evaluator.load(PACK, functions=FUNCTIONS)
    decision = policies.decide(request(departs_at="2027-03-03T09:00:00Z"))
    (reason,) = decision.reasons
    assert (reason.rule, reason.kind) == ("on-a-holiday", "indeterminate")
    assert reason.error is not None
    assert reason.error.kind == "host_function"
    assert policies.allowed(request(departs_at="2027-03-03T09:00:00Z", purpose="emergency"))


def test_it_cannot_be_loaded_without_its_function() -> None:
    with pytest.raises(evaluator.PolicyError) as caught:
        evaluator.load(PACK)
    assert [item.code for item in caught.value.diagnostics] == ["EVL430"]


@pytest.mark.parametrize(
    ("args", "last"),
    [
        (("test", "--coverage"), "coverage: 100 % of 21 obligations"),
        (("mutate",), "mutation: 36 of 36 mutants noticed, 1 set aside as equivalent"),
    ],
    ids=["test", "mutate"],
)
def test_its_suite_holds_it(args: tuple[str, ...], last: str) -> None:
    command, *rest = args
    done = run(command, "tests/packs/travel", "--functions", NAME, *rest)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == last
