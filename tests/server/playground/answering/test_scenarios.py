from __future__ import annotations

from typing import Any

import pytest

from tests.server.playground.workspaces import pack


@pytest.mark.parametrize(
    ("ending", "name", "step"),
    [
        (
            "both ends included [+167h59m]",
            "licences can be removed within seven days of the purchase, both ends included",
            {"after": "604740000000000"},
        ),
        (
            "both ends included [-1ns]",
            "licences can be removed within seven days of the purchase, both ends included",
            {"after": "-1"},
        ),
        (
            "clocks go forward [2026-04-05T01:30:00+02:00]",
            "seven days are 168 hours, also when the clocks go forward",
            {"at": "2026-04-04T23:30:00Z"},
        ),
        (
            "[mca-renewed, to-59]",
            "removing takes a new total below the present one, and enough for those assigned",
            {"parts": ["mca-renewed", "to-59"]},
        ),
        ("how many too many", "how many too many", None),
    ],
)
def test_a_scenario_is_told_by_its_case_and_its_step(
    ending: str, name: str, step: dict[str, Any] | None
) -> None:
    one = next(one for one in pack("licenses")["scenarios"] if one["id"].endswith(ending))
    assert (one["name"], one["step"]) == (name, step)
