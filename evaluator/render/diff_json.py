"""What two versions of policies decide differently, as JSON."""

from __future__ import annotations

from typing import Any

from evaluator.history.edits import Edit
from evaluator.history.reporting import Finding, Place, Report, differences
from evaluator.language.values import ABSENT, Timestamp
from evaluator.render.diff_words import line_words

__all__ = ["diff_json"]


def diff_json(report: Report) -> dict[str, Any]:
    """The whole report.

    ::

        {"schema": 1, "old": NAME, "new": NAME,
         "edits": [{"kind": ..., "name": ..., "pack": ..., "how": "added|removed|changed|moved",
                    "decisive": BOOL, "noticed": BOOL, "old": PLACE, "new": PLACE,
                    "parts": [{"name": ..., "removed": [LINE, ...], "added": [LINE, ...]}]}],
         "decided": N, "decided_by_origin": {ORIGIN: N}, "differing": N, "damaged": N, "masked": N,
         "flips": {"allow": N, "deny": N}, "exhausted": BOOL,
         "groups": [{"flip": "allow|deny" or null,
                     "cause": {"part": ..., "name": ..., "how": ..., "rule": ..., "policy": ...,
                               "kind": ...},
                     "old": PLACE, "new": PLACE, "edits": [INDEX, ...], "requests": N,
                     "requests_by_origin": {ORIGIN: N},
                     "example": {"request": ..., "now": INSTANT, "origin": TEXT or null,
                                 "differences": [{"field": ..., "old": ..., "new": ...}]}}]}

    ``PLACE`` is ``{"file": ..., "line": ...}`` or null; ``flip`` is what the decision has become;
    ``edits`` of a group are indices into those of the report. An output that is not there has no
    ``old``, or no ``new``.
    """
    groups = report.groups
    numbers = {id(edit): number for number, edit in enumerate(report.edits)}
    unnoticed = {id(edit) for edit in report.unnoticed}
    return {
        "schema": 1,
        "old": report.old,
        "new": report.new,
        "edits": [_edit(edit, report, id(edit) not in unnoticed) for edit in report.edits],
        "decided": groups.decided,
        "decided_by_origin": dict(groups.asked),
        "differing": groups.differing,
        "damaged": report.damaged,
        "masked": report.masked,
        "flips": dict(groups.flips),
        "exhausted": report.exhausted,
        "groups": [_group(finding, report, numbers) for finding in report.findings],
    }


def _edit(edit: Edit, report: Report, noticed: bool) -> dict[str, Any]:
    places: dict[str, Any] = {}
    for side, definition, prefix in (
        ("old", edit.old, report.old_prefix),
        ("new", edit.new, report.new_prefix),
    ):
        if definition is None:
            places[side] = None
        else:
            line = 1 if definition.span is None else definition.span.line
            places[side] = _place(Place(definition.file, line), prefix)
    return {
        "kind": edit.kind,
        "name": edit.name,
        "pack": edit.pack,
        "how": edit.how,
        "decisive": edit.decisive,
        "noticed": noticed and edit.decisive,
        **places,
        "parts": [
            {
                "name": part.name,
                "removed": line_words(part.removed, part.added),
                "added": line_words(part.added, part.removed),
            }
            for part in edit.parts
        ],
    }


def _group(finding: Finding, report: Report, numbers: dict[int, int]) -> dict[str, Any]:
    group, example = finding.group, finding.group.example
    cause = group.key.cause
    return {
        "flip": group.key.flip,
        "cause": {
            "part": cause.part,
            "name": cause.name,
            "how": cause.how,
            "rule": cause.rule,
            "policy": cause.policy,
            "kind": cause.kind,
        },
        "old": _place(finding.old, report.old_prefix),
        "new": _place(finding.new, report.new_prefix),
        "edits": sorted(numbers[id(edit)] for edit in finding.edits if id(edit) in numbers),
        "requests": group.count,
        "requests_by_origin": dict(group.origins),
        "example": {
            "request": example.question.request,
            "now": str(Timestamp(example.question.now)),
            "origin": example.origin or None,
            "differences": [
                {"field": one.field}
                | {
                    side: value
                    for side, value in (("old", one.old), ("new", one.new))
                    if value is not ABSENT
                }
                for one in differences(example)
            ],
        },
    }


def _place(place: Place | None, prefix: str) -> dict[str, Any] | None:
    return None if place is None else {"file": prefix + place.file, "line": place.line}
