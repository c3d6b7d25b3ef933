"""The page of figures: written from what is stored, by nobody's hand."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from benchmarks import report
from benchmarks.__main__ import BENCHMARKS
from benchmarks.chart import log_log
from benchmarks.report_text import SECTIONS, losses


@pytest.fixture(scope="module")
def stored() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report.STORED.read_text("utf-8"))
    return found


def test_every_benchmark_has_a_section_and_is_stored(stored: dict[str, Any]) -> None:
    assert set(BENCHMARKS) == set(SECTIONS) == set(stored)


def test_stored_figures_are_of_whole_runs(stored: dict[str, Any]) -> None:
    assert [told["command"] for told in stored.values()] == [
        f"python -m benchmarks {name}" for name in stored
    ]


def test_the_page_is_what_the_stored_figures_make(stored: dict[str, Any]) -> None:
    assert report.PAGE.read_text("utf-8") == report.page(stored), (
        "run `python -m benchmarks report`, do not edit docs/performance.md"
    )


def test_the_chart_is_what_the_stored_figures_make(stored: dict[str, Any]) -> None:
    assert report.CHART.read_text("utf-8") == report.chart(stored)


def test_what_is_slower_than_others_is_told(stored: dict[str, Any]) -> None:
    slower = json.loads(json.dumps(stored))
    slower["decide"]["peers"]["zen-engine"] = 0.5
    slower["decide"]["ratios"]["effect_and_ids"] = 1.5
    told = "\n".join(losses(slower))
    assert "zen-engine takes 0.50 times our time" in told
    assert "`effect_and_ids` takes 1.50 times that" in told
    faster = json.loads(json.dumps(stored))
    faster["decide"]["peers"]["zen-engine"] = 2.0
    assert "zen-engine" not in "\n".join(losses(faster))


def test_a_folder_without_figures_is_said_to_be_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks.__main__ import main

    assert main(["report", "--folder", str(tmp_path)]) == 2
    assert "there is no JSON file of a benchmark" in capsys.readouterr().err


def test_a_chart_is_well_formed_and_names_its_curves() -> None:
    curves = {"ours & others": [(10.0, 1e-6), (1000.0, 1e-6)], "b": [(10.0, 1e-5), (1000.0, 1e-6)]}
    svg = ElementTree.fromstring(log_log("A <title>", "n", curves, str, str))
    texts = [element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {"A <title>", "ours & others", "b"} <= set(texts)
    heights = [
        float(element.attrib["y"])
        for element in svg.iter("{http://www.w3.org/2000/svg}text")
        if element.text in curves
    ]
    assert abs(heights[0] - heights[1]) >= 15  # ends that meet have names that do not
