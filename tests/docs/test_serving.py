"""Everything in ``docs/serving.md`` is run: its commands, its files, the service that it starts."""

from __future__ import annotations

import configparser
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import evaluator
from evaluator.server.app import Application
from evaluator.server.config.reading import read_configuration
from evaluator.server.entity_files import read_entities
from evaluator.server.settings import Settings
from tests.readme import ROOT, Block, blocks
from tests.serving_page import PAGE, Run, commands, running

TEXT = PAGE.read_text("utf-8")
BLOCKS = list(blocks(TEXT))


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with running() as found:
        yield found


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_commands_print_what_it_says(run: Run) -> None:
    for block in commands():
        assert run(str(block.command)) == block.output


def block_of(language: str) -> Block:
    (found,) = [block for block in BLOCKS if block.language == language]
    return found


def test_its_entities_are_some() -> None:
    entities, diagnostics = read_entities(block_of("yaml entities.yaml").text.encode(), "e.yaml")
    assert diagnostics == ()
    assert entities is not None
    assert [entity.id for entity in entities.of("resource", "record", None)] == [
        "record-1",
        "record-2",
    ]


def test_its_queries_find_entities(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "people.db")) as database:
        database.execute("CREATE TABLE people (login, role)")
        database.execute("INSERT INTO people VALUES ('ann', 'admin'), ('bo', NULL)")
        database.commit()
    (tmp_path / "queries.yaml").write_text(block_of("yaml queries.yaml").text, "utf-8")
    path = tmp_path / "queries.yaml"
    entities, diagnostics = read_entities(path.read_bytes(), str(path), folder=tmp_path)
    assert diagnostics == ()
    assert entities is not None
    found = [(one.id, one.properties) for one in entities.of("subject", "user", None)]
    assert found == [("ann", {"role": "admin"}), ("bo", {})]


def test_its_configuration_is_one(tmp_path: Path) -> None:
    text = block_of("yaml server.yaml").text
    (tmp_path / "server.yaml").write_text(text, "utf-8")
    (tmp_path / "keys.yaml").write_text("keys: []\n", "utf-8")
    (tmp_path / "policies").symlink_to(ROOT / "policies")
    found, diagnostics = read_configuration(tmp_path / "server.yaml")
    assert diagnostics == ()
    assert found is not None
    (tmp_path / "server.yaml").write_text(f"{text}reloads: true\n", "utf-8")
    assert [item.code for item in read_configuration(tmp_path / "server.yaml")[1]] == ["EVL114"]


def test_its_tokens_can_be_configured(tmp_path: Path) -> None:
    (text,) = [block.text for block in BLOCKS if block.language == "yaml"]
    (tmp_path / "server.yaml").write_text(text, "utf-8")
    assert read_configuration(tmp_path / "server.yaml")[1] == ()


def test_its_unit_is_one() -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their case
    unit.read_string(block_of("ini").text)
    assert unit["Service"]["ExecStart"].split()[1:3] == ["serve", "--config"]


def test_every_path_is_listed() -> None:
    app = Application(evaluator.load(ROOT / "policies"), Settings(explains=True), key=b"")
    paths = [*app._posts, *app._gets]
    assert len(paths) > 9
    told = TEXT.replace("search/subject`, `/resource`, `/action`", "")
    searches = [f"/access/v1/search/{name}" for name in ("resource", "action", "subject")]
    assert [path for path in paths if f"{path}`" not in told and path not in searches] == []


def test_no_block_is_left_out() -> None:
    known = ["console", "dockerfile", "ini", "sh start"]
    known += ["yaml", "yaml entities.yaml", "yaml queries.yaml", "yaml server.yaml"]
    assert sorted({block.language for block in BLOCKS}) == known
