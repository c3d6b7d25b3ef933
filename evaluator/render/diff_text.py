"""What two versions of policies decide differently, for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Group as Screen
from rich.console import RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evaluator.history.edits import Edit
from evaluator.history.groups import Example, Group
from evaluator.history.reporting import Difference, Finding, Place, Report, differences
from evaluator.language.values import Timestamp
from evaluator.render.diff_words import (
    cause_words,
    counted,
    edit_words,
    line_words,
    part_words,
    place_words,
    totals,
    value_words,
)
from evaluator.render.escape import visible

__all__ = ["diff_text"]

_WIDEST: Final = 120
_MOST_GROUPS: Final = 30
_MOST_EDITS: Final = 40
_MOST_PARTS: Final = 12
_MOST_FIELDS: Final = 6
_SIGNS: Final = {"added": "+", "removed": "-", "changed": "~", "moved": ">"}
_STYLES: Final = {"+": "green", "-": "red", "~": "cyan", ">": "cyan"}


def diff_text(report: Report) -> RenderableType:
    """The screen: what was edited, each group of differences with its example, and the totals."""
    return Constrain(Screen(*_parts(report)), _WIDEST)


def _parts(report: Report) -> Iterator[RenderableType]:
    if report.edits:
        yield Text("What was edited", "bold")
        for edit in report.edits[:_MOST_EDITS]:
            yield Padding(_edit(edit, report), (0, 0, 0, 2), expand=False)
        if len(report.edits) > _MOST_EDITS:
            yield Text(f"  and {len(report.edits) - _MOST_EDITS:,} more definitions", "dim")
        yield Text()
    elif not report.again:
        yield Text("Nothing was edited that decisions or texts depend on.", "dim")
    shown: dict[str, int] = {}
    for number, finding in enumerate(report.findings[:_MOST_GROUPS], 1):
        yield from _finding(number, finding, report, shown)
        yield Text()
    if len(report.findings) > _MOST_GROUPS:
        more = len(report.findings) - _MOST_GROUPS
        yield Text(f"and {counted(more, 'group')} more; --format json has all of them", "dim")
    for edit in report.unnoticed:
        yield Text(f"No request that was tried tells of this: {edit_words(edit)}.", "magenta")
    if not report.exhausted:
        yield Text("Not all requests at boundaries were tried; --limit raises their number.", "dim")
    yield _totals(report)


def _totals(report: Report) -> Text:
    flips = report.groups.flips
    style = "bold green" if not report.groups.differing else "bold"
    text = Text(totals(report), "bold red" if flips["allow"] else style)
    if report.damaged:
        text.append(f"; {counted(report.damaged, 'damaged line')} left out", "magenta")
    return text


def _edit(edit: Edit, report: Report) -> RenderableType:
    sign = _SIGNS[edit.how]
    head = Text(f"{sign} ", _STYLES[sign])
    head.append(edit_words(edit))
    head.append("  ")
    head.append(_places(_place(edit, old=True), _place(edit, old=False), report), "dim")
    grid = Table.grid(padding=(0, 1), pad_edge=False)
    grid.add_column(overflow="fold")
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for part in edit.parts[:_MOST_PARTS]:
        name = Text(part_words(edit, part), "cyan")
        for sign, lines, others in (
            ("-", part.removed, part.added),
            ("+", part.added, part.removed),
        ):
            for line in line_words(lines, others):
                grid.add_row(name, Text(sign, _STYLES[sign]), Text(line, _STYLES[sign]))
                name = Text()
    if len(edit.parts) > _MOST_PARTS:
        grid.add_row(Text(f"and {len(edit.parts) - _MOST_PARTS} more parts", "dim"), "", "")
    return Screen(head, Padding(grid, (0, 0, 0, 4), expand=False)) if grid.row_count else head


def _place(edit: Edit, *, old: bool) -> Place | None:
    """Where an edit stands in a version: its first line that is gone or new, or its name."""
    definition = edit.old if old else edit.new
    if definition is None:
        return None
    for part in edit.parts:
        for line in part.removed if old else part.added:
            if line.span is not None:
                return Place(line.span.source.name, line.span.line)
    return Place(definition.file, 1 if definition.span is None else definition.span.line)


def _places(old: Place | None, new: Place | None, report: Report) -> str:
    """``new/file.yaml:12, was :11``, as short as it can be said."""
    if new is None:
        return "" if old is None else f"was {place_words(old, report.old_prefix)}"
    told = place_words(new, report.new_prefix)
    if old is None:
        return told
    if old.file == new.file:
        return told if old.line == new.line else f"{told}, was line {old.line}"
    return f"{told}, was {place_words(old, report.old_prefix)}"


def _finding(
    number: int, finding: Finding, report: Report, shown: dict[str, int]
) -> Iterator[RenderableType]:
    group = finding.group
    yield _headline(number, group)
    where = _places(finding.old, finding.new, report)
    if where:
        yield Text(f"   at {where}", "dim")
    if finding.edits:
        told = ", ".join(
            f"{edit_words(edit)} ({_places(None, _place(edit, old=edit.new is None), report)})"
            for edit in finding.edits[:4]
        )
        more = f" and {len(finding.edits) - 4} more" if len(finding.edits) > 4 else ""
        yield Padding(Text(f"since {told}{more}", "dim"), (0, 0, 0, 3), expand=False)
    message = _message(group)
    if message:
        yield Padding(Text(f"“{visible(message)}”", "italic"), (0, 0, 0, 3), expand=False)
    yield Padding(_example(number, group, shown), (0, 0, 0, 3), expand=False)


def _headline(number: int, group: Group) -> Text:
    text = Text(f"{number}. ", "bold")
    flip = group.key.flip
    if flip is not None:
        old, new = ("deny", "allow") if flip == "allow" else ("allow", "deny")
        styles = {"deny": "bold red", "allow": "bold green"}
        text.append(old, styles[old]).append(" → ").append(new, styles[new]).append("  ")
    text.append(cause_words(group.key.cause), "bold")
    text.append(f"  {counted(group.count, 'request')}", "dim")
    return text


def _message(group: Group) -> str:
    """What the rule says where it denies."""
    cause = group.key.cause
    if cause.part != "reason" or cause.kind not in ("deny", "indeterminate"):
        return ""
    answer = group.example.old if cause.how == "removed" else group.example.new
    return next((one.message for one in answer.reasons or () if one.rule == cause.rule), "")


def _example(number: int, group: Group, shown: dict[str, int]) -> RenderableType:
    example = group.example
    request = example.question.request
    # What the group is about comes first.
    found = sorted(differences(example), key=lambda one: not _is_about(one, group))
    text = json.dumps(request, ensure_ascii=False)
    before = shown.setdefault(f"{example.question.now} {text}", number)
    if before != number:
        about = [one for one in found if _is_about(one, group)]
        return Screen(Text(f"for example the request of {before}", "dim"), _differences(about))
    head = Text("for example ")
    head.append(_asked(request))
    head.append(f", {_moment(example)}")
    if example.origin:
        head.append(f"  {visible(example.origin)}", "dim")
    return Screen(head, Text(visible(text), "dim", overflow="fold"), _differences(found))


def _asked(request: Mapping[str, Any]) -> str:
    subject, action, resource = (
        part if isinstance(part, dict) else {}
        for part in (request.get(name) for name in ("subject", "action", "resource"))
    )
    parts = (
        f"{subject.get('type')} {subject.get('id')}",
        f"{action.get('name')}",
        f"{resource.get('type')} {resource.get('id')}",
    )
    return visible(" · ".join(parts))


def _moment(example: Example) -> str:
    """When an example is decided, and until when it is decided as differently as that."""
    until = example.until
    told = f"at {Timestamp(example.now)}"
    if until is None or until <= example.now:
        return told
    return f"{told} and until {Timestamp(until)}"


def _is_about(difference: Difference, group: Group) -> bool:
    """Whether a field is the one by which a group is told from others."""
    cause = group.key.cause
    if group.key.flip is not None:
        return difference.field == "decision"
    part = {"reason": "rules", "order": "rules", "remedy": "remedies", "notice": "notices"}
    named = {"output": f"outputs.{cause.name}", "error": "errors", "valid_until": "valid_until"}
    wanted = part.get(cause.part) or named.get(cause.part, "")
    return difference.field == wanted or difference.field == f"{wanted}.{cause.name}"


def _differences(found: Sequence[Difference]) -> RenderableType:
    """What differs by field, old (-) and new (+)."""
    grid = Table.grid(padding=(0, 1), pad_edge=False)
    grid.add_column(overflow="fold")
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for difference in found[:_MOST_FIELDS]:
        field = Text(visible(difference.field), "cyan")
        grid.add_row(field, Text("-", "red"), Text(value_words(difference.old), "red"))
        grid.add_row("", Text("+", "green"), Text(value_words(difference.new), "green"))
    if len(found) <= _MOST_FIELDS:
        return grid
    more = ", ".join(visible(difference.field) for difference in found[_MOST_FIELDS:])
    return Screen(grid, Text(f"and besides {more}", "dim"))
