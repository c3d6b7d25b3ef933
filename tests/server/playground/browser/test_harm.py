"""Policies and pages that mean harm, and a worker that dies: the page tells it and goes on."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.server.playground.browser.chromium import REBOUND
from tests.server.playground.browser.reading import (
    choose_scenario,
    now,
    open_tab,
    problems,
    verdict,
    visit_file,
)
from tests.server.playground.browser.serving import Playground
from tests.server.playground.browser.watching import Visits

WINDOW = "both ends included +168h1ns"
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>{{constructor}}"


def policy(when: str, reason: str = "No.") -> str:
    """A file in place of prepaid.yaml, with one rule that is about every removal."""
    return f"""policy: licenses.prepaid
title: Hostile
applies_to: {{resource: subscription, actions: [remove_licenses]}}
rules:
  - id: hostile
    effect: deny
    when: {when}
    reason: {json.dumps(reason.replace("{", "{{").replace("}", "}}"))}
"""


def nested(depth: int) -> str:
    """A condition that takes ten times as long for each level."""
    ten = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"
    return "".join(f"{ten}.all(v{level}, " for level in range(depth)) + "true" + ")" * depth


def aliases(depth: int) -> str:
    """YAML that is nine times as long with each level once its aliases are followed."""
    lines = ["a0: &a0 [no]"]
    lines += [f"a{one}: &a{one} [{', '.join([f'*a{one - 1}'] * 9)}]" for one in range(1, depth)]
    return "\n".join(lines) + "\n"


def put(page: Page, text: str) -> None:
    """Puts a text in place of a whole file, as by pasting."""
    visit_file(page, "prepaid.yaml").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("ControlOrMeta+v")


@pytest.fixture
def denied(page: Page) -> Page:
    choose_scenario(page, WINDOW, "may not")
    # The last that is asked: from now on nobody works on anything.
    time = page.get_by_role("region", name="The decision over time")
    expect(time).to_contain_text("No other decision after that")
    return page


def test_markup_of_a_policy_is_text(denied: Page) -> None:
    put(denied, policy("true", MARKUP))
    expect(denied.get_by_text(MARKUP).first).to_be_visible()
    assert denied.locator("img, script:not([src])").count() == 0


def test_markup_of_a_request_is_text(denied: Page) -> None:
    form = denied.get_by_role("tabpanel", name="Request")
    form.get_by_role("group", name="Subject").get_by_role("textbox", name="Id").fill(MARKUP)
    expect(verdict(denied)).to_contain_text(MARKUP)
    assert denied.locator("img, script:not([src])").count() == 0


def test_a_pattern_that_is_a_bomb_elsewhere(denied: Page) -> None:
    put(denied, policy(json.dumps(f'"{"a" * 200}!".matches("^(a+)+$") || true'), "A pattern."))
    expect(denied.get_by_text("A pattern.").first).to_be_visible()


def test_a_condition_that_never_ends(denied: Page) -> None:
    put(denied, policy(json.dumps(nested(8))))
    # By its steps, or by the clock where the machine has much else to do.
    stopped = denied.get_by_text(re.compile("took more than 100000 steps|took too long"))
    expect(stopped.first).to_be_visible()
    expect(verdict(denied)).to_contain_text("may not")
    put(denied, policy("true", "Short again."))
    expect(denied.get_by_text("Short again.").first).to_be_visible()
    expect(problems(denied)).to_be_empty()


def test_aliases_that_grow_without_end(denied: Page) -> None:
    put(denied, aliases(12))
    expect(problems(denied)).to_contain_text("cannot be loaded")
    put(denied, policy("true", "Short again."))
    expect(denied.get_by_text("Short again.").first).to_be_visible()


def kill(playground: Playground) -> None:
    for worker in playground.workers():
        os.kill(worker, signal.SIGKILL)


def test_workers_that_are_killed_while_they_decide(denied: Page, playground: Playground) -> None:
    put(denied, policy(json.dumps(nested(8))))
    # What the edit changes takes a while, and is asked for again before anybody is troubled.
    open_tab(denied, "What changes")
    for _ in range(20):
        denied.wait_for_timeout(1_000)
        kill(playground)
        if "has died; a new one has taken its place" in problems(denied).inner_text():
            break
    expect(problems(denied)).to_contain_text("Nothing that you have entered is lost")
    put(denied, policy("true", "Short again."))
    expect(denied.get_by_text("Short again.").first).to_be_visible()
    expect(problems(denied)).to_be_empty()


def test_workers_that_are_killed_between_questions(denied: Page, playground: Playground) -> None:
    kill(playground)
    now(denied).fill("2026-03-05T09:00:00Z")
    expect(verdict(denied)).to_contain_text("may remove licences")
    expect(problems(denied)).to_be_empty()


class _Elsewhere(BaseHTTPRequestHandler):
    """A page of somebody else, that a person may have open beside the playground."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>Elsewhere</title>"
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_a_page_elsewhere_cannot_drive_it(
    visits: Visits, playground: Playground, elsewhere: str, kind: str
) -> None:
    for part in ("request to", "CORS", "403", "Failed to load"):
        visits.expecting(part)
    page = visits.blank()
    statuses: list[int] = []
    page.on("response", lambda answer: statuses.append(answer.status))
    page.goto(elsewhere)
    asked = {"url": f"{playground.url.rstrip('/')}/api/open", "kind": kind}
    outcome = page.evaluate(
        """async ({url, kind}) => {
            const plain = kind === "text/plain";
            const asked = {method: "POST", body: '{"edits": {}, "locale": "en"}',
                           headers: {"content-type": kind}, mode: plain ? "no-cors" : "cors"};
            try { return (await (await fetch(url, asked)).text()).length; }
            catch (error) { return String(error); }
        }""",
        asked,
    )
    assert outcome in (0, "TypeError: Failed to fetch")
    assert all(status in (200, 403, 405, 415) for status in statuses)
    assert statuses.count(200) == 1  # the page elsewhere itself


def test_no_page_elsewhere_can_frame_it(
    visits: Visits, playground: Playground, elsewhere: str
) -> None:
    for part in ("request to", "frame", "Framing", "refused"):
        visits.expecting(part)
    page = visits.blank()
    page.goto(elsewhere)
    page.evaluate(
        """url => new Promise(done => {
            const frame = document.createElement("iframe");
            frame.onload = done;
            frame.src = url;
            document.body.append(frame);
        })""",
        playground.url,
    )
    framed = page.frames[1]
    assert framed.get_by_role("heading", level=1).count() == 0


def test_a_name_that_was_made_to_lead_here_is_refused(
    visits: Visits, playground: Playground
) -> None:
    for part in ("request to", "status of 4", "Cross-Origin-Opener-Policy"):
        visits.expecting(part)
    port = urlsplit(playground.url).port
    page = visits.blank()
    answer = page.goto(f"http://{REBOUND}:{port}/")
    assert answer is not None
    assert 400 <= answer.status < 500
    assert page.get_by_role("heading", level=1).count() == 0
