"""Packs are after packing what they were before, and decide as they did."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, islice
from pathlib import Path
from random import Random
from typing import Any

import pytest

import evaluator
from evaluator.language.checker import Checked, Environment, check
from evaluator.language.functions import STANDARD
from evaluator.language.functions.catalogue import entries
from evaluator.language.parser import parse_text
from evaluator.language.values import Timestamp
from evaluator.policy.caching.decoding import Records
from evaluator.policy.caching.encoding import Encoder, NotKeptError
from evaluator.policy.caching.packing import packed
from evaluator.policy.caching.requests import types_of
from evaluator.policy.caching.unpacking import unpacked
from evaluator.policy.loading import load_packs
from evaluator.policy.model import Loaded
from evaluator.policy.request_types import RequestType
from evaluator.source import Folder, MemoryFiles
from tests.generating.settings import Setting, has_errors
from tests.licence_requests import mutated, requests
from tests.policy.caching.alike import assert_alike
from tests.program import orders
from tests.wrong_packs import BASE

POLICIES = Path(__file__).parents[3] / "policies"
NOW = 1_772_000_000_123_456_789
Contents = dict[str, bytes]


def again(roots: Sequence[Any], requests: Sequence[RequestType] = ()) -> list[Any]:
    """Objects after they have been records, of which the source texts are part."""
    texts = list(Encoder(roots, {}, requests).records())
    offsets = [0, *accumulate(map(len, texts))][:-1]
    types = [types_of(request) for request in requests]
    records = Records(
        "".join(texts),
        offsets,
        source=lambda name: pytest.fail(f"there is no file {name}"),
        requested=lambda number, place: types[number][place],
    )
    return [records.get(number) for number in range(len(roots))]


def read(files: Folder | MemoryFiles) -> Contents:
    return {name: files.read(name) for name in files.names()}


def both(files: Folder | MemoryFiles, functions: Mapping[str, Any]) -> tuple[Loaded, Loaded]:
    """Packs as they are loaded, and what becomes of them in a cache."""
    loaded = load_packs(files, functions=functions)
    contents = read(files)
    return loaded, unpacked(packed(loaded, contents), contents, functions)


# Packs

MANY_SCHEMAS = {
    **BASE,
    "pack.yaml": """\
language: 1
name: shop
version: "1"
title: {en: Shop, da: Butik}
request: {"ship": request.schema.json, "report:*": other.schema.json, "cancel": request.schema.json}
files: [orders.yaml, shared.yaml]
titles:
  actions: {ship: {en: Ship, da: Afsend}}
  values: {resource.state: {paid: {en: Paid, da: Betalt}}}
""",
    "other.schema.json": json.dumps(
        {
            "type": "object",
            "properties": {
                "resource": {
                    "properties": {
                        "properties": {
                            "type": "object",
                            "properties": {
                                "days": {"type": "array", "items": {"$ref": "#/$defs/day"}},
                                "first": {"$ref": "#/$defs/day"},
                            },
                            "required": ["days", "first"],
                        }
                    }
                }
            },
            "$defs": {
                "day": {
                    "type": "object",
                    "properties": {
                        "name": {"enum": ["mon", "tue"], "description": "Its name"},
                        "open": {"type": ["boolean", "null"]},
                    },
                    "required": ["name", "open"],
                }
            },
        }
    ),
    "shared.yaml": """\
policy: shop.shared
title: Shared
constants:
  start: timestamp("2026-01-01T00:00:00Z")
  wait: duration("36h")
  network: cidr("10.0.0.0/8")
  octets: b"\\x00\\xff"
  unsigned: 7u
  infinite: 1e300 * 1e300
  nothing: optional.none()
  some: optional.of([1, 2])
  kind: type(1)
  mixed: '{1: "a", true: [null], "x": {2u: -0.0}}'
tables:
  levels: {open: 1, paid: 2}
variables:
  monday: 'resource.days.exists(d, d.name == "mon")'
  unused: resource.first.name
remedies:
  - id: wait
    message: {en: "Wait until {start + wait}.", da: "Vent til {start + wait}."}
    when: now < start
""",
    "orders.yaml": """\
policy: shop.orders
title: Orders \N{GRINNING FACE}
imports: [shared.yaml]
applies_to: {resource: "**", actions: ["ship", "report:*"]}
variables:
  monday_open: monday && resource.first.?open.hasValue()
rules:
  - id: monday
    effect: deny
    actions: "report:*"
    when:
      any:
        - monday_open
        - none: ["monday", 'resource.first.name in ["mon"]']
        - "\\x6donday \\
          && monday"
        - >
          monday
            && monday_open
    reason: {en: "Not on {resource.first.name}.", da: "Ikke om {resource.first.name}."}
    remedies: [{use: wait, when: monday}]
  - id: anything
    effect: allow
    when: now > start && unsigned == 7u && size(octets) == 2 && "open" in levels
outputs:
  left:
    actions: "report:*"
    value: '{"days": resource.days.size(), "at": now}'
    on: [allow, deny]
  codes: {value: '["a"]', labels: {a: {en: The first, da: Den første}}, on: [deny, allow]}
""",
}
PACKS: dict[str, tuple[Callable[[], Folder | MemoryFiles], Mapping[str, Any]]] = {
    "licences": (lambda: Folder(POLICIES), {}),
    "the licence pack alone": (lambda: Folder(POLICIES / "licenses"), {}),
    "small": (lambda: MemoryFiles(BASE), {}),
    "many schemas": (lambda: MemoryFiles(MANY_SCHEMAS), {}),
    "with a mark and other ends of lines": (
        lambda: MemoryFiles(
            {
                name: f"\N{ZERO WIDTH NO-BREAK SPACE}{text}".replace("\n", "\r\n").encode()
                if name == "orders.yaml"
                else text
                for name, text in MANY_SCHEMAS.items()
            }
        ),
        {},
    ),
    "everything": (
        lambda: MemoryFiles(
            orders.files(
                ("deny", "deny_overrides", True),
                ("first", "first_match", True),
                ("loose", "allow_overrides", False),
            )
        ),
        orders.functions(),
    ),
}
MONDAY = {"name": "mon", "open": True}
packs = pytest.mark.parametrize("name", PACKS)


@packs
def test_packs_are_what_they_were(name: str) -> None:
    make, functions = PACKS[name]
    loaded, other = both(make(), functions)
    assert loaded.packs
    assert_alike(loaded, other)


def test_warnings_come_back() -> None:
    loaded, other = both(MemoryFiles(MANY_SCHEMAS), {})
    assert {item.code for item in loaded.diagnostics} >= {"EVL414"}
    assert [str(item) for item in other.diagnostics] == [str(item) for item in loaded.diagnostics]


# Expressions

EXAMPLES = sorted({example.expression for entry in entries() for example in entry.examples})


def test_every_example_of_the_reference() -> None:
    found = [check(parse_text(text), Environment({}, functions=STANDARD)) for text in EXAMPLES]
    assert len(found) > 300
    assert_alike(found, again(found))


@pytest.mark.parametrize("seed", range(8))
def test_expressions_by_chance(seed: int) -> None:
    setting = Setting(Random(seed))
    found: list[Checked] = [checked for _, checked in islice(setting.accepted(), 40)]
    assert not any(map(has_errors, found))
    assert_alike(found, again(found, [setting.type]))


def test_deep_ones_are_no_matter() -> None:
    value: Any = ()
    for _ in range(5_000):
        value = (value, [value])
    (other,) = again([value])
    for _ in range(5_000):
        assert type(other) is tuple
        first, (second,) = other
        assert first is second
        other = first
    assert other == ()


def test_lone_surrogates_and_other_odd_texts() -> None:
    odd = [
        "\ud800",
        "\0\x7f\N{GRINNING FACE}\u2028",
        '"\\',
        float("inf"),
        -0.0,
        2**64,
        True,
        1,
        1.0,
    ]
    (other,) = again([odd])
    assert [(type(item), repr(item)) for item in other] == [
        (type(item), repr(item)) for item in odd
    ]


@pytest.mark.parametrize(
    "value",
    [lambda: 0, open, object(), {"a": [print]}, Random(1)],
    ids=["lambda", "built-in", "object", "nested", "random"],
)
def test_what_is_not_listed_is_not_kept(value: object) -> None:
    with pytest.raises(NotKeptError):
        again([value])


# Decisions


def policy_sets(name: str) -> tuple[evaluator.PolicySet, evaluator.PolicySet]:
    make, functions = PACKS[name]
    one, other = (
        evaluator.PolicySet(loaded.packs, clock=lambda: NOW, locale="da")
        for loaded in both(make(), functions)
    )
    return one, other


def assert_same_answers(
    one: evaluator.PolicySet, other: evaluator.PolicySet, request: dict[str, Any]
) -> None:
    assert one.effect_and_ids(request) == other.effect_and_ids(request)
    assert one.decide(request).to_dict() == other.decide(request).to_dict()
    assert one.explain(request).to_dict() == other.explain(request).to_dict()


def test_the_licence_pack_decides_alike() -> None:
    one, other = policy_sets("licences")
    random = Random(1)
    for number, request in enumerate(requests(7, 2_000)):
        for asked in (request, mutated(request, random)):
            if number % 20 == 0 and type(asked) is dict:
                assert_same_answers(one, other, asked)
            elif isinstance(asked, Mapping):
                assert one.effect_and_ids(asked) == other.effect_and_ids(asked)


def test_packs_that_use_everything_decide_alike() -> None:
    one, other = policy_sets("everything")
    random = Random(2)
    answers = set()
    for number in range(1_000):
        request = orders.request(random)
        answers.add(one.effect_and_ids(request))
        if number % 20:
            assert one.effect_and_ids(request) == other.effect_and_ids(request)
        else:
            assert_same_answers(one, other, request)
    assert len(answers) > 20


def test_packs_with_several_schemas_decide_alike() -> None:
    one, other = policy_sets("many schemas")
    answers = set()
    for action in ("ship", "cancel", "report:a", "report:a:b", "other"):
        for days in ([], [{"name": "tue", "open": None}], [MONDAY], [{"name": "sun"}], 7):
            for first in (MONDAY, {"name": "tue"}, None):
                request = {
                    "subject": {"type": "user", "id": "ann"},
                    "action": {"name": action},
                    "resource": {
                        "type": "order",
                        "id": "o1",
                        "properties": {"days": days, "first": first},
                    },
                }
                answers.add(one.effect_and_ids(request))
                assert_same_answers(one, other, request)
    assert len(answers) >= 3


def test_partial_decisions_are_alike() -> None:
    one, other = policy_sets("licences")
    for request in requests(3, 40):
        unknown = ["resource.total", "context"]
        left, right = (
            policies.decide_partial(request, unknown).to_dict() for policies in (one, other)
        )
        assert left == right


def test_a_rule_is_made_once_when_it_is_asked_for() -> None:
    _, other = both(Folder(POLICIES), {})
    variant = other.packs[0].variants[0]
    assert variant.lookup is not None
    assert variant.rules[3] is variant.rules[3] is variant.rules[2:5][1] is list(variant.rules)[3]
    assert variant.rules[-1] is variant.rules[len(variant.rules) - 1]
    with pytest.raises(IndexError):
        variant.rules[len(variant.rules)]


def test_sources_are_not_in_the_cache_twice() -> None:
    files = Folder(POLICIES)
    data = packed(load_packs(files), read(files))
    assert b"yaml-language-server" not in data
    assert Timestamp(NOW) == again([Timestamp(NOW)])[0]
