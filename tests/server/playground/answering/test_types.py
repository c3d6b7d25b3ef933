from __future__ import annotations

from typing import Any

import pytest

from evaluator.server.playground.answering.asking import InvalidError
from evaluator.server.playground.answering.workspace import Workspace
from evaluator.server.playground.files import read_files
from tests.server.playground.workspaces import POLICIES, ask, text_of

WINDOW = "licenses/reduction-window.yaml"
COMMON = "licenses/common.yaml"


def types(file: str, edits: dict[str, str] | None = None) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = ask("types", edits=edits or {}, file=file)["types"]
    return told


def at(file: str, before: str, word: str, edits: dict[str, str] | None = None) -> dict[str, Any]:
    """The smallest sub-expression at a word, the first that stands behind some text."""
    text = (edits or {}).get(file) or text_of(file)
    offset = text.index(word, text.index(before))
    around = [one for one in types(file, edits) if one["from"] <= offset < one["to"]]
    return min(around, key=lambda one: one["to"] - one["from"])


@pytest.mark.parametrize(
    ("before", "word", "type_", "text"),
    [
        ("none: [", "recurring_billing", "bool", "resource.recurring_billing"),
        ("- context.eff", "effective", '"now" | "renewal"', "context.effective"),
        ("- open_lots", "open_lots", "list(resource.lots[])", "open_lots"),
        ("- open_lots", "size", "int", "open_lots.size()"),
        ("- open_lots", "== 0", "bool", "open_lots.size() == 0"),
        ("open_lots.map(lot", "lot.quantity", "resource.lots[]", "lot"),
        ("string(lot.", "quantity", "int", "lot.quantity"),
        ("has(", "new_quantity", "bool", "has(context.new_quantity)"),
        ("{plural", "plural", "string", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "any",
)
def test_the_type_of_a_word(before: str, word: str, type_: str, text: str | None) -> None:
    found = at(WINDOW, before, word)
    assert found["type"] == type_
    assert text in (None, found["text"])


def test_what_a_word_means() -> None:
    assert at(WINDOW, "- open_lots", "open_lots")["doc"].startswith("= resource.lots.filter(")
    assert at(WINDOW, "{reduction_days", "reduction_days")["doc"] == "= 7"
    assert "How many licences" in at(WINDOW, "resource.total -", "total")["doc"]
    assert "size(string) -> int" in at(WINDOW, "- open_lots", "size")["doc"]
    assert at(WINDOW, "map(lot", "map(lot")["doc"].startswith("A list with a value for every")


def test_where_a_name_is_defined() -> None:
    place = at(WINDOW, "- open_lots", "open_lots")["defined"]
    assert place["file"] == COMMON
    assert text_of(COMMON)[place["from"] : place["to"]] == "open_lots"
    assert text_of(COMMON).splitlines()[place["line"] - 1].startswith("  open_lots:")


def test_variables_shared_remedies_and_outputs_have_types_too() -> None:
    assert at(COMMON, "has_reduction_window: ", "is_mca")["type"] == "bool"
    assert at(COMMON, "sets:", "resource.assigned -")["type"] == "resource"
    assert at(COMMON, "new total of {", "lowest")["type"] == "int"
    assert at("licenses/outputs.yaml", "effective_at:", "term_end")["type"] == "timestamp"


def test_a_whole_expression_reads_as_it_is_written() -> None:
    text = text_of(WINDOW)
    for one in types(WINDOW):
        written = " ".join(text[one["from"] : one["to"]].split())
        assert one["text"] == written or written in one["text"] or len(one["text"]) == 200


def test_an_edit_that_loads_is_typed() -> None:
    edits = {WINDOW: text_of(WINDOW).replace("open_lots.size() == 0", "resource.total == 0", 1)}
    assert at(WINDOW, "- resource.total ==", "total", edits)["type"] == "int"


def test_where_an_edit_does_not_load_places_move_with_the_text() -> None:
    text = text_of(WINDOW)
    edits = {WINDOW: "# 😀 more\n" + text.replace('== "now"', "==", 1)}
    told = ask("types", edits=edits, of=Workspace(read_files(POLICIES)), file=WINDOW)["types"]
    # Characters beyond U+FFFF count twice for the page.
    place = edits[WINDOW].index("open_lots.size() > 0") + 1
    assert any(one["from"] == place and one["type"] == "bool" for one in told)
    assert max(one["to"] for one in told) < len(edits[WINDOW].encode("utf-16-le")) // 2


def test_a_definition_in_a_file_that_changed_is_where_it_is_now() -> None:
    edits = {COMMON: "# more\n" + text_of(COMMON), WINDOW: text_of(WINDOW) + "\nbroken"}
    told = ask("types", edits=edits, of=Workspace(read_files(POLICIES)), file=WINDOW)["types"]
    place = next(one["defined"] for one in told if one["text"] == "open_lots")
    assert edits[COMMON][place["from"] : place["to"]] == "open_lots"
    assert edits[COMMON].splitlines()[place["line"] - 1].startswith("  open_lots:")


@pytest.mark.parametrize("file", ["licenses/pack.yaml", "licenses/none.yaml", "", "../x"])
def test_where_nothing_is_typed_nothing_is_told(file: str) -> None:
    assert types(file) == []


def test_without_a_file_there_is_nothing_to_ask() -> None:
    with pytest.raises(InvalidError, match="`file`"):
        ask("types", edits={})
