from __future__ import annotations

from typing import Any

import pytest

from tests.server.playground.workspaces import ask, text_of

WINDOW = "licenses/reduction-window.yaml"
COMMON = "licenses/common.yaml"


def vocabulary(file: str = WINDOW, edits: dict[str, str] | None = None) -> dict[str, Any]:
    return ask("vocabulary", edits=edits or {}, file=file)


def named(told: list[dict[str, Any]], name: str, key: str = "name") -> dict[str, Any]:
    (found,) = [one for one in told if one[key] == name]
    return found


def test_attributes_with_types_values_and_descriptions() -> None:
    told = vocabulary()["attributes"]
    account = named(told, "resource.billing_account.type", "path")
    assert account["values"] == ["MCA", "MOSA", "unknown"]
    assert account["type"] == '"MCA" | "MOSA" | "unknown"'
    assert not account["optional"]
    assert account["description"].startswith("MCA: ")
    assert named(told, "context.new_quantity", "path")["optional"]
    assert named(told, "resource.lots[].kind", "path")["values"] == [
        "purchase",
        "renewal",
        "midterm",
    ]
    assert named(told, "action.name", "path")["type"] == "string"


def test_an_optional_attribute_is_one_if_any_schema_has_it_so() -> None:
    told = vocabulary("expenses/approval.yaml")["attributes"]
    assert len({one["path"] for one in told}) == len(told)
    assert told


def test_names_of_the_file_and_those_it_imports() -> None:
    told = vocabulary()["names"]
    window = named(told, "reduction_window")
    assert (window["kind"], window["type"]) == ("constant", "duration")
    table = named(told, "lot_kinds_en")
    assert (table["kind"], table["type"]) == ("table", "map(string, string)")
    lots = named(told, "open_lots")
    assert (lots["kind"], lots["type"]) == ("variable", "list(resource.lots[])")
    assert lots["at"]["file"] == COMMON
    assert text_of(COMMON)[lots["at"]["from"] : lots["at"]["to"]] == "open_lots"
    assert "mosa_settlement" not in {one["name"] for one in told}


def test_functions_and_macros_as_the_reference_has_them() -> None:
    told = vocabulary()
    size = [one for one in told["functions"] if one["name"] == "size"]
    assert any("list(A)" in one["signature"] for one in size)
    assert named(told["functions"], "contains")["method"]
    assert not named(told["functions"], "math.greatest")["method"]
    assert named(told["functions"], "plural")["summary"]
    assert named(told["functions"], "duration")["example"]
    assert "list(A)" in named(told["macros"], "filter")["signature"]
    names = {one["name"] for one in (*told["functions"], *told["macros"])}
    assert not {"+", "in", "_+_", "@in", "!"} & names


def test_what_keys_take() -> None:
    told = vocabulary()
    assert "schedule-for-renewal" in told["remedies"]
    assert "reduction-window-closed" in told["rules"]
    assert "remove_licenses" in told["actions"]
    assert told["resources"] == ["subscription"]
    assert "common.yaml" in told["imports"]
    assert "reduction-window.yaml" not in told["imports"]


@pytest.mark.parametrize(
    ("file", "key"),
    [
        (WINDOW, "rules"),
        ("licenses/pack.yaml", "combining"),
        ("licenses/suites/roles.suite.yaml", None),
        ("licenses/new.yaml", "rules"),
    ],
)
def test_the_schema_of_each_kind_of_file(file: str, key: str | None) -> None:
    schema = vocabulary(file)["schema"]
    assert schema["$schema"]
    assert key is None or key in schema["properties"]


def test_a_request_schema_has_no_keys_of_ours() -> None:
    assert vocabulary("licenses/request.schema.json")["schema"] == {}


def test_edits_that_do_not_load_leave_what_was_known() -> None:
    edits = {WINDOW: text_of(WINDOW) + "\nbroken"}
    told = vocabulary(edits=edits)
    assert named(told["names"], "open_lots")
    assert named(told["attributes"], "resource.total", "path")


def test_a_new_name_is_known_at_once() -> None:
    edits = {
        WINDOW: text_of(WINDOW).replace(
            "rules:\n", "variables:\n  none_open: open_lots.size() == 0\n\nrules:\n", 1
        )
    }
    assert named(vocabulary(edits=edits)["names"], "none_open")["text"] == "open_lots.size() == 0"


def test_a_file_of_no_pack_has_functions_alone() -> None:
    told = vocabulary("elsewhere.yaml")
    assert (told["attributes"], told["names"], told["rules"]) == ([], [], [])
    assert told["functions"]
