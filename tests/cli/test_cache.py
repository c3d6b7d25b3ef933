"""``--cache`` of the commands that decide."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli_runner import ROOT, evaluator
from tests.licence_requests import requests

PACK = ("-p", str(ROOT / "policies" / "licenses"))
REQUEST = json.dumps(next(requests(5, 1)))


@pytest.mark.parametrize("command", ["decide", "explain"])
def test_the_answer_is_the_same(command: str, tmp_path: Path) -> None:
    plain = evaluator(command, *PACK, "--format", "json", input=REQUEST)
    for _ in range(2):
        made = evaluator(
            command, *PACK, "--format", "json", "--cache", str(tmp_path / "c"), input=REQUEST
        )
        assert (made.stdout, made.stderr, made.returncode) == (plain.stdout, "", 0)
    assert [path.suffix for path in (tmp_path / "c").iterdir()] == [".evaluator"]


def test_what_is_wrong_with_it_is_shown_and_does_not_stop(tmp_path: Path) -> None:
    cache = tmp_path / "c"
    plain = evaluator("decide", *PACK, "--cache", str(cache), input=REQUEST, width=300)
    (path,) = cache.iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    made = evaluator("decide", *PACK, "--cache", str(cache), input=REQUEST, width=300)
    assert made.stdout == plain.stdout
    assert made.returncode == plain.returncode == 0
    assert f"`{path}` in the cache is damaged" in made.stderr
    assert "EVL761" in made.stderr
    cache.chmod(0o777)
    made = evaluator("decide", *PACK, "--cache", str(cache), input=REQUEST, width=300)
    assert made.stdout == plain.stdout
    assert f"since `{cache}` may be written by others" in made.stderr


def test_nothing_heavy_is_imported_for_what_is_there(tmp_path: Path) -> None:
    arguments = ("decide", *PACK, "--cache", str(tmp_path / "c"))
    evaluator(*arguments, input=REQUEST)
    made = evaluator(*arguments, "--format", "json", input=REQUEST, PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip() for line in made.stderr.splitlines()}
    assert "evaluator.policy.caching.unpacking" in imported
    assert not imported & {"yaml", "jsonschema", "pydantic", "evaluator.policy.loading"}


def test_a_folder_without_a_name_is_bad_usage(tmp_path: Path) -> None:
    made = evaluator("decide", *PACK, "--cache", "", input=REQUEST, cwd=tmp_path)
    assert (made.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "--cache takes the name of a folder." in made.stderr
