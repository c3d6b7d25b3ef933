"""``docs/playground.md`` and what the README says of it: commands, files, pictures."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import yaml

from evaluator.server.command import serve
from evaluator.server.playground.command import playground
from evaluator.server.playground.limits import MEMORY, SECONDS
from tests.readme import README, ROOT, blocks

PAGE = ROOT / "docs" / "playground.md"
TEXT = PAGE.read_text("utf-8")
PICTURES = re.findall(r"!\[.+?\]\((\S+\.png)\)", TEXT)


@contextmanager
def made(*arguments: str) -> Iterator[str]:
    """The address of what a target of make starts, on a machine without a screen."""
    shown = ("DISPLAY", "WAYLAND_DISPLAY", "MAKEFLAGS", "MAKELEVEL")
    process = subprocess.Popen(
        ["make", *arguments],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if key not in shown},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        lines = iter(process.stdout.readline, "")
        found = next((url for line in lines if (url := re.search(r"http://\S+", line))), None)
        assert found is not None
        yield found[0]
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(20)
        process.stdout.close()


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.skipif(not (ROOT / ".venv" / "complete").exists(), reason="needs `make environment`")
def test_make_playground_starts_one() -> None:
    with (
        made("--silent", "playground", "PLAYGROUND_ARGS=--port 0") as url,
        urllib.request.urlopen(url, timeout=20) as answer,
    ):
        assert answer.status == 200
        assert b"app.js" in answer.read()


def test_the_options_in_it_are_some() -> None:
    known = {name for command in (playground, serve) for one in command.params for name in one.opts}
    assert set(re.findall(r"(?<=[\s`])--[a-z-]+", TEXT)) <= known | {"--out", "--watch"}


def test_the_limits_in_it_are_those() -> None:
    told = dict(re.findall(r"^\| (.+?) \| (\d+) ", TEXT, re.MULTILINE))
    assert told["time for one question"] == str(int(SECONDS))
    assert told["memory of a worker"] == str(MEMORY // 1024**2)
    (workers,) = [one.default for one in playground.params if one.name == "workers"]
    assert told["workers"] == str(workers)


def test_the_commands_for_who_works_on_it_exist() -> None:
    package = (PAGE.parents[1] / "evaluator/server/playground/web/package.json").read_text("utf-8")
    for name in re.findall(r"npm (?:run )?([a-z]+)", TEXT):
        assert f'"{name}":' in package
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for name in re.findall(r"make ([a-z-]+)", TEXT):
        assert f"\n{name}:" in makefile
    for name in re.findall(r"python -m (tests\.[a-z.]+|benchmarks)", TEXT):
        path = ROOT / name.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists()


def test_the_pictures_are_there_and_small() -> None:
    assert len(PICTURES) == 2
    for name in PICTURES:
        path = PAGE.parent / name
        assert path.stat().st_size <= 200_000
        assert f"(docs/{name})" in README.read_text("utf-8")


def test_the_page_has_no_block_that_nobody_looks_at() -> None:
    assert {block.language for block in blocks(TEXT)} == {"sh", "sh start", "yaml"}


def test_the_titles_in_it_are_those_of_the_licence_pack() -> None:
    (shown,) = [yaml.safe_load(one.text) for one in blocks(TEXT) if one.language == "yaml"]
    titles = yaml.safe_load((ROOT / "policies" / "licenses" / "pack.yaml").read_text("utf-8"))[
        "titles"
    ]
    for kind, given in shown["titles"].items():
        for name, texts in given.items():
            assert texts.items() <= titles[kind][name].items()
