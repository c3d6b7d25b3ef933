"""A forked command does what one in an interpreter of its own does; else tests try another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_runner import ROOT, Command, forked, started_anew

REQUEST = b'{"subject": {"type": "user", "id": "a"}, "action": {"name": "x"}, "resource": {}}'


@pytest.mark.parametrize(
    ("args", "data"),
    [
        (["--version"], b""),
        (["decide", "-p", "policies", "-"], REQUEST),
        (["decide", "-p", "policies", "-"], b"\xff\xfe"),
        (["eval", "'\u00e6\U0001f40d' + 1"], b""),
        (["eval", "-p", "policies", "--explain", "[1, 2].map(x, x * 2)"], b""),
        (["test", "policies/expenses"], b""),
        (["chekc"], b""),
        (["decide", "no/such/file.json"], b""),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_both_ways_tell_the_same(args: list[str], data: bytes, tmp_path: Path) -> None:
    (tmp_path / "policies").symlink_to(ROOT / "policies")
    environment = {"COLUMNS": "60", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = Command("evaluator", args, data, tmp_path, environment)
    anew = started_anew(command)
    copied = forked(command)
    assert (copied.returncode, copied.stdout, copied.stderr) == (
        anew.returncode,
        anew.stdout,
        anew.stderr,
    )
    assert anew.stdout or anew.stderr
