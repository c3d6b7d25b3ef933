from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.documents.composing import compose
from evaluator.documents.nodes import Mapping, Node, Scalar, Sequence, to_python
from evaluator.documents.writing import quoted, yaml_scalar
from evaluator.source import Source
from evaluator.suites.mutation.edits import (
    flow_scalars,
    replaced,
    swapped,
    with_entry,
    within,
    without_entry,
    without_item,
)
from evaluator.suites.mutation.mutants import Edit, edited


def root(text: str) -> Mapping:
    document = compose(Source("f.yaml", text))
    assert isinstance(document.root, Mapping)
    assert not document.diagnostics
    return document.root


def at(node: Node, *path: str | int) -> Node:
    for step in path:
        if isinstance(step, int):
            assert isinstance(node, Sequence)
            node = node.items[step]
        else:
            assert isinstance(node, Mapping)
            node = node.members[step][1]
    return node


# A text, the path to a value in it, the stretch of the value that is replaced, by what, and how the
# text reads then.
REPLACEMENTS = {
    "plain": ("a: x && y # z\n", ["a"], ("x", "long"), "a: long && y # z\n"),
    "plain that needs quotes then": ("a: x && y\n", ["a"], ("x", "!x"), 'a: "!x && y"\n'),
    "plain and a colon": ("a: x\n", ["a"], ("x", "b ? c : d"), 'a: "b ? c : d"\n'),
    "plain and brackets": ("a: x\n", ["a"], ("x", "b[0]"), "a: b[0]\n"),
    "plain in brackets": ("a: [x, y]\n", ["a", 0], ("x", "b[0]"), 'a: ["b[0]", y]\n'),
    "plain over two lines": ("a: x\n  && y\n", ["a"], ("y", "z"), "a: x\n  && z\n"),
    "single quotes": ("a: 'it''s x'\n", ["a"], ("x", "y's"), "a: 'it''s y''s'\n"),
    "double quotes": ('a: "\\"b\\" x"\n', ["a"], ("x", '"y"'), 'a: "\\"b\\" \\"y\\""\n'),
    "literal": ("a: |\n  x\n  + y\n", ["a"], ("y", "!z"), "a: |\n  x\n  + !z\n"),
    "literal, first line": ("a: |\n  x\n  + y\n", ["a"], ("x", "!z"), "a: |\n  !z\n  + y\n"),
    "literal, to its end": (
        "a: |\n  x\n  + y\nb: 1\n",
        ["a"],
        ("\n+ y\n", ""),
        "a: |\n  x\nb: 1\n",
    ),
    "folded": ("a: >-\n  x &&\n  y\n", ["a"], ("y", "z"), "a: >-\n  x &&\n  z\n"),
    "a block that would begin with a blank": (
        "a: |\n  x\nb: 1\n",
        ["a"],
        ("x", " y"),
        'a: " y\\u000a"\nb: 1\n',
    ),
}


@pytest.mark.parametrize(
    ("text", "path", "change", "expected"), REPLACEMENTS.values(), ids=REPLACEMENTS
)
def test_a_stretch_of_a_value_is_replaced(text, path, change, expected):
    document = root(text)
    node = at(document, *path)
    assert isinstance(node, Scalar)
    old, new = change
    start = node.text.index(old)
    edit = Edit(start, start + len(old), new)

    changed = edited(text, (within(node, edit, flow=node in flow_scalars(document)),))

    assert changed == expected
    again = at(root(changed), *path)
    assert isinstance(again, Scalar)
    assert again.text.rstrip("\n") == node.text.replace(old, new, 1).rstrip("\n")


@pytest.mark.parametrize(
    ("text", "new", "expected"),
    [
        ("a: x # c\n", "y", "a: y # c\n"),
        ("a: x\n", "!y", 'a: "!y"\n'),
        ("a: 'x'\n", "it's", "a: 'it''s'\n"),
        ('a: "x"\n', 'y"', 'a: "y\\""\n'),
        ("a: |\n  x\n", "y", 'a: "y"\n'),
    ],
)
def test_a_value_is_replaced(text, new, expected):
    node = root(text).get("a")
    assert isinstance(node, Scalar)

    assert edited(text, (replaced(node, new, flow=False),)) == expected


# A text, the path to a list or mapping, the item or key that goes, and how the text reads then.
REMOVALS = {
    "the first of a list": ("a:\n  - x\n  - y\n", ["a"], 0, "a:\n  - y\n"),
    "the last of a list": ("a:\n  - x\n  - y\nb: 1\n", ["a"], 1, "a:\n  - x\nb: 1\n"),
    "the last, at the end of the file": ("a:\n  - x\n  - y", ["a"], 1, "a:\n  - x\n"),
    "an item of several lines, with its comment": (
        "a:\n  - x: 1 # one\n    y: 2\n  # kept\n  - z\n",
        ["a"],
        0,
        "a:\n  # kept\n  - z\n",
    ),
    "a block": ("a:\n  - |\n    x\n    y\n\n  - z\n", ["a"], 0, "a:\n\n  - z\n"),
    "the only one": ("a:\n  - x\nb: 1\n", ["a"], 0, "a:\n  []\nb: 1\n"),
    "of a list in a list": ("a:\n  - - x\n    - y\n", ["a", 0], 0, "a:\n  - - y\n"),
    "the first in brackets": ("a: [x, y]\n", ["a"], 0, "a: [y]\n"),
    "the last in brackets": ("a: [x, y]\n", ["a"], 1, "a: [x]\n"),
    "the only one in brackets": ("a: [x]\n", ["a"], 0, "a: []\n"),
    "brackets over lines": ("a: [\n  x, # one\n  y,\n]\n", ["a"], 1, "a: [\n  x,\n]\n"),
    "a key": ("a: 1\nb:\n  c: 2\nd: 3\n", [], "b", "a: 1\nd: 3\n"),
    "the first key of an item": ("- a: 1\n  b: 2\n", None, "a", "- b: 2\n"),
    "a key in braces": ("a: {x: 1, y: 2}\n", ["a"], "x", "a: {y: 2}\n"),
    "the only key in braces": ("a: {x: 1}\n", ["a"], "x", "a: {}\n"),
    "the only key": ("a:\n  x: 1\n", ["a"], "x", "a:\n  {}\n"),
    "a key without a value": ("a: 1\nb:\n", [], "b", "a: 1\n"),
}


@pytest.mark.parametrize(("text", "path", "gone", "expected"), REMOVALS.values(), ids=REMOVALS)
def test_an_item_or_a_key_goes(text, path, gone, expected):
    document = compose(Source("f.yaml", text)).root
    assert document is not None
    node = at(document, *(path if path is not None else [0]))
    data = to_python(document)
    inner = data
    for step in path if path is not None else [0]:
        inner = inner[step]
    del inner[gone]

    if isinstance(node, Sequence):
        changed = edited(text, (without_item(node, gone),))
    else:
        assert isinstance(node, Mapping)
        changed = edited(text, (without_entry(node, gone),))

    assert changed == expected
    again = compose(Source("f.yaml", changed)).root
    assert again is not None
    assert to_python(again) == data


def test_an_entry_comes_before_another():
    block = "rules:\n  - id: a\n    effect: deny # why\n    when: x\n"
    flow = "rules: [{id: a, effect: deny}]\n"

    for text, expected in (
        (block, "rules:\n  - id: a\n    mode: report\n    effect: deny # why\n    when: x\n"),
        (flow, "rules: [{id: a, mode: report, effect: deny}]\n"),
    ):
        rule = at(root(text), "rules", 0)
        assert isinstance(rule, Mapping)
        assert edited(text, (with_entry(rule, "effect", "mode: report"),)) == expected


def test_two_items_change_places():
    text = dedent("""\
        rules:
          # first
          - id: a
            when: x
          # second
          - id: b
            when: |
              y
        """)
    rules = at(root(text), "rules")
    assert isinstance(rules, Sequence)

    assert edited(text, swapped(rules, 0)) == dedent("""\
        rules:
          # first
          - id: b
            when: |
              y
          # second
          - id: a
            when: x
        """)


_words = st.text("ab =&|!<'\"\\:#{}[],-", min_size=1, max_size=12)
_STYLES = {
    "plain or quoted": yaml_scalar,
    "single quotes": lambda text: "'" + text.replace("'", "''") + "'",
    "double quotes": quoted,
    "literal": lambda text: f"|-\n    {text}",
}


@given(text=_words, new=_words, data=st.data(), style=st.sampled_from(sorted(_STYLES)))
def test_whatever_is_replaced_reads_as_it_was_meant(text, new, data, style):
    if style == "literal":
        text = f"a{text.rstrip()}"
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    whole = f"key: {_STYLES[style](text)}\nnext: 1\n"
    node = root(whole).get("key")
    assert isinstance(node, Scalar)

    changed = edited(whole, (within(node, Edit(start, end, new), flow=False),))

    assert to_python(root(changed)) == {"key": text[:start] + new + text[end:], "next": 1}
