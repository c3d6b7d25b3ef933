from __future__ import annotations

import pytest

from evaluator.diagnostics import CODES
from evaluator.errors import PolicyError
from evaluator.language.parser import parse, parse_text
from evaluator.source import Fragment, Source
from tests.language.bad_expressions import CASES, Case, said_of, said_of_fragment


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_is_said_of_a_bad_expression(case: Case) -> None:
    assert said_of(case.text) == case.said


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_same_is_said_in_the_middle_of_a_file(case: Case) -> None:
    source = Source("file.yaml", f"{case.text} # more\n")
    fragment = Fragment(case.text, source, ((0, 0),), len(case.text))
    assert said_of_fragment(fragment) == case.said


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_fixes_cure(case: Case) -> None:
    """With the fix made, what it was for is not said again."""
    with pytest.raises(PolicyError) as caught:
        parse_text(case.text)
    (problem,) = caught.value.diagnostics
    if problem.fix is None:
        return
    text = case.text
    for edit in problem.fix.edits:
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    try:
        parse_text(text)
    except PolicyError as error:
        (left,) = error.diagnostics
        assert left.span is not None
        assert problem.span is not None
        assert left.span.start > problem.span.start, text


def test_every_code_has_a_case() -> None:
    said = "\n".join(case.said for case in CASES)
    # Those that need a large text or none at all have tests of their own, templates are not ours.
    elsewhere = {"EVL207", "EVL208", "EVL211", "EVL212"}
    assert {code for code in CODES if code.startswith("EVL2") and code not in said} == elsewhere


@pytest.mark.parametrize("text", ["", " ", "\n\t", "// only a comment"])
def test_nothing(text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_text(text)
    (problem,) = caught.value.diagnostics
    assert problem.code == "EVL211"
    assert problem.message == "an expression is expected here, and there is none"


@pytest.mark.parametrize(
    ("text", "underlined"),
    [
        ('"""a\r\nb\r\n\\q"""', r"\q"),
        ('"a\\\\\\q"', r"\q"),
        ("'a\rb", "'a"),
        ("'\ud800'", "\ud800"),
    ],
    ids=repr,
)
def test_underlines(text: str, underlined: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_text(text)
    (problem,) = caught.value.diagnostics
    assert problem.span is not None
    assert problem.span.text == underlined


def test_the_end_of_a_fragment_is_where_it_ends_in_its_source() -> None:
    source = Source("file.yaml", "when: a ==   \nthen: b\n")
    with pytest.raises(PolicyError) as caught:
        parse(Fragment("a ==", source, ((0, 6),), 10))
    (problem,) = caught.value.diagnostics
    assert str(problem.span) == "file.yaml:1:11"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("1" * 50_000 + "x", "`111"),
        ("a" * 50_000 + " b", "`b`"),
        ("b " + "a" * 50_000, "`aaa"),
        ("1" * 50_000, "`111"),
        ("1" * 5_000 + "h", "`111"),
        ("a.all(" + "b" * 50_000 + ".c, d)", "`bbb"),
        ("'" + "a" * 50_000 + "' 'b'", "`'b'`"),
        ("a.\\" + "x" * 50_000, "`\\`"),
    ],
    ids=range(8),
)
def test_messages_stay_short(text: str, start: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_text(text)
    (problem,) = caught.value.diagnostics
    assert problem.message.startswith(start)
    assert len(str(problem)) < 300
