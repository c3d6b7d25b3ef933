"""The pytest plugin: suites are tests, and tests of one's own may ask policies."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evaluator.engine import PolicySet, load
from evaluator.language.values import Timestamp
from evaluator.pytest_plugin import assert_allows, assert_denies, freeze
from evaluator.source import MemoryFiles
from tests.cli_runner import evaluator
from tests.cli_runner import pytest as run_pytest
from tests.suite_runs import FILES, write_files
from tests.wrong_suites import BASE


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder in whose ``policies/shop`` lies the pack with the failing suite."""
    write_files(tmp_path / "policies" / "shop", FILES)
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_pytest(*arguments, cwd=folder, plugins=["xdist"] if "-n" in arguments else [])


@pytest.mark.parametrize("arguments", [[], ["-n", "2"]], ids=["one-process", "xdist"])
def test_the_counts_are_those_of_the_command(arguments: list[str], shop: Path):
    assert evaluator("test", cwd=shop).stdout.splitlines()[-1] == "8 cases, 12 steps: 6 failed"
    done = run(shop, "policies", *arguments)
    assert done.returncode == 1
    assert "6 failed, 6 passed in" in done.stdout


def test_a_failure_reads_as_the_command_tells_it(shop: Path):
    done = run(shop, "policies", "-k", "gone")
    told = evaluator("test", "-k", "gone", cwd=shop).stdout.split("\n\nshop.orders")[0]
    assert told in done.stdout
    assert "orders.suite.yaml::gone is what has been shipped" in done.stdout
    assert "Traceback" not in done.stdout


def test_steps_are_selected_by_their_names(shop: Path):
    listed = run(shop, "policies", "--collect-only", "-q", "-k", "who and not open").stdout
    assert listed.splitlines()[:2] == [
        "policies/shop/suites/orders.suite.yaml::who may do what [ann, order]",
        "policies/shop/suites/orders.suite.yaml::who may do what [eve, order]",
    ]


def test_one_step_can_be_named(shop: Path):
    done = run(shop, "policies/shop/suites/orders.suite.yaml::who may do what [eve, order]")
    assert "1 passed" in done.stdout


def test_junit(shop: Path):
    run(shop, "policies", "--junit-xml", "report.xml")
    suite = ElementTree.parse(shop / "report.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("12", "6")


def test_a_suite_that_cannot_be_read_is_an_error_of_its_own(shop: Path):
    path = shop / "policies" / "shop" / "suites" / "orders.suite.yaml"
    path.write_text(path.read_text().replace("resource: order}", "resource: ordr}"), "utf-8")
    done = run(shop, "policies")
    assert done.returncode == 2
    assert "error[EVL704] fixture-unknown" in done.stdout
    assert "policies/shop/suites/orders.suite.yaml:10:53" in done.stdout
    assert "1 error in" in done.stdout
    assert "2 passed" in run(shop, "policies/shop/suites/fine.suite.yaml").stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("orders.yaml", "resource.state", "resource.stat", "EVL302"),
        ("suites/fixtures.yaml", "fixtures:", "fixture:", "EVL114"),
    ],
)
def test_what_is_wrong_for_all_suites(file: str, old: str, new: str, code: str, shop: Path):
    path = shop / "policies" / "shop" / file
    path.write_text(path.read_text().replace(old, new), "utf-8")
    done = run(shop, "policies")
    assert done.returncode == 2
    assert code in done.stdout
    assert "2 errors in" in done.stdout


def test_a_suite_outside_of_a_pack(tmp_path: Path):
    (tmp_path / "a.suite.yaml").write_text("suite: a\n")
    done = run(tmp_path)
    assert "a.suite.yaml is in no pack" in done.stdout


def test_packs_elsewhere(tmp_path: Path):
    write_files(tmp_path / "packs" / "shop", BASE)
    assert "2 passed" in run(tmp_path, "packs").stdout
    parcels = {
        name: text.replace("shop", "other").replace("type: order", "type: parcel")
        for name, text in BASE.items()
    }
    parcels["orders.yaml"] = parcels["orders.yaml"].replace("resource: order", "resource: parcel")
    write_files(tmp_path / "packs" / "other", parcels)
    (tmp_path / "pytest.ini").write_text("[pytest]\nevaluator_policies = packs\n")
    assert "4 passed" in run(tmp_path, "packs").stdout


def test_host_functions(tmp_path: Path):
    pack = BASE["pack.yaml"] + "functions: {vip: {signature: (string) -> bool}}\n"
    rules = BASE["orders.yaml"].replace("'\"clerk\" in subject.roles'", "vip(subject.id)")
    write_files(tmp_path / "policies" / "shop", BASE | {"pack.yaml": pack, "orders.yaml": rules})
    (tmp_path / "host.py").write_text("FUNCTIONS = {'vip': lambda name: name == 'ann'}\n")
    assert "EVL430" in run(tmp_path, "policies").stdout
    (tmp_path / "pytest.ini").write_text("[pytest]\nevaluator_functions = host:FUNCTIONS\n")
    assert "2 passed" in run(tmp_path, "policies").stdout
    (tmp_path / "pytest.ini").write_text("[pytest]\nevaluator_functions = host:FUNCTION\n")
    assert (
        "evaluator_functions: host:FUNCTION: AttributeError: module 'host' has no"
        in run(tmp_path, "policies").stdout
    )


def test_nothing_is_imported_without_a_suite(tmp_path: Path):
    (tmp_path / "test_a.py").write_text(
        "import sys\n\n\ndef test_a():\n"
        "    assert [name for name in sys.modules if name.startswith('evaluator.')] =="
        " ['evaluator.pytest_plugin']\n"
    )
    done = run_pytest(cwd=tmp_path, anew=True)
    assert "1 passed" in done.stdout, done.stdout


def test_the_fixture(shop: Path):
    (shop / "test_a.py").write_text(
        """\
from evaluator.pytest_plugin import assert_allows, assert_denies, freeze

CANCEL = {"subject": {"type": "user", "id": "eve"}, "action": {"name": "cancel"},
          "resource": {"type": "order", "id": "o", "properties": {"state": "paid", "total": 1}}}

def test_denied(policies):
    decision = assert_denies(freeze(policies, "2026-03-03T09:00:00Z"), CANCEL,
                             rule_ids=["no-rule-allows"], remedy_ids=[])
    assert str(decision.decided_at) == "2026-03-03T09:00:00Z"

def test_allowed(policies):
    assert_allows(policies, CANCEL)
"""
    )
    done = run(shop, "test_a.py")
    assert "1 failed, 1 passed" in done.stdout
    assert "AssertionError: expected allow, got deny" in done.stdout
    assert "No rule allows this." in done.stdout
    assert "pytest_plugin.py" not in done.stdout


# The helpers

REQUEST = {
    "subject": {"type": "user", "id": "ann", "properties": {"roles": ["clerk"]}},
    "action": {"name": "ship"},
    "resource": {"type": "order", "id": "o", "properties": {"state": "open", "total": 1}},
}
PAID = REQUEST | {
    "resource": {"type": "order", "id": "o", "properties": {"state": "paid", "total": 1}}
}


@pytest.fixture(scope="module")
def pack() -> PolicySet:
    return load(MemoryFiles(BASE))


def test_assertions(pack: PolicySet):
    assert assert_allows(pack, PAID).allowed
    assert_allows(pack, PAID, rule_ids=["clerk"])
    assert not assert_denies(pack, REQUEST).allowed
    assert_denies(pack, REQUEST, rule_ids=["unpaid"], remedy_ids=["by-phone", "pay"])


def test_assertions_that_fail(pack: PolicySet):
    with pytest.raises(AssertionError, match="expected deny, got allow"):
        assert_denies(pack, PAID)
    with pytest.raises(AssertionError, match="expected allow, got deny") as failed:
        assert_allows(pack, REQUEST)
    assert "The order is not paid." in str(failed.value)
    with pytest.raises(AssertionError, match=r"expected the rules \['x'\], got \['unpaid'\]"):
        assert_denies(pack, REQUEST, rule_ids=["x"])
    with pytest.raises(AssertionError, match=r"expected the remedies \[\], got \['by-phone', 'p"):
        assert_denies(pack, REQUEST, remedy_ids=[])


def test_freeze(pack: PolicySet):
    frozen = freeze(pack, Timestamp(0))
    assert frozen.decide(PAID).decided_at == Timestamp(0)
    assert freeze(pack, "1970-01-01T00:00:01Z").decide(PAID).decided_at == Timestamp(10**9)
    with pytest.raises(ValueError, match="'tomorrow' is no moment"):
        freeze(pack, "tomorrow")
