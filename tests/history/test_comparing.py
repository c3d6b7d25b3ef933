"""Two versions compared: what is found, by which requests, and what explains it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluator.history.comparing import Comparison
from evaluator.history.exploring import Explored, explore
from evaluator.history.groups import Group
from evaluator.history.versions import Version
from evaluator.language.instants import NANOS, parse_instant
from evaluator.policy.loading import load_packs
from evaluator.source import MemoryFiles
from evaluator.suites.model import Question
from evaluator.suites.reading import read_suites
from tests.history_runs import EDITED, FILES, WIDER, edited, request

HOUR = 3600 * NANOS


def instant(text: str) -> int:
    found = parse_instant(text)
    assert found is not None
    return found


BOUGHT = instant("2026-03-03T09:00:00Z")


def version(files: Mapping[str, str], name: str = "policies") -> Version:
    memory = MemoryFiles(files)
    loaded = load_packs(memory)
    assert loaded.packs, loaded.diagnostics
    return Version(name, memory, loaded.packs)


def explored(
    old: Mapping[str, str], new: Mapping[str, str], *, budget: int = 1_000, suites: bool = True
) -> tuple[Comparison, Explored]:
    before, after = version(old), version(new)
    comparison = Comparison(before, after)
    asked = []
    if suites:
        read = read_suites(before.files, before.packs)
        for suite in read.suites:
            for case, step in suite.steps():
                comparison.ask(step.question, "suites", origin=case.name)
                asked.append(step.question)
    return comparison, explore(comparison, asked, now=BOUGHT, budget=budget)


def flips(comparison: Comparison) -> list[Group]:
    return [group for group in comparison.groups.groups if group.key.flip is not None]


def told(comparison: Comparison) -> list[tuple[str | None, str, str, str]]:
    return [
        (group.key.flip, group.key.cause.part, group.key.cause.name, group.key.cause.how)
        for group in comparison.groups.groups
        if group.key.cause.part != "valid_until"
    ]


LENGTHS = {
    "0s": 0,
    "1ns": 1,
    "1h": HOUR,
    "167h": 167 * HOUR,
    "168h": 168 * HOUR,
    "168h1ns": 168 * HOUR + 1,
    "169h": 169 * HOUR,
}
WINDOWS = [("168h", "169h"), ("168h", "167h"), ("168h", "168h1ns"), ("168h", "1h"), ("0s", "1ns")]


@pytest.mark.parametrize(("old", "new"), WINDOWS)
def test_a_window_of_another_length_flips_what_lies_between(old: str, new: str) -> None:
    """Of all requests those alone flip whose moment is after one window's end and in the other."""
    start, end = sorted((LENGTHS[old], LENGTHS[new]))
    before = edited(("common.yaml", "168h", old))
    after = edited(("common.yaml", "168h", new))
    comparison, found = explored(before, after)
    (group,) = flips(comparison)
    assert group.key.flip == ("allow" if LENGTHS[new] > LENGTHS[old] else "deny")
    assert group.key.cause.name == "late"
    assert [edit.name for edit in comparison.behind(group)] == ["window"]
    # The example stands where the difference begins, and says where it ends.
    example = group.example
    since = instant(example.question.request["resource"]["properties"]["bought_at"])
    assert example.now - since == start + 1
    assert example.until == since + end + 1
    assert found.unnoticed == ()


@pytest.mark.parametrize(("old", "new"), WINDOWS)
def test_every_flip_lies_between(old: str, new: str) -> None:
    """Asked about every moment around both ends, the versions differ at those between only."""
    before = version(edited(("common.yaml", "168h", old)))
    after = version(edited(("common.yaml", "168h", new)))
    comparison = Comparison(before, after)
    asked = request()
    del asked["context"]
    ends = (LENGTHS[old], LENGTHS[new])
    for length in sorted({near for end in ends for near in (end - 1, end, end + 1)}):
        count = comparison.groups.flips["allow"] + comparison.groups.flips["deny"]
        comparison.ask(Question(asked, BOUGHT + length), "moments")
        flipped = comparison.groups.flips["allow"] + comparison.groups.flips["deny"] > count
        assert flipped == (min(ends) < length <= max(ends))


def test_versions_that_are_the_same_have_nothing_to_try() -> None:
    comparison, found = explored(FILES, FILES)
    assert comparison.edits == ()
    assert (found.exhausted, found.unnoticed) == (True, ())
    assert comparison.groups.asked == {"suites": 2}
    assert comparison.groups.differing == 0


def test_words_alone_change_no_decision() -> None:
    comparison, found = explored(FILES, edited(("rules.yaml", "It was opened.", "It is open.")))
    assert [edit.decisive for edit in comparison.edits] == [False]
    assert (comparison.groups.differing, found.exhausted) == (0, True)


EDITS = {
    "a comparison": ([("rules.yaml", "now > closes_at", "now >= closes_at")], "deny", "late"),
    "a bound": ([("rules.yaml", "resource.price > 100", "resource.price >= 100")], None, "fee"),
    "a role less": ([("common.yaml", "[clerk, guest]", "[clerk]")], "deny", "handler"),
    "a rule on trial": (
        [("rules.yaml", "actions: return\n", "actions: return\n    mode: report\n")],
        "allow",
        "opened",
    ),
    "an action less": (
        [("rules.yaml", "[return, exchange]", "return")],
        "deny",
        "handler",
    ),
    "a remedy less": (
        [("rules.yaml", "sets: {context.refund: '\"voucher\"'}", "when: resource.price > 50")],
        None,
        "late/take-voucher",
    ),
    "the schema": (
        [("request.json", '["clerk", "guest"]', '["clerk", "guest", "boss"]')],
        "allow",
        "handler",
    ),
}


@pytest.mark.parametrize("suites", [True, False], ids=["from suites", "from nothing"])
@pytest.mark.parametrize(("changes", "turned", "name"), EDITS.values(), ids=list(EDITS))
def test_each_edit_is_noticed(
    changes: list[tuple[str, str, str]], turned: str | None, name: str, suites: bool
) -> None:
    comparison, found = explored(FILES, edited(*changes), suites=suites)
    assert found.unnoticed == ()
    assert (turned, name) in [(flip, cause) for flip, _, cause, _ in told(comparison)]


def test_examples_are_as_small_as_they_can_be() -> None:
    """Nothing that can be left out of a request that was made up is in it."""
    comparison, _ = explored(FILES, EDITED)
    for group in comparison.groups.groups:
        if group.example.origin:
            continue
        request_ = group.example.question.request
        assert "context" not in request_ or request_["context"]
        assert "properties" not in request_["action"]
        names = set(request_["resource"]["properties"]) - {"bought_at", "price"}
        assert names <= {"opened"}
        assert ("opened" in names) == ("opened" in group.key.cause.name), group.key


def test_what_was_found_is_found_again() -> None:
    first, second = (explored(FILES, EDITED)[0] for _ in range(2))
    assert told(first) == told(second)
    assert [group.example.question.request for group in first.groups.groups] == [
        group.example.question.request for group in second.groups.groups
    ]


def test_the_budget_is_kept() -> None:
    comparison, found = explored(FILES, WIDER, budget=10)
    assert comparison.groups.asked["boundaries"] == 10
    assert not found.exhausted


def test_an_edit_that_changes_nothing_is_unnoticed() -> None:
    never = edited(("rules.yaml", "resource.opened\n", "resource.opened && resource.price >= 0\n"))
    comparison, found = explored(FILES, never)
    assert [edit.name for edit in found.unnoticed] == ["opened"]
    assert comparison.groups.differing == 0


def test_a_request_counts_once_unless_each_does() -> None:
    comparison = Comparison(version(FILES), version(WIDER))
    for _ in range(3):
        comparison.ask(Question(request(), BOUGHT), "suites")
    assert comparison.groups.asked == {"suites": 1}
    for _ in range(3):
        comparison.ask(Question(request(169), BOUGHT), "requests", each=True)
    assert comparison.groups.asked == {"suites": 1, "requests": 3}
    assert comparison.groups.flips == {"allow": 3, "deny": 0}


@pytest.mark.parametrize("broken", [{}, {"subject": 1}, {"resource": {"type": []}}])
def test_broken_requests_are_decided_too(broken: dict[str, object]) -> None:
    comparison = Comparison(version(FILES), version(WIDER))
    assert not comparison.ask(Question(broken, BOUGHT), "requests", each=True)
    assert comparison.seeds.questions == []
