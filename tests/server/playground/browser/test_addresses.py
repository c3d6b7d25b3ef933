"""The page at other addresses: where others can reach it, and below that of a service."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.server.playground.browser.conftest import driving
from tests.server.playground.browser.reading import problems, verdict
from tests.server.playground.browser.serving import playing
from tests.server.playground.browser.watching import Visits
from tests.server.processes import started


@pytest.fixture
def public(browser: Browser) -> Iterator[Visits]:
    """Visits to a playground that all machines can reach, by the address with the token."""
    options = ("--host", "0.0.0.0", "--insecure-public", "without-tls", "--workers", "1")
    with playing(*options) as playground, driving():
        visits = Visits(browser, playground.url)
        yield visits
        visits.close()
    assert visits.complaints == []


def test_where_others_can_reach_it_the_address_is_the_key(public: Visits) -> None:
    public.expecting("status of 401")
    public.expecting("status of 403")
    expect(verdict(public.visit())).to_contain_text("may not")
    stranger = public.blank()
    stranger.goto(public.url.partition("?")[0])
    expect(problems(stranger)).to_contain_text("Open it by the address that it printed")


def test_below_the_address_of_a_service(browser: Browser) -> None:
    with started("-p", "policies", "--playground") as service, driving():
        visits = Visits(browser, f"{service.url.rstrip('/')}/playground/")
        page = visits.visit()
        expect(verdict(page)).to_contain_text("may not")
        page.get_by_role("button", name=re.compile(r"\.yaml:\d+$")).first.click()
        expect(page.get_by_role("textbox", name=re.compile(r"Text of .*\.yaml"))).to_be_visible()
        visits.close()
    assert visits.complaints == []
