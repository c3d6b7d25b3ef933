"""Diagnostics as text: what is underlined is what is meant, whatever the line holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from evaluator.diagnostics import Diagnostic, Note
from evaluator.render.diagnostics_text import diagnostic_text, summary
from evaluator.render.escape import visible
from evaluator.source import Source


def underlined(text: str, word: str, *, width: int = 60) -> str:
    """A diagnostic on the first ``word`` of a text."""
    start = text.index(word)
    span = Source("licenses/roles.yaml", text).span(start, start + len(word))
    diagnostic = Diagnostic("EVL302", "`totl` is not an attribute", span, "did you mean `total`?")
    return diagnostic_text(diagnostic, width=width).plain


SCREENS = {
    "plain": (
        underlined("a: 1\nwhen: resource.totl < 5\n", "totl"),
        """\
error[EVL302] unknown-attribute: `totl` is not an attribute
 --> licenses/roles.yaml:2:16
  |
2 | when: resource.totl < 5
  |                ^^^^
  = help: did you mean `total`?
""",
    ),
    "tabs": (
        underlined("\twhen:\ttotl\n", "totl"),
        """\
error[EVL302] unknown-attribute: `totl` is not an attribute
 --> licenses/roles.yaml:1:8
  |
1 |     when:    totl
  |              ^^^^
  = help: did you mean `total`?
""",
    ),
    "wide, before and under the mark": (
        underlined("when: 「東京」 == 「大阪」\n", "大阪"),
        """\
error[EVL302] unknown-attribute: `totl` is not an attribute
 --> licenses/roles.yaml:1:16
  |
1 | when: 「東京」 == 「大阪」
  |                     ^^^^
  = help: did you mean `total`?
""",
    ),
    "combining": (
        underlined("when: e\u0301e\u0301 == totl\n", "totl"),
        """\
error[EVL302] unknown-attribute: `totl` is not an attribute
 --> licenses/roles.yaml:1:15
  |
1 | when: e\u0301e\u0301 == totl
  |             ^^^^
  = help: did you mean `total`?
""",
    ),
    "several lines": (
        underlined("rules:\n  - id: one\n    when: true\n", "id: one\n    when: true"),
        """\
error[EVL302] unknown-attribute: `totl` is not an attribute
 --> licenses/roles.yaml:2:5
  |
2 |   - id: one
  |     ^^^^^^^ …
  = help: did you mean `total`?
""",
    ),
    "a long line": (
        underlined(f"when: {'x' * 300} totl {'y' * 300}\n", "totl"),
        """\
error[EVL302] unknown-attribute: `totl` is not an attribute
 --> licenses/roles.yaml:1:308
  |
1 | …xxxxxxxxxxxxxxxxx totl yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
  |                    ^^^^
  = help: did you mean `total`?
""",
    ),
    "control characters": (
        underlined("when: \x1b[31m \u202e totl\n", "totl"),
        """\
error[EVL302] unknown-attribute: `totl` is not an attribute
 --> licenses/roles.yaml:1:15
  |
1 | when: \\x1b[31m \\u202e totl
  |                       ^^^^
  = help: did you mean `total`?
""",
    ),
    "carriage returns, and a line with many digits": (
        underlined("# more\r\n" * 1233 + "when: totl\r\n", "totl"),
        """\
error[EVL302] unknown-attribute: `totl` is not an attribute
    --> licenses/roles.yaml:1234:7
     |
1234 | when: totl
     |       ^^^^
     = help: did you mean `total`?
""",
    ),
    "the end of the file": (
        underlined("when: ", ""),
        """\
error[EVL302] unknown-attribute: `totl` is not an attribute
 --> licenses/roles.yaml:1:1
  |
1 | when:
  | ^
  = help: did you mean `total`?
""",
    ),
}


@pytest.mark.parametrize(("shown", "screen"), SCREENS.values(), ids=SCREENS)
def test_screens(shown: str, screen: str) -> None:
    assert shown == screen


def test_notes_and_folders() -> None:
    source = Source("roles.yaml", "id: a\nid: b\n")
    notes = (Note("first here", source.span(0, 2)), Note("keys are read once"))
    diagnostic = Diagnostic("EVL104", "`id` stands twice", source.span(6, 8), None, notes)
    assert (
        diagnostic_text(diagnostic, folder="policies/").plain
        == """\
error[EVL104] yaml-duplicate-key: `id` stands twice
 --> policies/roles.yaml:2:1
  |
2 | id: b
  | ^^
  = note: first here
 --> policies/roles.yaml:1:1
  |
1 | id: a
  | ^^
  = note: keys are read once
"""
    )


def test_no_place_and_no_text() -> None:
    assert diagnostic_text(Diagnostic("EVL605", "no\nrequest")).plain == (
        "error[EVL605] request-envelope: no\\x0arequest\n"
    )
    missing = Diagnostic("EVL001", "there is no `a.yaml`", Source("a.yaml", "").span(0, 0))
    assert diagnostic_text(missing).plain == (
        "error[EVL001] file-missing: there is no `a.yaml`\n --> a.yaml:1:1\n"
    )


@given(
    st.text(st.sampled_from("ab\t東\x1b\u202e[]"), min_size=1, max_size=200),
    st.integers(0, 199),
    st.integers(1, 40),
    st.integers(20, 120),
)
def test_the_mark_stands_under_what_it_means(
    line: str, start: int, length: int, width: int
) -> None:
    line += "z"  # blanks at the end of a line are not shown
    start = min(start, len(line) - 1)
    span = Source("a.yaml", line).span(start, min(len(line), start + length))
    shown = diagnostic_text(Diagnostic("EVL302", "wrong", span), width=width).plain
    *_, excerpt, marks = shown.splitlines()
    assert cell_len(excerpt) <= max(width, 25)
    column = next(at for at in range(len(excerpt)) if cell_len(excerpt[:at]) == marks.index("^"))
    meant = visible(span.text.replace("\t", "    "))
    under = excerpt[column : column + len(meant)].partition("…")[0]
    assert meant.startswith(under or " ")
    assert marks.count("^") == cell_len(under)


def test_summary() -> None:
    error, warning = Diagnostic("EVL302", "wrong"), Diagnostic("EVL311", "odd")
    assert summary([], "policies").plain == "policies: no problems"
    assert summary([error], "policies").plain == "policies: 1 error"
    assert summary([error, error, warning], "a, b").plain == "a, b: 2 errors, 1 warning"
