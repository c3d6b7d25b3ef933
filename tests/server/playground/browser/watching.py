"""Visits to the page in which everything is noticed that a browser complains of."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.server.playground.browser.reading import verdict

__all__ = ["DESK", "PATIENCE", "PHONE", "Visits"]

DESK: Final = {"width": 1280, "height": 800}
_UNANSWERED: Final = re.compile(r"status of (422|503)\b")
PATIENCE: Final = 30_000
"""Milliseconds that anything may take on a machine that is busy with other tests."""
PHONE: Final = {"width": 360, "height": 740}


class Visits:
    """Each visit has a profile of its own; complaints of all of them are kept.

    A complaint is an error on the console (which breaches of the content security policy are too),
    an exception that nobody caught, and a request to anywhere but the playground. That a question
    could not be answered is none: the page tells it in its own words.
    """

    def __init__(self, browser: Browser, url: str) -> None:
        self.url = url
        self.complaints: list[str] = []
        self._browser = browser
        self._origin = _origin(url)
        self._contexts: list[BrowserContext] = []
        self._expected: list[str] = []

    def visit(self, fragment: str = "", **options: Any) -> Page:
        """Opens the page and waits until it says what is decided."""
        page = self.blank(**options)
        page.goto(self.url + fragment)
        expect(verdict(page)).to_be_visible()
        return page

    def blank(self, **options: Any) -> Page:
        """An empty page in a profile of its own; options are those of playwright's contexts."""
        settings = {"locale": "en-GB", "viewport": DESK, "timezone_id": "UTC", **options}
        context = self._browser.new_context(**settings)
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self._complain(f"uncaught: {error.error}"))
        context.on("request", self._asked)
        return context.new_page()

    def expecting(self, part: str) -> None:
        """A complaint with this in it is part of the story."""
        self._expected.append(part)

    def close(self) -> None:
        for context in self._contexts:
            for page in context.pages:
                page.evaluate("null")  # what the browser has told so far is heard before this
            context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        unanswered = url.startswith(f"{self.url}api/") and _UNANSWERED.search(message.text)
        if message.type in ("error", "warning") and not unanswered:
            self._complain(f"{message.type}: {message.text} ({url})")

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob") and (
            _origin(request.url) != self._origin
        ):
            self._complain(f"request to {request.url}")

    def _complain(self, complaint: str) -> None:
        if not any(part in complaint for part in self._expected):
            self.complaints.append(complaint)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
