"""What two versions of policies decide differently, as workflow commands of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.history.reporting import Finding, Report, differences
from evaluator.render.diff_words import cause_words, counted, value_words
from evaluator.render.escape import visible
from evaluator.render.github import command, place

__all__ = ["diff_commands"]

_TITLES = {"allow": "deny → allow", "deny": "allow → deny", None: "decided otherwise"}


def diff_commands(report: Report, *, folder: str = "") -> Iterator[str]:
    """A command for each group: a warning where a decision flips, else a notice.

    It stands at the edit that explains it where that is in the new version, otherwise at the rule
    or the output. ``folder`` is put before the names of the new version's files.
    """
    for finding in report.findings:
        flip = finding.group.key.flip
        properties = {"title": _TITLES[flip]} | _where(finding, folder)
        yield command("notice" if flip is None else "warning", properties, _message(finding))


def _where(finding: Finding, folder: str) -> dict[str, str]:
    for edit in finding.edits:
        if edit.new is None:
            continue
        for part in edit.parts:
            for line in part.added:
                if line.span is not None:
                    return place(line.span, folder)
        if edit.new.span is not None:
            return place(edit.new.span, folder)
        return {"file": folder + edit.new.file, "line": "1"}
    if finding.new is not None:
        return {"file": folder + finding.new.file, "line": str(finding.new.line)}
    return {}


def _message(finding: Finding) -> str:
    group = finding.group
    lines = [f"{cause_words(group.key.cause)} ({counted(group.count, 'request')})"]
    if group.example.origin:
        lines.append(f"for example {visible(group.example.origin)}")
    for one in differences(group.example):
        lines.append(f"{one.field}: {value_words(one.old)} → {value_words(one.new)}")
    return "\n".join(lines)
