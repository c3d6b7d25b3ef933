"""What a worker cannot do, tried by a process that is held to the limits of one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

PROGRAM = """
import os, socket, subprocess, sys
from pathlib import Path
from evaluator.server.playground.limits import hold, renew

hold(64 * 1024 * 1024)
renew(0.1)
try:
    {attempt}
except BaseException as error:
    print(type(error).__name__)
else:
    print("done")
"""


def outcome(attempt: str, folder: Path) -> tuple[str, int]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(attempt=attempt), str(folder)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    return done.stdout.strip(), done.returncode


@pytest.mark.parametrize(
    ("attempt", "expected"),
    [
        ("Path(sys.argv[1], 'new').write_text('x')", "PermissionError"),
        ("os.open(sys.argv[1] + '/new', os.O_WRONLY | os.O_CREAT)", "PermissionError"),
        ("os.remove(sys.argv[1] + '/kept')", "PermissionError"),
        ("os.rename(sys.argv[1] + '/kept', sys.argv[1] + '/moved')", "PermissionError"),
        ("socket.create_connection(('127.0.0.1', 9))", "PermissionError"),
        ("socket.getaddrinfo('localhost', 80)", "PermissionError"),
        ("subprocess.run(['true'])", "PermissionError"),
        ("os.system('true')", "PermissionError"),
        ("os.fork()", "PermissionError"),
        ("os.kill(os.getppid(), 9)", "PermissionError"),
        ("bytearray(256 * 1024 * 1024)", "MemoryError"),
        ("[open('/dev/null') for _ in range(100)]", "OSError"),
        ("Path(sys.argv[1], 'kept').read_text()", "done"),
    ],
)
def test_what_a_worker_may_do(attempt: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    assert outcome(attempt, tmp_path) == (expected, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_time_has_an_end(tmp_path: Path) -> None:
    told, code = outcome("exec('while True: pass')", tmp_path)
    assert told == ""
    assert code < 0  # by a signal
