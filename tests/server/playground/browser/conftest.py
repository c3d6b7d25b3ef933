"""One browser and one playground for all tests of a process; a fresh, watched profile for each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.server.playground.browser.chromium import FLAGS, executable
from tests.server.playground.browser.serving import Playground, playing
from tests.server.playground.browser.watching import PATIENCE, Visits

_RUNNING: list[asyncio.AbstractEventLoop] = []


@contextmanager
def driving() -> Iterator[None]:
    """Inside, playwright may be called.

    It leaves its event loop marked as running while it waits for the next call; outside, that would
    keep all others from running one.
    """
    asyncio._set_running_loop(_RUNNING[0] if _RUNNING else None)
    try:
        yield
    finally:
        asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = executable()
    if path is None:
        pytest.skip("needs Chromium, on the path or at $EVALUATOR_CHROMIUM")
    expect.set_options(timeout=PATIENCE)
    with driving():
        playwright = sync_playwright().start()
        _RUNNING.append(asyncio.get_running_loop())
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
    yield started
    with driving():
        started.close()
        playwright.stop()
        _RUNNING.clear()


@pytest.fixture(scope="session")
def playground() -> Iterator[Playground]:
    with playing() as started:
        yield started


@pytest.fixture
def visits(browser: Browser, playground: Playground) -> Iterator[Visits]:
    with driving():
        made = Visits(browser, playground.url)
        try:
            yield made
        finally:
            made.close()
    assert made.complaints == []


@pytest.fixture
def visit(visits: Visits) -> Callable[..., Page]:
    """Opens the page in a browser profile of its own, and waits until it has its first decision."""
    return visits.visit


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """The page as somebody sees it who opens it on a desk."""
    return visit()
