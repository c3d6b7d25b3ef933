from __future__ import annotations

from tests.server.playground.workspaces import ask, text_of

NAME = "licenses/reduction-window.yaml"


def test_what_is_fine_has_no_problems() -> None:
    assert ask("check") == {"loads": True, "diagnostics": []}


def test_a_mistake_is_told_with_place_and_cure() -> None:
    text = text_of(NAME)
    wrong = text.replace('context.effective == "now"', 'context.efective == "now"', 1)
    assert wrong != text
    told = ask("check", edits={NAME: wrong})
    assert told["loads"] is False
    (problem,) = told["diagnostics"]
    assert problem["name"] == "unknown-attribute"
    at = problem["at"]
    assert wrong[at["from"] : at["to"]] == "efective"
    assert wrong.splitlines()[at["line"] - 1][at["column"] - 1 :].startswith("efective")
    assert "effective" in problem["help"]


def test_a_fix_can_be_applied() -> None:
    text = text_of(NAME)
    wrong = text.replace('context.effective == "now"', 'context.efective == "now"', 1)
    (problem,) = ask("check", edits={NAME: wrong})["diagnostics"]
    fixed = wrong
    for edit in problem["fix"]["edits"]:
        assert edit["file"] == NAME
        fixed = fixed[: edit["from"]] + edit["text"] + fixed[edit["to"] :]
    assert fixed == text


def test_places_count_as_browsers_do() -> None:
    text = text_of(NAME)
    wrong = "# 🙂🙂\n" + text.replace(
        'context.effective == "now"', 'context.efective == "🙂" || context.efective == "now"', 1
    )
    at = ask("check", edits={NAME: wrong})["diagnostics"][1]["at"]
    units = wrong.encode("utf-16-le")
    assert units[2 * at["from"] : 2 * at["to"]].decode("utf-16-le") == "efective"
    line = wrong.splitlines()[at["line"] - 1].encode("utf-16-le")
    assert line[2 * (at["column"] - 1) :].decode("utf-16-le").startswith("efective")


def test_suites_are_checked_where_they_are_edited() -> None:
    name = "licenses/suites/roles.suite.yaml"
    text = text_of(name)
    wrong = text.replace("expect:", "expcet:", 1)
    told = ask("check", edits={name: wrong})
    assert told["loads"] is True
    assert told["diagnostics"][0]["at"]["file"] == name
