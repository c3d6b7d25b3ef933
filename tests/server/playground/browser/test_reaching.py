"""Everybody reaches everything: by keys, on a phone, without motion, read out, in the dark."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.server.playground.assets import WEB
from tests.server.playground.browser.reading import editor, moment, open_tab, verdict
from tests.server.playground.browser.watching import PHONE

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
TABS = {
    "en-GB": ("Request", "Policy", "Why", "What changes"),
    "da-DK": ("Forespørgsel", "Regler", "Hvorfor", "Hvad ændres"),
}


def tab_to(page: Page, wanted: Any) -> None:
    """Presses Tab until a part has the focus."""
    for _ in range(120):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there")


def test_by_keys_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the decision")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name=re.compile("^Do this: ")).first)
    page.keyboard.press("Enter")
    expect(verdict(page)).not_to_contain_text("may not")
    undo = page.get_by_role("button", name="Undo")
    tab_to(page, undo)
    page.keyboard.press("Space")
    expect(verdict(page)).to_contain_text("may not")
    tab_to(page, moment(page))
    before = moment(page).get_attribute("aria-valuetext")
    page.keyboard.press("ArrowRight")
    expect(moment(page)).not_to_have_attribute("aria-valuetext", before or "")
    tab_to(page, page.get_by_role("tab", name="Request"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Policy")).to_be_focused()
    tab_to(page, editor(page))
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor(page)).not_to_be_focused()


def test_the_decision_is_on_the_first_screen(page: Page) -> None:
    for part in (
        verdict(page),
        page.get_by_role("button", name=re.compile("^Do this: ")).first,
        page.get_by_role("button", name=re.compile(r"\.yaml:\d+$")).first,
        moment(page),
    ):
        expect(part).to_be_in_viewport()


@pytest.mark.parametrize("language", TABS)
def test_on_a_phone_the_first_screen_says_why_and_what_helps_and_scrolls_in_one_direction(
    visit: Callable[..., Page], language: str
) -> None:
    page = visit(locale=language, viewport=PHONE, has_touch=True)
    for part in (
        verdict(page),
        page.locator(".reason").first,
        page.get_by_role("button", name=re.compile(r"\.yaml:\d+$")).first,
        page.get_by_role("button", name=re.compile("^(Do this|Gør dette): ")).first,
        page.get_by_text(re.compile("Tried: then allowed|Prøvet: derefter tilladt")).first,
    ):
        expect(part).to_be_in_viewport(ratio=1)
    for tab in TABS[language]:
        open_tab(page, tab)
        width = page.evaluate("document.scrollingElement.scrollWidth")
        assert width <= PHONE["width"], tab


def test_nothing_moves_for_who_wants_no_motion(visit: Callable[..., Page]) -> None:
    page = visit(reduced_motion="reduce")
    page.get_by_role("button", name=re.compile(r"\.yaml:\d+$")).first.click()
    expect(editor(page)).to_be_visible()
    moving = page.evaluate(
        "document.getAnimations().filter(one => one.effect.getTiming().duration > 1).length"
    )
    assert moving == 0


@cache
def axe() -> str:
    if not AXE.exists():
        pytest.skip("needs `npm ci` in the playground's web folder, for axe-core")
    return AXE.read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "looks"),
    [
        ({}, [{}, {"color_scheme": "dark"}, {"color_scheme": "light", "forced_colors": "active"}]),
        ({"locale": "da-DK"}, [{}]),
        ({"viewport": PHONE}, [{}]),
    ],
    ids=["desk", "danish", "phone"],
)
def test_axe_finds_nothing(
    visit: Callable[..., Page], options: dict[str, Any], looks: list[dict[str, Any]]
) -> None:
    page = visit(**options)
    # Told to the browser as a debugger does: the content security policy stays in force.
    page.evaluate(axe())
    found = []
    for look in looks:
        page.emulate_media(**look)
        for tab in TABS[options.get("locale", "en-GB")]:
            open_tab(page, tab)
            if tab in ("Policy", "Regler"):
                expect(page.get_by_role("tabpanel").get_by_role("textbox").first).to_be_visible()
            found += page.evaluate(
                """async () => (await axe.run({runOnly: [
                    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
                ]})).violations.map(({id, nodes}) => [id, ...nodes.map(node => node.html)])"""
            )
    assert found == [], json.dumps(found, indent=1)
