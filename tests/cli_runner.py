"""Runs the command line as a person does: a process with its own environment and streams.

To start Python and to import the program takes longer than most commands do. So these processes are
forked from one that has done both; where Python itself looks at the environment, they start anew.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["ROOT", "Command", "evaluator", "forked", "pytest", "started_anew"]

ROOT = Path(__file__).parents[1]

_STREAMS = ("stdin", "stdout", "stderr")
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.cli_preloaded"])


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the module that is run, its arguments, standard input, folder and environment."""

    program: str
    args: Sequence[str]
    input: bytes
    cwd: Path
    environment: Mapping[str, str]


def evaluator(
    *args: str,
    input: str | bytes = b"",
    cwd: Path = ROOT,
    width: int = 100,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """The finished process; its streams are text."""
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    own = {"COLUMNS": str(width), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    data = input.encode("utf-8") if isinstance(input, str) else input
    run = started_anew if environment else forked
    return run(Command("evaluator", args, data, cwd, {**kept, **own, **environment}))


def pytest(
    *args: str, cwd: Path, plugins: Sequence[str] = (), anew: bool = False
) -> subprocess.CompletedProcess[str]:
    """A run of pytest with nothing but our plugin, some others, and those of pytest itself.

    With ``anew`` in an interpreter of its own.
    """
    loaded = [part for name in ("evaluator.pytest_plugin", *plugins) for part in ("-p", name)]
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "COLUMNS": "100",
    }
    run = started_anew if anew else forked
    return run(Command("pytest", [*loaded, *args], b"", cwd, environment))


def started_anew(command: Command) -> subprocess.CompletedProcess[str]:
    """The command in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", command.program, *command.args],
        input=command.input,
        cwd=command.cwd,
        env=command.environment,
        capture_output=True,
        check=False,
    )
    told = (done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
    return subprocess.CompletedProcess(command.args, done.returncode, *told)


def forked(command: Command) -> subprocess.CompletedProcess[str]:
    """The command in a copy of an interpreter that has imported most of the program."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for stream in _STREAMS:
            (folder / stream).write_bytes(command.input if stream == "stdin" else b"")
        process = _CONTEXT.Process(target=_run, args=(command, folder))
        process.start()
        process.join()
        code = process.exitcode
        process.close()
        assert code is not None
        told = [(folder / stream).read_bytes().decode("utf-8") for stream in _STREAMS[1:]]
    return subprocess.CompletedProcess(command.args, code, *told)


def _run(command: Command, folder: Path) -> None:
    for number, stream in enumerate(_STREAMS):
        descriptor = os.open(folder / stream, os.O_RDWR)
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    os.chdir(command.cwd)
    os.environ.clear()
    os.environ.update(command.environment)
    program = "evaluator.cli" if command.program == "evaluator" else command.program
    sys.exit(import_module(program).main(list(command.args)))
