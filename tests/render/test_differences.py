"""Differences in lines and in a line: short ones side by side, long ones item by item."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.language.values import ABSENT
from evaluator.render.differences import Line, difference_lines, difference_words
from evaluator.source import Source
from evaluator.suites.comparing import Difference

SPAN = Source("a.suite.yaml", "expect: allow\n").span(8, 13)
IDS = [f"a-rule-with-a-long-name-{number}" for number in range(4)]


@pytest.mark.parametrize(
    ("difference", "lines", "words"),
    [
        pytest.param(
            Difference("decision", "deny", "allow", SPAN),
            [("-", "deny"), ("+", "allow")],
            "decision: expected deny, got allow",
            id="words",
        ),
        pytest.param(
            Difference("outputs.a", "true", True, SPAN),
            [("-", '"true"'), ("+", "true")],
            'outputs.a: expected "true", got true',
            id="texts-that-look-like-other-values",
        ),
        pytest.param(
            Difference("outputs.a", "1", 1, SPAN),
            [("-", '"1"'), ("+", "1")],
            'outputs.a: expected "1", got 1',
            id="numbers",
        ),
        pytest.param(
            Difference("outputs.a", ABSENT, "", SPAN),
            [("-", "(not there)"), ("+", '""')],
            'outputs.a: expected (not there), got ""',
            id="absent",
        ),
        pytest.param(
            Difference("outputs.a", {"x": [1, "two"]}, {"x": []}, SPAN),
            [("-", "{x: [1, two]}"), ("+", "{x: []}")],
            "outputs.a: expected {x: [1, two]}, got {x: []}",
            id="data",
        ),
        pytest.param(
            Difference("rules", IDS[:3], [IDS[0], IDS[3], IDS[2]], SPAN),
            [(" ", IDS[0]), ("-", IDS[1]), ("+", IDS[3]), (" ", IDS[2])],
            f"rules: expected [{', '.join(IDS[:3])}], got [{IDS[0]}, {IDS[3]}, {IDS[2]}]",
            id="long-lists",
        ),
        pytest.param(
            Difference("rules", [IDS[3]], IDS[:3], SPAN, part=True),
            [("-", IDS[3]), *((" ", one) for one in IDS[:3])],
            f"rules: expected [{IDS[3]}, …], got [{', '.join(IDS[:3])}]",
            id="a-part-of-a-long-list",
        ),
        pytest.param(
            Difference("rules", ["a"], ["b"], SPAN, part=True),
            [("-", "[a, …]"), ("+", "[b]")],
            "rules: expected [a, …], got [b]",
            id="a-part",
        ),
        pytest.param(
            Difference("messages.en.a", ["two words", "more"], "A message.", SPAN, part=True),
            [("-", '… "two words" …'), ("-", '… "more" …'), ("+", '"A message."')],
            'messages.en.a: expected ["two words", more, …], got "A message."',
            id="parts-of-a-text",
        ),
        pytest.param(
            Difference("rules", None, ["invalid-request"], SPAN, note="write it"),
            [("+", "[invalid-request]"), (" ", "write it")],
            "rules: got [invalid-request] (write it)",
            id="note",
        ),
        pytest.param(
            Difference("verified.a", True, False, SPAN, note="it \x1b[31m still fires"),
            [("-", "the remedy works"), ("+", "it does not: it \\x1b[31m still fires")],
            "verified.a: the remedy does not work: it \\x1b[31m still fires",
            id="remedy",
        ),
        pytest.param(
            Difference("outputs.a", "\x1b[2J", "\u202e", SPAN),
            [("-", '"\\u001b[2J"'), ("+", '"\\u202e"')],
            'outputs.a: expected "\\u001b[2J", got "\\u202e"',
            id="what-a-terminal-would-obey",
        ),
    ],
)
def test_difference(difference: Difference, lines: list[Line], words: str):
    assert list(difference_lines(difference)) == lines
    assert difference_words(difference) == words


@pytest.mark.parametrize("value", [None, 1.5, [], {}, [[{"a": None}]], "é"])
def test_any_data_can_be_told(value: Any):
    difference = Difference("outputs.a", value, [value], SPAN)
    assert list(difference_lines(difference))
    assert difference_words(difference).startswith("outputs.a: expected ")
