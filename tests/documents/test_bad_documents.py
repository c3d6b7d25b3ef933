from __future__ import annotations

import pytest

from evaluator.diagnostics import CODES
from evaluator.documents.composing import compose
from evaluator.documents.json_documents import load_json, parse_json
from evaluator.documents.validating import validate
from evaluator.source import Source
from tests.documents.cases import FILES, SCHEMA, Case, described, read_cases

YAML = list(read_cases("bad_yaml.md"))
CASES = [
    pytest.param(file, case, id=f"{file}: {case.id}") for file in FILES for case in read_cases(file)
]


@pytest.mark.parametrize(("file", "case"), CASES)
def test_what_is_said_of_a_bad_document(file: str, case: Case) -> None:
    _, check = FILES[file]
    assert check(case.text) == case.said


@pytest.mark.parametrize("case", YAML, ids=lambda case: case.id)
def test_both_parsers_say_the_same(case: Case) -> None:
    source = Source("bad.yaml", case.text)
    native, python = compose(source), compose(source, native=False)
    assert described(native.diagnostics) == described(python.diagnostics)
    assert repr(native.root) == repr(python.root)


@pytest.mark.parametrize(("file", "case"), CASES)
def test_windows_lines_move_nothing(file: str, case: Case) -> None:
    """The same is said, at the same places, when lines end with CR LF."""
    text = case.text.replace("\n", "\r\n")
    if file == "bad_yaml.md":
        said = described(compose(Source("bad.yaml", text)).diagnostics)
    elif file == "bad_json.md":
        said = described(parse_json(Source("bad.json", text)).diagnostics)
        assert said == described(load_json(text)[1])
    else:
        root = compose(Source("bad.yaml", text)).root
        assert root is not None
        said = described(validate(root, SCHEMA))
    assert said == (case.said.rpartition("\n= ")[0] if file == "bad_yaml.md" else case.said)


def test_every_yaml_code_has_a_case() -> None:
    said = "\n".join(case.said for file in FILES for case in read_cases(file))
    # Those that need a large or an odd text have tests of their own.
    elsewhere = {"EVL113", "EVL118", "EVL119"}
    assert {code for code in CODES if code.startswith("EVL1") and code not in said} == elsewhere


@pytest.mark.parametrize("case", YAML, ids=lambda case: case.id)
def test_fixes_cure(case: Case) -> None:
    """With all fixes made, what they were for is not said again."""
    text = case.text
    fixes = [item.fix for item in compose(Source("bad.yaml", text)).diagnostics if item.fix]
    edits = sorted((edit for fix in fixes for edit in fix.edits), key=lambda edit: -edit.span.start)
    for edit in edits:
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    left = compose(Source("fixed.yaml", text)).diagnostics
    assert not [item for item in left if item.fix]
