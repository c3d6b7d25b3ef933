"""Everything that ``docs/testing.md`` shows is done, and what it names exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from evaluator.suites.assertions import FIELDS
from tests.cli_runner import evaluator
from tests.readme import Block, blocks
from tests.testing_page import PAGE, ROOT, play, run

TEXT: Final = PAGE.read_text("utf-8")
BLOCKS: Final = list(blocks(TEXT))
SUITE: Final = "loans/suites/renewing.suite.yaml"


def block(language: str) -> Block:
    """The one block with this language and place."""
    (found,) = [one for one in BLOCKS if one.language == language]
    return found


def data(language: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(block(language).text)
    return found


def prose() -> str:
    return re.sub(r"^```.*?^```$", "", TEXT, flags=re.DOTALL | re.MULTILINE)


def options(command: str) -> set[str]:
    """The options that a command says it has."""
    return set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", evaluator(command, "--help").stdout))


def test_it_comes_out_as_the_page_shows(tmp_path: Path) -> None:
    for shown in play(TEXT, tmp_path):
        told = "what is printed has changed: run `python -m tests.testing_page`, and look at it"
        assert shown.printed == shown.block.text, told

    # The rest of the page is about what stands in the folder then.
    run("git update-ref refs/remotes/origin/main HEAD", tmp_path)
    steps = data("yaml .github/workflows/policies.yaml")["jobs"]["policies"]["steps"]
    ours = [step["run"] for step in steps if step.get("run", "").startswith("evaluator ")]
    assert len(ours) == 4
    for command in ours:
        assert run(f"{command}; echo exit code $?", tmp_path).endswith("exit code 0\n"), command

    known = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    hooks = {hook["id"]: hook for hook in known}
    (repository,) = data("yaml .pre-commit-config.yaml")["repos"]
    for hook in repository["hooks"]:
        command = " ".join([hooks[hook["id"]]["entry"], *hook["args"]])
        assert run(f"{command}; echo exit code $?", tmp_path).endswith("exit code 0\n"), command

    unreachable = f"\n{block('yaml').text}"
    with (tmp_path / SUITE).open("a", encoding="utf-8") as suite:
        suite.write(unreachable)
    refused = run("evaluator test loans --coverage", tmp_path)
    assert "error[EVL75" in refused
    assert "now > resource.due + grace" in refused


def test_every_block_is_for_something() -> None:
    kinds = [one.language for one in BLOCKS if " " not in one.language]
    assert sorted(set(kinds)) == ["console", "yaml"]
    assert kinds.count("yaml") == 1  # what is unreachable, which is no part of the suite
    for one in BLOCKS:
        if one.language == "console":
            assert one.text.startswith("$ ")


def test_its_fields_are_those_of_expectations() -> None:
    table = re.search(r"(?:^\|.*\n)+", TEXT, re.MULTILINE)
    assert table is not None
    cells = [line.split("|")[1] for line in table[0].splitlines()[2:]]
    named = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert named == FIELDS - {"contains"}


@pytest.mark.parametrize("command", ["check", "decide", "diff", "mutate", "replay", "test"])
def test_options_exist(command: str) -> None:
    words = [
        word
        for one in re.findall(r"(?:^\$ |run: |`)(evaluator [^`\n]+)", TEXT, re.MULTILINE)
        if one.split()[1] == command
        for word in shlex.split(one.partition(" | ")[0])
        if word.startswith("-")
    ]
    assert set(words) <= options(command)


def test_options_that_stand_alone_exist() -> None:
    known = set().union(*map(options, ("test", "mutate", "diff", "decide")))
    alone = set(re.findall(r"`(--?[a-z][\w-]*)", prose())) - {"--junit-xml", "-n"}  # pytest's
    assert "--coverage" in alone
    assert alone <= known


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", TEXT):
        assert link.startswith("https://") or (PAGE.parent / link).exists(), link
