"""Masks: what they hide, where, when, and what is wrong with some."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from evaluator.server.log.masking import MASK, read_masks
from evaluator.server.log.settings import MaskSetting

REQUEST = {
    "subject": {
        "type": "user",
        "id": "ann@example.com",
        "properties": {"email": "ann@example.com", "age": 41, "tags": ["vip", "x"], "a/b~c": "odd"},
    },
    "action": {"name": "read"},
    "resource": {"type": "record", "id": "r-1"},
    "context": {"notes": [{"text": "seen by ann@example.com", "at": 1}, {"text": "allow"}]},
}
DECISION = {
    "decision": "allow",
    "reasons": [
        {
            "rule": "allow",
            "message": "Write to ann@example.com, who is vip.",
            "remedies": [{"id": "vip", "message": "x", "sets": {"/subject/id": "ann@example.com"}}],
        }
    ],
    "outputs": {"copy": {"to": ["ann@example.com"]}},
    "packs": [{"name": "vip", "version": "1", "digest": "ann@example.com"}],
}


def masked(*settings: MaskSetting) -> tuple[Any, Any, list[str]]:
    masks, found = read_masks(settings)
    assert not found
    before = copy.deepcopy((REQUEST, DECISION))
    result = masks.put_on(REQUEST, DECISION)
    assert before == (REQUEST, DECISION)  # a copy is masked, never what was decided
    return result


def at(value: Any, pointer: str) -> Any:
    for name in pointer.split("/")[1:]:
        name = name.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


@pytest.mark.parametrize(
    ("pointer", "covered"),
    [
        ("/subject/properties/email", ["/subject/properties/email"]),
        ("/subject/properties/age", ["/subject/properties/age"]),
        ("/subject/properties/a~1b~0c", ["/subject/properties/a~1b~0c"]),
        ("/subject/properties/tags/1", ["/subject/properties/tags/1"]),
        ("/context/notes/*/text", ["/context/notes/0/text", "/context/notes/1/text"]),
        ("/context/notes", ["/context/notes"]),
        ("/context/*/0/at", ["/context/notes/0/at"]),
        ("/context/nothing/here", []),
        ("/context/notes/7", []),
        ("/subject/properties/age/years", []),
    ],
)
def test_what_is_covered(pointer: str, covered: list[str]) -> None:
    request, _, told = masked(MaskSetting(pointer))
    assert told == covered
    for place in covered:
        assert at(request, place) == MASK
    if not covered:
        assert request == REQUEST


def test_the_decision_does_not_tell_either() -> None:
    _, decision, _ = masked(
        MaskSetting("/subject/properties/email"), MaskSetting("/context/notes/*/text")
    )
    assert decision == {
        "decision": "allow",  # the policies' own words stay, although a note says the same
        "reasons": [
            {
                "rule": "allow",
                "message": f"Write to {MASK}, who is vip.",
                "remedies": [{"id": "vip", "message": "x", "sets": {"/subject/id": MASK}}],
            }
        ],
        "outputs": {"copy": {"to": [MASK]}},
        "packs": DECISION["packs"],
    }


@pytest.mark.parametrize(
    ("when", "hides"),
    [
        ('subject.type == "user"', True),
        ('subject.type == "robot"', False),
        ("subject.age > 40 && resource.id == 'r-1' && action.name == 'read'", True),
        ("context.notes.size() == 3", False),
        ("subject.nothing == 1", True),  # what cannot be told hides
        ("subject.age", True),
    ],
)
def test_conditions(when: str, hides: bool) -> None:
    _, _, told = masked(MaskSetting("/subject/id", when))
    assert told == (["/subject/id"] if hides else [])


@pytest.mark.parametrize(
    ("pointer", "when", "code", "words"),
    [
        ("subject/id", None, "EVL844", "no JSON pointer"),
        ("", None, "EVL844", "no JSON pointer"),
        ("/", None, "EVL844", "no JSON pointer"),
        ("/subject//id", None, "EVL844", "no JSON pointer"),
        ("/subjct/id", None, "EVL844", "`subjct`"),
        ("/subject", None, "EVL844", "the whole"),
        ("/context", None, "EVL844", "the whole"),
        ("/action/properties", None, "EVL844", "the whole"),
        ("/resource/*", None, "EVL844", "the whole"),
        ("/subject/id", "subject.type =", "EVL206", "`=`"),
        ("/subject/id", "caller == 'x'", "EVL301", "`caller`"),
    ],
)
def test_problems(pointer: str, when: str | None, code: str, words: str) -> None:
    _, found = read_masks([MaskSetting(pointer, when)])
    (first,) = found
    assert first.code == code
    assert words in first.message
