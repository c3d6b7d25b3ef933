"""Everything in the README is run, and the demo that it begins with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import evaluator
from tests.readme import README, ROOT, Block, blocks, run

BLOCKS = list(blocks(README.read_text("utf-8")))
COMMANDS = [block for block in BLOCKS if block.command is not None]


@pytest.mark.parametrize("block", COMMANDS, ids=[str(block.command)[:60] for block in COMMANDS])
def test_commands_print_what_it_says(block: Block) -> None:
    assert run(str(block.command)) == block.output


def test_python_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = [block for block in BLOCKS if block.language == "python"]
    exec(compile(code.text, "README.md", "exec"), {})


def test_no_block_is_left_out() -> None:
    kinds = [block.language for block in BLOCKS]
    assert set(kinds) == {"console", "python", "yaml"}
    # What is not run: the make commands, which begin the page, and what installs and serves.
    assert kinds.count("console") == len(COMMANDS) + 2


def test_the_pack_in_it_is_one() -> None:
    demo = ROOT / "docs" / "demo" / "documents"
    shown = [block.text for block in BLOCKS if block.language == "yaml"]
    files = [text.partition("\n")[0].removeprefix("# ") for text in shown]
    assert files == ["documents.yaml", "suites/documents.suite.yaml"]
    for name, text in zip(files, shown, strict=True):
        assert (demo / name).read_text("utf-8") == text
    assert evaluator.load(demo).warnings == ()


def test_every_command_is_in_the_table() -> None:
    from evaluator.cli import _COMMANDS

    text = README.read_text("utf-8")
    for name in _COMMANDS:
        assert f"| `evaluator {name}" in text


def test_the_demo_tells_its_stories() -> None:
    done = subprocess.run(
        ["sh", "docs/demo/demo.sh"],
        cwd=ROOT,
        env={
            **{key: value for key, value in os.environ.items() if key != "COLUMNS"},
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONIOENCODING": "utf-8",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    stories = done.stdout.split("\n# ")[1:]
    assert len(stories) == 6
    assert all(len(story.strip().splitlines()) < 20 for story in stories)
    for story, words in zip(
        stories,
        (
            ("✓ ALLOW", "invoice", "steps", "Valid until 2026-03-08T09:00:00.000000001Z"),
            ("✗ DENY", "schedule-for-renewal", "verified: then allowed"),
            ("credit-check-pending", "trial-subscription"),
            ("✗ AFVIST", "efterprøvet: derefter tilladt"),
            ("error[EVL302]", "docs/demo/mistake/documents.yaml:7:20", "did you mean `owner`?"),
            ("licenses.reduction-window", "all passed"),
        ),
        strict=True,
    ):
        assert all(word in story for word in words)
