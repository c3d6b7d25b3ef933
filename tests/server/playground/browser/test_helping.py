"""What the editor does for somebody who writes rules, and what can be taken away from the page."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.server.playground.browser.reading import (
    choose_scenario,
    editor,
    open_tab,
    panel,
    problems,
    verdict,
    visit_file,
)

WINDOW = "reduction-window.yaml"
CLOSED = "open_lots.size() == 0"


def line(page: Page, words: str) -> Locator:
    """The first line of the open file that has some words."""
    return panel(page, "Policy").locator(".cm-line").filter(has_text=words).first


def behind(page: Page, words: str) -> None:
    """Puts the caret behind a line."""
    line(page, words).click()
    page.keyboard.press("End")


def choose(page: Page, label: str) -> None:
    page.get_by_role("option", name=re.compile(f"^{re.escape(label)}")).first.click()


def share(page: Page, item: str) -> None:
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def test_what_can_be_written_is_offered(page: Page) -> None:
    visit_file(page, WINDOW)
    behind(page, CLOSED)
    page.keyboard.type(" && resource.billing_account.")
    choose(page, "type")
    page.keyboard.type(" == ")
    page.keyboard.press("ControlOrMeta+Space")
    choose(page, '"MOSA"')
    expect(line(page, CLOSED)).to_contain_text('&& resource.billing_account.type == "MOSA"')
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("mo")
    choose(page, "mode")
    page.keyboard.press("ControlOrMeta+Space")
    choose(page, "report")
    expect(editor(page)).to_contain_text("mode: report")


def test_what_can_be_written_in_braces_is_offered(page: Page) -> None:
    visit_file(page, WINDOW)
    behind(page, "- use: schedule-for-renewal")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("- {id: x, eff")
    choose(page, "effect")
    page.keyboard.press("ControlOrMeta+Space")
    choose(page, "deny")
    expect(editor(page)).to_contain_text("- {id: x, effect: deny")


def test_what_is_offered_lies_over_the_problems(page: Page) -> None:
    visit_file(page, "roles.yaml")
    editor(page).press("ControlOrMeta+End")
    page.keyboard.type("rulez: 3\nconstants: {a: ")
    expect(problems(page).get_by_text("cannot be loaded")).to_be_visible()
    page.keyboard.press("ControlOrMeta+Space")
    offered = page.get_by_role("listbox", name="Completions")
    expect(offered).to_be_visible()
    hidden = offered.evaluate(
        """list => [...list.querySelectorAll("[role=option]")].filter(option => {
            const {x, y, width, height} = option.getBoundingClientRect();
            const frame = list.getBoundingClientRect();
            const seen = document.elementFromPoint(x + width / 2, y + height / 2);
            return y + height < frame.bottom && y > frame.top && !option.contains(seen);
        }).length"""
    )
    assert hidden == 0


def test_a_word_tells_its_type_its_value_and_where_it_is_defined(page: Page) -> None:
    choose_scenario(page, "both ends included +169h", "may not")
    visit_file(page, WINDOW)
    line(page, CLOSED).get_by_text("open_lots").hover()
    told = page.locator(".cm-tooltip").filter(has_text="list(resource.lots[])")
    expect(told).to_contain_text("value now: []")
    expect(told).to_contain_text("resource.lots.filter(")
    told.get_by_role("button", name=re.compile(r"common\.yaml:\d+$")).click()
    expect(editor(page)).to_have_accessible_name("Text of licenses/common.yaml")
    expect(line(page, "open_lots: resource.lots")).to_be_visible()


def test_a_problem_is_found_and_mended_by_keys(page: Page) -> None:
    visit_file(page, WINDOW)
    behind(page, CLOSED)
    page.keyboard.type(" && resource.totl > 1")
    marked = panel(page, "Policy").get_by_role("button", name=f"{WINDOW}, edited, 1 problem")
    expect(marked).to_be_visible()
    expect(page.locator(".cm-lintRange-error")).to_have_text("totl")
    page.keyboard.press("ControlOrMeta+Home")
    page.keyboard.press("F8")
    page.keyboard.press("ControlOrMeta+.")
    expect(line(page, CLOSED)).to_contain_text("resource.total > 1")


def test_an_edit_is_shown_beside_what_was_and_taken_back(page: Page) -> None:
    shown = visit_file(page, "common.yaml")
    shown.get_by_text("168h").dblclick()
    page.keyboard.type("240h")
    policy = panel(page, "Policy")
    policy.get_by_role("button", name="Show difference").click()
    difference = policy.get_by_role("region", name="Difference of licenses/common.yaml")
    expect(difference.get_by_role("row").filter(has_text="168h")).to_contain_text("removed")
    expect(difference.get_by_role("row").filter(has_text="240h")).to_contain_text("added")
    policy.get_by_role("button", name="Revert file").click()
    expect(editor(page)).to_contain_text("168h")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("ControlOrMeta+z")
    expect(editor(page)).to_contain_text("240h")


def test_edits_leave_as_a_patch_that_git_takes_and_as_a_zip(page: Page, tmp_path: Path) -> None:
    visit_file(page, "common.yaml").get_by_text("168h").dblclick()
    page.keyboard.type("240h")
    before = Path(__file__).parents[4] / "policies/licenses/common.yaml"
    folder = tmp_path / "policies"
    copy = folder / "licenses/common.yaml"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(before.read_bytes())
    with page.expect_download() as patch:
        share(page, "Download as a patch for git")
    patch.value.save_as(tmp_path / "a.patch")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    subprocess.run(["git", "apply", tmp_path / "a.patch"], cwd=folder, check=True)
    with page.expect_download() as packed:
        share(page, "Download the edited file (zip)")
    packed.value.save_as(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as files:
        assert files.namelist() == ["licenses/common.yaml"]
        assert files.read("licenses/common.yaml") == copy.read_bytes()
    assert copy.read_text("utf-8") == before.read_text("utf-8").replace("168h", "240h")


def test_the_request_leaves_as_json_and_as_a_case(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    share(page, "Copy as JSON")
    expect(page.get_by_text("Copied: JSON.")).to_be_attached()
    request = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert request["action"]["name"] == "remove_licenses"
    assert request["context"]["time"].startswith("2026-")
    share(page, "Copy as a suite case")
    expect(page.get_by_text("Copied: Copy as a suite case.")).to_be_attached()
    case: str = page.evaluate("navigator.clipboard.readText()")
    assert "decision: deny" in case


def test_where_copying_is_forbidden_the_text_is_there_to_take(
    page: Page, visit: Callable[..., Page]
) -> None:
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }"
    )
    share(page, "Copy link")
    dialog = page.get_by_role("dialog", name="Copy this by hand")
    field = dialog.get_by_role("textbox")
    expect(field).to_be_focused()
    link = field.input_value()
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Share", exact=True)).to_be_focused()
    other = visit("#" + link.partition("#")[2])
    expect(verdict(other)).to_contain_text("may not remove")
    open_tab(other, "Policy")
    expect(editor(other)).to_be_visible()
