"""Everything that ``docs/language.md`` shows is so, and its tables are those of the code.

In a block ``cel``, an expression, on one line or more, ends at a comment that says what it comes
to: ``// -> value``, as ``evaluator eval`` prints it; ``// error kind``, at run time; or
``// EVL308: message``, how the one problem that checking finds begins. A block ``yaml`` is a policy
from ``rules``, ``variables`` or ``constants`` on, without a problem but those that comments such as
``# EVL308`` announce on their lines; ``# -> deny: indeterminate`` is its decision and the kinds of
its reasons. All are about the request of the page and its schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import evaluator
from evaluator.diagnostics import CODES, Diagnostic
from evaluator.documents.json_documents import load_json
from evaluator.errors import PolicyError
from evaluator.language.budget import DEFAULT_BUDGET
from evaluator.language.checker import Checked, check
from evaluator.language.limits import DEFAULT_LIMITS
from evaluator.language.parser import parse
from evaluator.language.printer import print_value
from evaluator.language.values import ERROR_KINDS, ErrorValue
from evaluator.policy.loading import load_packs
from evaluator.policy.request import Request
from evaluator.policy.schema_keywords import BY_TYPE, FORMATS, KEYWORDS
from evaluator.program.evaluation import Evaluation
from evaluator.program.settings import pack_setting
from evaluator.source import Fragment, MemoryFiles

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
TEXT = PAGE.read_text("utf-8")

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_ENDS = re.compile(r"^(.*?) *// (-> .+|error \w+|EVL\d+: .+)$")
_ANNOUNCED = re.compile(r"# (EVL\d+)$")
_DECIDED = re.compile(r"^# -> (.+)$", re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)

BLOCKS = [(language, name, text) for language, name, text in _BLOCK.findall(TEXT)]
PROSE = _BLOCK.sub("", TEXT)
FILES = {name: text for _, name, text in BLOCKS if name}

HEAD = "policy: shop.orders\napplies_to: {resource: order, actions: [ship]}\n"
RULES = """rules:
  - id: clerk
    effect: allow
    when: subject.id == "ann"
"""
PACK = """language: 1
name: shop
version: 1.0.0
request: request.schema.json
files: [orders.yaml]
"""


@dataclass(frozen=True, slots=True)
class Example:
    """An expression of the page, and what the page says of it."""

    text: str
    says: str

    def __str__(self) -> str:
        return f"{self.text} {self.says}"[:70]


def examples() -> Iterator[Example]:
    for language, _, text in BLOCKS:
        if language != "cel":
            continue
        lines: list[str] = []
        for line in text.splitlines():
            found = _ENDS.match(line)
            lines.append(found[1] if found else line)
            if found:
                yield Example("\n".join(lines).strip(), found[2])
                lines = []
        assert "".join(lines).strip() == "", f"nothing is said of {lines}"


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, but those of its own head."""
    below = PROSE.partition(f"# {heading}\n")[2]
    assert below, heading
    table = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert table is not None
    lines = table[0].splitlines()[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def written(cell: str) -> str:
    """What stands in the backquotes of a cell."""
    return cell.strip("`").replace("\\|", "|")


def words(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


EXAMPLES = list(examples())
TYPES = rows("Where types come from")
POLICIES = [text for language, _, text in BLOCKS if language == "yaml"]


def files(policy: str, *, schema: str = FILES["request.schema.json"]) -> MemoryFiles:
    return MemoryFiles({"pack.yaml": PACK, "orders.yaml": policy, "request.schema.json": schema})


(LOADED,) = evaluator.load(files(HEAD + RULES)).packs
REQUEST: Any = load_json(FILES["request.json"], name="request.json")[0]


SETTING = pack_setting(LOADED, LOADED.variants[0], None, {})


def checked(text: str) -> Checked:
    """An expression checked against the page's schema. Raises ``PolicyError`` if it is none."""
    return check(parse(Fragment.whole(text)), SETTING.environment)


def outcome(text: str) -> str:
    """What an expression comes to, in the notation of the page."""
    try:
        expression = checked(text)
    except PolicyError as error:
        return said(error.diagnostics)
    if expression.diagnostics:
        return said(expression.diagnostics)
    request = Request.parse(REQUEST)
    assert request.time is not None
    evaluation = Evaluation(SETTING.pack, SETTING.variant, request, request.time)
    value = evaluation.value(expression, SETTING.scope)
    if isinstance(value, ErrorValue):
        assert value.kind in expression.errors
        return f"error {value.kind}"
    return f"-> {print_value(value)}"


def said(found: tuple[Diagnostic, ...]) -> str:
    return "; ".join(f"{item.code}: {item.message}" for item in found)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_comes_to_what_it_says(example: Example) -> None:
    if example.says.startswith("EVL"):
        assert outcome(example.text).startswith(example.says)
        assert "; EVL" not in outcome(example.text)
    else:
        assert outcome(example.text) == example.says


def test_the_request_satisfies_its_schema() -> None:
    assert LOADED.variants[0].request_type.validate(Request.parse(REQUEST)) == ()


@pytest.mark.parametrize("text", POLICIES)
def test_a_policy_has_the_problems_that_it_announces(text: str) -> None:
    policy = HEAD + text
    found = load_packs(files(policy)).diagnostics
    announced = [
        (number, match[1])
        for number, line in enumerate(policy.splitlines(), 1)
        if (match := _ANNOUNCED.search(line))
    ]
    assert [(item.span and item.span.position.line, item.code) for item in found] == announced
    decided = _DECIDED.search(policy)
    if decided is not None:
        decision = evaluator.load(files(policy)).decide(REQUEST)
        kinds = ", ".join(reason.kind for reason in decision.reasons)
        assert f"{'allow' if decision.allowed else 'deny'}: {kinds}" == decided[1]


# Tables


def test_the_kinds_of_error_are_those_of_the_code() -> None:
    found = rows("What can go wrong")
    assert [cells[0].strip("`") for cells in found] == list(ERROR_KINDS)


def test_the_keywords_are_those_of_the_code() -> None:
    found = rows("Keywords")
    assert set().union(*(words(cells[0]) for cells in found)) == KEYWORDS


def test_the_schemas_of_the_table_of_types_are_those_of_the_code() -> None:
    schemas = " ".join(cells[0] for cells in TYPES)
    assert set(re.findall(r'"type": "(\w+)"', schemas)) == set(BY_TYPE)
    assert set(re.findall(r'"format": "([\w-]+)"', schemas)) == set(FORMATS)


@pytest.mark.parametrize(("schema", "type_"), TYPES)
def test_a_schema_has_the_type_of_the_table(schema: str, type_: str) -> None:
    resource = f'{{"properties": {{"x": {schema.strip("`")}}}, "required": ["x"]}}'
    text = f'{{"properties": {{"resource": {{"properties": {{"properties": {resource}}}}}}}}}'
    (pack,) = evaluator.load(files(HEAD + RULES, schema=text)).packs
    assert f"`{pack.variants[0].request_type.type_of('resource', ('x',))}`" == type_


@pytest.mark.parametrize(("question", "read"), rows("Guards"))
def test_a_question_makes_an_attribute_readable(question: str, read: str) -> None:
    alone = checked(f"{written(read)} == dyn(1)")
    asked = checked(f"{written(question)} && {written(read)} == dyn(1)")
    missing = {"no_such_key", "index_out_of_range"}
    assert alone.diagnostics or alone.errors & missing
    assert not asked.diagnostics
    assert not asked.errors & missing


@pytest.mark.parametrize(("_", "refused", "code", "right"), rows("Habits from elsewhere"))
def test_a_habit_is_refused_and_what_to_write_is_not(
    _: str, refused: str, code: str, right: str
) -> None:
    assert outcome(written(refused)).startswith(f"{code}: ")
    assert outcome(written(right)).startswith("-> ")


@pytest.mark.parametrize(
    ("typed", "literal"),
    [
        (cells[0], text)
        for cells in rows("Values and how they are written")
        for text in re.findall(r"`[^`]+`", cells[1])
    ],
)
def test_a_literal_has_the_type_of_the_table(typed: str, literal: str) -> None:
    type_ = evaluator.Expression(written(literal), {}).type
    assert type_.partition("(")[0] == written(typed)


def test_the_limits_are_those_of_the_code() -> None:
    limits = (
        DEFAULT_LIMITS.max_length,
        DEFAULT_LIMITS.max_depth,
        DEFAULT_LIMITS.max_comprehensions,
        DEFAULT_BUDGET,
    )
    assert [cells[1] for cells in rows("Limits")] == [f"{limit:,}" for limit in limits]


# Links


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", PROSE)
    assert links
    for link in links:
        if link.startswith("https://"):
            continue
        name, _, place = link.partition("#")
        path = PAGE.parent / name if name else PAGE
        assert path.exists(), link
        if place:
            text = path.read_text("utf-8")
            anchors = {anchor(heading) for heading in _HEADING.findall(text)}
            assert place in anchors | set(re.findall(r'<a id="([^"]+)">', text)), link


def test_the_codes_that_the_page_names_exist() -> None:
    assert set(re.findall(r"EVL\d+", TEXT)) <= CODES.keys()
