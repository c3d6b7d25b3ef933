"""``report``: all benchmarks as a page, docs/performance.md, with a chart.

The figures are stored in docs/performance.json; page and chart follow from them alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.chart import log_log
from benchmarks.machine import ROOT
from benchmarks.report_text import SECTIONS, losses, summary
from benchmarks.results import Table, duration
from benchmarks.running import measure
from benchmarks.settings import Settings

__all__ = ["CHART", "PAGE", "STORED", "chart", "page", "run"]

STORED: Final = ROOT / "docs" / "performance.json"
PAGE: Final = ROOT / "docs" / "performance.md"
CHART: Final = ROOT / "docs" / "performance-growth.svg"

Found = Mapping[str, Any]


def run(settings: Settings, folder: Path | None) -> int:
    """Measures all, or reads the JSON files of a folder; writes figures, page and chart."""
    found = _read(folder) if folder else _measured(settings)
    if not found:
        sys.stderr.write(f"there is no JSON file of a benchmark in {folder}\n")
        return 2
    STORED.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    PAGE.write_text(page(found), "utf-8")
    CHART.write_text(chart(found), "utf-8")
    return 0


def page(found: Found) -> str:
    """The page, as Markdown."""
    return "\n\n".join(_parts(found)) + "\n"


def chart(found: Found) -> str:
    """The steady decision by number of rules, ours and in other engines, as SVG."""
    curves: dict[str, list[tuple[float, float]]] = {}
    for told in found.get("growth", {}).get("growth", ()):
        if not told["crowded"]:
            name = "evaluator" if told["engine"] == "ours" else told["engine"]
            curves.setdefault(name, []).append((told["rules"], told["steady"]["median"]))
    return log_log(
        "One decision, by number of rules loaded",
        "rules",
        curves,
        lambda rules: f"{rules:,.0f}",
        _round_duration,
    )


def _read(folder: Path) -> dict[str, Any]:
    stored = [json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")]
    by_name = {told["benchmark"]: told for told in stored if "benchmark" in told}
    return {name: by_name[name] for name in SECTIONS if name in by_name}


def _measured(settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in SECTIONS:
        sys.stderr.write(f"{name} ...\n")
        found[name] = measure(name, settings)[1]
    return found


def _parts(found: Found) -> Iterator[str]:
    yield "# Performance"
    yield (
        "<!-- `python -m benchmarks report` writes this page from docs/performance.json, which it "
        "writes too. -->"
    )
    yield summary(found)
    if "growth" in found:
        yield "![The steady decision by number of rules](performance-growth.svg)"
    lost = losses(found)
    if lost:
        yield "## Where others are faster"
        yield "\n".join(f"- {line}" for line in lost)
    for name, section in SECTIONS.items():
        if name in found:
            yield from _section(section.title, section.dominated_by, found[name])
    yield "## Where these figures come from"
    yield _origins(found)


def _section(title: str, dominated_by: str, told: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {title}"
    yield f"`{told['command']}`"
    for data in told["tables"]:
        yield _markdown(Table.from_json(data))
    if told["notes"]:
        yield "\n".join(f"- {_safe(note)}" for note in told["notes"])
    yield f"**What dominates.** {dominated_by}"


def _markdown(table: Table) -> str:
    caption = _safe(table.title[:1].upper() + table.title[1:])
    lines = [
        f"{caption}.",
        "",
        _row(table.columns),
        _row(("---", *("--:" for _ in table.columns[1:]))),
        *map(_row, table.rows),
    ]
    return "\n".join(lines)


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(map(_safe, cells))} |"


def _safe(text: str) -> str:
    """Text in which Markdown sees no markup."""
    for sign in "\\`*_{}[]<>#|~":
        text = text.replace(sign, f"\\{sign}")
    return text


def _origins(found: Found) -> str:
    by_origin: dict[str, list[str]] = {}
    versions: dict[str, str] = {}
    for name, told in found.items():
        its = told["environment"]
        by_origin.setdefault(f"{its['machine']}; commit {its['commit']}", []).append(name)
        versions.update(its["versions"])
    lines = [f"- {', '.join(names)}: {origin}" for origin, names in by_origin.items()]
    told_versions = ", ".join(f"{name} {version}" for name, version in versions.items())
    return "\n".join((*lines, f"- versions: {told_versions}"))


def _round_duration(seconds: float) -> str:
    return duration(seconds * 1.000001).replace(".00", "").replace(".0 ", " ")
