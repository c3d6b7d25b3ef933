"""The pictures of the README; ``python -m tests.server.playground.browser.pictures`` takes them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, expect, sync_playwright

from tests.server.playground.browser.chromium import FLAGS, executable
from tests.server.playground.browser.reading import (
    choose_scenario,
    open_tab,
    verdict,
    visit_file,
)
from tests.server.playground.browser.serving import ROOT, playing
from tests.server.playground.browser.watching import PATIENCE

__all__ = ["DENIED", "EDIT", "FOLDER"]

FOLDER: Final = ROOT / "docs"
DENIED: Final = "playground-denied.png"
EDIT: Final = "playground-edit.png"


def denied(page: Page) -> None:
    """A greyed button with its reason, what would help, and the decision over time."""
    expect(verdict(page)).to_contain_text("may not")


def edit(page: Page) -> None:
    """An edit of a rule, and what it changes."""
    choose_scenario(page, "both ends included +169h", "may not remove")
    visit_file(page, "common.yaml").get_by_text("168h").dblclick()
    page.keyboard.type("240h")
    expect(verdict(page)).not_to_contain_text("may not")
    changes = open_tab(page, "What changes")
    expect(changes.get_by_role("listitem").first).to_be_visible()


def take(folder: Path = FOLDER) -> None:
    """Takes both, in light colours and at the size of a small desk."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright, playing() as playground:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        for name, story, height in ((DENIED, denied, 768), (EDIT, edit, 700)):
            page = browser.new_page(
                color_scheme="light",
                locale="en-GB",
                reduced_motion="reduce",
                timezone_id="UTC",
                viewport={"width": 1280, "height": height},
            )
            page.goto(playground.url)
            expect(verdict(page)).to_be_visible()
            story(page)
            page.mouse.move(0, 0)
            page.wait_for_timeout(500)
            page.screenshot(path=folder / name)
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
