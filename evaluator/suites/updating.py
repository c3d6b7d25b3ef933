"""Expectations brought up to date: what is decided now, written where other was expected."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.decision.decision import Decision
from evaluator.diagnostics import Edit
from evaluator.documents.nodes import to_python
from evaluator.documents.rewriting import applied, rewrite
from evaluator.language.values import ABSENT
from evaluator.source import Source
from evaluator.suites.comparing import Difference
from evaluator.suites.outcome import Failure, Place

__all__ = ["Kept", "Updates", "updates"]

_LISTS = ("rules", "remedies", "notices", "errors")


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A failure whose expectation stays as it is, and why."""

    failure: Failure
    because: str


@dataclass(frozen=True, slots=True, eq=False)
class Updates:
    """The new texts of suites, by their sources, and what no text can make right."""

    texts: Mapping[Source, str]
    kept: Sequence[Kept]


class _CannotError(Exception):
    """Raised with the reason where there is no expectation that a decision would meet."""


def updates(failures: Iterable[Failure], places: Iterable[Place]) -> Updates:
    """The texts in which every failure that can be is expected; ``places`` are all steps there are.

    An expectation that stands for several steps is rewritten only if all of them come to the same.
    """
    sharing: dict[int, int] = defaultdict(int)
    for place in places:
        sharing[id(place.step.expectation)] += 1
    groups: dict[int, list[Failure]] = defaultdict(list)
    for failure in failures:
        groups[id(failure.place.step.expectation)].append(failure)
    edits: dict[Source, list[Edit]] = defaultdict(list)
    kept = []
    for identity, group in groups.items():
        try:
            data = _common([_updated(failure) for failure in group], sharing[identity])
        except _CannotError as reason:
            kept += [Kept(failure, str(reason)) for failure in group]
            continue
        node = group[0].place.step.expectation.node
        # An expectation anew is written in brackets, which may stand anywhere.
        edits[node.source] += rewrite(node, data, flow=True)
    texts = {source: applied(source, found) for source, found in edits.items()}
    return Updates(texts, kept)


def _common(found: Sequence[Any], steps: int) -> Any:
    """The data that all steps of an expectation come to."""
    if len(found) < steps or any(data != found[0] for data in found):
        raise _CannotError(
            f"it stands for {steps} steps, which are no longer decided alike: write them one by one"
        )
    return found[0]


def _updated(failure: Failure) -> Any:
    expectation = failure.place.step.expectation
    data = copy.deepcopy(to_python(expectation.node))
    decision = failure.explanation.decision
    return _changed(data, [(item.field, item) for item in failure.differences], decision)


def _changed(data: Any, found: Sequence[tuple[str, Difference]], decision: Decision | None) -> Any:
    """An expectation as data, with the fields that differ as they are now.

    ``decision`` is None for what is decided after a remedy, of which the differences are known.
    """
    if isinstance(data, str):
        if all(field == "decision" for field, _ in found):
            return found[0][1].got
        data = {"decision": data}
    inner: dict[str, list[tuple[str, Difference]]] = defaultdict(list)
    for field, item in found:
        kind, _, rest = field.partition(".")
        if kind == "verified":
            raise _CannotError("a remedy that does not work is a mistake of the policy")
        if kind == "then":
            inner[next(key for key in data["then"] if _is_at(rest, key))].append((rest, item))
        elif kind in ("decision", "valid_until"):
            data[kind] = item.got
        elif kind in _LISTS:
            _put_list(data, kind, item)
        elif kind == "outputs":
            _put_output(data, rest, item)
        else:
            locale, _, key = rest.partition(".")
            _put(data, (kind, locale, key), item.got)
    for key, items in inner.items():
        below = [(field[len(key) + 1 :], item) for field, item in items]
        gone = any(not field for field, _ in below)
        _put(data, ("then", key), ABSENT if gone else _changed(data["then"][key], below, None))
    _complete(data, decision)
    return _in_order(data)


def _is_at(field: str, key: str) -> bool:
    return field == key or field.startswith(f"{key}.")


def _put_list(data: dict[str, Any], kind: str, item: Difference) -> None:
    if item.part:
        _put(data, ("contains", kind), item.got or ABSENT)
    else:
        _put(data, (kind,), item.got if item.got or kind == "rules" else ABSENT)


def _put_output(data: dict[str, Any], name: str, item: Difference) -> None:
    if item.expected is ABSENT:
        rest = [other for other in data["absent"] if other != name]
        _put(data, ("absent",), rest or ABSENT)
    _put(data, ("contains", "outputs", name) if item.part else ("outputs", name), item.got)


def _put(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Puts a value at a path, or takes out what is there, mappings that this empties too."""
    key, *rest = path
    if rest:
        inner = data.setdefault(key, {})
        _put(inner, rest, value)
        if not inner:
            del data[key]
    elif value is ABSENT:
        data.pop(key, None)
    else:
        data[key] = value


def _complete(data: dict[str, Any], decision: Decision | None) -> None:
    """A denial says by which rules; what is allowed has no remedies to follow."""
    if data["decision"] == "allow":
        data.pop("then", None)
    elif "rules" not in data and "rules" not in data.get("contains", {}):
        if decision is None:
            raise _CannotError("what is decided after a remedy needs its `rules`: write them")
        data["rules"] = list(decision.rule_ids)
        remedies = [remedy.id for remedy in decision.remedies]
        if remedies:
            data["remedies"] = remedies


def _in_order(data: dict[str, Any]) -> dict[str, Any]:
    """The fields as they are written usually; those that are there already keep their places."""
    return {key: data[key] for key in _ORDER if key in data} | data


_ORDER = (
    *("decision", "rules", "remedies", "outputs", "absent", "valid_until", "notices", "errors"),
    *("messages", "descriptions", "labels", "contains", "then"),
)
