from __future__ import annotations

import random
import tracemalloc

import pytest
import yaml

from evaluator.diagnostics import CODES
from evaluator.documents.composing import compose
from evaluator.documents.limits import DEFAULT_LIMITS, Limits
from evaluator.documents.nodes import Document, Mapping, Node, Scalar, Sequence, to_python
from evaluator.documents.validating import validate
from evaluator.documents.yaml_events import has_libyaml
from evaluator.source import Source
from tests.documents.cases import SCHEMA, described

PARSERS = [True, False] if has_libyaml() else [False]

SAMPLE = """\
# A file in all styles.
name: sample
version: 1
when:
  all:
    - resource.billing_account.type == "MCA"   # a comment
    - '"a" in resource.tags && size(resource.tags) > 0'
    - "resource.name != \\"\\u00e6\\U0001D11E\\""
    - |
      resource.total
        >= 3
    - >-
      resource.lots
      .exists(lot, lot.quantity > 0)
    - a &&
      b
    - {any: [a, b, {all: [c]}]}
values:
  𝄞: "ø"
  pattern: 'matches(x, "\\d+")'
  empty:
facts: [1, 2, 3]
remedies:
- use: shared
- id: own
  message: >
    Text for
    people.

    More.
texts: []
actions: {}
"""


def read(text: str, *, native: bool | None = None, limits: Limits = DEFAULT_LIMITS) -> Document:
    return compose(Source("f", text), native=native, limits=limits)


def plain(text: str, *, native: bool | None = None) -> object:
    """What a text without problems stands for."""
    document = read(text, native=native)
    assert described(document.diagnostics) == ""
    assert document.root is not None
    return to_python(document.root)


def nodes(node: Node | None) -> list[Node]:
    found: list[Node] = []
    if node is None:
        return found
    found.append(node)
    if isinstance(node, Sequence):
        for item in node.items:
            found += nodes(item)
    if isinstance(node, Mapping):
        for key, value in node.entries:
            found += [key, *nodes(value)]
    return found


def outline(node: Node) -> list[tuple[object, ...]]:
    return [
        (
            type(item).__name__,
            item.start,
            item.end,
            *((item.text, item.style) if isinstance(item, Scalar) else (item.flow,)),
        )
        for item in nodes(node)
    ]


@pytest.mark.parametrize("native", PARSERS)
def test_the_values_are_those_of_yaml(native: bool) -> None:
    # The sample has nothing that YAML 1.1 and 1.2 read differently.
    assert plain(SAMPLE, native=native) == yaml.safe_load(SAMPLE)


@pytest.mark.parametrize("text", [SAMPLE, SAMPLE.replace("\n", "\r\n"), "\ufeff" + SAMPLE])
def test_both_parsers_read_the_same(text: str) -> None:
    outlines = [outline(root) for native in PARSERS if (root := read(text, native=native).root)]
    assert len(outlines) == len(PARSERS)
    assert all(found == outlines[0] for found in outlines)


def test_spans_show_what_was_read() -> None:
    root = read(SAMPLE).root
    assert isinstance(root, Mapping)
    shown = {key.text: value.span.text for key, value in root.entries}
    assert shown["facts"] == "[1, 2, 3]"
    assert shown["remedies"].startswith("- use: shared\n- id: own")
    assert shown["remedies"].endswith("More.")
    assert shown["actions"] == "{}"
    for node in nodes(root):
        if isinstance(node, Scalar):
            assert node.fragment.text == node.text
            if node.style == "plain" and "\n" not in node.span.text:
                assert node.span.text == node.text
    values = root.get("values")
    assert isinstance(values, Mapping)
    entry = values.entry("𝄞")
    assert entry is not None
    assert str(entry[0].span.position) == "19:3"
    assert (str(entry[1].span.position), entry[1].span.text) == ("19:6", '"ø"')


def test_mappings_are_looked_into() -> None:
    root = read("a: 1\nb: [x]\n").root
    assert isinstance(root, Mapping)
    assert list(root) == ["a", "b"]
    assert len(root) == 2
    assert "a" in root
    assert "c" not in root
    assert root.get("c") is None
    assert root.entry("c") is None
    assert repr(root) == "Mapping(['a', 'b'] at f:1:1)"
    assert repr(root.get("b")) == "Sequence(1 items at f:2:4)"
    assert repr(root.get("a")) == "Scalar('1' at f:1:4)"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[NO, 12:30, 010, 2026-01-01, on]", ["NO", "12:30", 10, "2026-01-01", "on"]),
        ("a: '1'\nb: \"true\"\nc: |-\n  1", {"a": "1", "b": "true", "c": "1"}),
        ("no: 1\non: 2\n=: 3", {"no": 1, "on": 2, "=": 3}),
        ("'<<': 1", {"<<": 1}),
        ("a:\tb\nc: d\t\n", {"a": "b", "c": "d"}),
        ("a: b\tc", {"a": "b\tc"}),
        ("--- {a: 1}\n...\n", {"a": 1}),
        ("%YAML 1.2\n---\na: 1", {"a": 1}),
        ("# one\n\n---\n# two\na: 1", {"a": 1}),
        ("a: x.?y", {"a": "x.?y"}),
        ("{a: x.?y, b: [c?d]}", {"a": "x.?y", "b": ["c?d"]}),
        ("a: x.exists(y, y > 1) ? 2", {"a": "x.exists(y, y > 1) ? 2"}),
        ("? a\n: b", {"a": "b"}),
        ("\ufeffa: b", {"a": "b"}),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
@pytest.mark.parametrize("native", PARSERS)
def test_what_is_no_problem(text: str, value: object, native: bool) -> None:
    assert plain(text, native=native) == value


def test_a_byte_order_mark_takes_no_column() -> None:
    document = read("\ufeffa: 1\na: 2")
    assert described(document.diagnostics).startswith("2:1 EVL104")
    assert document.source.text == "a: 1\na: 2"
    first = document.diagnostics[0].notes[0].span
    assert first is not None
    assert str(first.position) == "1:1"


@pytest.mark.parametrize("native", PARSERS)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [b:, c]", ["1:6 EVL101"]),
        ("all: [!a, !b]\nc: [!d]", ["1:7 EVL105", "1:11 EVL105", "2:5 EVL105"]),
        ("a: b\n\tc", ["2:1 EVL102"]),
        ("a: 1\n\tb: 2", ["2:1 EVL102"]),
        ("&a !b c: d", ["1:1 EVL106", "1:4 EVL105"]),
        ('a: "\\U00110000"', ["1:5 EVL120"]),
        ('a: "\\Uffffffff"', ["1:5 EVL120"]),
        ('a: "\\ud800"', ["1:5 EVL120"]),
    ],
)
def test_what_the_parsers_differ_on_by_themselves(text: str, said: list[str], native: bool) -> None:
    problems = read(text, native=native).diagnostics
    assert [f"{item.span.position} {item.code}" for item in problems if item.span] == said


CHARACTERS = {
    "\0": "the character U+0000 cannot stand in YAML as it is",
    "\x07": "the character U+0007 cannot stand in YAML as it is",
    "\x7f": "the character U+007F cannot stand in YAML as it is",
    "\x85": "the line separator U+0085 is not seen in most editors",
    "\u2028": "the line separator U+2028 is not seen in most editors",
    "\ufeff": "the character U+FEFF cannot stand in YAML as it is",
    "\ud800": "U+D800 is half a character",
    "\uffff": "the character U+FFFF cannot stand in YAML as it is",
}


@pytest.mark.parametrize("character", CHARACTERS, ids=lambda character: f"U+{ord(character):04X}")
def test_characters_that_are_refused(character: str) -> None:
    document = read(f"a: 1\nb: x{character}y{character}\n")
    assert document.root is None
    (problem,) = document.diagnostics
    assert problem.code == "EVL119"
    assert problem.message == CHARACTERS[character]
    assert str(problem.span) == "f:2:5"


def test_a_line_hidden_in_a_comment_is_found() -> None:
    document = read("# harmless\u2028when: true\n")
    assert [item.code for item in document.diagnostics] == ["EVL119"]


LAUGHS = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("native", PARSERS)
def test_a_billion_laughs_stay_what_they_are_written_as(native: bool) -> None:
    read("a: b", native=native)
    tracemalloc.start()
    try:
        document = read(LAUGHS, native=native)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert {item.code for item in document.diagnostics} == {"EVL106"}
    assert len(document.diagnostics) == 81
    assert document.root is not None
    assert len(repr(to_python(document.root))) < 2 * len(LAUGHS)
    assert peak < 4_000_000


def test_problems_have_an_end() -> None:
    for text in ("\n".join(f"a{number}: [*x]" for number in range(1000)), "a: b\n" * 1000):
        assert len(read(text).diagnostics) == 100


@pytest.mark.parametrize("native", PARSERS)
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 5000,
        "".join(f"{' ' * depth}a:\n" for depth in range(2000)),
        "[" * 200 + "]" * 200,
    ],
    ids=["lists", "mappings", "items", "keys", "closed"],
)
def test_depth_is_bounded(text: str, native: bool) -> None:
    document = read(text, native=native)
    assert document.root is None
    assert [(item.code, item.message) for item in document.diagnostics] == [
        ("EVL113", "lists and mappings nest more than 100 levels deep here")
    ]


def test_a_hundred_levels_are_read() -> None:
    value = plain("[" * 100 + "]" * 100)
    for _ in range(99):
        assert isinstance(value, list)
        (value,) = value
    assert value == []


@pytest.mark.parametrize("text", ["a: b\n" * 6, "[" + "a, " * 12 + "]", "[[a], [b], [c], [d]]"])
def test_the_number_of_values_is_bounded(text: str) -> None:
    document = read(text, limits=Limits(max_nodes=10))
    (problem,) = document.diagnostics
    assert (problem.code, problem.message) == (
        "EVL118",
        "there are more than 10 values in this file",
    )
    assert document.root is None


def test_reading_goes_on_behind_twenty_five_repairs_and_no_more() -> None:
    document = read("\n".join(f'k{number}: "a" in b' for number in range(40)))
    assert len(document.diagnostics) == 26
    assert document.root is None


def test_a_repaired_value_keeps_its_places() -> None:
    document = read('é: 1\nwhen: "𝄞" in x\n  && y # why\nb: 1')
    assert isinstance(document.root, Mapping)
    when = document.root.get("when")
    assert isinstance(when, Scalar)
    assert when.text == '"𝄞" in x\n  && y'
    assert when.style == "raw"
    at = when.text.index("y")
    assert str(when.fragment.span(at, at + 1).position) == "3:6"
    assert document.has_errors


BITS = [*"\t\n :-?!&*|>'\"[]{},#%@`é𝄞0\\", "\n  ", "\n- ", ": ", " #", "---\n", '"\\u12"', "\r\n"]


def mutated(text: str, random_: random.Random) -> str:
    for _ in range(random_.randint(1, 3)):
        at = random_.randrange(len(text))
        match random_.randrange(4):
            case 0:
                text = text[:at] + text[at + random_.randint(1, 9) :]
            case 1:
                other = random_.randrange(len(text))
                text = text[:at] + text[other : other + 20] + text[at:]
            case _:
                text = text[:at] + random_.choice(BITS) + text[at:]
    return text


def check_anything(document: Document) -> None:
    """What holds of every document, whatever the text."""
    assert document.root is not None or document.has_errors
    starts = []
    for item in document.diagnostics:
        assert item.code in CODES
        assert item.span is not None
        assert item.message
        assert item.help
        assert 0 <= item.span.start <= item.span.end <= len(document.source.text)
        starts.append(item.span.start)
    assert starts == sorted(starts)
    for node in nodes(document.root):
        assert 0 <= node.start <= node.end <= len(document.source.text)
        if isinstance(node, Scalar):
            fragment = node.fragment
            assert fragment.text == node.text
            assert fragment.span(0, len(fragment.text)).end <= len(document.source.text)
    if document.root is not None:
        for item in validate(document.root, SCHEMA):
            assert item.span is not None


def test_mutated_files_get_diagnostics_or_nodes() -> None:
    random_ = random.Random(3)
    for _ in range(1000):
        check_anything(read(mutated(SAMPLE, random_)))


def test_the_parser_in_python_takes_mutated_files_too() -> None:
    random_ = random.Random(4)
    for _ in range(100):
        check_anything(read(mutated(SAMPLE, random_), native=False))


def test_noise_gets_diagnostics_or_nodes() -> None:
    random_ = random.Random(5)
    for _ in range(300):
        text = "".join(random_.choices(["a", "b: ", *BITS], k=random_.randint(0, 40)))
        check_anything(read(text))
