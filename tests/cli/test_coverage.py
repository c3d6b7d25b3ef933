"""``evaluator test --coverage``: where the report goes, and how the command exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli_runner import evaluator
from tests.covered_pack import FILES
from tests.suite_runs import write_files


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder in whose ``policies/shop`` lies a pack with a suite that shows little of it."""
    write_files(tmp_path / "policies" / "shop", FILES)
    return tmp_path


LAST = "coverage: 26 % of 38 obligations"


def test_text(shop: Path):
    done = evaluator("test", "--coverage", cwd=shop)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[1] == "1 case, 1 step: all passed"
    assert lines[-1] == LAST
    assert "policies/shop/orders.yaml: 25 gaps" in lines


@pytest.mark.parametrize(
    ("least", "code"), [("26", 0), ("26.3", 0), ("26.4", 1), ("27", 1), ("100", 1), ("0", 0)]
)
def test_fail_under(least: str, code: int, shop: Path):
    """Ten of 38 are 26.3 %: the number is compared as it is, not rounded."""
    done = evaluator("test", "--coverage-fail-under", least, cwd=shop)
    assert done.returncode == code
    assert done.stdout.splitlines()[-1] == LAST


@pytest.mark.parametrize(
    ("format_", "start"),
    [("json", "{\n"), ("lcov", "TN:\nSF:policies/shop/orders.yaml\n"), ("html", "<!doctype html>")],
)
def test_files(format_: str, start: str, shop: Path):
    done = evaluator("test", "--coverage-format", format_, "--coverage-output", "report", cwd=shop)
    assert (done.returncode, done.stderr) == (0, "")
    assert (shop / "report").read_text("utf-8").startswith(start)
    assert done.stdout.splitlines()[-2:] == ["coverage is written to report", LAST]


def test_text_in_a_file(shop: Path):
    evaluator("test", "--coverage-output", "report.txt", cwd=shop)
    assert (shop / "report.txt").read_text("utf-8").splitlines()[-1] == LAST


def test_apart_from_json(shop: Path):
    """Standard output is what was asked for, and nothing else."""
    done = evaluator("test", "--format", "json", "--coverage", cwd=shop)
    assert json.loads(done.stdout)["steps"] == 1
    assert done.stderr.splitlines()[-1] == LAST


def test_of_chosen_steps(shop: Path):
    suite = shop / "policies/shop/suites/orders.suite.yaml"
    case = suite.read_text("utf-8").partition("cases:\n")[2]
    case = case.replace("a clerk ships", "a clerk cancels").replace(
        "action: ship", "action: cancel"
    )
    suite.write_text(suite.read_text("utf-8") + case, "utf-8")
    both = evaluator("test", "--coverage", cwd=shop).stdout.splitlines()[-1]
    chosen = evaluator("test", "--coverage", "-k", "cancels", cwd=shop).stdout.splitlines()[-1]
    assert both != chosen


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ["--coverage-format", "html"],
            "Error: --coverage-format html needs --coverage-output FILE.",
        ),
        (["--coverage-fail-under", "101"], "101.0 is not in the range 0<=x<=100."),
        (
            ["--coverage-output", "nowhere/report"],
            "Error: Cannot write 'nowhere/report': No such file or directory.",
        ),
        (["--coverage", "--watch"], "Error: Choose --coverage or --watch."),
    ],
    ids=["no file", "per cent", "no folder", "watch"],
)
def test_bad_usage(args: list[str], message: str, shop: Path):
    done = evaluator("test", *args, cwd=shop)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(message)


def test_a_failing_step_counts_and_fails(shop: Path):
    suite = shop / "policies/shop/suites/orders.suite.yaml"
    suite.write_text(suite.read_text("utf-8").replace("expect: allow", "expect: deny"), "utf-8")
    done = evaluator("test", "--coverage", cwd=shop)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == LAST


def test_what_is_called_unreachable_and_is_not(shop: Path):
    suite = shop / "policies/shop/suites/orders.suite.yaml"
    entry = "unreachable:\n  - {rule: huge, because: It seems so.}\n"
    suite.write_text(suite.read_text("utf-8") + entry, "utf-8")
    assert evaluator("test", cwd=shop).returncode == 0
    done = evaluator("test", "--coverage", cwd=shop)
    assert done.returncode == 2
    assert done.stderr.startswith(
        "error[EVL750] not-unreachable: this is called unreachable, but a"
    )
    assert "--> policies/shop/suites/orders.suite.yaml:11:12" in done.stderr
