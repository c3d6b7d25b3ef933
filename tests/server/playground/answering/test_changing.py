from __future__ import annotations

from typing import Any

import pytest

from evaluator.server.playground.answering.workspace import UnloadableError
from tests.server.playground.workspaces import ask, text_of

COMMON = "licenses/common.yaml"


def changed(file: str, old: str, new: str) -> dict[str, Any]:
    text = text_of(file)
    assert old in text
    return ask("changes", edits={file: text.replace(old, new, 1)})


def test_nothing_is_changed_by_a_comment() -> None:
    told = ask("changes", edits={COMMON: f"{text_of(COMMON)}# more\n"})
    assert (told["edits"], told["flips"], told["reasons"]) == ([], [], [])
    suites = told["suites"]
    assert suites["before"] == suites["after"]
    assert suites["after"]["failed"] == 0
    assert 0 < suites["after"]["passed"] <= told["decided"]


def test_a_shorter_window_denies_what_was_allowed() -> None:
    told = changed(COMMON, 'duration("168h")', 'duration("24h")')
    edit = next(one for one in told["edits"] if one["what"] == "constant reduction_window")
    assert (edit["what"], edit["kind"]) == ("constant reduction_window", "changed")
    assert (edit["before"], edit["after"]) == ('duration("168h")', 'duration("24h")')
    assert edit["at"]["file"] == COMMON
    flips = told["flips"]
    assert {(one["before"], one["after"]) for one in flips} == {("allow", "deny")}
    for flip in flips:
        assert flip["at"]["line"] == edit["at"]["line"]
    assert told["suites"]["after"]["failed"] >= len(flips)
    failing = told["suites"]["failing"][0]
    assert failing["differences"]
    assert failing["at"]["file"].startswith("licenses/suites/")


def test_a_value_is_shown_as_written_or_else_as_it_is() -> None:
    told = changed(COMMON, 'duration("168h")', 'duration("14400m")')
    shown = {one["what"]: (one["before"], one["after"]) for one in told["edits"]}
    assert shown["constant reduction_window"] == ('duration("168h")', 'duration("14400m")')
    assert shown["constant reduction_days"] == ("7", "10")


def test_a_rule_that_is_gone() -> None:
    file = "expenses/approval.yaml"
    text = text_of(file)
    begin = text.index("  - id: not-submitted")
    end = text.index("\n  - id: ", begin) + 1
    told = ask("changes", edits={file: text[:begin] + text[end:]})
    (removed,) = [edit for edit in told["edits"] if edit["kind"] == "removed"]
    assert removed["what"] == "rule not-submitted"
    assert removed["at"] is None
    assert told["flips"] or told["reasons"]


def test_other_words_change_no_decision() -> None:
    text = text_of("expenses/approval.yaml")
    line = "This expense is not waiting for approval."
    assert line in text
    told = changed("expenses/approval.yaml", line, "Wait.")
    assert (told["flips"], told["reasons"]) == ([], [])
    assert told["edits"][0]["after"] == "Wait."


def test_suites_that_are_edited_are_run() -> None:
    file = "expenses/suites/approval.suite.yaml"
    told = changed(file, "decision: deny", "decision: allow")
    assert told["edits"] == []
    assert told["suites"]["after"]["failed"] > 0
    assert told["suites"]["failing"][0]["at"]["file"] == file


def test_what_does_not_load_changes_nothing_yet() -> None:
    with pytest.raises(UnloadableError):
        ask("changes", edits={COMMON: "rules: ["})
