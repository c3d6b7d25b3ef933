"""What somebody might do to the licence pack by mistake: its suites notice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import yaml

from evaluator.policy.loading import load_packs
from evaluator.policy.model import Pack
from evaluator.source import MemoryFiles
from evaluator.suites.model import Step
from evaluator.suites.running import Runner
from tests.policies.licence_suites import pack_files, suites

Data = dict[str, Any]
Keys = tuple[str | int, ...]
"""Where something stands in the data of a file."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a file. ``about`` names what it is about: those steps are run first."""

    name: str
    file: str
    change: Callable[[str], str]
    about: tuple[str, ...] = ()

    def applied(self) -> Mapping[str, str]:
        """All files of the pack, the one changed."""
        files = dict(pack_files())
        edited = self.change(files[self.file])
        assert edited != files[self.file]
        return {**files, self.file: edited}


def edits(several: Iterable[Edit]) -> pytest.MarkDecorator:
    found = list(several)
    return pytest.mark.parametrize("edit", found, ids=[edit.name for edit in found])


def replaced(stem: str, old: str, new: str, *about: str) -> Edit:
    """A text for another, in the one place where it stands."""

    def change(text: str) -> str:
        assert text.count(old) == 1
        return text.replace(old, new)

    name = f"{stem}: {' '.join(old.split())} -> {' '.join(new.split())}"
    return Edit(name, f"{stem}.yaml", change, (stem, *about))


def changed(name: str, stem: str, change: Callable[[Data], object], *about: str) -> Edit:
    """What a function does to the data of a file, but for its citations, which decide nothing."""

    def edited(text: str) -> str:
        data = _without_citations(_data(text))
        change(data)
        return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000)

    return Edit(f"{stem}: {name}", f"{stem}.yaml", edited, (stem, *about))


def removed(stem: str, keys: Keys, *about: str) -> Edit:
    names = _names(policies()[stem], keys)

    def change(data: Data) -> None:
        del at(data, keys[:-1])[keys[-1]]

    return changed(f"without {'/'.join(names)}", stem, change, *names, *about)


def _data(text: str) -> Any:
    # Every scalar is text: what its type is, is the evaluator's matter.
    return yaml.load(text, Loader=yaml.BaseLoader)


def _without_citations(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_citations(item) for key, item in node.items() if key != "source"}
    return [_without_citations(item) for item in node] if isinstance(node, list) else node


@cache
def policies() -> Mapping[str, Data]:
    """The data of the policy files by stem."""
    return {
        name.removesuffix(".yaml"): _data(text)
        for name, text in pack_files().items()
        if name.endswith(".yaml") and name != "pack.yaml"
    }


def at(data: Any, keys: Keys) -> Any:
    for key in keys:
        data = data[key]
    return data


def _names(data: Any, keys: Keys) -> list[str]:
    """The keys, in place of indices the ids of what stands there."""
    names = []
    for key in keys:
        data = data[key]
        known = data.get("id", data.get("use")) if isinstance(data, dict) else data
        names.append(known if isinstance(key, int) and known else str(key))
    return names


def load(files: Mapping[str, str]) -> tuple[Pack, ...]:
    loaded = load_packs(MemoryFiles(files))
    assert loaded.packs, [str(item) for item in loaded.diagnostics]
    return loaded.packs


def is_noticed(edit: Edit) -> bool:
    """Whether a step fails after an edit."""
    return is_failed(edit.applied(), edit.about)


def is_failed(files: Mapping[str, str], about: Iterable[str]) -> bool:
    """Whether a step fails with these files. Those that are ``about`` something are run first."""
    passes = Runner(load(files)).passes
    names = frozenset(about)
    ordered = sorted(steps(), key=lambda step: len(names & step[0]), reverse=True)
    return not all(passes(step) for _, step in ordered)


@cache
def steps() -> tuple[tuple[frozenset[str], Step], ...]:
    """Every step with what it is about: suite, action, rules, remedies and outputs by name."""
    found = []
    for suite in suites():
        for _, step in suite.steps():
            expected = step.expectation
            action = step.question.request["action"]["name"]
            rules = expected.rules.ids if expected.rules else ()
            texts = (text.key.replace("/", " ").split() for text in expected.texts)
            about = {suite.name.removeprefix("licenses."), action, *rules}
            about.update(expected.remedies.ids, expected.outputs, *texts)
            found.append((frozenset(about), step))
    return tuple(found)


def rules(effect: str) -> Iterator[tuple[str, int, Data]]:
    """The rules with an effect: the stem of the file, the index there, and the rule."""
    for stem, data in policies().items():
        for index, rule in enumerate(data.get("rules", ())):
            if rule["effect"] == effect:
                yield stem, index, rule


# Expressions


@edits(
    [
        replaced("common", 'duration("168h")', 'duration("169h")', "reduction-window"),
        replaced("common", "getHours() / 24", "getHours() / 25", "reduction-window-closed"),
        replaced("common", "lot.added_at <= now", "lot.added_at < now", "reduction-window"),
        replaced("common", "now <= lot.added_at", "now < lot.added_at", "reduction-window"),
        replaced("common", "assigned, 1)", "assigned, 0)", "removable_quantity"),
        replaced("common", "needed_quantity, 0)", "needed_quantity, -1)", "removable_quantity"),
        replaced("common", "least(open_quantity, spare_quantity)", "least(open_quantity)", "state"),
        replaced(
            "common", "least(open_quantity, spare_quantity)", "least(spare_quantity)", "state"
        ),
        replaced("common", "is_mca && !is_prepaid", "is_mca", "activated-with-product-key"),
        replaced("common", "lowest < resource", "lowest <= resource", "choose-higher-quantity"),
        replaced("common", "orValue(resource.total)", "orValue(0)", "unassign-licenses"),
        replaced("common", '!= "card"', '== "none"', "redeem-product-key"),
        replaced(
            "common", '"reseller" && !has(resource.csp_partner)', '"reseller"', "contact-reseller"
        ),
        replaced("disabled-buttons", '== "pending"', '!= "passed"'),
        replaced("disabled-buttons", '!= "card"', '== "none"'),
        replaced("disabled-buttons", "size() > 0", "size() >= 0", "end-of-sale"),
        replaced("disabled-buttons", "size() > 0", "size() > 1", "end-of-sale"),
        replaced("quantities", "new_quantity <= resource", "new_quantity < resource"),
        replaced(
            "quantities",
            ": context.new_quantity < resource.total",
            ": context.new_quantity <= resource.total",
        ),
        replaced("quantities", "new_quantity >= resource", "new_quantity > resource"),
        replaced(
            "quantities",
            ": context.new_quantity > resource.total",
            ": context.new_quantity >= resource.total",
        ),
        replaced(
            "quantities", "assigned >= resource", "assigned > resource", "all-licenses-assigned"
        ),
        replaced(
            "quantities", "assigned < resource", "assigned <= resource", "all-licenses-assigned"
        ),
        replaced("quantities", "< resource.assigned", "<= resource.assigned"),
        replaced("quantities", "new_quantity == 0", "new_quantity <= 1"),
        replaced("reduction-window", "> open_quantity", ">= open_quantity"),
        replaced("reduction-window", "> open_quantity", "> removable_quantity"),
        replaced("scheduling", "        - is_mca\n", ""),
        replaced("scheduling", "        - none: [resource.recurring_billing]\n", ""),
        replaced("prepaid", "{25}", "{24,25}"),
        replaced("prepaid", "){4}", ")+"),
        replaced("prepaid", ".upperAscii()", "", "product-key-repeated"),
        replaced("prepaid", "exists(key, key.redeemed)", "all(key, key.redeemed)"),
        replaced("prepaid", '        - context.redeem_intent == "renew"\n', ""),
        replaced("prepaid", "        - context.product_keys.size() > 0\n", "", "no-product-key"),
        replaced("prepaid", "key_licenses < resource", "key_licenses <= resource"),
        replaced("assignment", "assigned >= resource", "assigned > resource"),
        replaced("assignment", "total + 1", "total", "no-license-available"),
        replaced("roles", "has_managing_role || signed_up", "has_managing_role"),
        replaced("roles", "== subject.id", '!= ""'),
        replaced("outputs", '!= "none"', '== "card"', "invoice"),
        replaced("outputs", ".sort().last()", ".last()", "window_closes_at"),
        replaced(
            "outputs", "key_licenses < resource", "key_licenses <= resource", "steps", "redeem"
        ),
        replaced(
            "outputs", "redeeming > resource", "redeeming >= resource", "next_steps", "prepaid"
        ),
        replaced(
            "outputs", "redeeming < resource", "redeeming <= resource", "next_steps", "prepaid"
        ),
        replaced("outputs", "i == 0", "i <= 1", "steps"),
    ]
)
def test_another_expression(edit: Edit) -> None:
    assert is_noticed(edit)


# What is left out


def roles_left_out() -> Iterator[Edit]:
    tables = policies()["roles"]["tables"]
    lists: dict[Keys, list[str]] = {
        ("tables", "managing_roles", account_type): roles
        for account_type, roles in tables["managing_roles"].items()
    }
    lists["tables", "assigning_roles"] = tables["assigning_roles"]
    for keys, roles in lists.items():
        for index in range(len(roles)):
            yield removed("roles", (*keys, index))


@edits(roles_left_out())
def test_a_role_is_left_out(edit: Edit) -> None:
    assert is_noticed(edit)


@edits(removed(stem, ("rules", index)) for stem, index, _ in rules("allow"))
def test_a_rule_that_allows_is_gone(edit: Edit) -> None:
    assert is_noticed(edit)


def remedies_gone() -> Iterator[Edit]:
    for stem, index, rule in rules("deny"):
        keys = ("rules", index, "remedies")
        if len(rule["remedies"]) == 1:
            yield removed(stem, keys, rule["id"])
        else:
            yield from (removed(stem, (*keys, at)) for at in range(len(rule["remedies"])))


@edits(remedies_gone())
def test_a_remedy_is_gone(edit: Edit) -> None:
    assert is_noticed(edit)


def outputs_gone() -> Iterator[Edit]:
    for name, output in policies()["outputs"]["outputs"].items():
        if isinstance(output, list):
            yield from (removed("outputs", ("outputs", name, at)) for at in range(len(output)))
        else:
            yield removed("outputs", ("outputs", name))


@edits(outputs_gone())
def test_an_output_is_gone(edit: Edit) -> None:
    assert is_noticed(edit)


def actions_cut() -> Iterator[Edit]:
    for stem, data in policies().items():
        owners: list[Keys] = [("rules", index) for index in range(len(data.get("rules", ())))]
        owners += [("outputs", name) for name in data.get("outputs", ())]
        for owner in owners:
            holder = at(data, owner)
            actions = holder.get("actions") if isinstance(holder, dict) else None
            if isinstance(actions, list):
                for index in range(len(actions)):
                    yield removed(stem, (*owner, "actions", index))


@edits(actions_cut())
def test_an_action_is_cut_from_a_rule_or_an_output(edit: Edit) -> None:
    assert is_noticed(edit)


def actions_cut_from_files() -> Iterator[Edit]:
    """Rules and outputs for the action alone go with it: a file that keeps them does not load."""
    for stem, data in policies().items():
        actions = data.get("applies_to", {}).get("actions")
        for action in actions if isinstance(actions, list) else ():

            def cut(data: Data, action: str = action) -> None:
                data["applies_to"]["actions"].remove(action)
                data["rules"] = [_cut(rule, action) for rule in data.get("rules", ())]
                data["rules"] = [rule for rule in data["rules"] if rule is not None]
                for name, output in list(data.get("outputs", {}).items()):
                    several = output if isinstance(output, list) else [output]
                    kept = [one for one in (_cut(each, action) for each in several) if one]
                    data["outputs"][name] = kept
                    if not kept:
                        del data["outputs"][name]
                for key in ("rules", "outputs"):
                    if not data.get(key):
                        data.pop(key, None)

            yield changed(f"not for {action}", stem, cut, action)


def _cut(owner: Data, action: str) -> Data | None:
    """A rule or an output without an action; None if it is for no other."""
    actions = owner.get("actions", ())
    left = [one for one in ([actions] if isinstance(actions, str) else actions) if one != action]
    if not actions:
        return owner
    return {**owner, "actions": left} if left else None


@edits(actions_cut_from_files())
def test_an_action_is_cut_from_a_file(edit: Edit) -> None:
    assert is_noticed(edit)


@pytest.mark.parametrize("stem", sorted(policies().keys() - {"common"}))
def test_a_file_is_unlisted(stem: str) -> None:
    """Together with the file itself: one that is there and not listed is an error."""
    files = dict(pack_files())
    del files[f"{stem}.yaml"]
    listed = files["pack.yaml"]
    files["pack.yaml"] = listed.replace(f"  - {stem}.yaml\n", "")
    assert files["pack.yaml"] != listed
    assert is_failed(files, (stem,))


# What is done to rules


def on_trial() -> Iterator[Edit]:
    for stem, index, rule in rules("deny"):

        def put(data: Data, index: int = index) -> None:
            data["rules"][index]["mode"] = "report"

        yield changed(f"{rule['id']} on trial", stem, put, rule["id"])


@edits(on_trial())
def test_a_denial_is_only_reported(edit: Edit) -> None:
    assert is_noticed(edit)


# Texts


def test_english_and_danish_are_swapped() -> None:
    """All at once: of each text a step tells, in either language, that it is another."""
    files = dict(pack_files())
    for stem, data in policies().items():
        swapped = _without_citations(data)
        for _, text in _texts(swapped, ()):
            text["en"], text["da"] = text["da"], text["en"]
        files[f"{stem}.yaml"] = yaml.safe_dump(swapped, allow_unicode=True, sort_keys=False)
    runner = Runner(load(files))
    noticed = {
        tuple(difference.field.split(".", 2))
        for _, step in steps()
        if step.expectation.texts
        for difference in runner.run(step)
    }
    missed = [
        (language, *options)
        for data in policies().values()
        for keys, _ in _texts(data, ())
        for language in ("en", "da")
        for options in [_fields(data, keys)]
        if not any((field, language, key) in noticed for field, key in options)
    ]
    assert missed == []


def _texts(node: Any, keys: Keys) -> Iterator[tuple[Keys, Data]]:
    """What a decision can say in either language, and where it stands."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _texts(item, (*keys, index))
    elif isinstance(node, dict) and "en" in node:
        if keys[-1] != "title":
            yield keys, node
    elif isinstance(node, dict):
        for key, item in node.items():
            yield from _texts(item, (*keys, key))


def _fields(data: Data, keys: Keys) -> set[tuple[str, str]]:
    """How suites may name a text. One in a shared remedy has as many names as rules use it."""
    match keys:
        case ("outputs", str(name), *_, "labels", str(code)):
            return {("labels", f"{name}/{code}")}
        case ("rules", int(index), "remedies", int(place), "message"):
            rule = data["rules"][index]
            return {("messages", f"{rule['id']}/{rule['remedies'][place]['id']}")}
        case ("rules", int(index), "description"):
            return {("descriptions", data["rules"][index]["id"])}
        case ("rules", int(index), "reason"):
            return {("messages", data["rules"][index]["id"])}
        case ("remedies", int(place), "message"):
            remedy = data["remedies"][place]["id"]
            return {("messages", f"{rule['id']}/{remedy}") for _, _, rule in rules("deny")}
    raise AssertionError(keys)
