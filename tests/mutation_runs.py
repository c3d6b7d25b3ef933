"""Runs of mutants against a suite that misses some, each in a file as it is printed in one format.

``python -m tests.mutation_runs`` writes what the runs print now into ``tests/cli/mutation_runs``;
what changes is then to be read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.cli_runner import evaluator
from tests.suite_runs import write_files

__all__ = ["FILES", "FOLDER", "RUNS", "printed"]

FOLDER = Path(__file__).parent / "cli" / "mutation_runs"
RUNS: Mapping[str, tuple[str, ...]] = {
    "text.txt": (),
    "sample.txt": ("--limit", "5", "-k", "finished or most"),
    "run.json": ("--format", "json", "-k", "too-long"),
    "github.txt": ("--format", "github", "-k", "not most"),
}
FILES = {
    "pack.yaml": """\
language: 1
name: notes
version: "1"
request: request.json
files: [rules.yaml]
""",
    "request.json": """\
{"properties": {"resource": {"properties": {"properties": {
  "additionalProperties": false,
  "required": ["state", "pages"],
  "properties": {
    "state": {"enum": ["draft", "final"]},
    "pages": {"type": "integer", "minimum": 0}}}}}}}
""",
    "rules.yaml": """\
policy: notes.rules
applies_to: {resource: note, actions: [read, edit]}
constants:
  most: "10"
tables:
  banned: [eve, "\\e[2J%"]
rules:
  - id: anybody
    effect: allow
    when: "!(subject.id in banned)"
  - id: too-long
    effect: deny
    actions: edit
    when: resource.pages > most
    reason: It is too long.
  - id: finished
    effect: deny
    actions: edit
    when:
      all:
        - resource.state == "final"
        - resource.pages >= 0
    reason: It is finished.
    remedies:
      - id: reopen
        message: Make it a draft again.
        sets: {resource.state: '"draft"'}
outputs:
  left:
    on: [allow, deny]
    value: most - resource.pages
""",
    "suites/notes.suite.yaml": """\
suite: notes.notes
now: 2026-03-03T09:00:00Z
fixtures:
  subjects:
    ann: {type: user, id: ann}
    eve: {type: user, id: eve}
  resources:
    short: {type: note, id: n, properties: {state: draft, pages: 3}}
    long: {extends: short, properties: {pages: 11}}
    done: {extends: short, properties: {state: final}}
cases:
  - name: a short draft
    request: {subject: ann, action: edit, resource: short}
    expect: {decision: allow, outputs: {left: 7}}
  - name: a long draft
    request: {subject: ann, action: edit, resource: long}
    expect: deny
  - name: what is finished
    request: {subject: ann, action: edit, resource: done}
    expect: {decision: deny, rules: [finished], remedies: [reopen]}
  - name: to read
    request: {subject: ann, action: read, resource: done}
    expect: allow
  - name: the banned
    request: {subject: eve, action: read, resource: short}
    expect: deny
""",
}


def printed(name: str, folder: Path, *arguments: str) -> str:
    """What a run prints on standard output; the pack lies in ``policies/notes`` of a folder."""
    done = evaluator("mutate", *RUNS[name], *arguments, cwd=folder, width=60)
    assert done.stderr == "", done.stderr
    assert done.returncode == 1
    return done.stdout


def _update() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder, "policies", "notes"), FILES)
        for name in RUNS:
            (FOLDER / name).write_text(printed(name, Path(folder)), "utf-8")


if __name__ == "__main__":
    _update()
