"""``playground``: from a key press to what it changes in the page, and what a first visit loads."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.results import Result, Table, duration
from benchmarks.settings import Settings
from tests.server.playground.browser.chromium import FLAGS, executable
from tests.server.playground.browser.reading import choose_scenario, editor, verdict, visit_file
from tests.server.playground.browser.serving import playing

__all__ = ["PACKAGES", "run"]

PACKAGES: Final = ("playwright",)
_LIMITS: Final = {"diagnostics": 0.150, "decision": 0.200}
"""Of the 95th percentile, in seconds."""
_LOADED: Final = 400_000
"""Bytes that a first visit may load, compressed."""
_SCENARIO: Final = "both ends included +168h1ns"

# `shown` becomes the milliseconds from the key event to the first frame with what is expected.
_WATCH: Final = """({selector, pattern}) => {
  const shows = new RegExp(pattern);
  window.shown = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`${pattern} was never shown`)), 20_000);
    let pressed = null;
    const look = () => {
      const found = [...document.querySelectorAll(selector)].map((one) => one.textContent).join();
      if (pressed === null || !shows.test(found)) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now() - pressed);
        channel.port2.postMessage(null);
      });
    };
    const observer = new MutationObserver(look);
    const parts = {subtree: true, childList: true, characterData: true, attributes: true};
    observer.observe(document.body, parts);
    addEventListener("keydown", (event) => { pressed = event.timeStamp; },
                     {capture: true, once: true});
  });
}"""
_LOADS: Final = """() => performance.getEntriesByType("resource")
  .concat(performance.getEntriesByType("navigation"))
  .filter(({initiatorType}) => initiatorType !== "fetch")
  .map(({name, encodedBodySize}) => [name, encodedBodySize])"""


def run(settings: Settings) -> Result:
    """A licence policy is edited in Chromium, key by key; each waits for what it changes."""
    presses = settings.requests or settings.choose(80, quick=8)
    with playing() as playground, _browsing(playground.url) as page:
        first = _decided_after(page)
        loaded = _loaded(page)
        choose_scenario(page, _SCENARIO, "may not")
        mistaken = _mistakes(page, presses)
        decided = _decisions(page, presses)
        with_editor = _loaded(page)
    times = {"diagnostics": mistaken, "decision": decided}
    rows = tuple(
        (f"{name} shown", *map(duration, _figures(seconds)), duration(_LIMITS[name]))
        for name, seconds in times.items()
    )
    loads = (
        ("before the editor", *_sizes(loaded)),
        ("with the editor", *_sizes(with_editor)),
        ("at most", "", f"{_LOADED / 1000:,.0f} kB"),
    )
    tables = (
        Table(
            f"a key press in the editor, {presses} times each, on the licence pack",
            ("until", "p50", "p95", "worst", "p95 at most"),
            rows,
        ),
        Table("a first visit", ("", "files", "compressed"), loads),
    )
    notes = (
        "From the key event until the frame that shows it. 200 to 500 ms later comes the next.",
        f"The first decision is shown {duration(first)} after the page is asked for.",
    )
    values = {
        "playground": {
            name: dict(zip(_NAMES, _figures(s), strict=True)) for name, s in times.items()
        },
        "limits": {**_LIMITS, "loaded": _LOADED},
        "loaded": {"before_editor": sum(loaded.values()), "with_editor": sum(with_editor.values())},
        "first_decision": first,
    }
    return Result(tables, notes, values)


_NAMES: Final = ("p50", "p95", "worst")


@contextmanager
def _browsing(url: str) -> Iterator[Page]:
    path = executable()
    if path is None:
        raise SystemExit("Chromium is needed, on the path or at $EVALUATOR_CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 800})
        page.goto(url)
        yield page
        browser.close()


def _decided_after(page: Page) -> float:
    """Seconds from when the page was asked for until its first decision was there."""
    expect(verdict(page)).to_be_visible()
    return float(page.evaluate("performance.now()")) / 1000


def _loaded(page: Page) -> dict[str, int]:
    """The compressed bytes of each file of the page that has been loaded."""
    return dict(page.evaluate(_LOADS))


def _mistakes(page: Page, presses: int) -> list[float]:
    """An attribute's name is mistyped and mended, in turn."""
    page.get_by_role("button", name=re.compile(r"reduction-window\.yaml:\d+$")).first.click()
    expect(editor(page)).to_be_focused()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.insert_text(" && resource.total > 1")
    for _ in range(len(" > 1")):
        page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(1_000)
    marks = ".panel-policy .cm-lintRange-error"
    return _pressing(page, presses, (("x", marks, "x"), ("Backspace", marks, "^$")))


def _decisions(page: Page, presses: int) -> list[float]:
    """The window becomes ten times as long and is put back, which flips the decision each time."""
    text = visit_file(page, "common.yaml").get_by_text("168h")
    text.dblclick()
    page.keyboard.insert_text("168")
    page.keyboard.insert_text("h")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(1_000)
    title = "#verdict-title"
    return _pressing(page, presses, (("0", title, "may remove"), ("Backspace", title, "may not")))


def _pressing(page: Page, presses: int, keys: Sequence[tuple[str, str, str]]) -> list[float]:
    seconds = []
    pauses = random.Random(7)
    for number in range(presses):
        key, selector, pattern = keys[number % len(keys)]
        page.evaluate(_WATCH, {"selector": selector, "pattern": pattern})
        page.keyboard.press(key)
        seconds.append(float(page.evaluate("window.shown")) / 1000)
        time.sleep(pauses.uniform(0.2, 0.5))
    return seconds


def _figures(seconds: Sequence[float]) -> tuple[float, float, float]:
    """The median, the 95th percentile by nearest rank, and the worst."""
    ordered = sorted(seconds)
    nearest = -(-95 * len(ordered) // 100) - 1
    return ordered[len(ordered) // 2], ordered[nearest], ordered[-1]


def _sizes(loaded: dict[str, int]) -> tuple[str, str]:
    return str(len(loaded)), f"{sum(loaded.values()) / 1000:,.0f} kB"
