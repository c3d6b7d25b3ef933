"""Messages fall apart into texts and expressions as they are written, braces and all."""

from __future__ import annotations

import pytest

from evaluator.policy.templates import parse_template
from evaluator.source import Fragment


def parts(text: str) -> list[str]:
    found, problems = parse_template(Fragment.whole(text))
    assert problems == ()
    return [part if isinstance(part, str) else f"<{part.text(part.root)}>" for part in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [""], id="empty"),
        pytest.param("plain", ["plain"], id="plain"),
        pytest.param("{a}", ["<a>"], id="only an expression"),
        pytest.param("x {a} y", ["x ", "<a>", " y"], id="in the middle"),
        pytest.param("{a}{b}", ["<a>", "<b>"], id="side by side"),
        pytest.param("{{a}}", ["{a}"], id="doubled braces"),
        pytest.param("{{{a}}}", ["{", "<a>", "}"], id="an expression in braces"),
        pytest.param('{ {"k": a}["k"] }!', ['<{"k": a}["k"]>', "!"], id="a map"),
        pytest.param('{"}" + a}', ['<"}" + a>'], id="a brace in a string"),
        pytest.param("{a // } x\n}", ["<a>"], id="a brace in a comment"),
        pytest.param("{\n  a\n}", ["<a>"], id="several lines"),
    ],
)
def test_parts(text: str, expected: list[str]):
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "code", "underlined"),
    [
        pytest.param("x {a", "EVL212", "{", id="unclosed"),
        pytest.param("x } y", "EVL212", "}", id="stray"),
        pytest.param("x { } y", "EVL212", "{ }", id="empty"),
        pytest.param("x {a b} y", "EVL201", "b", id="no expression"),
    ],
)
def test_problems(text: str, code: str, underlined: str):
    _, problems = parse_template(Fragment.whole(text))
    assert [(item.code, item.span and item.span.text) for item in problems] == [(code, underlined)]
