from __future__ import annotations

from typing import Any

import pytest

from evaluator.server.playground.answering.asking import InvalidError, TooLargeError
from evaluator.server.playground.answering.workspace import UnloadableError
from evaluator.suites.running import Runner
from tests.server.playground.workspaces import ask, start, text_of, workspace

SUITE = "licenses/suites/roles.suite.yaml"


def case(edits: dict[str, str] | None = None, **fields: Any) -> str:
    scenario = start("licenses")
    known = {"request": scenario["request"], "now": scenario["now"]}
    text: str = ask("case", edits=edits, **known, **fields)["text"]
    return text


def test_a_case_that_is_pasted_passes() -> None:
    name = 'a "name": of mine'
    pasted = text_of(SUITE).replace("cases:\n", "cases:\n" + case(name=name), 1)
    loaded = workspace().loaded({SUITE: pasted})
    assert loaded.suites.diagnostics == workspace().base.suites.diagnostics
    suite = next(one for one in loaded.suites.suites if one.file == SUITE)
    (step,) = next(one for one in suite.cases if one.name == name).steps
    assert Runner(loaded.packs).run(step) == ()


def test_policies_that_cannot_be_loaded_expect_nothing() -> None:
    with pytest.raises(UnloadableError):
        case({"licenses/roles.yaml": "x"}, name="x")


def test_a_case_has_a_name_of_a_sensible_length() -> None:
    with pytest.raises(TooLargeError):
        case(name="x" * 10_000)
    with pytest.raises(InvalidError):
        case()
