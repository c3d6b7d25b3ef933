"""Suites with mistakes, each in a text file with the diagnostics that it is to get.

They are written as those of ``tests.wrong_packs``, on top of a correct pack with a correct suite.
``python -m tests.wrong_suites`` writes what the cases get now into them.
"""

from __future__ import annotations

from pathlib import Path

from evaluator.policy.loading import load_packs
from evaluator.source import MemoryFiles
from evaluator.suites.reading import read_suites
from tests.wrong_packs import BASE as PACK
from tests.wrong_packs import Case, described, parts

__all__ = ["BASE", "CASES", "read_case", "report"]

FOLDER = Path(__file__).parent / "suites" / "wrong"
CASES = sorted(path.stem for path in FOLDER.glob("*.txt"))
_GOLDEN = "diagnostics"
_REMOVED = "(removed)\n"

BASE = PACK | {
    "orders.yaml": """\
policy: shop.orders
applies_to: {resource: order, actions: [ship, cancel]}
rules:
  - id: clerk
    effect: allow
    when: '"clerk" in subject.roles'
    reason: {en: Clerks may., da: Ekspedienter må.}
  - id: unpaid
    effect: deny
    actions: [ship]
    when: resource.state == "open" && context.channel == "web"
    reason: {en: The order is not paid., da: Ordren er ikke betalt.}
    description: {en: It is open., da: Den er åben.}
    remedies:
      - id: by-phone
        message: {en: Call us., da: Ring til os.}
        sets: {context.channel: '"phone"'}
      - id: pay
        message: {en: Pay it first., da: Betal den først.}
  - id: shipped
    effect: deny
    when: resource.state == "shipped"
    reason: {en: It is gone., da: Den er sendt.}
  - id: huge
    effect: deny
    mode: report
    when: resource.total > 1000
    reason: {en: It is huge., da: Den er enorm.}
outputs:
  parcels:
    on: [allow, deny]
    value: resource.lines.size()
  carrier:
    value: 'resource.total > 100 ? "truck" : "bike"'
    labels:
      truck: {en: By truck., da: Med lastbil.}
      bike: {en: By bike., da: På cykel.}
""",
    "suites/fixtures.yaml": """\
fixtures:
  subjects:
    ann: {type: user, id: ann, properties: {roles: [clerk]}}
  resources:
    order:
      type: order
      id: o-1
      properties: {total: 50, state: paid, due: 2026-04-01T00:00:00Z, lines: [{quantity: 1}]}
    open-order: {extends: order, properties: {state: open}}
""",
    "suites/orders.suite.yaml": """\
suite: shop.orders
now: 2026-03-03T09:00:00Z
imports: [fixtures.yaml]
cases:
  - name: a clerk ships what is paid
    request: {subject: ann, action: ship, resource: order}
    expect: allow
  - name: not what is open
    request: {subject: ann, action: ship, resource: open-order}
    expect: {decision: deny, rules: [unpaid], remedies: [by-phone, pay]}
""",
}


def read_case(name: str) -> Case:
    """A case by its name."""
    files = dict(BASE)
    golden = ""
    for part, text in parts((FOLDER / f"{name}.txt").read_text("utf-8")):
        if part == _GOLDEN:
            golden = text
        elif text == _REMOVED:
            del files[part]
        else:
            files[part] = text
    return Case(files, golden)


def report(files: dict[str, str]) -> str:
    """The diagnostics of the suites of a pack, as ``tests.wrong_packs`` writes those of packs."""
    all_files = MemoryFiles(files)
    loaded = load_packs(all_files)
    assert loaded.diagnostics == ()
    return "".join(map(described, read_suites(all_files, loaded.packs).diagnostics)) or "none\n"


def _update() -> None:
    for name in CASES:
        path = FOLDER / f"{name}.txt"
        head = path.read_text("utf-8").partition(f"-- {_GOLDEN} --\n")[0]
        path.write_text(f"{head}-- {_GOLDEN} --\n{report(read_case(name).files)}", "utf-8")


if __name__ == "__main__":
    _update()
