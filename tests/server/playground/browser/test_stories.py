"""The page as it is told of: what a stranger does on it, and sees."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.server.playground.browser.reading import (
    action,
    choose_scenario,
    moment,
    now,
    open_tab,
    remedy,
    verdict,
)
from tests.server.playground.browser.watching import DESK

AFTER_THE_WINDOW = "both ends included +168h1ns"
IN_THE_WINDOW = "both ends included +0s"


def test_it_opens_on_a_greyed_button_that_explains_itself(page: Page) -> None:
    expect(verdict(page)).to_contain_text("may not")
    greyed = page.get_by_role("button", pressed=True, disabled=True)
    expect(greyed).to_have_accessible_description(re.compile("^not allowed: ."))
    reasons = page.get_by_role("list", name=re.compile("reason")).get_by_role("listitem")
    expect(reasons.first.get_by_role("button", name=re.compile(r"\.yaml:\d+$"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Do this: ")).first).to_be_visible()
    expect(page.get_by_text("Tried: then allowed").first).to_be_visible()
    expect(page.get_by_text(re.compile("Holds until|Time alone"))).to_be_visible()


def test_from_the_greyed_button_to_the_remedy_to_the_button_that_works(page: Page) -> None:
    choose_scenario(page, AFTER_THE_WINDOW, "may not remove licences")
    expect(action(page, "Remove licences")).to_be_disabled()
    expect(page.get_by_text("within 7 days of a purchase or renewal").first).to_be_visible()
    remedy(page, "Schedule the removal").click()
    expect(verdict(page)).to_have_text(re.compile("may remove licences"))
    expect(action(page, "Remove licences")).to_be_enabled()
    expect(page.get_by_role("status").first).to_contain_text(
        "Effective: Now → Renewal Now it is allowed."
    )
    page.get_by_role("button", name="Undo").click()
    expect(verdict(page)).to_have_text(re.compile("may not remove licences"))


def test_it_opens_on_a_denial_that_says_when_it_ends_and_what_then(page: Page) -> None:
    expect(page.get_by_text("Holds until 5 March 2026 09:00:00 (in 2 days).")).to_be_visible()
    expect(page.get_by_text("Then allowed.")).to_be_visible()
    page.get_by_role("button", name="Next change").click()
    expect(verdict(page)).to_have_text(re.compile("Rie may remove licences"))


@pytest.mark.parametrize(
    ("words", "locale", "said"),
    [
        ("included +169h", "en-GB", "both ends included: 7 days 1 hour later"),
        ("included +169h", "da-DK", "both ends included: 7 dage 1 time senere"),
        ("[mca-renewed, to-59]", "en-GB", "enough for those assigned: mca renewed, to 59"),
    ],
)
def test_scenarios_are_called_as_people_would(
    visit: Callable[..., Page], words: str, locale: str, said: str
) -> None:
    page = visit(locale=locale)
    page.get_by_role("button", name=re.compile("^Scenari[oe]:")).click()
    page.get_by_role("combobox", name=re.compile("^Find")).fill(words)
    option = page.get_by_role("listbox").get_by_role("option").first
    expect(option).to_contain_text(said)
    option.click()
    expect(page.get_by_role("button", name=re.compile("^Scenari[oe]:"))).to_contain_text(said)


def test_a_greyed_button_can_be_chosen_and_then_tells_why(page: Page) -> None:
    choose_scenario(page, AFTER_THE_WINDOW, "may not remove licences")
    greyed = action(page, "Buy licences")
    expect(greyed).to_be_disabled()
    greyed.click(force=True)  # it says that it is off, which keeps playwright from pressing it
    expect(greyed).to_have_attribute("aria-pressed", "true")
    expect(verdict(page)).to_have_text(re.compile("may not buy licences"))


def test_time_dragged_over_the_end_of_the_window(page: Page) -> None:
    choose_scenario(page, IN_THE_WINDOW, "may remove licences")
    time = page.get_by_role("region", name="The decision over time")
    expect(time).to_contain_text("Not allowed from 10 March 2026 09:00:00")
    handle = moment(page)
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    while "not allowed" not in (handle.get_attribute("aria-valuetext") or "") and x < DESK["width"]:
        x += 5
        page.mouse.move(x, y)
    expect(handle).to_have_attribute("aria-valuetext", "10 March 2026 09:00:00, not allowed")
    page.mouse.up()
    expect(verdict(page)).to_have_text(re.compile("may not remove licences"))


def test_the_end_of_the_window_is_found_by_a_key(page: Page) -> None:
    choose_scenario(page, IN_THE_WINDOW, "may remove licences")
    time = page.get_by_role("region", name="The decision over time")
    expect(time).to_contain_text("Not allowed from 10 March 2026 09:00:00")
    moment(page).press("ArrowRight")
    expect(now(page)).to_have_value("2026-03-10T09:00:00.000000001Z")
    expect(verdict(page)).to_have_text(re.compile("may not remove licences"))
    moment(page).press("ArrowLeft")
    expect(verdict(page)).to_have_text(re.compile("may remove licences"))


def test_why_leads_to_the_line(page: Page) -> None:
    choose_scenario(page, AFTER_THE_WINDOW, "may not remove licences")
    why = open_tab(page, "Why")
    tree = why.get_by_role("tree").first
    part = tree.get_by_role("treeitem", name=re.compile(r"^open_lots\.size\(\) == 0 true 49$"))
    part.click()
    opened = page.get_by_role("textbox", name="Text of licenses/reduction-window.yaml")
    expect(opened).to_be_visible()
    expect(opened.get_by_text("open_lots.size() == 0")).to_be_in_viewport()


def test_the_request_as_form_and_as_json(page: Page) -> None:
    choose_scenario(page, AFTER_THE_WINDOW, "may not remove licences")
    form = open_tab(page, "Request")
    form.get_by_role("button", name="Give a value: Effective").click()
    form.get_by_role("radio", name="Renewal").last.check()
    expect(verdict(page)).to_have_text(re.compile("may remove licences"))
    form.get_by_text("JSON", exact=True).click()
    text = form.get_by_role("textbox", name="The request as JSON")
    expect(text).to_have_value(re.compile('"effective": "renewal"'))
    text.fill(text.input_value().replace('"renewal"', '"now"'))
    expect(verdict(page)).to_have_text(re.compile("may not remove licences"))


def test_a_danish_reader(visit: Callable[..., Page]) -> None:
    page = visit(locale="da-DK")
    expect(page.get_by_role("heading", level=1)).to_have_text("Prøv reglerne")
    expect(page.locator("html")).to_have_attribute("lang", "da")
    expect(verdict(page)).to_contain_text("må ikke")
    expect(page.get_by_role("heading", level=2)).to_contain_text("Abonnement")
    expect(action(page, "Fjern licenser")).to_be_disabled()
    expect(page.get_by_text("Virkning fra bliver Fornyelse")).to_be_visible()
    expect(page.locator("#card")).to_contain_text("Nu, fornyelse")
    expect(page.locator("#card [lang]")).to_have_count(0)  # nothing of the card is in English
    page.get_by_role("button", name=re.compile("^Gør dette: ")).first.click()
    expect(page.get_by_role("status").first).to_contain_text("Nu er det tilladt")
    page.get_by_role("radio", name="English").check()
    expect(verdict(page)).to_contain_text(" may ")


def test_expenses_get_a_card_too(page: Page) -> None:
    page.get_by_role("combobox", name="Policies").select_option("expenses")
    expect(page.get_by_role("heading", level=2)).to_contain_text("Expense")
    expect(verdict(page)).to_have_text(re.compile("may not"))
    expect(action(page, "Approve")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Do this: ")).first).to_be_visible()
