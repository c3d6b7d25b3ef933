"""What a first visit loads, and that the page is of use before the editor has come."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.server.playground.browser.reading import editor, open_tab, remedy, verdict
from tests.server.playground.browser.watching import Visits

AT_MOST = 400_000
"""Bytes, compressed, of all files of the page."""

LOADED = """() => performance.getEntriesByType("resource")
  .concat(performance.getEntriesByType("navigation"))
  .filter(({initiatorType}) => initiatorType !== "fetch")
  .map(({name, encodedBodySize}) => [new URL(name).pathname, encodedBodySize])"""


def test_a_first_visit_loads_little(page: Page) -> None:
    before = dict(page.evaluate(LOADED))
    assert {"/", "/app.js", "/app.css"} <= before.keys()
    assert "/editor.js" not in before
    open_tab(page, "Policy")
    expect(editor(page)).to_be_visible()
    loaded = dict(page.evaluate(LOADED))
    assert "/editor.js" in loaded
    assert sum(loaded.values()) <= AT_MOST


def test_it_is_of_use_before_the_editor_has_come(visits: Visits) -> None:
    page = visits.blank()
    waiting: list[Route] = []
    page.route("**/editor.js", lambda route: waiting.append(route))
    page.goto(visits.url)
    expect(verdict(page)).to_contain_text("may not")
    open_tab(page, "Policy")
    expect(page.get_by_text("Loading the editor…")).to_be_visible()
    remedy(page, "").first.click()
    expect(verdict(page)).not_to_contain_text("may not")
    (route,) = waiting
    route.continue_()
    expect(editor(page)).to_be_visible()


def test_without_the_editor_the_rest_works(visits: Visits) -> None:
    visits.expecting("editor.js")
    page = visits.blank()
    page.route("**/editor.js", lambda route: route.abort())
    page.goto(visits.url)
    open_tab(page, "Policy")
    expect(page.get_by_text("The editor could not be loaded.")).to_be_visible()
    expect(verdict(page)).to_contain_text("may not")


def test_another_visit_begins_anew(page: Page, visit: Callable[..., Page]) -> None:
    """No cookie, and nothing kept of a visit but what was chosen for the page itself."""
    page.get_by_role("radio", name="Dansk").check()
    remedy(page, "").first.click()
    expect(verdict(page)).not_to_contain_text(re.compile("ikke"))
    assert page.context.cookies() == []
    page.reload()
    expect(verdict(page)).to_contain_text("må ikke")
    expect(verdict(visit())).to_contain_text("may not")
