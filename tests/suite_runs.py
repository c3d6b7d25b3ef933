"""Runs of a suite that fails in many ways, each in a file as it is printed in one format.

``python -m tests.suite_runs`` writes what the runs print now into ``tests/cli/suite_runs``; what
changes is then to be read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.cli_runner import evaluator
from tests.wrong_suites import BASE

__all__ = ["FILES", "FOLDER", "RUNS", "printed", "write_files"]

FOLDER = Path(__file__).parent / "cli" / "suite_runs"
RUNS: Mapping[str, tuple[tuple[str, ...], int]] = {
    "text-80.txt": ((), 80),
    "text-120.txt": ((), 120),
    "text-40.txt": (("-k", "gone or nothing"), 40),
    "run.json": (("--format", "json", "-k", "escape or right"), 100),
    "run.xml": (("--format", "junit", "-k", "escape or right"), 100),
    "github.txt": (("--format", "github"), 100),
}
FILES = {name: text for name, text in BASE.items() if not name.startswith("suites/")} | {
    "suites/fixtures.yaml": BASE["suites/fixtures.yaml"],
    "suites/orders.suite.yaml": """\
suite: shop.orders
now: 2026-03-03T09:00:00Z
imports: [fixtures.yaml]
fixtures:
  subjects:
    eve: {type: user, id: eve}
cases:
  - name: right
    facts: [1]
    request: {subject: ann, action: ship, resource: order}
    expect: allow
  - name: gone is what has been shipped
    request: {subject: ann, action: ship, resource: order}
    expect: {decision: deny, rules: [shipped]}
  - name: nothing allows it
    request: {subject: eve, action: cancel, resource: order}
    expect: allow
  - name: who may do what
    matrix:
      subjects: [ann, eve]
      resources: [order, open-order]
      actions: [ship]
    expect:
      ann:
        order: {decision: allow, outputs: {parcels: 1, carrier: truck}}
        open-order: deny
      eve: {decision: deny, rules: [no-rule-allows]}
  - name: "escape \\e[31m & <this> % \\u202e"
    request:
      subject: ann
      action: ship
      resource: {extends: order, properties: {note: "\\e[2J"}}
    expect:
      decision: allow
      rules: [clerk]
      messages:
        en: {clerk: "\\e[31m red, % & <b>"}
  - name: it holds until it is due
    request: {subject: ann, action: ship, resource: open-order}
    at:
      +1h:
        decision: deny
        rules: [unpaid]
        remedies: [pay, by-phone]
        then: {by-phone: {decision: deny, rules: [huge]}}
      -1ns: deny
""",
    "suites/fine.suite.yaml": BASE["suites/orders.suite.yaml"].replace("shop.orders", "shop.fine"),
}


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Writes the files of a pack into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def printed(name: str, folder: Path) -> str:
    """What a run prints on standard output; the pack lies in ``policies/shop`` of a folder."""
    arguments, width = RUNS[name]
    done = evaluator("test", *arguments, cwd=folder, width=width)
    assert done.stderr == "", done.stderr
    assert done.returncode == 1
    return done.stdout


def _update() -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder, "policies", "shop"), FILES)
        for name in RUNS:
            (FOLDER / name).write_text(printed(name, Path(folder)), "utf-8")


if __name__ == "__main__":
    _update()
