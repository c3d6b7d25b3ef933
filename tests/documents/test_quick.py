"""The quick check agrees with the validator that explains."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from evaluator.documents.composing import compose
from evaluator.documents.nodes import Node, to_python
from evaluator.documents.quick import quick_check
from evaluator.documents.schemas import validator
from evaluator.policy.schemas import published
from evaluator.source import Source

POLICIES = Path(__file__).parents[2] / "policies"
FILES = sorted(POLICIES.glob("*/*.yaml"))


def root(text: str) -> Node | None:
    return compose(Source("f", text)).root


def is_valid(schema: Mapping[str, Any], node: Node) -> bool:
    return not list(validator(schema, {}).iter_errors(to_python(node)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_and_mutated_files(path: Path) -> None:
    schema = published("pack" if path.name == "pack.yaml" else "policy")
    check = quick_check(schema)
    assert check is not None
    lines = path.read_text("utf-8").splitlines()
    random = Random(path.name)
    whole = root("\n".join(lines))
    assert whole is not None
    assert check(whole)
    seen = set()
    for _ in range(120):
        changed = list(lines)
        for _ in range(random.randrange(1, 4)):
            at = random.randrange(len(changed))
            edit = random.randrange(4)
            if edit == 0:
                del changed[at]
            elif edit == 1:
                changed[at] = changed[at].replace(":", ": [", 1) + "]"
            elif edit == 2:
                key, _, _ = changed[at].partition(":")
                changed[at] = f"{key}: {random.choice(('5', 'true', '', '{}', '[]', 'x', '1.5'))}"
            else:
                changed[at] = changed[at].replace("e", "x", 1)
        node = root("\n".join(changed))
        if node is not None:
            wanted = is_valid(schema, node)
            assert check(node) is wanted, "\n".join(changed)
            seen.add(wanted)
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "integer"}, "5", "x"),
        ({"type": "integer"}, "5.0", "5.5"),
        ({"type": "number"}, "5.5", "true"),
        ({"type": ["boolean", "null"]}, "", "0"),
        ({"type": "array", "items": {"type": "string"}, "minItems": 1}, "[a]", "[]"),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 1}, "[a]", "[a, b]"),
        ({"required": ["a"]}, "{a: 1}", "{b: 1}"),
        ({"additionalProperties": {"type": "string"}}, "{a: b}", "{a: 1}"),
        ({"properties": {"a": {"const": 1}}, "additionalProperties": False}, "{a: 1}", "{b: 1}"),
        ({"minProperties": 1, "maxProperties": 1}, "{a: 1}", "{a: 1, b: 2}"),
        ({"properties": {"a": {"type": "string"}}}, "{a: b}", "{a: true}"),
        *(
            ({"properties": {"a": of}, "additionalProperties": False}, good, bad)
            for of, good, bad in (
                ({"type": "string"}, "{a: x}", "{a: 1}"),
                ({"type": "string", "minLength": 1}, "{a: '1'}", "{a: ''}"),
                ({"type": "string", "minLength": 2}, "{a: xy}", "{a: x}"),
                ({"type": "string", "maxLength": 1}, "{a: x}", "{a: xy}"),
                ({"type": ["string", "array"], "minItems": 1}, "{a: x}", "{a: []}"),
                ({"type": "string", "enum": ["x", "true"]}, "{a: 'true'}", "{a: true}"),
                ({"anyOf": [{"type": "null"}, {"type": "string"}]}, "{a: x}", "{a: 5}"),
                ({"allOf": [{"type": "string"}, {"pattern": "x"}]}, "{a: x}", "{a: y}"),
                ({"const": "x"}, "{a: x}", "{a: y}"),
                (True, "{a: x}", "{b: x}"),
            )
        ),
        ({"enum": ["a", 1]}, "1", "true"),
        ({"enum": ["a", "1"]}, "'1'", "1"),
        ({"pattern": "^a+$"}, "aa", "b"),
        ({"minLength": 2, "maxLength": 3}, "abc", "abcd"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "a", "1"),
        ({"allOf": [{"type": "string"}, {"minLength": 2}, {"maxLength": 3}]}, "ab", "a"),
        (
            {"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"type": "null"}},
            "ab",
            "a",
        ),
        (
            {
                "$defs": {"a": {"items": {"$ref": "#/$defs/a"}, "type": "array"}},
                "$ref": "#/$defs/a",
            },
            "[[], [[]]]",
            "[[1]]",
        ),
    ],
    ids=str,
)
def test_keywords(schema: dict[str, Any], good: str, bad: str) -> None:
    check = quick_check(schema)
    assert check is not None
    for text, wanted in ((good, True), (bad, False)):
        node = root(f"  {text}" if text else "# nothing\n~")
        assert node is not None
        assert check(node) is wanted
        assert is_valid(schema, node) is wanted


@pytest.mark.parametrize(
    "schema",
    [{"oneOf": [True]}, {"$ref": "https://example.com/"}, {"enum": [1.5]}, {"not": {}}],
    ids=str,
)
def test_what_is_left_to_the_other(schema: dict[str, Any]) -> None:
    assert quick_check(schema) is None
