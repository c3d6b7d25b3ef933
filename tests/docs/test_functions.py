"""``docs/functions.md`` is what the declarations say."""

from __future__ import annotations

import re
from pathlib import Path

from evaluator.language.functions.catalogue import entries
from evaluator.language.values import ERROR_KINDS
from evaluator.render.functions_markdown import functions_markdown, write

PAGE = Path(__file__).parents[2] / "docs" / "functions.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == functions_markdown(entries())


def test_the_page_is_written(tmp_path: Path) -> None:
    write(str(tmp_path / "functions.md"))
    assert (tmp_path / "functions.md").read_bytes() == PAGE.read_bytes()


def test_links_lead_to_places() -> None:
    text = PAGE.read_text("utf-8")
    places = re.findall(r'<a id="([^"]+)">', text)
    assert len(places) == len(set(places)) == len(entries())
    assert re.findall(r"^\| \[.*?\]\(#([^)]+)\) \|", text, re.MULTILINE) == places


def test_tables_have_as_many_cells_as_they_should() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3}
    assert sum(row.startswith("| `") for row in rows) == len(ERROR_KINDS)
