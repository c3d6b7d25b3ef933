from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

import evaluator
from evaluator.server.playground.answering.schemas import resolved
from evaluator.server.playground.answering.workspace import Workspace
from tests.server.playground.workspaces import ask, opened, pack, start, text_of, workspace


def test_the_files_are_those_of_packs_as_on_disk() -> None:
    files = {one["name"]: one for one in opened()["files"]}
    kinds = {name: files[name]["kind"] for name in files if name.startswith("licenses/")}
    assert kinds["licenses/pack.yaml"] == "pack"
    assert kinds["licenses/roles.yaml"] == "policy"
    assert kinds["licenses/request.schema.json"] == "schema"
    assert kinds["licenses/suites/roles.suite.yaml"] == "suite"
    assert kinds["licenses/suites/fixtures.yaml"] == "suite"
    assert {one["pack"] for one in files.values()} == {"expenses", "licenses"}
    first = next(name for name in files if name.startswith("licenses/"))
    assert first == "licenses/pack.yaml"


def test_what_is_told_of_a_pack() -> None:
    told = pack("licenses")
    loaded = evaluator.load("policies/licenses").packs[0]
    assert (told["version"], told["folder"]) == (loaded.version, "licenses/")
    assert told["digest"] == loaded.digest
    assert (told["defaultLocale"], told["locales"]) == ("en", ["da", "en"])
    assert set(told["title"]) == {"en", "da"}
    assert told["types"] == [
        {
            "name": "subscription",
            "actions": [
                "buy_licenses",
                "remove_licenses",
                "redeem_product_key",
                "assign_licenses",
            ],
        }
    ]
    assert told["titles"]["licenses.roles"]["da"].startswith("Hvem der må")
    assert opened()["version"] == evaluator.__version__
    assert opened()["diagnostics"] == []


def test_the_names_are_the_titles_of_the_pack() -> None:
    names = pack("licenses")["names"]
    assert names["types"] == {"subscription": {"en": "Subscription", "da": "Abonnement"}}
    assert names["actions"]["remove_licenses"] == {"en": "Remove licences", "da": "Fjern licenser"}
    assert names["attributes"]["resource.lots.quantity"] == {"en": "Quantity", "da": "Antal"}
    assert names["values"]["resource.payment_method"]["card"] == {"en": "Card", "da": "Kort"}


def test_the_schema_has_no_references_left() -> None:
    schema = pack("licenses")["schemas"][""]
    properties = schema["properties"]["resource"]["properties"]["properties"]["properties"]
    assert properties["lots"]["items"]["properties"]["added_at"]["format"] == "date-time"
    assert "$ref" not in str(schema)
    assert "$defs" not in schema


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}}, {"type": "string"}),
        ({"title": "T", "$ref": "#/$defs/a", "$defs": {"a": {"title": "A"}}}, {"title": "T"}),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}}, {"items": {}}),
        ({"$ref": "https://elsewhere.example/a"}, {}),
        ({"$ref": 3, "items": [{"$ref": "#/$defs/b"}]}, {"items": [{}]}),
        ([1, None], [1, None]),
    ],
    ids=["reference", "beside", "cycle", "elsewhere", "broken", "no object"],
)
def test_references_are_resolved(schema: Any, expected: Any) -> None:
    assert resolved(schema) == expected


def test_references_that_multiply_come_to_an_end() -> None:
    names = [f"d{number}" for number in range(40)]
    definitions = {
        name: {"properties": {key: {"$ref": f"#/$defs/{following}"} for key in "abcd"}}
        for name, following in pairwise(names)
    }
    found = resolved({"$ref": "#/$defs/d0", "$defs": definitions})
    assert len(str(found)) < 2_000_000


def test_every_step_of_the_suites_is_a_scenario() -> None:
    scenarios = pack("licenses")["scenarios"]
    assert len({one["id"] for one in scenarios}) == len(scenarios) > 500
    one = next(one for one in scenarios if one["id"].endswith("[+167h59m]"))
    assert one["suite"] == "licenses.reduction-window"
    assert one["suiteTitle"]["da"].startswith("Hvornår licenser kan fjernes")
    assert one["now"] == "2026-03-10T08:59:00Z"
    assert one["decision"] == "allow"
    text = text_of(one["at"]["file"])
    assert text[one["at"]["from"] : one["at"]["to"]] == "allow"


@pytest.mark.parametrize("name", ["licenses", "expenses"])
def test_the_first_scenario_has_something_to_show(name: str) -> None:
    first = start(name)
    action = first["request"]["action"]["name"]
    about = {"request": first["request"], "now": first["now"]}
    decided = ask("decide", actions=[action], **about)["decisions"][action]
    assert decided["decision"]["decision"] == "deny"
    assert "allow" in {one["then"] for one in decided["remedies"]}
    timeline = ask("timeline", **about)
    assert {one["decision"] for one in timeline["segments"]} == {"allow", "deny"}


def test_the_first_scenario_is_one_that_time_ends() -> None:
    first = start("licenses")
    action = first["request"]["action"]["name"]
    told = ask("decide", actions=[action], request=first["request"], now=first["now"])
    assert told["decisions"][action]["decision"]["valid_until"] == "2026-03-05T09:00:00Z"
    segments = ask("timeline", request=first["request"], now=first["now"])["segments"]
    (then,) = [one for one in segments if one["from"] == "2026-03-05T09:00:00Z"]
    assert then["decision"] == "allow"


def test_policies_that_do_not_load_are_told() -> None:
    broken = Workspace({**workspace().files, "licenses/roles.yaml": b"policy: [\n"})
    told = ask("open", of=broken)
    assert told["packs"] == []
    assert [one["pack"] for one in told["files"] if one["name"] == "licenses/roles.yaml"] == [
        "licenses"
    ]
    assert told["diagnostics"][0]["severity"] == "error"


def test_edits_that_do_not_load_leave_the_packs_of_the_disk() -> None:
    told = ask("open", edits={"licenses/roles.yaml": "policy: [\n"})
    assert [one["name"] for one in told["packs"]] == ["expenses", "licenses"]
    assert told["diagnostics"][0]["at"]["file"] == "licenses/roles.yaml"


def test_outputs_are_called_by_their_titles() -> None:
    files = {
        "pack.yaml": "language: 1\nname: shop\nversion: '1'\nfiles: [till.yaml]\n",
        "till.yaml": (
            "policy: shop.till\napplies_to: {resource: shop, actions: [pay]}\n"
            "rules: [{id: open, effect: allow}]\n"
            "outputs:\n  change:\n    title: {en: Change}\n    value: '3'\n"
        ),
    }
    shop = Workspace({name: text.encode() for name, text in files.items()})
    (told,) = ask("open", of=shop)["packs"]
    assert told["titles"]["outputs.change"] == {"en": "Change"}
    assert told["names"] == {"types": {}, "actions": {}, "attributes": {}, "values": {}}


def test_packs_are_those_of_the_edits_where_these_load() -> None:
    name = "licenses/pack.yaml"
    renamed = text_of(name).replace('version: "1.0.0"', 'version: "2.0.0"')
    assert versions(ask("open", edits={name: renamed}))["licenses"] == "2.0.0"
    broken = ask("open", edits={name: "nonsense"})
    assert versions(broken)["licenses"] == "1.0.0"
    assert broken["diagnostics"]


def test_a_pack_that_is_broken_on_disk_can_be_mended_by_an_edit() -> None:
    name = "licenses/roles.yaml"
    place = Workspace({**workspace().files, name: b"policy: ["})
    assert versions(ask("open", of=place)) == {}
    mended = ask("open", edits={name: text_of(name)}, of=place)
    assert set(versions(mended)) == {"expenses", "licenses"}
    assert mended["diagnostics"] == []


def versions(told: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["version"] for one in told["packs"]}
