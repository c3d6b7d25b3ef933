from __future__ import annotations

from typing import Any

import pytest
import referencing.exceptions

from evaluator.documents.composing import compose
from evaluator.documents.json_documents import SCHEMA_CODES, parse_json
from evaluator.documents.limits import Limits
from evaluator.documents.nodes import Node
from evaluator.documents.schemas import matches
from evaluator.documents.validating import SCHEMA_SHAPE, validate
from evaluator.source import Source
from tests.documents.cases import SCHEMA, described

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def root(text: str) -> Node:
    document = compose(Source("f", text))
    assert document.root is not None
    assert not document.diagnostics
    return document.root


def said(text: str, schema: dict[str, Any], **options: Any) -> str:
    return described(validate(root(text), schema, **options))


def test_a_good_document() -> None:
    text = "name: a\nversion: 1\nwhen: {all: [a, {any: [b]}]}\nfacts: [1, 2]\nactions: a"
    assert said(text, SCHEMA) == ""


def test_a_schema_is_checked_by_its_metaschema_under_its_own_code() -> None:
    text = '{"type": "strin", "minLength": -1, "required": "x", "properties": {"a": 5}}'
    document = parse_json(Source("f", text), codes=SCHEMA_CODES)
    assert document.root is not None
    found = validate(document.root, {"$ref": DIALECT}, codes=SCHEMA_SHAPE)
    assert [f"{item.code} {item.message}" for item in found] == [
        "EVL502 `strin` is not allowed here",
        "EVL502 `minLength` must be 0 or more",
        "EVL502 `required` must be a list, not a text",
        "EVL502 `a` must be `true` or `false` or a mapping, not the number `5`",
    ]


def test_references_resolve_to_what_is_given() -> None:
    resources = {"pack:/other": {"type": "string"}}
    schema = {"properties": {"a": {"$ref": "pack:/other"}}}
    assert "`a` must be a text" in said("a: 1", schema, resources=resources)


def test_patterns_of_keys() -> None:
    schema = {
        "patternProperties": {"^x": {"type": "integer"}},
        "additionalProperties": {"type": "string"},
    }
    assert said("x1: 1\ny: a", schema) == ""
    assert [str(item.span) for item in validate(root("x1: a\ny: 1"), schema)] == ["f:1:5", "f:2:4"]
    assert said("a: 1", {"additionalProperties": True}) == ""
    assert said("[a]", schema) == ""


def test_nothing_is_opened() -> None:
    schema = {"properties": {"a": {"$ref": "http://127.0.0.1:9/schema"}}}
    with pytest.raises(referencing.exceptions.Unresolvable):
        said("a: 1", schema)


def test_patterns_take_linear_time() -> None:
    schema = {
        "additionalProperties": {"pattern": "^(a+)+$"},
        "propertyNames": {"pattern": "^(k+)+$"},
        "patternProperties": {"^(a+)+$": {"type": "string"}},
    }
    # A backtracking matcher would not come back from these before the tests are stopped.
    assert said(f"{'k' * 1000}: {'a' * 50_000}b", schema).startswith("1:1003 EVL117")


def test_half_characters_match_nothing() -> None:
    assert not matches(".", "\ud800")


def test_problems_have_an_end() -> None:
    text = "name: a\nvalues:\n" + "".join(f"  k{number}:\n    - x\n" for number in range(50))
    assert len(validate(root(text), SCHEMA, limits=Limits(max_problems=7))) == 7


def test_several_branches_of_one_likelihood_are_not_guessed() -> None:
    schema = {
        "anyOf": [
            {"type": "object", "required": ["a", "b"]},
            {"type": "object", "required": ["c", "d"]},
            {"type": "string"},
        ]
    }
    assert said("x: 1", schema) == (
        "1:1 EVL117 the file has not the keys of any shape that is allowed here\n"
        "  | x: 1\n"
        "  help: write `a` and `b` or `c` and `d`"
    )
    assert said("a: 1", schema).startswith("1:1 EVL115 the key `b` is missing")


@pytest.mark.parametrize(
    ("schema", "text", "message"),
    [
        ({"minLength": 3}, "ab", "the file must have 3 or more characters"),
        ({"exclusiveMinimum": 1}, "1", "the file must be more than 1"),
        ({"exclusiveMaximum": 1}, "1", "the file must be less than 1"),
        ({"multipleOf": 2}, "3", "the file must be a multiple of 2"),
        ({"minProperties": 2}, "a: 1", "the file must have 2 or more keys"),
        ({"maxProperties": 2}, "{a: 1, b: 1, c: 1}", "the file must have no more keys than 2"),
        ({"not": {"type": "string"}}, "a", "the file is not allowed here"),
        ({"const": None}, "a", "`a` is not allowed here"),
        ({"enum": [True, 1.5, "x"]}, "[a]", "`a list` is not allowed here"),
        (False, "a", "the file is not allowed here"),
        ({"type": "array"}, "true", "the file must be a list, not `true`"),
        ({"type": "array"}, "1.5", "the file must be a list, not the number `1.5`"),
        ({"type": "array"}, "''", "the file must be a list, not a text"),
        (
            {"anyOf": [{"type": "array"}, {"anyOf": [{"type": "integer"}, {"type": "null"}]}]},
            "a",
            "the file must be a whole number, a list or nothing, not a text",
        ),
        ({"contains": {"const": 1}}, "[2]", "the file is not allowed here"),
        ({"oneOf": [{}, {"minimum": 2}]}, "3", "the file mixes shapes that exclude each other"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_words_for_other_keywords(schema: Any, text: str, message: str) -> None:
    found = validate(root(text), {"allOf": [schema]})
    assert [item.message for item in found] == [message]
