"""A decision as JSON: how the shape of ``schemas/decision.schema.json`` is filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from evaluator.decision.parts import Location, Notice, PackInfo, Problem, Reason
from evaluator.language.values import Duration, Timestamp, to_json

__all__ = ["decision_json", "plain"]


def decision_json(
    *,
    effect: str,
    reasons: Iterable[Reason],
    outputs: Mapping[str, Any],
    valid_until: Timestamp | None,
    notices: Iterable[Notice],
    errors: Iterable[Problem],
    packs: Iterable[PackInfo],
    decided_at: Timestamp,
    now_from: str,
) -> dict[str, Any]:
    """The JSON form, version 1: dicts with string keys, lists, strings, numbers, bools, None."""
    return {
        "schema": 1,
        "decision": effect,
        "reasons": [_reason(reason) for reason in reasons],
        "outputs": {name: plain(value) for name, value in outputs.items()},
        "valid_until": None if valid_until is None else str(valid_until),
        "notices": [_notice(notice) for notice in notices],
        "errors": [_problem(problem) for problem in errors],
        "packs": [
            {"name": pack.name, "version": pack.version, "digest": pack.digest} for pack in packs
        ],
        "decided_at": str(decided_at),
        "now_from": now_from,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    told = {
        "rule": reason.rule,
        "policy": reason.policy,
        "kind": reason.kind,
        "message": reason.message,
        "description": reason.description,
        "remedies": [
            {"id": remedy.id, "message": remedy.message, "sets": dict(remedy.sets)}
            for remedy in reason.remedies
        ],
        "at": _line(reason.at),
    }
    if reason.error is not None:
        told["error"] = _cause(reason.error)
    return told


def _notice(notice: Notice) -> dict[str, Any]:
    told = {
        "rule": notice.rule,
        "policy": notice.policy,
        "effect": notice.effect,
        "kind": notice.kind,
        "message": notice.message,
        "at": _line(notice.at),
    }
    if notice.error is not None:
        told["error"] = _cause(notice.error)
    return told


def _problem(problem: Problem) -> dict[str, Any]:
    about = {
        "policy": problem.policy,
        "rule": problem.rule,
        "remedy": problem.remedy,
        "output": problem.output,
    }
    return {key: value for key, value in about.items() if value is not None} | _cause(problem)


def _cause(problem: Problem) -> dict[str, Any]:
    at = problem.at
    place = None if at is None else {"file": at.file, "line": at.line, "column": at.column}
    return {"kind": problem.kind, "message": problem.message, "at": place}


def _line(at: Location | None) -> dict[str, Any] | None:
    return None if at is None else {"file": at.file, "line": at.line}


_ATOMS: Final = frozenset({str, int, bool, type(None)})


def plain(value: Any) -> Any:
    """The value of an output, as a decision has it, as JSON data."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is dict:
        return {
            key if type(key) is str else _text(key): item if type(item) in _ATOMS else plain(item)
            for key, item in value.items()
        }
    if kind is list:
        return [item if type(item) in _ATOMS else plain(item) for item in value]
    if kind is Timestamp or kind is Duration:
        return str(value)
    return to_json(value)


def _text(key: Any) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key)
