"""The licence pack has the names, facts and texts that `domain/licenses.md` promises, no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.licence_requests import requests
from tests.licences_by_hand import decide

PACK = Path(__file__).parents[2] / "policies" / "licenses"

# Section 3: the files and their rules in order, and for each rule the remedies it can have.
CONTACT = {"contact-csp-partner", "contact-reseller"}
REPRESENTATIVE = {"contact-microsoft-representative"}
RULES: dict[str, dict[str, set[str]]] = {
    "roles": {
        "mca-role": set(),
        "mosa-role": set(),
        "assignment-role": set(),
        "mca-role-required": {"ask-billing-account-owner"},
        "mosa-role-required": {"ask-global-administrator"},
        "billing-account-type-unknown": {"find-billing-account-type"},
    },
    "disabled-buttons": {
        "credit-check-pending": {"wait-for-credit-check"},
        "activated-with-product-key": {
            "redeem-product-key",
            "add-payment-card",
            "renew-with-smaller-product-key",
        },
        "bought-through-reseller": CONTACT,
        "bought-through-representative": REPRESENTATIVE,
        "trial-subscription": {"buy-the-trial-first"},
        "end-of-sale": {"buy-another-subscription", "convert-subscription"},
    },
    "quantities": {
        "not-an-increase": {"enter-new-total", "use-remove-licenses"},
        "not-a-decrease": {"enter-new-total", "use-buy-licenses"},
        "all-licenses-assigned": {"unassign-licenses"},
        "below-assigned": {"unassign-licenses", "choose-higher-quantity"},
        "cannot-reduce-to-zero": {"cancel-subscription"},
    },
    "reduction-window": {
        "recurring-billing-off": {"turn-on-recurring-billing"},
        "reduction-window-closed": {"schedule-for-renewal"},
        "exceeds-removable-quantity": {"choose-higher-quantity", "schedule-for-renewal"},
    },
    "scheduling": {
        "scheduling-needs-recurring-billing": {"change-now", "turn-on-recurring-billing"},
        "scheduling-not-offered": {"change-now"},
    },
    "prepaid": {
        "not-prepaid": {"buy-licenses", *CONTACT, *REPRESENTATIVE},
        "no-product-key": {"buy-product-key"},
        "product-key-malformed": {"check-product-key"},
        "product-key-already-redeemed": {"use-unused-product-key"},
        "product-key-repeated": {"use-unused-product-key"},
        "product-key-for-other-product": {"use-product-key-for-this-product"},
        "renewal-below-assigned": {"unassign-licenses", "buy-larger-product-key"},
    },
    "assignment": {
        "no-license-available": {
            "unassign-licenses",
            "buy-licenses",
            "redeem-product-key",
            *CONTACT,
            *REPRESENTATIVE,
        },
    },
}
ALLOW = {"mca-role", "mosa-role", "assignment-role"}
RECOGNISED = {  # by what the admin center shows: the source's column "description"
    "activated-with-product-key",
    "bought-through-reseller",
    "trial-subscription",
    "end-of-sale",
}
SETS = {
    "schedule-for-renewal": "context.effective",
    "change-now": "context.effective",
    "turn-on-recurring-billing": "resource.recurring_billing",
    "choose-higher-quantity": "context.new_quantity",
    "unassign-licenses": "resource.assigned",
    "add-payment-card": "resource.payment_method",
    "use-buy-licenses": "action.name",
    "use-remove-licenses": "action.name",
}

# Section 4: the outputs, those given on deny too, and the codes of those that are lists of codes.
OUTPUTS = {
    "effective_at",
    "schedule_options",
    "removable_quantity",
    "minimum_quantity",
    "window_closes_at",
    "bought_window_closes_at",
    "new_total",
    "invoice",
    "available",
    "extends_term",
    "steps",
    "next_steps",
}
ON_DENY_TOO = {"schedule_options", "removable_quantity", "minimum_quantity", "window_closes_at"}
CODES = {
    "invoice": {
        "charged-immediately",
        "next-invoice",
        "invoiced-within-a-month",
        "charged-at-renewal",
        "first-invoice-after-renewal",
        "previous-charge-credited",
        "prorated-original-quantity",
        "charge-new-quantity",
        "charge-rest-of-period",
    },
    "steps": {
        "open-subscriptions",
        "open-your-products",
        "select-subscription",
        "select-buy-licenses",
        "select-remove-licenses",
        "choose-when",
        "enter-new-total",
        "save",
        "add-more-licenses",
        "use-unused-product-key",
        "enter-product-key",
        "enter-another-product-key",
        "review-order",
        "redeem",
        "buy-smaller-product-key",
        "reduce-assigned-licenses",
        "extend-subscription",
    },
    "next_steps": {"assign-licenses", "add-users-and-assign-together", "remove-former-employee"},
}
OTHER_VALUES = {
    "schedule_options": {"now", "renewal"},
    "available": {"immediately", "at-renewal"},
    "extends_term": {True, False},
}

# Section 5
FACTS = range(1, 65)


@pytest.fixture(scope="module")
def files() -> dict[str, dict[str, Any]]:
    """The YAML files of the pack by stem. Every scalar is text: YAML 1.1 takes `on` for true."""
    return {
        path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for path in sorted(PACK.glob("*.yaml"))
    }


def test_the_pack(files: dict[str, dict[str, Any]]) -> None:
    pack = files["pack"]
    names = ("language", "name", "version", "default_locale", "time_zone")
    assert [pack[name] for name in names] == ["1", "licenses", "1.0.0", "en", "UTC"]
    assert pack.get("combining", "deny_overrides") == "deny_overrides"
    listed = [Path(name).stem for name in pack["files"]]
    assert [stem for stem in listed if stem in RULES] == list(RULES)
    assert sorted(listed) == sorted({*RULES, "outputs", "common"})
    assert files.keys() == {*listed, "pack"}


def test_a_policy_is_named_for_its_file(files: dict[str, dict[str, Any]]) -> None:
    names = {stem: file["policy"] for stem, file in files.items() if "policy" in file}
    assert names == {stem: f"licenses.{stem}" for stem in names}
    assert names.keys() >= {*RULES, "outputs"}


def test_the_rules_stand_in_their_files_in_order(files: dict[str, dict[str, Any]]) -> None:
    found = {
        stem: [rule["id"] for rule in file["rules"]]
        for stem, file in files.items()
        if file.get("rules")
    }
    assert found == {stem: list(rules) for stem, rules in RULES.items()}


def test_only_the_three_roles_allow(files: dict[str, dict[str, Any]]) -> None:
    effects = {rule["id"]: rule["effect"] for rule in _rules(files)}
    assert effects == {rule: "allow" if rule in ALLOW else "deny" for rule in effects}
    assert effects.keys() == {rule for rules in RULES.values() for rule in rules}


def test_no_rule_is_on_trial_or_temporary(files: dict[str, dict[str, Any]]) -> None:
    for rule in _rules(files):
        assert rule.get("mode", "enforce") == "enforce", rule["id"]
        assert "effective" not in rule, rule["id"]


def test_each_rule_has_its_remedies(files: dict[str, dict[str, Any]]) -> None:
    found = {
        rule["id"]: {remedy.get("id") or remedy["use"] for remedy in rule.get("remedies", ())}
        for rule in _rules(files)
    }
    assert found == {rule: ids for rules in RULES.values() for rule, ids in rules.items()}


def test_remedies_with_sets_are_those_listed(files: dict[str, dict[str, Any]]) -> None:
    defined = [remedy for remedy in _remedies(files) if "id" in remedy]
    assert {remedy["id"] for remedy in defined if "sets" in remedy} == SETS.keys()
    for remedy in defined:
        expected = [SETS[remedy["id"]]] if remedy["id"] in SETS else []
        assert list(remedy.get("sets", ())) == expected, remedy["id"]


def test_every_output_is_defined(files: dict[str, dict[str, Any]]) -> None:
    assert files["outputs"]["outputs"].keys() == OUTPUTS
    assert [stem for stem, file in files.items() if file.get("outputs")] == ["outputs"]


def test_the_state_of_the_buttons_is_given_on_deny_too(files: dict[str, dict[str, Any]]) -> None:
    effects: dict[str, set[str]] = {}
    for name, output in _outputs(files):
        effects.setdefault(name, set()).update(output.get("on", ["allow"]))
    expected = {name: {"allow"} for name in OUTPUTS}
    expected.update({name: {"allow", "deny"} for name in ON_DENY_TOO})
    assert effects == expected


def test_every_code_has_a_label(files: dict[str, dict[str, Any]]) -> None:
    labels: dict[str, set[str]] = {}
    for name, output in _outputs(files):
        if "labels" in output:
            labels.setdefault(name, set()).update(output["labels"])
    assert labels == CODES


def test_every_fact_is_cited(files: dict[str, dict[str, Any]]) -> None:
    cited = {
        int(fact)
        for node in _objects(files)
        if isinstance(node.get("source"), dict)
        for fact in node["source"].get("facts", ())
    }
    assert sorted(cited) == list(FACTS)


def test_what_the_source_is_silent_about_cites_no_fact(files: dict[str, dict[str, Any]]) -> None:
    (rule,) = (rule for rule in _rules(files) if rule["id"] == "assignment-role")
    assert not rule.get("source", {}).get("facts")


def test_every_text_is_english_and_danish(files: dict[str, dict[str, Any]]) -> None:
    texts = list(_texts(files))
    assert texts
    for where, text in texts:
        assert isinstance(text, dict), where
        assert text.keys() == {"en", "da"}, where
        assert all(words.strip() for words in text.values()), where


def test_what_must_be_said_is_said(files: dict[str, dict[str, Any]]) -> None:
    for rule in _rules(files):
        if rule["id"] not in ALLOW:
            assert "reason" in rule, rule["id"]
        if rule["id"] in RECOGNISED:
            assert "description" in rule, rule["id"]
    for remedy in _remedies(files):
        assert "message" in remedy or "use" in remedy, remedy


def test_everything_promised_occurs_in_the_requests() -> None:
    """What the comparison with the reading by hand does not meet, it does not test."""
    remedies: dict[str, set[str]] = {}
    values: dict[str, set[Any]] = {}
    for seed in range(16):
        for request in requests(seed, 1250):
            answer = decide(request)
            for reason in answer.reasons:
                remedies.setdefault(reason.rule, set()).update(reason.remedies)
            for name, value in answer.outputs.items():
                values.setdefault(name, set()).update(value if isinstance(value, list) else [value])
    expected = {rule: ids for rules in RULES.values() for rule, ids in rules.items()}
    assert remedies == {**expected, "no-rule-allows": set(), "no-policy-applies": set()}
    assert values.keys() == OUTPUTS
    for name, codes in {**CODES, **OTHER_VALUES}.items():
        assert values[name] == codes, name


def _rules(files: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [rule for file in files.values() for rule in file.get("rules", ())]


def _remedies(files: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    owners = [*files.values(), *_rules(files)]
    return [remedy for owner in owners for remedy in owner.get("remedies", ())]


def _outputs(files: dict[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The definitions of outputs by name: one, or several of which the first that applies wins."""
    for file in files.values():
        for name, definition in file.get("outputs", {}).items():
            for output in definition if isinstance(definition, list) else [definition]:
                yield name, output


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping at or below a node."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _objects(value)
    elif isinstance(node, list):
        for item in node:
            yield from _objects(item)


def _texts(files: dict[str, dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    """What people read of the pack: titles, reasons, descriptions, messages, labels."""
    for stem, file in files.items():
        yield from _named_texts(stem, file)
        for rule in file.get("rules", ()):
            yield from _named_texts(rule["id"], rule)
    for name, output in _outputs(files):
        for code, text in output.get("labels", {}).items():
            yield f"{name}: {code}", text
    for remedy in _remedies(files):
        yield from _named_texts(remedy.get("id") or remedy["use"], remedy)


def _named_texts(owner: str, node: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in ("title", "reason", "description", "message"):
        if name in node:
            yield f"{owner}: {name}", node[name]
