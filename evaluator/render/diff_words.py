"""What two versions of policies decide differently, in words: a line for each cause and edit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from evaluator.history.changes import Change
from evaluator.history.edits import Edit, Part
from evaluator.history.reporting import Place, Report
from evaluator.history.texts import Line
from evaluator.language.values import ABSENT
from evaluator.render.escape import visible

__all__ = [
    "cause_words",
    "counted",
    "edit_words",
    "line_words",
    "part_words",
    "place_words",
    "totals",
    "value_words",
]

_REASONS: Final = {
    ("allow", "added"): "allows",
    ("allow", "removed"): "no longer allows",
    ("allow", "changed"): "allows instead",
    ("deny", "added"): "denies",
    ("deny", "removed"): "no longer denies",
    ("deny", "changed"): "denies, and can be evaluated again",
    ("indeterminate", "added"): "denies, since it cannot be evaluated",
    ("indeterminate", "removed"): "no longer denies for want of an evaluation",
    ("indeterminate", "changed"): "cannot be evaluated any more",
}
_REMEDIES: Final = {
    "added": "is offered",
    "removed": "is no longer offered",
    "changed": "sets something else",
}
_OUTPUTS: Final = {"added": "is there", "removed": "is gone", "changed": "has another value"}
_ORIGINS: Final = {
    "suites": "{} from suites",
    "requests": "{} from files",
    "boundaries": "{} made up at boundaries",
    "log": "{} from logs",
}


def cause_words(cause: Change) -> str:
    """What changed, in a line: ``rule `late` no longer denies``."""
    name = f"`{visible(cause.name)}`"
    if cause.part == "reason":
        if cause.kind == "default":
            verb = "is no longer the reason" if cause.how == "removed" else "is the reason"
            return f"{name} {verb}"
        verb = _REASONS.get((cause.kind or "", cause.how), cause.how)
        return f"rule {name} {verb}"
    if cause.part == "remedy":
        rule, _, remedy = cause.name.partition("/")
        verb = _REMEDIES[cause.how]
        return f"remedy `{visible(remedy)}` of rule `{visible(rule)}` {verb}"
    if cause.part == "output":
        return f"output {name} {_OUTPUTS[cause.how]}"
    if cause.part == "notice":
        verb = "is noticed no longer" if cause.how == "removed" else "is noticed"
        return f"rule on trial {name} {verb}"
    if cause.part == "error":
        verb = "can be evaluated again" if cause.how == "removed" else "cannot be evaluated"
        return f"{name} {verb} ({visible(cause.kind or '')})"
    return {
        "order": "the reasons come in another order",
        "valid_until": "the decision holds until another moment",
        "decision": "the decision is another",
    }[cause.part]


def edit_words(edit: Edit) -> str:
    """What was edited, in a line: ``constant `window` changed``."""
    suffix = "" if edit.decisive or edit.how == "moved" else ", in its words only"
    return f"{edit.kind} `{visible(edit.name)}` {edit.how}{suffix}"


def part_words(edit: Edit, part: Part) -> str:
    """What a part is called: of a schema the attribute, not the pointer to it."""
    if edit.kind != "schema":
        return visible(part.name)
    steps = [step for step in part.name.split("/")[1:] if step != "properties"]
    return visible(" ".join([".".join(steps[:-1]), *steps[-1:]]).strip())


def line_words(lines: Sequence[Line], others: Sequence[Line]) -> list[str]:
    """The lines of a part as the files have them; their values where these tell no difference."""
    written = [line.written or line.text for line in lines]
    if lines and written == [line.written or line.text for line in others]:
        written = [line.text for line in lines]
    return [visible(text) for text in written]


def place_words(place: Place, prefix: str) -> str:
    """A place with what stands before the names of its version's files."""
    return visible(f"{prefix}{place.file}:{place.line}")


def value_words(value: Any) -> str:
    """A value in one line; texts that are plain words without quotes."""
    if value is ABSENT:
        return "(not there)"
    if isinstance(value, list):
        return f"[{', '.join(map(value_words, value))}]"
    if isinstance(value, str) and value and not set(value) & set('",[]{}'):
        return visible(value)
    return visible(json.dumps(value, ensure_ascii=False))


def totals(report: Report) -> str:
    """What was decided, and how much of it otherwise, in a line."""
    groups = report.groups
    by = ", ".join(
        _ORIGINS.get(kind, f"{{}} {kind}").format(f"{count:,}")
        for kind, count in groups.asked.items()
    )
    told = f" ({by})" if len(groups.asked) > 1 else ""
    how = "decided again" if report.again else "decided by both"
    begun = f"{counted(groups.decided, 'request')} {how}{told}"
    doubt = f"{report.masked:,} in doubt for what is masked"
    if not groups.differing:
        alike = f"{groups.decided - report.masked:,} alike, {doubt}"
        return f"{begun}: {alike if report.masked else 'all alike'}"
    flips = groups.flips
    parts = [f"{groups.differing:,} {'differs' if groups.differing == 1 else 'differ'}"]
    if flips["allow"]:
        parts.append(f"{flips['allow']:,} newly allowed")
    if flips["deny"]:
        parts.append(f"{flips['deny']:,} newly denied")
    if not any(flips.values()):
        parts.append("no decision flips")
    if report.masked:
        parts.append(doubt)
    return f"{begun}: {', '.join(parts)}"


def counted(number: int, word: str) -> str:
    """``1 request``, ``1,200 requests``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
