"""What ``evaluator serve`` says of a log that it cannot write, before it listens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_runner import ROOT, evaluator

PACK = str(ROOT / "policies/licenses")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--durability", "strict"], "name its file with --log"),
        (["--log", "-", "--durability", "strict"], "A strict log needs a file"),
        (["--log", "nowhere/log.jsonl"], "EVL842"),
        (["--log", "nowhere/log.jsonl", "--workers", "2"], "EVL842"),
        (["--log", "other.jsonl"], "EVL840"),
        (["--config", "server.yaml"], "EVL843"),
    ],
)
def test_a_log_that_cannot_be(tmp_path: Path, options: list[str], words: str) -> None:
    (tmp_path / "other.jsonl").write_text("{}\n", "utf-8")
    (tmp_path / "key").write_text("secret", "utf-8")
    (tmp_path / "server.yaml").write_text("log: {file: log.jsonl, key: key}", "utf-8")
    before = sorted(path.name for path in tmp_path.iterdir())
    done = evaluator("serve", "-p", PACK, "--port", "0", *options, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "listens" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == before
