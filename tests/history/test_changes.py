"""What differs between two answers, and which differences explain the others."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.history.answers import Answer, read_answer
from evaluator.history.changes import Change, causes, changes, flip


def answer(effect: str, *rules: str, **parts: Any) -> Answer:
    """An answer by some rules, ``late/voucher`` being one with a remedy; ``?late`` erred."""
    reasons = []
    for rule in rules:
        id_, *remedies = rule.lstrip("?").split("/")
        is_default = id_.startswith("no-")
        kind = "indeterminate" if rule[0] == "?" else "default" if is_default else effect
        reasons.append(
            {
                "rule": id_,
                "policy": None if is_default else "returns.rules",
                "kind": kind,
                "remedies": [{"id": one, "sets": {"/context/x": 1}} for one in remedies],
            }
        )
    document: dict[str, Any] = {
        "decision": effect,
        "reasons": reasons,
        "outputs": {},
        "notices": [],
        "errors": [],
        "valid_until": None,
    }
    found = read_answer(document | parts)
    assert isinstance(found, Answer)
    return found


def short(change: Change) -> str:
    return " ".join(part for part in (change.part, change.name, change.how) if part)


NOTICE = {"rule": "trial", "policy": "returns.rules", "kind": "deny"}
ERROR = {"rule": "late", "remedy": "voucher", "kind": "divide_by_zero", "message": ""}

# Old, new, all changes, and those that explain them.
CASES = {
    "the same": (answer("allow", "handler"), answer("allow", "handler"), [], []),
    "one denies no longer": (
        answer("deny", "late/voucher"),
        answer("allow", "handler", outputs={"fee": 1}),
        [
            "reason late removed",
            "reason handler added",
            "remedy late/voucher removed",
            "output fee added",
        ],
        ["reason late removed"],
    ),
    "one denies": (
        answer("allow", "handler"),
        answer("deny", "late", "opened"),
        ["reason handler removed", "reason late added", "reason opened added"],
        ["reason late added", "reason opened added"],
    ),
    "nothing allows any more": (
        answer("allow", "handler"),
        answer("deny", "no-rule-allows"),
        ["reason handler removed", "reason no-rule-allows added"],
        ["reason handler removed"],
    ),
    "something allows at last": (
        answer("deny", "no-rule-allows"),
        answer("allow", "handler"),
        ["reason no-rule-allows removed", "reason handler added"],
        ["reason handler added"],
    ),
    "no policy applies any more": (
        answer("allow", "handler"),
        answer("deny", "no-policy-applies"),
        ["reason handler removed", "reason no-policy-applies added"],
        ["reason no-policy-applies added"],
    ),
    "nothing but the default": (
        answer("deny", "no-rule-allows"),
        answer("deny", "no-policy-applies"),
        ["reason no-rule-allows removed", "reason no-policy-applies added"],
        ["reason no-policy-applies added"],
    ),
    "the last denial went": (
        answer("deny", "late"),
        answer("deny", "no-rule-allows"),
        ["reason late removed", "reason no-rule-allows added"],
        ["reason late removed"],
    ),
    "one reason less, and its remedy": (
        answer("deny", "late/voucher", "opened"),
        answer("deny", "opened", outputs={"fee": 1}),
        ["reason late removed", "remedy late/voucher removed", "output fee added"],
        ["reason late removed", "output fee added"],
    ),
    "a remedy less": (
        answer("deny", "late/voucher"),
        answer("deny", "late"),
        ["remedy late/voucher removed"],
        ["remedy late/voucher removed"],
    ),
    "an error in place of a denial": (
        answer("deny", "late"),
        answer("deny", "?late"),
        ["reason late changed"],
        ["reason late changed"],
    ),
    "another order": (
        answer("deny", "late", "opened"),
        answer("deny", "opened", "late"),
        ["order changed"],
        ["order changed"],
    ),
    "until another moment": (
        answer("allow", "handler"),
        answer("allow", "handler", valid_until="2026-03-03T09:00:00Z"),
        ["valid_until changed"],
        ["valid_until changed"],
    ),
    "until another moment, by a rule": (
        answer("deny", "late", "opened"),
        answer("deny", "late", valid_until="2026-03-03T09:00:00Z"),
        ["reason opened removed", "valid_until changed"],
        ["reason opened removed"],
    ),
    "a flip and a notice": (
        answer("deny", "late"),
        answer("allow", "handler", notices=[NOTICE]),
        ["reason late removed", "reason handler added", "notice trial added"],
        ["reason late removed", "notice trial added"],
    ),
    "an error": (
        answer("deny", "late", errors=[ERROR]),
        answer("deny", "late"),
        ["error late/voucher removed"],
        ["error late/voucher removed"],
    ),
    "true is not one, and one is 1.0": (
        answer("allow", "handler", outputs={"a": [True], "b": 1}),
        answer("allow", "handler", outputs={"a": [1], "b": 1.0}),
        ["output a changed"],
        ["output a changed"],
    ),
    "codes with other texts": (
        answer("allow", "handler", outputs={"a": [{"code": "x", "text": "X"}]}),
        answer("allow", "handler", outputs={"a": [{"code": "x", "text": "Y"}]}),
        [],
        [],
    ),
    "a log of effects": (
        read_answer({"decision": "allow"}),
        answer("deny", "late/voucher", valid_until="2026-03-03T09:00:00Z"),
        ["decision changed"],
        ["reason late added"],
    ),
    "a log of effects, and the same": (
        read_answer({"decision": "deny"}),
        answer("deny", "late/voucher", outputs={"fee": 1}),
        [],
        [],
    ),
}


@pytest.mark.parametrize(("old", "new", "found", "explaining"), CASES.values(), ids=list(CASES))
def test_changes(old: Answer, new: Answer, found: list[str], explaining: list[str]) -> None:
    made = changes(old, new)
    assert [short(one) for one in made] == found
    assert [short(one) for one in causes(old, new, made)] == explaining


@pytest.mark.parametrize(("old", "new"), [case[:2] for case in CASES.values()], ids=list(CASES))
def test_what_differs_differs_the_other_way_round(old: Answer, new: Answer) -> None:
    there, back = changes(old, new), changes(new, old)
    swapped = {"added": "removed", "removed": "added", "changed": "changed"}
    assert sorted(f"{one.part} {one.name} {swapped[one.how]}" for one in back) == sorted(
        f"{one.part} {one.name} {one.how}" for one in there
    )
    assert bool(causes(old, new, there)) == bool(there)
    assert (flip(old, new) is None) == (flip(new, old) is None) == (old.effect == new.effect)


def test_edited_rules_settle_what_the_order_leaves_open() -> None:
    """With ``first_match`` a new rule before the one that denied is the cause, not that one."""
    old, new = answer("deny", "late"), answer("allow", "regular")
    found = changes(old, new)
    by = causes(old, new, found, edited=lambda change: change.rule == "regular")
    assert [short(one) for one in by] == ["reason regular added"]
    by = causes(old, new, found, edited=lambda _: False)
    assert [short(one) for one in by] == ["reason late removed"]


def test_rules_of_one_name_in_two_packs_are_two() -> None:
    def of(*policies: str) -> Answer:
        reasons = [{"rule": "late", "policy": one, "kind": "deny"} for one in policies]
        found = read_answer({"decision": "deny", "reasons": reasons})
        assert isinstance(found, Answer)
        return found

    (change,) = changes(of("a.rules", "b.rules"), of("b.rules"))
    assert (short(change), change.policy) == ("reason late removed", "a.rules")
    assert changes(of("a.rules"), of("a.others")) == ()  # a rule that went to another file
