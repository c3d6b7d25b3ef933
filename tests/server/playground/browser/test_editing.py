"""Rules edited in the page: mistakes told, what an edit changes, links that hold edits."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.server.playground.browser.reading import (
    choose_scenario,
    editor,
    now,
    open_tab,
    panel,
    problems,
    verdict,
    visit_file,
)
from tests.server.playground.browser.serving import ROOT

ORIGINAL = ROOT / "policies/licenses/common.yaml"
AFTER_THE_WINDOW = "both ends included +168h1ns"


def widen_the_window(page: Page) -> None:
    """Licences can be removed for ten days instead of seven."""
    visit_file(page, "common.yaml").get_by_text("168h").dblclick()
    page.keyboard.type("240h")


def test_a_mistake_is_told_as_it_is_typed_and_mended_in_one_step(page: Page) -> None:
    choose_scenario(page, AFTER_THE_WINDOW, "may not")
    page.get_by_role("button", name=re.compile(r"reduction-window\.yaml:\d+$")).first.click()
    expect(editor(page)).to_be_focused()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.type(" && resource.totl > 1")
    expect(problems(page)).to_contain_text("`resource.totl` is not an attribute of `resource`")
    expect(page.get_by_text("As of before the edit").first).to_be_visible()
    expect(verdict(page)).to_contain_text("may not")
    editor(page).get_by_text("totl").hover()
    page.get_by_role("button", name=re.compile("total")).first.click()
    expect(editor(page)).to_contain_text("resource.total > 1")
    expect(problems(page)).not_to_contain_text("totl")


def test_an_edit_that_flips_a_decision(page: Page) -> None:
    choose_scenario(page, AFTER_THE_WINDOW, "may not")
    widen_the_window(page)
    expect(verdict(page)).to_contain_text("may remove licences")
    expect(page.get_by_role("tab", name=re.compile("^What changes"))).to_contain_text("change")
    changes = open_tab(page, "What changes")
    flip = changes.get_by_role("listitem").filter(has_text="both ends included").first
    expect(flip).to_contain_text("not allowed → allowed")
    expect(flip).to_contain_text("reduction-window-closed")
    expect(flip).to_contain_text("both ends included: 7 days 1 ns later")
    edited = changes.get_by_role("listitem").filter(has_text="constant reduction_window")
    expect(edited).to_contain_text('duration("168h")')
    expect(edited).to_contain_text('duration("240h")')
    line = changes.get_by_role("button", name=re.compile(r"common\.yaml:\d+"))
    expect(line.first).to_be_visible()
    changes.get_by_role("button", name="Take all edits back").click()
    expect(verdict(page)).to_contain_text("may not remove licences")


def test_nothing_on_disk_changes(page: Page) -> None:
    before = ORIGINAL.read_bytes()
    widen_the_window(page)
    expect(panel(page, "Policy")).to_contain_text("240h")
    assert ORIGINAL.read_bytes() == before


def test_a_link_opened_in_another_browser(page: Page, visit: Callable[..., Page]) -> None:
    choose_scenario(page, AFTER_THE_WINDOW, "may not")
    widen_the_window(page)
    expect(verdict(page)).to_contain_text("may remove licences")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=re.compile("^Share")).click()
    page.get_by_role("menuitem", name=re.compile("link", re.IGNORECASE)).click()
    link: str = page.evaluate("navigator.clipboard.readText()")
    other = visit("#" + link.partition("#")[2])
    expect(verdict(other)).to_contain_text("may remove licences")
    expect(now(other)).to_have_value("2026-03-10T09:00:00.000000001Z")
    expect(visit_file(other, "common.yaml")).to_contain_text("240h")


def test_a_damaged_link_is_told_of(visit: Callable[..., Page]) -> None:
    page = visit("#1.AAAA")
    expect(problems(page)).to_contain_text("link")
    expect(verdict(page)).to_contain_text("may not")
