"""A question as a case to paste into a suite, with what is decided now as its expectation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from evaluator.decision.decision import Decision
from evaluator.language.instants import parse_instant
from evaluator.language.values import Timestamp
from evaluator.suites.model import Question

__all__ = ["case_text"]

_WIDEST: Final = 100
_PLAIN_START: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/")
_PLAIN: Final = _PLAIN_START | frozenset("0123456789-_.@+")
_NOT_TEXTS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def case_text(name: str, question: Question, decision: Decision) -> str:
    """The entry of ``cases``, indented by two spaces, lines of 100 characters where that can be."""
    expect: dict[str, Any] = {"decision": decision.effect, "rules": list(decision.rule_ids)}
    if decision.effect == "deny":
        expect["remedies"] = [remedy.id for remedy in decision.remedies]
    notices = [notice.rule for notice in decision.notices]
    errors = [problem.output or problem.remedy or problem.rule or "" for problem in decision.errors]
    expect |= {"notices": notices} if notices else {}
    expect |= {"errors": list(dict.fromkeys(errors))} if errors else {}
    case: dict[str, Any] = {"name": name}
    if "time" not in question.request.get("context", {}):
        case["now"] = str(Timestamp(question.now))
    case["request"] = question.request
    case["expect"] = expect
    lines = list(_block(case, 4))
    return "\n".join(["  - " + lines[0][4:], *lines[1:]]) + "\n"


def _block(value: Any, indent: int) -> Iterator[str]:
    """The lines of a mapping or a list, each part on one line where it fits."""
    blanks = " " * indent
    entries = value.items() if isinstance(value, Mapping) else ((None, item) for item in value)
    for key, item in entries:
        head = f"{blanks}- " if key is None else f"{blanks}{_scalar(key)}: "
        line = head + _flow(item)
        inner = isinstance(item, (Mapping, list, tuple)) and item
        # The request is easier to change when each of its four parts has a line.
        if inner and (len(line) > _WIDEST or key in ("request", "expect")):
            if key is None:
                lines = list(_block(item, indent + 2))
                yield head + lines[0][indent + 2 :]
                yield from lines[1:]
            else:
                yield head.rstrip()
                yield from _block(item, indent + 2)
        else:
            yield line


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{_scalar(key)}: {_flow(item)}" for key, item in value.items()) + "}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    plain = value[:1] in _PLAIN_START and not frozenset(value) - _PLAIN
    if plain and value and value.lower() not in _NOT_TEXTS:
        return value
    if parse_instant(value) is not None:
        return value
    return json.dumps(value, ensure_ascii=False) if value.isprintable() else json.dumps(value)
