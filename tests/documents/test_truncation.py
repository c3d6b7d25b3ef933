from __future__ import annotations

import pytest

from evaluator.documents.composing import compose
from evaluator.documents.nodes import Mapping, Scalar
from evaluator.documents.truncation import truncation_suspect
from evaluator.source import Source
from tests.documents.cases import described


def suspect(text: str, *, template: bool = False) -> str:
    document = compose(Source("f", text))
    assert not document.diagnostics
    assert isinstance(document.root, Mapping)
    scalar = document.root.entries[0][1]
    assert isinstance(scalar, Scalar)
    found = truncation_suspect(scalar, template=template)
    return described([found]) if found else ""


CUT = {
    "when: (a || b #c)": "`(` is not closed",
    "when: a[0 #]": "`[` is not closed",
    "when: x.exists(y, y == {'b':1} #)": "`(` is not closed",
    'when: name == "a #b"': 'the string after `"` is not closed',
    "when: name == 'a #b'": "the string after `'` is not closed",
    'when: name == r"\\" + "a #b"': 'the string after `"` is not closed',
    "when: a && # b": "nothing follows `&&`",
    "when: a in # b": "nothing follows `in`",
    "when: a ==\t# b": "nothing follows `==`",
    "when: a &&\n  b ||  # c": "nothing follows `||`",
    "when: resource. # b": "nothing follows `.`",
    "when: a ? b # c": "",
}
WHOLE = [
    "when: a # b",
    'when: a == "b" # it\'s fine',
    "when: name == 'it' # (open",
    "when: size(a) > 0   # && b",
    "when: a#b && (",
    "when: 'a && ' # b",
    "when: |\n  a && # b",
    "when: a &&",
    "when: begin # in",
    'when: x == "a\\"b" # c',
    "when: x == '''a'b''' # c",
    "when:",
]


@pytest.mark.parametrize("text", CUT)
def test_expressions_that_a_comment_cuts(text: str) -> None:
    said = suspect(text)
    if CUT[text]:
        assert f"EVL112 ` #` begins a comment here, which cuts the value short: {CUT[text]}" in said
    else:
        assert said == ""


@pytest.mark.parametrize("text", WHOLE)
def test_comments_behind_whole_expressions(text: str) -> None:
    assert suspect(text) == ""


def test_where_it_is_cut() -> None:
    assert suspect('when: name == "a #b"  \nx: 1') == (
        "1:18 EVL112 ` #` begins a comment here, which cuts the value short: "
        'the string after `"` is not closed\n'
        '  | #b"  \n'
        "  note 1:7: this much is read\n"
        "  help: quote the whole value, or put it under `|`"
    )


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("en: Until {date #}", True),
        ("en: It's (here # or there", False),
        ("en: Until {date} # often", False),
        ("en: Say {{ # x", False),
    ],
)
def test_messages_only_count_braces(text: str, cut: bool) -> None:
    assert bool(suspect(text, template=True)) is cut
