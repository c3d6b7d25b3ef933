"""A question as a case to paste into a suite, with what is decided now as its expectation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from evaluator.decision.decision import Decision
from evaluator.documents.writing import yaml_scalar, yaml_text
from evaluator.language.values import Timestamp
from evaluator.suites.comparing import erring_ids
from evaluator.suites.model import Question

__all__ = ["case_text"]

_WIDEST: Final = 100


def case_text(
    name: str, question: Question, decision: Decision, *, also: Mapping[str, Any] | None = None
) -> str:
    """The entry of ``cases``, indented by two spaces, lines of 100 characters where that can be.

    ``also`` has further fields of the expectation, such as ``outputs``, as JSON data.
    """
    expect: dict[str, Any] = {"decision": decision.effect, "rules": list(decision.rule_ids)}
    if decision.effect == "deny":
        expect["remedies"] = [remedy.id for remedy in decision.remedies]
    notices = [notice.rule for notice in decision.notices]
    errors = erring_ids(decision)
    expect |= {"notices": notices} if notices else {}
    expect |= {"errors": list(errors)} if errors else {}
    expect |= also or {}
    # The moment is written even if the request has its own: the suite may have none.
    lines = [f"  - name: {yaml_scalar(name)}", f"    now: {Timestamp(question.now)}"]
    # They are easier to change when each part has a line.
    for part, values in (("request", question.request), ("expect", expect)):
        lines.append(f"    {part}:")
        for key, value in values.items():
            lines += _lines(key, value, 6)
    return "\n".join(lines) + "\n"


def _lines(key: str, value: Any, indent: int) -> Iterator[str]:
    """The lines of an entry: the value behind its key if it fits there, else below it."""
    blanks = " " * indent
    line = f"{blanks}{key}: {yaml_text(value)}"
    if "\n" not in line and len(line) <= _WIDEST:
        yield line
    else:
        yield f"{blanks}{key}:"
        yield f"{blanks}  {yaml_text(value, width=_WIDEST, indent=indent + 2)}"
