"""``evaluator mutate`` as a person meets it: what it prints and how it exits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli_runner import ROOT, evaluator
from tests.mutation_runs import FILES, FOLDER, RUNS, printed
from tests.suite_runs import write_files


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder in whose ``policies/notes`` lies the pack whose suite misses some mutants."""
    write_files(tmp_path / "policies" / "notes", FILES)
    return tmp_path


@pytest.mark.parametrize("name", RUNS)
def test_printed(name: str, notes: Path):
    assert printed(name, notes, "-j", "1") == (FOLDER / name).read_text("utf-8")


def test_several_processes_find_the_same(notes: Path):
    assert printed("text.txt", notes, "-j", "2") == (FOLDER / "text.txt").read_text("utf-8")


def test_json_can_be_read():
    run = json.loads((FOLDER / "run.json").read_text("utf-8"))

    states = [mutant["state"] for mutant in run["mutants"]]
    for state in ("noticed", "survived", "equivalent", "invalid"):
        assert run[state] == states.count(state)
    assert all("request" in mutant for mutant in run["mutants"] if mutant["state"] == "survived")


def test_all_noticed(notes: Path):
    done = evaluator("mutate", "-k", "anybody", cwd=notes)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "1 more mutant is no valid policy, which loading notices.",
        "mutation: 4 of 4 mutants noticed, 0 set aside as equivalent",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "There is no file or folder 'nowhere'"),
        (["-k", "nope"], "-k 'nope' matches none of"),
        (["-k", "("], "-k '(': a text is missing at the end."),
        (["--limit", "0"], "Invalid value for '--limit'"),
        (["--functions", "nope"], "--functions takes MODULE:ATTRIBUTE"),
    ],
)
def test_bad_usage(arguments: list[str], words: str, notes: Path):
    done = evaluator("mutate", *arguments, cwd=notes)

    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_a_suite_that_fails_is_no_measure(notes: Path):
    suite = notes / "policies/notes/suites/notes.suite.yaml"
    suite.write_text(suite.read_text("utf-8").replace(": deny\n", ": allow\n"), "utf-8")

    done = evaluator("mutate", cwd=notes)

    assert (done.returncode, done.stdout) == (2, "")
    assert "error[EVL770] suites-fail: 2 of 5 steps fail on the policies as they are" in done.stderr
    assert "policies/notes/suites/notes.suite.yaml:17:13" in done.stderr


def test_a_suite_that_cannot_be_read(notes: Path):
    suite = notes / "policies/notes/suites/notes.suite.yaml"
    suite.write_text(suite.read_text("utf-8").replace("[finished]", "[finish]"), "utf-8")

    done = evaluator("mutate", cwd=notes)

    assert (done.returncode, done.stdout) == (2, "")
    assert "EVL717" in done.stderr


def test_host_functions_in_several_processes(notes: Path):
    pack = notes / "policies/notes/pack.yaml"
    pack.write_text(pack.read_text("utf-8") + "functions: {limit: {signature: () -> int}}\n")
    rules = notes / "policies/notes/rules.yaml"
    rules.write_text(
        rules.read_text("utf-8").replace("most", "limit()").replace('limit(): "10"', 'x: "1"')
    )
    (notes / "host.py").write_text("FUNCTIONS = {'limit': lambda: 10}\n")

    runs = [
        evaluator("mutate", "-j", count, "--functions", "host:FUNCTIONS", cwd=notes).stdout
        for count in ("1", "2")
    ]

    assert runs[0] == runs[1]
    assert runs[0].splitlines()[-1].startswith("mutation: ")


def test_an_interrupt_ends_it_at_once(notes: Path):
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "evaluator", "mutate", str(ROOT / "policies"), "-j", "2"],
        cwd=notes,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(3)
            os.killpg(process.pid, signal.SIGINT)  # a terminal tells all of them
            output, errors = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 130
    assert (output, errors.strip()) == ("", "")
