"""Versions of a pack that were compared, and logs replayed: each run in a file as it is printed.

``python -m tests.history_runs`` writes what the runs print now into ``tests/cli/history_runs``;
what changes is then to be read.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.cli_runner import evaluator
from tests.git_repository import commit

__all__ = ["EDITED", "FILES", "FOLDER", "LOG", "RUNS", "WIDER", "edited", "printed", "request"]

FOLDER = Path(__file__).parent / "cli" / "history_runs"
FILES: Mapping[str, str] = {
    "pack.yaml": """\
language: 1
name: returns
version: "1"
request: request.json
files: [common.yaml, rules.yaml]
""",
    "request.json": """\
{"properties": {
  "subject": {"properties": {"properties": {
    "additionalProperties": false,
    "properties": {"roles": {
      "type": "array", "items": {"enum": ["clerk", "guest"]}, "default": []}}}}},
  "resource": {"required": ["properties"], "properties": {"properties": {
    "additionalProperties": false,
    "required": ["bought_at", "price"],
    "properties": {
      "bought_at": {"type": "string", "format": "date-time"},
      "price": {"type": "integer", "minimum": 0},
      "opened": {"type": "boolean", "default": false}}}}},
  "context": {
    "properties": {"refund": {"enum": ["money", "voucher"], "default": "money"}}}}}
""",
    "common.yaml": """\
policy: returns.common
constants:
  window: duration("168h")
tables:
  handlers: [clerk, guest]
variables:
  closes_at: resource.bought_at + window
""",
    "rules.yaml": """\
policy: returns.rules
applies_to: {resource: item, actions: [return, exchange]}
imports: [common.yaml]
rules:
  - id: handler
    effect: allow
    when: subject.roles.exists(role, role in handlers)
  - id: late
    effect: deny
    when:
      all:
        - now > closes_at
        - context.refund == "money"
    reason: "Too late: until {closes_at}."
    remedies:
      - id: take-voucher
        message: Take a voucher.
        sets: {context.refund: '"voucher"'}
  - id: opened
    effect: deny
    actions: return
    when: resource.opened
    reason: It was opened.
outputs:
  last_moment: {value: closes_at, on: [allow, deny]}
  fee: {value: "resource.price > 100 ? 10 : 0"}
""",
    "suites/returns.suite.yaml": """\
suite: returns.returns
now: 2026-03-03T09:00:00Z
fixtures:
  subjects:
    clerk: {type: user, id: ann, properties: {roles: [clerk]}}
  resources:
    item: {type: item, id: i-1, properties: {bought_at: 2026-03-03T09:00:00Z, price: 20}}
cases:
  - name: "the window \\e[2J"
    request: {subject: clerk, action: return, resource: item}
    at:
      +1h: allow
      +200h: {decision: deny, rules: [late], remedies: [take-voucher]}
""",
}


def edited(*edits: tuple[str, str, str]) -> dict[str, str]:
    """The files with texts replaced: file, text, and what stands in its place."""
    files = dict(FILES)
    for name, old, new in edits:
        assert old in files[name], (name, old)
        files[name] = files[name].replace(old, new)
    return files


WIDER = edited(("common.yaml", "168h", "169h"))
EDITED = edited(
    ("common.yaml", "[clerk, guest]", "[clerk]"),
    ("rules.yaml", "now > closes_at", "now >= closes_at"),
    (
        "rules.yaml",
        "    effect: deny\n    actions",
        "    effect: deny\n    mode: report\n    actions",
    ),
    ("rules.yaml", "> 100 ?", ">= 100 ?"),
    ("rules.yaml", "Take a voucher.", 'Take a "[red]voucher[/]".'),
)


def request(hours: int = 1, **properties: Any) -> dict[str, Any]:
    """A clerk's return of an item, some hours after it was bought."""
    return {
        "subject": {"type": "user", "id": "ann", "properties": {"roles": ["clerk"]}},
        "action": {"name": "return"},
        "resource": {
            "type": "item",
            "id": "i-1",
            "properties": {"bought_at": "2026-03-03T09:00:00Z", "price": 20, **properties},
        },
        "context": {"time": f"2026-03-{3 + (9 + hours) // 24:02}T{(9 + hours) % 24:02}:00:00Z"},
    }


def _logged(hours: int, decision: dict[str, Any] | str) -> dict[str, Any]:
    return {"request": request(hours), "decision": decision}


_ALLOWED = {
    "decision": "allow",
    "reasons": [
        {
            "rule": "handler",
            "policy": "returns.rules",
            "kind": "allow",
            "message": "",
            "remedies": [],
            "at": {"file": "rules.yaml", "line": 7},
        }
    ],
}
_LATE = {
    "decision": "deny",
    "reasons": [
        {
            "rule": "late",
            "policy": "returns.rules",
            "kind": "deny",
            "message": "Too late \x1b[2J.",
            "remedies": [],
            "at": {"file": "rules.yaml", "line": 9},
        }
    ],
}
_LINES: tuple[Any, ...] = (
    _logged(1, _ALLOWED),
    _logged(160, _LATE),
    _logged(161, _LATE),
    _logged(169, "allow"),
    '{"request": \x1b[2J',
    [],
    _logged(1, {"decision": "perhaps"}),
    "",
    _logged(2, {"decision": "allow", "outputs": {"fee": 1}}),
)
LOG = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in _LINES)

_DIFF = ("diff", "HEAD~1:policies", "HEAD:policies", "--limit", "400")
RUNS: Mapping[str, tuple[tuple[str, ...], int]] = {
    "window-80.txt": (_DIFF, 80),
    "window-120.txt": ((*_DIFF, "--suites"), 120),
    "window.json": ((*_DIFF, "--boundaries", "--format", "json"), 100),
    "window-github.txt": ((*_DIFF, "--format", "github"), 100),
    "edited-100.txt": (("diff", "policies", "edited", "--limit", "400"), 100),
    "nothing.txt": (("diff", "HEAD:policies", "policies"), 100),
    "replay-80.txt": (("replay", "log.jsonl", "-p", "HEAD~1:policies"), 80),
    "replay.json": (("replay", "log.jsonl", "--format", "json"), 100),
}


def printed(run: str) -> str:
    """What a run prints: standard output, and then standard error where there is any."""
    arguments, width = RUNS[run]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for files in (FILES, WIDER):
            commit({f"policies/{file}": text for file, text in files.items()}, folder)
        commit({f"edited/{file}": text for file, text in EDITED.items()}, folder)
        commit({"log.jsonl": LOG, ".gitignore": ""}, folder)
        rewound = [argument.replace("HEAD", "HEAD~2") for argument in arguments]
        done = evaluator(*rewound, cwd=folder, width=width)
    told = done.stdout.replace("HEAD~2", "HEAD")
    return told + (f"--- on standard error\n{done.stderr}" if done.stderr else "")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for run in RUNS:
        (FOLDER / run).write_text(printed(run), "utf-8")
