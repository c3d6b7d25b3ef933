from __future__ import annotations

import pytest

from evaluator.language.conditions import combine
from evaluator.language.parser import parse
from evaluator.language.printer import print_expression
from evaluator.language.syntax import Parsed, walk
from evaluator.source import Fragment
from tests.language.trees import lisp

PLACE = (Fragment.whole("all", "key"), 0, 3)


def parts(*texts: str) -> list[Parsed]:
    found: list[Parsed] = []
    first_id = 1
    for text in texts:
        found.append(parse(Fragment.whole(text, text), first_id=first_id))
        first_id = found[-1].next_id
    return found


CASES = [
    ("all", ["a", "b", "c"], "(&& a b c)", "a && b && c"),
    ("any", ["a", "b"], "(|| a b)", "a || b"),
    ("none", ["a", "b"], "(!_ (|| a b))", "!(a || b)"),
    ("all", ["a"], "a", "a"),
    ("any", ["a"], "a", "a"),
    ("none", ["a"], "(!_ a)", "!a"),
    ("none", ["a == b"], "(!_ (_==_ a b))", "!(a == b)"),
    ("all", ["a || b", "c"], "(&& (|| a b) c)", "(a || b) && c"),
    ("all", ["a && b", "c"], "(&& (&& a b) c)", "(a && b) && c"),
    ("any", ["a ? b : c", "d"], "(|| (?: a b c) d)", "(a ? b : c) || d"),
]


@pytest.mark.parametrize(("operator", "texts", "tree", "printed"), CASES)
def test_trees(operator: str, texts: list[str], tree: str, printed: str) -> None:
    combined = combine(operator, parts(*texts), PLACE)  # type: ignore[arg-type]  # a table's text
    assert lisp(combined.root) == tree
    assert print_expression(combined.root) == printed


@pytest.mark.parametrize("operator", ["all", "any", "none"])
@pytest.mark.parametrize("count", [1, 3])
def test_ids_and_places(operator: str, count: int) -> None:
    given = parts("a && b", "c.d", "e")[:count]
    combined = combine(operator, given, PLACE)  # type: ignore[arg-type]  # a table's text
    nodes = list(walk(combined.root))
    assert len({node.id for node in nodes}) == len(nodes)
    assert all(node.id < combined.next_id for node in nodes)
    old = {node.id for part in given for node in walk(part.root)}
    for node in nodes:
        span = combined.span(node)
        assert span.source.name == ("key" if node.id not in old else span.source.text)
    for part in given:
        assert combined.name_span(part.root) == part.name_span(part.root)


def test_trees_of_trees() -> None:
    a, b, c, d = parts("a", "b", "c", "d")
    inner = combine("any", [b, c], PLACE)
    # Whoever combines goes on counting from the last part.
    d = parse(Fragment.whole("d"), first_id=inner.next_id)
    outer = combine("all", [a, inner, d], PLACE)
    assert print_expression(outer.root) == "a && (b || c) && d"
    assert len({node.id for node in walk(outer.root)}) == 6
