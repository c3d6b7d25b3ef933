from __future__ import annotations

import pytest

from evaluator.server.playground.answering.durations import with_hours


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ('duration("604800s")', 'duration("168h")'),
        ('duration("-5400s")', 'duration("-1h30m")'),
        ('duration("0s")', 'duration("0s")'),
        ('duration("59s")', 'duration("59s")'),
        ('duration("1.500s")', 'duration("1.500s")'),
        ('[duration("60s"), duration("3600s")]', '[duration("1m"), duration("1h")]'),
        (r'"duration(\"604800s\")"', r'"duration(\"604800s\")"'),
        ('duration("', 'duration("'),
    ],
)
def test_durations_are_in_hours(value: str, shown: str) -> None:
    assert with_hours(value) == shown
