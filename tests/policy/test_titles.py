"""The titles that a pack gives to types, actions, attributes and values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evaluator.policy.loading import load_packs
from evaluator.policy.model import Pack, Titles
from evaluator.policy.request_types import RequestType
from evaluator.policy.shapes import Leaf, ListShape, ObjectShape, Shape
from evaluator.source import Folder, MemoryFiles
from tests.wrong_packs import BASE

POLICIES = Path(__file__).parents[2] / "policies"
PACKS = {pack.name: pack for pack in load_packs(Folder(POLICIES)).packs}


def load(titles: str, **files: str) -> tuple[Titles | None, list[str]]:
    """The titles of a pack, and the problems."""
    named = {f"{name}.yaml": text for name, text in files.items()}
    loaded = load_packs(MemoryFiles({**BASE, "pack.yaml": f"{BASE['pack.yaml']}{titles}", **named}))
    return loaded.packs[0].titles, [item.message for item in loaded.diagnostics]


def test_a_pack_without_titles():
    assert load("") == (None, [])


def test_titles_are_texts_by_language():
    titles, found = load(
        """
titles:
  types: {order: {en: Order, da: Ordre}}
  actions: {ship: {en: "Ship {now}", da: Send}}
  attributes:
    resource.total: {en: Total, da: I alt}
    resource.lines.quantity: {en: Pieces, da: Antal}
    resource.id: {en: Number, da: Nummer}
  values:
    subject.roles: {clerk: {en: Clerk, da: Ekspedient}}
"""
    )
    assert found == []
    assert titles == Titles(
        types={"order": {"en": "Order", "da": "Ordre"}},
        actions={"ship": {"en": "Ship {now}", "da": "Send"}},
        attributes={
            "resource.total": {"en": "Total", "da": "I alt"},
            "resource.lines.quantity": {"en": "Pieces", "da": "Antal"},
            "resource.id": {"en": "Number", "da": "Nummer"},
        },
        values={"subject.roles": {"clerk": {"en": "Clerk", "da": "Ekspedient"}}},
    )


def test_a_plain_title_is_in_the_default_language():
    titles, found = load("default_locale: da\ntitles: {actions: {ship: Send}}\n")
    assert found == []
    assert titles is not None
    assert titles.actions == {"ship": {"da": "Send"}}


def test_names_in_backquotes_may_have_points():
    schema = BASE["request.schema.json"].replace('"note"', '"customer.note"')
    files = MemoryFiles(
        {
            **BASE,
            "request.schema.json": schema,
            "pack.yaml": f"{BASE['pack.yaml']}titles:\n"
            "  attributes: {'resource.`customer.note`': Note, resource.note: Note}\n",
        }
    )
    found = load_packs(files).diagnostics
    assert [item.message for item in found] == [
        "the request schema has no attribute `resource.note`"
    ]


WILD = """
policy: shop.orders
applies_to: {resource: "shop:*", actions: "**"}
rules: [{id: all, effect: allow}]
"""


def test_what_a_pattern_covers_may_have_a_title():
    titles = "titles: {types: {'shop:order': Order, order: Order}, actions: {anything: Anything}}\n"
    _, found = load(titles, orders=WILD)
    assert found == ["no policy is for the resource type `order`"]


def test_without_a_schema_every_attribute_may_have_a_title():
    pack = BASE["pack.yaml"].replace("request: request.schema.json\n", "")
    titles = "titles:\n  attributes: {resource.any: A}\n  values: {resource.any: {x: X}}\n"
    orders = BASE["orders.yaml"].replace("in subject.roles", "== subject.id")
    files = MemoryFiles({**BASE, "pack.yaml": pack + titles, "orders.yaml": orders})
    assert load_packs(files).diagnostics == ()


def test_an_attribute_of_any_schema_may_have_a_title():
    pack = BASE["pack.yaml"].replace(
        "request: request.schema.json", "request: {ship: request.schema.json, cancel: other.json}"
    )
    other = BASE["request.schema.json"].replace('"paid"', '"gone"').replace('"total"', '"sum"')
    titles = (
        "titles:\n"
        "  attributes: {resource.total: Total, resource.sum: Sum, resource.rest: Rest}\n"
        "  values: {resource.state: {paid: Paid, gone: Gone, lost: Lost}}\n"
    )
    files = MemoryFiles({**BASE, "pack.yaml": pack + titles, "other.json": other})
    assert [item.message for item in load_packs(files).diagnostics] == [
        "the request schema has no attribute `resource.rest`",
        "`resource.state` is never `lost`",
    ]


def test_titles_are_part_of_the_digest_and_of_nothing_that_decides():
    plain, titled = (
        load_packs(MemoryFiles({**BASE, "pack.yaml": BASE["pack.yaml"] + more})).packs[0]
        for more in ("", "titles: {actions: {ship: Ship}}\n")
    )
    assert plain.digest != titled.digest
    assert [rule.id for rule in plain.variants[0].rules] == [
        rule.id for rule in titled.variants[0].rules
    ]


# The packs of this repository


def named(shape: Shape, path: str) -> dict[str, tuple[str, ...]]:
    """The attributes in a shape, each with the values of its enum."""
    while isinstance(shape, ListShape):
        shape = shape.item
    values: Any = getattr(shape.type, "values", ()) if isinstance(shape, Leaf) else ()
    found = {path: tuple(values)}
    if isinstance(shape, ObjectShape):
        for name, member in shape.members.items():
            found.update(named(member.shape, f"{path}.{name}"))
    return found


def attributes(request_type: RequestType) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for root, shape in (request_type.shapes or {}).items():
        found.update(named(shape, root))
    return {path: values for path, values in found.items() if "." in path}


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_everything_in_the_packs_has_a_title(pack: Pack):
    (variant,) = pack.variants
    assert pack.titles is not None
    assert variant.lookup is None
    applies = [rule.applies for rule in variant.rules]
    types = {name for one in applies for name in one.resources.literals}
    actions = {name for one in applies for name in one.actions.literals}
    expected = attributes(variant.request_type)
    assert set(pack.titles.types) == types
    assert set(pack.titles.actions) == actions
    assert set(pack.titles.attributes) == set(expected)
    values = {path: set(choices) for path, choices in expected.items() if choices}
    assert {path: set(given) for path, given in pack.titles.values.items()} == values
    texts = [
        *pack.titles.types.values(),
        *pack.titles.actions.values(),
        *pack.titles.attributes.values(),
        *(text for given in pack.titles.values.values() for text in given.values()),
    ]
    assert {tuple(sorted(text)) for text in texts} == {("da", "en")}
