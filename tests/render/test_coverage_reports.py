"""Reports of coverage: as people and tools read them, complete, and safe to show."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from evaluator.render.coverage_html import coverage_html
from evaluator.render.coverage_json import coverage_json
from evaluator.suites.coverage.results import Coverage
from tests.coverage_reports import FOLDER, REPORTS, coverage

VOID = frozenset({"meta", "br", "link", "img", "input", "hr", "wbr"})


@pytest.fixture(scope="module")
def measured() -> Coverage:
    return coverage()


@pytest.mark.parametrize("name", REPORTS)
def test_written(name: str, measured: Coverage):
    assert REPORTS[name](measured) == (FOLDER / name).read_text("utf-8")


def test_the_last_line(measured: Coverage):
    last = REPORTS["text-80.txt"](measured).splitlines()[-1]
    assert last == f"coverage: {measured.percent} % of {measured.total} obligations"


@pytest.mark.parametrize("width", [80, 120])
def test_only_cases_are_wider_than_the_terminal(width: int, measured: Coverage):
    """They are to be pasted, so that their lines must not be broken or cut."""
    text = REPORTS[f"text-{width}.txt"](measured)
    before, _, after = text.partition("Cases that show what is missing")
    cases, _, rest = after.partition("Called unreachable")
    assert max(map(len, [*before.splitlines(), *rest.splitlines()])) <= width
    for result in measured.gaps:
        for closing in result.closings:
            body = (closing.case or "").partition("\n")[2]
            assert body in cases


def test_json(measured: Coverage):
    data = coverage_json(measured, folder="shop/")
    states = [one["state"] for one in data["obligations"]]
    assert data["met"] == states.count("met")
    assert data["total"] == len(states) - states.count("aside")
    assert data["steps"] == 2
    assert {one["at"]["file"] for one in data["obligations"] if one["at"]} == {"shop/orders.yaml"}
    (aside,) = [one for one in data["obligations"] if one["state"] == "aside"]
    assert aside["because"] == "What is <shipped> is not cheap."
    for one in data["obligations"]:
        assert ("missing" in one) == (one["state"] != "met")
        for missing in one.get("missing", ()):
            assert (missing["request"] is None) == (missing["case"] is None)


class Page(HTMLParser):
    """A page read: whether elements are closed in order, what leads where, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "src"):
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def test_html(measured: Coverage):
    text = coverage_html(measured, folder="shop/")
    page = Page(text)
    assert page.open == []
    assert len(set(page.ids)) == len(page.ids)
    # It stands alone, every link leads somewhere in it, and nothing in it runs.
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert "script" not in page.tags
    assert not re.search(r"url\(|@import|https?://", text)
    shown = [result for result in measured.results if result.state != "met"]
    assert [one for one in page.ids if one.startswith("gap-")] == [
        f"gap-{number}" for number in range(1, len(shown) + 1)
    ]
    for result in measured.gaps:
        assert f"{result.words}:".replace("`", "") in page.text
        for closing in result.closings:
            assert (closing.case or "") in page.text
    assert f"{measured.met} of {measured.total} obligations" in page.text


def test_html_shows_every_line_of_the_policies(measured: Coverage):
    page = Page(coverage_html(measured))
    for line in measured.sources[0].text.splitlines():
        assert line.replace("\u202e", "\\u202e") in page.text


def test_html_escapes(measured: Coverage):
    text = coverage_html(measured)
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "\u202e" not in text
    assert "What is &lt;shipped&gt; is not cheap." in text


def test_html_of_complete_coverage():
    whole = coverage()
    met = tuple(result for result in whole.results if result.state == "met")
    page = Page(coverage_html(Coverage(met, 2, whole.sources, ())))
    assert "100 %" in page.text
    assert not any(one.startswith("gap-") for one in page.ids)
