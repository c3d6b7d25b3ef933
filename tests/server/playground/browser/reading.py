"""Parts of the page, found as somebody finds them who looks at it or has it read out."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

__all__ = [
    "action",
    "choose_scenario",
    "editor",
    "moment",
    "now",
    "open_tab",
    "panel",
    "problems",
    "remedy",
    "verdict",
    "visit_file",
]


def verdict(page: Page) -> Locator:
    """The sentence that says whether the chosen action is allowed."""
    return page.get_by_role("heading", name=re.compile(r" may (not )?| må (ikke )?gøre"))


def action(page: Page, name: str) -> Locator:
    """The button of an action, on or greyed."""
    group = page.get_by_role("group", name=re.compile("^(What .* can do|Hvad .* kan gøre)$"))
    return group.get_by_role("button", name=name, exact=True)


def remedy(page: Page, words: str) -> Locator:
    """The button that does what would help."""
    return page.get_by_role("button", name=re.compile(f"^(Do this|Gør dette): .*{words}"))


def moment(page: Page) -> Locator:
    """The handle on the time line."""
    return page.get_by_role("slider", name=re.compile("^(Moment|Tidspunkt)$"))


def now(page: Page) -> Locator:
    """The field with the moment as text, laid open."""
    field = page.get_by_role("textbox", name="Moment, as RFC 3339")
    if not field.is_visible():
        page.get_by_text("Set the moment").click()
    return field


def choose_scenario(page: Page, words: str, expected: str = "") -> None:
    """Picks the first scenario that has these words, and waits for its decision."""
    page.get_by_role("button", name=re.compile("^Scenario:")).click()
    page.get_by_role("combobox", name="Find a scenario").fill(words)
    page.get_by_role("listbox", name="Scenarios").get_by_role("option").first.click()
    if expected:
        expect(verdict(page)).to_have_text(re.compile(expected))


def open_tab(page: Page, name: str) -> Locator:
    """Chooses a tab, and gives what it shows."""
    page.get_by_role("tab", name=re.compile(f"^{name}")).click()
    return panel(page, name)


def panel(page: Page, name: str) -> Locator:
    return page.get_by_role("tabpanel", name=re.compile(f"^{name}"))


def editor(page: Page) -> Locator:
    """The text of the open file, when the editor has come."""
    return panel(page, "Policy").get_by_role("textbox").first


def visit_file(page: Page, name: str) -> Locator:
    """Opens a file in the editor."""
    shown = open_tab(page, "Policy")
    shown.get_by_role("button", name=re.compile(re.escape(name))).first.click()
    expect(editor(page)).to_be_visible()
    return editor(page)


def problems(page: Page) -> Locator:
    return page.get_by_role("region", name="Problems")
