"""Answers are looked at whole: on a busy machine they may take longer than a page waits for."""

from __future__ import annotations

import pytest

from evaluator.server.playground.answering import changing, starting, timeline


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (changing, starting, timeline):
        monkeypatch.setattr(module, "_SECONDS", 60.0)
