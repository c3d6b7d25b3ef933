"""Rules that an earlier rule implies are found, no others, and without comparing all with all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.diagnostics import Severity
from evaluator.engine import load
from evaluator.policy import implied
from evaluator.policy.loading import load_packs
from evaluator.source import MemoryFiles
from tests.wrong_packs import BASE

HEAD = "policy: shop.orders\napplies_to: {resource: order, actions: [ship, cancel]}\n"
ALGORITHMS = ("deny_overrides", "allow_overrides", "first_match")


def files(
    rules: str, combining: str = "deny_overrides", others: Mapping[str, str] | None = None
) -> dict[str, str]:
    others = others or {}
    names = [*others, "orders.yaml"]
    pack = BASE["pack.yaml"].replace("[orders.yaml]", f"[{', '.join(names)}]")
    return {
        **BASE,
        "pack.yaml": f"{pack}combining: {combining}\n",
        "orders.yaml": rules if rules.startswith("policy:") else HEAD + rules,
        **others,
    }


def pairs(found: Mapping[str, str]) -> list[tuple[str, str]]:
    """The rules that are reported, in the order of their places, each with what implies it."""
    diagnostics = load_packs(MemoryFiles(found)).diagnostics
    assert [str(item) for item in diagnostics if item.severity is Severity.ERROR] == []
    reported = []
    for item in diagnostics:
        if item.code == "EVL437":
            (note,) = item.notes
            assert item.span is not None
            assert note.span is not None
            pair = (item.span.text, note.span.text)
            assert all(f"`{id_}`" in item.message for id_ in pair)
            reported.append(pair)
    return reported


def rule(id_: str, effect: str, when: str | None = None, **more: str) -> str:
    """A rule in one line."""
    entries = {"id": id_, "effect": effect, "reason": "Why."} | more
    if when is not None:
        entries["when"] = f"'{when}'"
    return "  - {" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}\n"


def rules(*lines: str) -> str:
    return f"{NAMES}rules:\n{''.join(lines)}"


NAMES = """\
variables:
  open: resource.state == "open"
  small: resource.total < 100
  web: context.channel == "web"
"""
YEAR = "{from: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z}"
NEXT = "{from: 2027-01-01T00:00:00Z}"

Make = Callable[[str], str]


def allow(when: str | None = None, **more: str) -> Make:
    return lambda id_: rule(id_, "allow", when, **more)


def deny(when: str | None = None, **more: str) -> Make:
    return lambda id_: rule(id_, "deny", when, **more)


# Two rules in order, and whether the second one is reported.
DENY_OVERRIDES: dict[str, tuple[Make, Make, bool]] = {
    # The effect that loses
    "narrower": (allow("open"), allow("open && small"), True),
    "other order": (allow("open && small"), allow("small && web && open"), True),
    "wider": (allow("open && small"), allow("open"), False),
    "overlapping": (allow("open && small"), allow("open && web"), False),
    "after always": (allow(), allow("small"), True),
    "after true": (allow("true"), allow("small"), True),
    "always after": (allow("small"), allow(), False),
    "always twice": (allow(), allow(), True),
    "or": (allow("open"), allow("open || small"), False),
    "same or": (allow("open || small"), allow("(open || small) && web"), True),
    "other or": (allow("open || small"), allow("(small || open) && web"), False),
    "not": (allow("open"), allow("!open && small"), False),
    "nested": (allow("open && web"), allow("open && (small && web)"), True),
    "spaces": (allow("resource.total<9"), allow("(resource.total) < 9 && web"), True),
    "literal": (allow("resource.total < 9"), allow("resource.total < 8"), False),
    "number": (allow("resource.total < 9"), allow("resource.total < 9.0"), False),
    "definition": (allow("small"), allow("resource.total < 100 && web"), False),
    "effect": (allow("open"), deny("open"), False),
    "effect that loses last": (deny("open"), allow("open"), False),
    # The effect that wins
    "same deny": (deny("open && small"), deny("small && open"), True),
    "narrower deny": (deny("open"), deny("open && small"), False),
    "deny after always": (deny(), deny("small"), False),
    # What the rules are for
    "fewer actions": (allow("open"), allow("open", actions="ship"), True),
    "more actions": (allow("open", actions="ship"), allow("open"), False),
    "other action": (allow("open", actions="ship"), allow("open", actions="cancel"), False),
    "same actions": (allow(actions="[ship, cancel]"), allow(actions="[cancel, ship]"), True),
    "same deny for fewer": (deny("open"), deny("open", actions="ship"), True),
    # Mode
    "later on trial": (allow("open"), allow("open", mode="report"), False),
    "earlier on trial": (allow("open", mode="report"), allow("open"), False),
    # Time
    "later for a time": (allow("open"), allow("open", effective=YEAR), True),
    "earlier for a time": (allow("open", effective=YEAR), allow("open"), False),
    "same time": (allow("open", effective=YEAR), allow("open && web", effective=YEAR), True),
    "other time": (allow("open", effective=YEAR), allow("open", effective=NEXT), False),
}
ALLOW_OVERRIDES: dict[str, tuple[Make, Make, bool]] = {
    "narrower deny": (deny("open"), deny("open && small"), True),
    "wider deny": (deny("open && small"), deny("open"), False),
    "same allow": (allow("open"), allow("open"), True),
    "narrower allow": (allow("open"), allow("open && small"), False),
    "effect": (allow("open"), deny("open"), False),
}
FIRST_MATCH: dict[str, tuple[Make, Make, bool]] = {
    "allow and allow": (allow("open"), allow("open && small"), True),
    "deny and deny": (deny("open"), deny("open && small"), True),
    "deny and allow": (deny("open"), allow("open && small"), True),
    "allow and deny": (allow("open"), deny("open && small"), True),
    "after always": (allow(), deny("small"), True),
    "wider": (deny("open && small"), allow("open"), False),
    # What errs is no allow, but a deny.
    "allow errs, deny": (allow("9 / resource.total > 3"), deny("9 / resource.total > 3"), False),
    "deny errs, allow": (deny("9 / resource.total > 3"), allow("9 / resource.total > 3"), True),
    "on trial": (allow("open", mode="report"), deny("open", mode="report"), False),
}
CASES = [
    pytest.param(combining, *row, id=f"{combining}: {name}")
    for combining, table in zip(
        ALGORITHMS, (DENY_OVERRIDES, ALLOW_OVERRIDES, FIRST_MATCH), strict=True
    )
    for name, row in table.items()
]


@pytest.mark.parametrize(("combining", "one", "two", "expected"), CASES)
def test_two_rules(combining: str, one: Make, two: Make, expected: bool):
    found = files(rules(one("one"), two("two")), combining)
    assert pairs(found) == ([("two", "one")] if expected else [])


def test_a_condition_tree_is_the_chain_that_it_stands_for():
    one = "  - {id: one, effect: allow, when: {all: [open, any: [small, web]]}}\n"
    two = rule("two", "allow", "(small || web) && open && resource.total != 3")
    assert pairs(files(rules(one, two))) == [("two", "one")]


def test_the_first_rule_that_implies_it_is_named():
    makes = [allow("open"), allow("small"), allow("small && open"), allow("web && small && open")]
    found = files(rules(*(make(f"r{number}") for number, make in enumerate(makes))))
    assert pairs(found) == [("r2", "r0"), ("r3", "r0")]


def test_nothing_is_told_of_a_pack_with_errors():
    found = files(rules(allow()("one"), allow()("two"), allow("opne")("three")))
    assert [item.code for item in load_packs(MemoryFiles(found)).diagnostics] == ["EVL301"]


# Patterns

PATTERNS: list[tuple[str, str, bool]] = [
    ("'**'", "billing:read", True),
    ("'*'", "read", True),
    ("'*'", "billing:read", False),
    ("'billing:*'", "billing:read", True),
    ("'billing:*'", "'billing:*'", True),
    ("'billing:*'", "'billing:**'", False),
    ("'billing:**'", "'billing:invoice:*'", True),
    ("'*:read'", "'billing:read'", True),
    ("'billing:*:read'", "billing:invoice:read", True),
    ("'billing:*:read'", "billing:invoice:write", False),
    ("[read, 'billing:*']", "['billing:read', read]", True),
    ("[read, 'billing:*']", "['billing:read', write]", False),
    ("billing:read", "'billing:*'", False),
    (f"[{', '.join(f'a{number}' for number in range(100))}]", "[a99, a7]", True),
    (f"[{', '.join(f'a{number}' for number in range(100))}]", "[a99, a100]", False),
]


@pytest.mark.parametrize("place", ["resource", "actions"])
@pytest.mark.parametrize(("wide", "narrow", "expected"), PATTERNS)
def test_patterns(place: str, wide: str, narrow: str, expected: bool):
    def policy(name: str, patterns: str, id_: str) -> str:
        scope = {"resource": "order", "actions": "ship", place: patterns}
        applies = ", ".join(f"{key}: {value}" for key, value in scope.items())
        return f"policy: shop.{name}\napplies_to: {{{applies}}}\nrules:\n{rule(id_, 'allow')}"

    found = files(policy("orders", narrow, "two"), others={"all.yaml": policy("all", wide, "one")})
    assert pairs(found) == ([("two", "one")] if expected else [])


# Names

COMMON = "policy: shop.common\nconstants: {most: 100}\nvariables: {cheap: resource.total < 50}\n"
IMPORT = "imports: [common.yaml]\n"
EACH = "resource.lines.all(n, n.quantity > 1)"


@pytest.mark.parametrize(
    ("own", "others", "when", "expected"),
    [
        (IMPORT, IMPORT, "cheap", True),
        (IMPORT, IMPORT, "resource.total < most", True),
        (
            "variables: {v: resource.total < 5}\n",
            "variables: {v: resource.total < 6}\n",
            "v",
            False,
        ),
        ("constants: {c: 1}\n", "constants: {c: 2}\n", "resource.total < c", False),
        ("tables: {t: [1]}\n", "tables: {t: [2]}\n", "resource.total in t", False),
        ("", "", EACH, True),
    ],
    ids=["variable", "constant", "two variables", "two constants", "two tables", "bound"],
)
def test_names_stand_for_their_definitions(own: str, others: str, when: str, expected: bool):
    def policy(name: str, id_: str, head: str) -> str:
        start = HEAD.replace("shop.orders", f"shop.{name}")
        return f"{start}{head}rules:\n{rule(id_, 'allow', when)}"

    found = files(
        policy("orders", "two", own),
        others={"common.yaml": COMMON, "other.yaml": policy("other", "one", others)},
    )
    assert (("two", "one") in pairs(found)) is expected


# Several request schemas


def by_action(found: dict[str, str], **schemas: str) -> dict[str, str]:
    """The files with a request schema for each action."""
    listed = ", ".join(f"{action}: {action}.schema.json" for action in schemas)
    pack = found["pack.yaml"].replace("request.schema.json", f"{{{listed}}}")
    return {**found, "pack.yaml": pack} | {
        f"{action}.schema.json": text for action, text in schemas.items()
    }


def test_a_pair_is_reported_once_for_several_schemas():
    schema = BASE["request.schema.json"]
    found = by_action(files(rules(allow("open")("one"), allow("open && web")("two"))),
                      ship=schema, cancel=schema.replace('"paid", ', ""))  # fmt: skip
    assert len(load_packs(MemoryFiles(found)).diagnostics) == len(["small is not used", "EVL437"])
    assert pairs(found) == [("two", "one")]


@pytest.mark.parametrize("negated", [False, True])
def test_a_pair_is_reported_if_it_is_one_for_every_schema(negated: bool):
    """An allow rule that may err, for one of the schemas, does not imply a deny rule."""
    schema = BASE["request.schema.json"]
    number = schema.replace('"total": {"type": "integer"}', '"total": {"type": "number"}')
    when = "-resource.total < 100" if negated else "resource.total < 100"
    found = by_action(files(rules(allow(when)("one"), deny(when)("two")), "first_match"),
                      ship=schema, cancel=number)  # fmt: skip
    assert pairs(found) == ([] if negated else [("two", "one")])


# Laws

CONDITIONS = ("open", "small", "web", "9 / resource.total > 3", "resource.total < 5")
SHAPES = st.fixed_dictionaries(
    {
        "effect": st.sampled_from(["allow", "deny"]),
        "when": st.lists(st.sampled_from(CONDITIONS), max_size=3),
        "actions": st.sampled_from(["ship", "cancel", "[ship, cancel]"]),
        "mode": st.sampled_from(["enforce", "enforce", "enforce", "report"]),
        "effective": st.sampled_from([None, None, YEAR, NEXT]),
    }
)
REQUESTS = [
    {
        "subject": {"type": "user", "id": "u"},
        "action": {"name": action},
        "resource": {
            "type": "order",
            "id": "o",
            "properties": {"total": total, "state": state, "lines": [], "due": time},
        },
        "context": {"channel": channel, "time": time},
    }
    for action in ("ship", "cancel")
    for total in (0, 2, 7, 500)
    for state in ("open", "paid")
    for channel in ("web", "phone")
    for time in ("2025-06-01T00:00:00Z", "2026-06-01T00:00:00Z", "2027-06-01T00:00:00Z")
]


def written(shapes: Iterable[Mapping[str, Any]]) -> list[str]:
    lines = []
    for number, shape in enumerate(shapes):
        when = " && ".join(shape["when"]) or None
        more = {key: shape[key] for key in ("actions", "mode", "effective") if shape[key]}
        lines.append(rule(f"r{number}", shape["effect"], when, **more))
    return lines


@given(st.lists(SHAPES, min_size=2, max_size=6), st.sampled_from(ALGORITHMS))
def test_without_what_is_reported_the_effect_is_the_same(
    shapes: Sequence[Mapping[str, Any]], combining: str
):
    lines = written(shapes)
    whole = files(rules(*lines), combining)
    needless = {later for later, _ in pairs(whole)}
    kept = [line for number, line in enumerate(lines) if f"r{number}" not in needless]
    rest = files(rules(*kept), combining)
    before, after = load(MemoryFiles(whole)), load(MemoryFiles(rest))
    for request in REQUESTS if needless else ():
        one, other = before.decide(request), after.decide(request)
        assert one.effect == other.effect
        if combining == "first_match":
            assert [reason.rule for reason in one.reasons] == [
                reason.rule for reason in other.reasons
            ]


@given(st.lists(SHAPES, min_size=2, max_size=8), st.sampled_from(ALGORITHMS))
def test_the_index_finds_what_comparing_all_with_all_finds(
    shapes: Sequence[Mapping[str, Any]], combining: str
):
    lines = written(shapes)
    expected = []
    for place, later in enumerate(lines):
        for number, earlier in enumerate(lines[:place]):
            if pairs(files(rules(earlier, later), combining)):
                expected.append((f"r{place}", f"r{number}"))
                break
    assert pairs(files(rules(*lines), combining)) == expected


# How many rules are compared

MANY = 400


@pytest.mark.parametrize(
    "line",
    [
        lambda n: rule(f"r{n}", "allow", f"open && small && resource.total > {n}"),
        lambda n: rule(f"r{n}", "deny", f"open && resource.total > {n}"),
        lambda n: rule(f"r{n}", "allow", actions=f"a{n}"),
        lambda n: rule(f"r{n}", "allow", actions=f"'a{n}:*'"),
        lambda n: rule(f"r{n}", "allow", "open", actions=f"[a{n}, b{n}, 'c{n}:**']"),
        lambda n: rule(f"r{n}", "allow", "open", effective=f"{{from: {2000 + n}-01-01T00:00:00Z}}"),
        lambda n: rule(f"r{n}", "allow", "open"),
    ],
    ids=["condition", "deny", "action", "pattern", "actions", "time", "same"],
)
def test_few_rules_are_compared(line: Callable[[int], str], monkeypatch: pytest.MonkeyPatch):
    compared = 0
    covers = implied._covers

    def counting(earlier: Any, later: Any) -> bool:
        nonlocal compared
        compared += 1
        return covers(earlier, later)

    monkeypatch.setattr(implied, "_covers", counting)
    text = rules(*map(line, range(MANY)))
    load_packs(MemoryFiles(files(HEAD.replace("[ship, cancel]", "['**']") + text)))
    assert compared <= 2 * MANY
