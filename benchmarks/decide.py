"""``decide``: one decision, by us, by hand, and by other engines."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import evaluator
from benchmarks import naive_by_hand, twelve_rules
from benchmarks.machine import ROOT
from benchmarks.measuring import Spread, in_turn, ratios, spread
from benchmarks.peers import PACKAGES, Peer, found
from benchmarks.results import TIMES, Result, Table, rows_of
from benchmarks.settings import Settings
from tests import licences_by_hand
from tests.licence_requests import requests

__all__ = ["PACKAGES", "run"]

Decide = Callable[[Mapping[str, Any]], object]
Requests = Sequence[dict[str, Any]]

_SEED: Final = 2026
_STRICT: Final = "strict by hand"
_NAIVE: Final = "naive by hand"


class AnswersDifferError(Exception):
    """Rivals that must agree do not; the message says on which request."""


def run(settings: Settings) -> Result:
    """The licence pack against two functions by hand, then twelve rules against other engines."""
    count = settings.requests or settings.choose(2_000, quick=300)
    whole, whole_values = _whole_pack(list(requests(_SEED, count)), settings.choose(25, quick=7))
    twelve, twelve_values, notes = _twelve(
        twelve_rules.requests(_SEED, min(count, 1_000)), settings
    )
    return Result((whole, twelve), (*_NOTES, *notes), {**whole_values, **twelve_values})


_NOTES: Final = (
    (
        "Strict by hand verifies whatever it reads as the pack does; naive by hand is the same "
        "with the verification taken away. Both tell effect and ids, no messages or remedies."
    ),
    "Ratios are medians over rounds, each taken within one round; below 1 is faster.",
    (
        "Other engines verify nothing and get only what the rules read, in one call for all "
        "twelve; making that ready (about a microsecond) counts, as each needs it."
    ),
)


def _whole_pack(asked: Requests, rounds: int) -> tuple[Table, dict[str, Any]]:
    policies = evaluator.load(ROOT / "policies" / "licenses").warm()
    rivals: dict[str, Decide] = {
        _STRICT: licences_by_hand.effect_and_ids,
        _NAIVE: naive_by_hand.effect_and_ids,
        "allowed": policies.allowed,
        "effect_and_ids": policies.effect_and_ids,
        "decision": lambda request: policies.decide(request).allowed,
        "to_dict": lambda request: policies.decide(request).to_dict(),
    }
    must_agree(
        {
            _STRICT: licences_by_hand.effect_and_ids,
            _NAIVE: naive_by_hand.effect_and_ids,
            "effect_and_ids": policies.effect_and_ids,
            "allowed": lambda request: _as_answer(
                policies.allowed(request), policies.effect_and_ids(request)
            ),
            "decision": lambda request: _of_decision(policies.decide(request)),
            "to_dict": lambda request: _of_dict(policies.decide(request).to_dict()),
        },
        asked,
    )
    seconds = in_turn(rivals, [asked], rounds)
    against = ratios(seconds, _STRICT)
    shown = {name: against[name] for name in rivals}
    values = {
        "requests": len(asked),
        "rounds": rounds,
        "ratios": {
            **{
                name: round(found_.median, 4)
                for name, found_ in against.items()
                if name not in (_STRICT, _NAIVE)
            },
            "naive": round(ratios(seconds, _NAIVE)["effect_and_ids"].median, 4),
        },
        "ratio_spreads": {name: found_.as_json() for name, found_ in against.items()},
        "microseconds": _microseconds(seconds),
    }
    title = f"the licence pack, {len(asked):,} requests, {rounds} rounds; ratio: to strict by hand"
    return Table(title, TIMES, rows_of(seconds, shown)), values


def _twelve(asked: Requests, settings: Settings) -> tuple[Table, dict[str, Any], list[str]]:
    policies = twelve_rules.load().warm()
    ours: dict[str, Decide] = {
        _STRICT: twelve_rules.effect_and_ids,
        "effect_and_ids": policies.effect_and_ids,
    }
    must_agree(ours, asked)
    peers, skipped = found() if settings.peers else ([], {})
    differences = {peer.package: told for peer in peers if (told := differing(peer, asked))}
    rivals = ours | {
        peer.package: _never_raising(peer.decide) if peer.package in differences else peer.decide
        for peer in peers
    }
    size = 20 if settings.quick else 100
    slices = [asked[start : start + size] for start in range(0, len(asked), size)]
    rounds = settings.choose(2 * len(slices), quick=len(slices)) if slices else 0
    seconds = in_turn(rivals, slices, rounds)
    against = ratios(seconds, "effect_and_ids")
    values = {
        "peers": {peer.package: round(against[peer.package].median, 3) for peer in peers},
        "peer_spreads": {peer.package: against[peer.package].as_json() for peer in peers},
        "twelve_rules": {
            "requests": len(asked),
            "rounds": rounds,
            "ratio": round(ratios(seconds, _STRICT)["effect_and_ids"].median, 4),
            "microseconds": _microseconds(seconds),
        },
        "skipped": skipped,
        "differences": differences,
    }
    title = (
        f"twelve rules, {len(asked):,} requests in {rounds} rounds of {size}; "
        "ratio: to our effect_and_ids"
    )
    notes = [f"{name}: {why}." for name, why in skipped.items()]
    notes += [_in_words(name, told, len(asked)) for name, told in differences.items()]
    return Table(title, TIMES, rows_of(seconds, against)), values, notes


def must_agree(rivals: Mapping[str, Decide], asked: Requests) -> None:
    """Raises ``AnswersDifferError`` unless all give the same answer to each request."""
    names = list(rivals)
    for request in asked:
        expected = rivals[names[0]](request)
        for name in names[1:]:
            given = rivals[name](request)
            if given != expected:
                raise AnswersDifferError(
                    f"{names[0]} says {expected}, {name} says {given}, of {json.dumps(request)}"
                )


def differing(peer: Peer, asked: Requests) -> dict[str, Any] | None:
    """On how many requests a peer's answer is not ours, with one example; None if on none."""
    count = 0
    example: dict[str, Any] = {}
    decide = _never_raising(peer.decide)
    for request in asked:
        expected, given = twelve_rules.effect_and_ids(request), decide(request)
        if given == expected:
            continue
        if not count:
            read = twelve_rules.what_is_read(request)
            example = {"expected": expected, "given": given, "read": read}
        count += 1
    return {"count": count, "example": example} if count else None


def _never_raising(decide: Decide) -> Decide:
    def safe(request: Mapping[str, Any]) -> object:
        try:
            return decide(request)
        except Exception as error:  # noqa: BLE001  # each engine has its own, and it is an answer
            return f"{type(error).__name__}: {error}"

    return safe


def _in_words(name: str, told: Mapping[str, Any], total: int) -> str:
    example = told["example"]
    given = str(example["given"])
    given = given if len(given) <= 120 else f"{given[:117]}..."
    return (
        f"{name}: other answers than ours on {told['count']} of {total:,} requests; for one, "
        f"{given} where {example['expected']} is right, of {json.dumps(example['read'])}"
    )


def _as_answer(allowed: bool, answer: tuple[str, tuple[str, ...]]) -> object:
    return ("allow" if allowed else "deny"), answer[1]


def _of_decision(decision: Any) -> object:
    return decision.effect, decision.rule_ids


def _of_dict(told: Mapping[str, Any]) -> object:
    return told["decision"], tuple(reason["rule"] for reason in told["reasons"])


def _microseconds(seconds: Mapping[str, Sequence[float]]) -> dict[str, dict[str, float]]:
    return {name: _scaled(own).as_json() for name, own in seconds.items()}


def _scaled(seconds: Sequence[float]) -> Spread:
    return spread([taken * 1e6 for taken in seconds])
