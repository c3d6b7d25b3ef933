"""Expectations are brought up to date: the steps then pass, and the rest of the file stays."""

from __future__ import annotations

import textwrap

import pytest

from evaluator.policy.loading import load_packs
from evaluator.source import Folder, MemoryFiles
from evaluator.suites.outcome import Failure, explained, places
from evaluator.suites.reading import read_suites
from evaluator.suites.running import Runner
from evaluator.suites.updating import Updates, updates
from tests.cli_runner import ROOT
from tests.suites.test_running import EMPTY, HUGE, LATE, OPEN, PACK, PAID, UNKNOWN

HEAD = "suite: shop.orders\nnow: 2026-03-03T09:00:00Z\nimports: [fixtures.yaml]\ncases:\n"


def failures(files: dict[str, str]) -> tuple[list[Failure], Updates]:
    """The failures of a pack's suites, and what updating makes of them."""
    all_files = MemoryFiles(files)
    packs = load_packs(all_files).packs
    read = read_suites(all_files, packs)
    assert [str(item) for item in read.diagnostics if item.code != "EVL708"] == []
    runner = Runner(packs)
    everything = places(read.suites)
    found = [explained(place, runner) for place in everything if not runner.passes(place.step)]
    return found, updates(found, everything)


def updated(expect: str, request: str) -> str:
    """What an expectation is updated to; the step then passes."""
    text = f"{HEAD}  - name: a case\n    request: {request}\n    expect:{expect}\n"
    found, made = failures(PACK | {"suites/orders.suite.yaml": text})
    assert len(found) == 1
    assert made.kept == []
    (new,) = made.texts.values()
    assert failures(PACK | {"suites/orders.suite.yaml": new})[0] == []
    assert new.startswith(text[: text.index("expect:")])
    return new[text.index("expect:") + len("expect:") :].removesuffix("\n")


@pytest.mark.parametrize(
    ("request_", "expect", "expected"),
    [
        pytest.param(PAID, " deny # why", " allow # why", id="short"),
        pytest.param(
            UNKNOWN, " deny", " {decision: deny, rules: [no-policy-applies]}", id="vacuous"
        ),
        pytest.param(EMPTY, " allow", " {decision: allow, errors: [many]}", id="erring"),
        pytest.param(
            PAID,
            " {decision: allow,  rules: [clerk], outputs: {parcels: 3,  carrier: bike}}",
            " {decision: allow,  rules: [clerk, many], outputs: {parcels: 1,  carrier: bike}}",
            id="in-brackets",
        ),
        pytest.param(
            PAID,
            """
              decision: deny # no longer
              # the rule
              rules: [unpaid]
              remedies: [by-phone, pay]
              outputs: {parcels: 1} # one
            """,
            """
              decision: allow # no longer
              # the rule
              rules: [clerk, many]
              outputs: {parcels: 1} # one
            """,
            id="in-a-block",
        ),
        pytest.param(
            OPEN,
            """
              decision: allow
              valid_until: null
            """,
            """
              decision: deny
              rules: [unpaid]
              remedies: [by-phone, pay]
              valid_until: 2026-04-01T00:00:00.000000001Z
            """,
            id="a-denial-gets-its-rules",
        ),
        pytest.param(HUGE, " {decision: allow}", " {decision: allow, notices: [huge]}", id="new"),
        pytest.param(
            OPEN,
            " {decision: deny, contains: {rules: [shipped], outputs: {parcels: 2}},"
            " remedies: [pay]}",
            " {decision: deny, contains: {rules: [unpaid], outputs: {parcels: 1}},"
            " remedies: [by-phone, pay]}",
            id="parts",
        ),
        pytest.param(
            PAID,
            " {decision: allow, absent: [parcels, carrier]}",
            " {decision: allow, outputs: {parcels: 1, carrier: {code: bike, text: By bike.}}}",
            id="there-after-all",
        ),
        pytest.param(
            OPEN,
            """
              decision: deny
              rules: [unpaid]
              remedies: [by-phone, pay]
              outputs:
                parcels: 1
                carrier: bike
              messages:
                en:
                  unpaid: Not paid.
                  unpaid/pay: {contains: [Pay now]}
                da:
                  shipped: Den er sendt.
              then:
                by-phone: {decision: allow, rules: [clerk]}
            """,
            """
              decision: deny
              rules: [unpaid]
              remedies: [by-phone, pay]
              outputs:
                parcels: 1
              messages:
                en:
                  unpaid: The order is not paid.
                  unpaid/pay: Pay it first.
              then:
                by-phone: {decision: allow, rules: [clerk, many]}
            """,
            id="texts-and-then",
        ),
    ],
)
def test_updated(request_: str, expect: str, expected: str):
    indent = " " * 6
    before, after = (
        "\n" + textwrap.indent(textwrap.dedent(text).strip("\n"), indent).rstrip()
        if text.startswith("\n")
        else text
        for text in (expect, expected)
    )
    assert updated(before, request_) == after


@pytest.mark.parametrize(
    ("text", "because"),
    [
        pytest.param(
            f"  - name: a case\n    request: {LATE}\n    expect: deny\n",
            "a remedy that does not work is a mistake of the policy",
            id="remedy-that-fails",
        ),
        pytest.param(
            """\
  - name: a matrix
    matrix: {subjects: [ann], resources: [order, open-order], actions: [ship]}
    expect: allow
""",
            "it stands for 2 steps, which are no longer decided alike: write them one by one",
            id="shared",
        ),
    ],
)
def test_kept(text: str, because: str):
    found, made = failures(PACK | {"suites/orders.suite.yaml": HEAD + text})
    assert found
    assert {kept.because for kept in made.kept} == {because}
    assert made.texts == {}


def test_a_shared_expectation_that_is_right_again_for_all():
    text = """\
  - name: a matrix
    matrix: {subjects: [ann], resources: [order, open-order], actions: [cancel]}
    expect: {decision: deny, rules: [shipped]}
"""
    _, made = failures(PACK | {"suites/orders.suite.yaml": HEAD + text})
    (new,) = made.texts.values()
    assert new.endswith("    expect: {decision: allow, rules: [clerk, many]}\n")


def test_a_change_of_the_licence_pack_is_taken_over():
    folder = Folder(ROOT / "policies" / "licenses")
    files = {name: folder.read(name).decode() for name in folder.names()}
    files["common.yaml"] = files["common.yaml"].replace('duration("168h")', 'duration("169h")')
    found, made = failures(files)
    assert len(found) > 10
    assert made.kept == []
    new = {source.name: text for source, text in made.texts.items()}
    assert failures(files | new)[0] == []
    for name, text in new.items():
        comments = [line for line in files[name].splitlines() if line.strip().startswith("#")]
        assert [line for line in text.splitlines() if line.strip().startswith("#")] == comments
