"""Coverage of a small pack as text and as a tracefile, as they are written.

``python -m tests.coverage_reports`` writes what is written now into
``tests/render/coverage_reports``; what changes is then to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console

from evaluator.render.coverage_lcov import coverage_lcov
from evaluator.render.coverage_text import coverage_text
from evaluator.suites.coverage.results import Coverage
from tests.covered_pack import FILES, covered

__all__ = ["FOLDER", "REPORTS", "coverage"]

FOLDER = Path(__file__).parent / "render" / "coverage_reports"

_IMPOSSIBLE = """\
  - id: impossible
    effect: deny
    when: is_cheap && resource.state == "shipped"
    reason: {en: "<script>alert(1)</script>", da: "Nej \\u202e."}
outputs:
"""
_CASES = """\
  - name: nobody ships
    request:
      subject: {type: user, id: bob}
      action: ship
      resource: {type: order, id: o-1, properties: {state: open, total: 2000}}
    expect: {decision: deny, rules: [unpaid], notices: [huge]}
unreachable:
  - {rule: impossible, condition: is_cheap, because: "What is <shipped> is not cheap."}
"""


def coverage() -> Coverage:
    """Coverage with gaps of all kinds, of which some cannot be closed."""
    orders = FILES["orders.yaml"].replace("outputs:\n", _IMPOSSIBLE)
    return covered({"orders.yaml": orders}, cases=_CASES, budget=2_000)


def _text(width: int) -> Callable[[Coverage], str]:
    def written(coverage: Coverage) -> str:
        screen = Console(width=width, no_color=True, markup=False, emoji=False, highlight=False)
        with screen.capture() as captured:
            screen.print(coverage_text(coverage, width=width, folder="shop/"), crop=False)
        return "".join(line.rstrip() + "\n" for line in captured.get().splitlines())

    return written


REPORTS: Mapping[str, Callable[[Coverage], str]] = {
    "text-80.txt": _text(80),
    "text-120.txt": _text(120),
    "coverage.info": lambda coverage: coverage_lcov(coverage, folder="shop/"),
}

if __name__ == "__main__":
    measured = coverage()
    FOLDER.mkdir(exist_ok=True)
    for name, written in REPORTS.items():
        (FOLDER / name).write_text(written(measured), "utf-8")
