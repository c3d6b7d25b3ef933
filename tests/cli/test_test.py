"""``evaluator test`` as a person meets it: what it prints, what it writes, how it exits."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli_runner import ROOT, evaluator
from tests.suite_runs import FILES, FOLDER, RUNS, printed, write_files
from tests.wrong_suites import BASE


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder in whose ``policies/shop`` lies the pack with the failing suite."""
    write_files(tmp_path / "policies" / "shop", FILES)
    return tmp_path


@pytest.fixture
def right(tmp_path: Path) -> Path:
    """The same with suites that pass."""
    write_files(tmp_path / "policies" / "shop", BASE)
    return tmp_path


@pytest.mark.parametrize("name", RUNS)
def test_printed(name: str, shop: Path):
    assert printed(name, shop) == (FOLDER / name).read_text("utf-8")


def test_nothing_is_wider_than_the_terminal_but_places():
    for width in (80, 120):
        lines = (FOLDER / f"text-{width}.txt").read_text("utf-8").splitlines()
        assert max(map(len, lines)) <= width


def test_machine_formats_can_be_read():
    run = json.loads((FOLDER / "run.json").read_text("utf-8"))
    assert (run["steps"], run["failed"]) == (2, 1)
    root = ElementTree.fromstring((FOLDER / "run.xml").read_text("utf-8"))
    assert (root.get("tests"), root.get("failures")) == ("2", "1")


def test_all_passed(right: Path):
    done = evaluator("test", cwd=right)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "shop.orders  2 cases  2 steps  passed",
        "2 cases, 2 steps: all passed",
    ]


def test_xml_in_a_narrow_encoding(shop: Path):
    done = evaluator(
        "test", "--format", "junit", "-k", "nothing", cwd=shop, PYTHONIOENCODING="ascii"
    )
    assert "&#9492;" in done.stdout
    assert "└" in (ElementTree.fromstring(done.stdout).findtext(".//failure") or "")


@pytest.mark.parametrize(
    ("path", "summary"),
    [
        ("policies", "8 cases, 12 steps: 6 failed"),
        ("policies/shop", "8 cases, 12 steps: 6 failed"),
        ("policies/shop/suites", "8 cases, 12 steps: 6 failed"),
        ("policies/shop/suites/fine.suite.yaml", "2 cases, 2 steps: all passed"),
    ],
)
def test_paths(path: str, summary: str, shop: Path):
    assert evaluator("test", path, cwd=shop).stdout.splitlines()[-1] == summary


def test_a_folder_in_the_working_directory_above(shop: Path):
    done = evaluator("test", ".", cwd=shop / "policies" / "shop" / "suites")
    assert done.stdout.splitlines()[-1] == "8 cases, 12 steps: 6 failed"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "There is no file or folder 'nowhere'"),
        (["policies/shop/orders.yaml"], "is no suite: suites are called suites/NAME.suite.yaml."),
        (["-k", "nope"], "matches none of 12 steps."),
        (["-k", "a b"], "`and` or `or` is missing before `b`"),
        (["--update", "--format", "json"], "--update goes with --format text."),
        (["--update", "--watch"], "Choose --update or --watch."),
        (["-j", "-1"], "Invalid value for '-j'"),
    ],
)
def test_bad_usage(arguments: list[str], words: str, shop: Path):
    done = evaluator("test", *arguments, cwd=shop)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_no_suites(tmp_path: Path):
    pack = {name: text for name, text in BASE.items() if not name.startswith("suites/")}
    write_files(tmp_path / "policies" / "shop", pack)
    done = evaluator("test", cwd=tmp_path)
    assert done.returncode == 2
    assert "There are no suites in 'policies'" in done.stderr
    assert "policies/shop/suites/NAME.suite.yaml" in done.stderr


@pytest.mark.parametrize("format_", ["text", "github"])
def test_a_suite_that_cannot_be_read(format_: str, right: Path):
    path = right / "policies" / "shop" / "suites" / "orders.suite.yaml"
    path.write_text(path.read_text().replace("subject: ann", "subject: anne"), "utf-8")
    done = evaluator("test", "--format", format_, cwd=right)
    assert done.returncode == 2
    if format_ == "text":
        assert "policies/shop/suites/orders.suite.yaml:6:24" in done.stderr
        assert "did you mean `ann`?" in done.stderr
        assert done.stdout == ""
    else:
        assert done.stdout.startswith("::error title=EVL704 fixture-unknown,file=policies/shop/")


def test_a_policy_that_cannot_be_read(right: Path):
    path = right / "policies" / "shop" / "orders.yaml"
    path.write_text(path.read_text().replace("resource.state", "resource.stat"), "utf-8")
    done = evaluator("test", cwd=right)
    assert (done.returncode, done.stdout) == (2, "")
    assert "EVL302" in done.stderr


def test_check_looks_at_suites_too(right: Path):
    path = right / "policies" / "shop" / "suites" / "orders.suite.yaml"
    path.write_text(path.read_text().replace("rules: [unpaid]", "rules: [unpiad]"), "utf-8")
    done = evaluator("check", cwd=right)
    assert done.returncode == 1
    assert "EVL717" in done.stdout


def test_fail_fast(shop: Path):
    done = evaluator("test", "--fail-fast", cwd=shop)
    assert done.returncode == 1
    assert done.stdout.count("failed shop.orders: ") == 1


def test_processes_find_the_same(shop: Path):
    done = evaluator("test", "-j", "2", cwd=shop, width=80)
    assert done.stdout == (FOLDER / "text-80.txt").read_text("utf-8")


def test_host_functions(right: Path):
    pack = right / "policies" / "shop"
    (pack / "pack.yaml").write_text(
        (pack / "pack.yaml").read_text() + "functions: {vip: {signature: (string) -> bool}}\n"
    )
    rules = (pack / "orders.yaml").read_text()
    (pack / "orders.yaml").write_text(
        rules.replace("'\"clerk\" in subject.roles'", "vip(subject.id)")
    )
    (right / "host.py").write_text("FUNCTIONS = {'vip': lambda name: name == 'ann'}\n")
    assert evaluator("test", cwd=right).returncode == 2
    for processes in ("1", "2"):
        done = evaluator("test", "-j", processes, "--functions", "host:FUNCTIONS", cwd=right)
        assert (done.returncode, done.stderr) == (0, "")


def test_the_reader_of_a_pipe_may_go_away(shop: Path):
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "evaluator", "test"],
        cwd=shop,
        env={"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(30) in (1, 141)
    assert process.stderr.read() == ""
    process.stderr.close()


# --update


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def test_update(shop: Path):
    suite = shop / "policies" / "shop" / "suites" / "orders.suite.yaml"
    before = suite.read_text("utf-8")
    done = evaluator("test", "--update", "--yes", "-k", "gone", cwd=shop)
    assert (done.returncode, done.stderr) == (0, "")
    assert suite.read_text("utf-8") == before.replace(
        "{decision: deny, rules: [shipped]}", "{decision: allow, rules: [clerk]}"
    )
    assert "-    expect: {decision: deny, rules: [shipped]}\n" in done.stdout
    assert "+    expect: {decision: allow, rules: [clerk]}\n" in done.stdout
    assert done.stdout.splitlines()[-1] == "1 case, 1 step: all passed"


def test_update_asks_first(shop: Path):
    suite = shop / "policies" / "shop" / "suites" / "orders.suite.yaml"
    before = suite.read_bytes()
    done = evaluator("test", "--update", cwd=shop)
    assert done.returncode == 2
    assert "without a terminal add --yes" in done.stderr
    assert suite.read_bytes() == before


def test_update_tells_what_it_leaves(shop: Path):
    suite = shop / "policies" / "shop" / "suites" / "orders.suite.yaml"
    before = suite.read_bytes()
    done = evaluator("test", "--update", "--yes", "-k", "eve", cwd=shop)
    assert done.returncode == 1
    assert done.stderr == (
        "left as it is: shop.orders: who may do what [eve, open-order]\n"
        "  policies/shop/suites/orders.suite.yaml:27:12: it stands for 2 steps, which are no longer"
        " decided alike: write them one by one\n"
    )
    assert suite.read_bytes() == before


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_update_refuses_a_dirty_tree(shop: Path):
    git(shop, "init", "-q")
    done = evaluator("test", "--update", "--yes", "-k", "gone", cwd=shop)
    assert done.returncode == 2
    assert "add --force" in done.stderr
    git(shop, "add", ".")
    git(shop, "commit", "-q", "-m", "All")
    assert evaluator("test", "--update", "--yes", "-k", "gone", cwd=shop).returncode == 0
    done = evaluator("test", "--update", "--yes", "-k", "nothing", cwd=shop)
    assert done.returncode == 2
    done = evaluator("test", "--update", "--yes", "--force", "-k", "nothing", cwd=shop)
    assert done.returncode == 0


# --watch


def test_watch_runs_again_and_survives_mistakes(right: Path):
    suite = right / "policies" / "shop" / "suites" / "orders.suite.yaml"
    output = right / "output.txt"
    with output.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "evaluator", "test", "--watch"],
            cwd=right,
            env={"PYTHONPATH": str(ROOT)},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(output, "Waiting for changes", 1)
        text = suite.read_text("utf-8")
        suite.write_text(text.replace("subject: ann", "subject: anne"), "utf-8")
        wait_for(output, "Waiting for changes", 2)
        suite.write_text(text.replace("expect: allow", "expect: deny"), "utf-8")
        wait_for(output, "Waiting for changes", 3)
        shown = output.read_text("utf-8")
        assert "2 cases, 2 steps: all passed" in shown
        assert "EVL704" in shown
        assert "2 cases, 2 steps: 1 failed" in shown
        process.send_signal(2)
        assert process.wait(30) == 130
        assert "Traceback" not in output.read_text("utf-8")
    finally:
        process.kill()
        process.wait()


def wait_for(path: Path, words: str, times: int) -> None:
    """Waits until words have been printed as often as they are to be."""
    deadline = time.monotonic() + 30
    while path.read_text("utf-8").count(words) < times:
        assert time.monotonic() < deadline, path.read_text("utf-8")
        time.sleep(0.05)
