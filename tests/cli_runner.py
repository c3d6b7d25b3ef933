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
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["ROOT", "evaluator", "forked", "pytest", "started_anew"]

ROOT = Path(__file__).parents[1]

_STREAMS = ("stdin", "stdout", "stderr")
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.cli_preloaded"])


def evaluator(
    *args: str,
    input: str | bytes = b"",
    cwd: Path = ROOT,
    width: int = 100,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """The finished process; its streams are text."""
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    run = started_anew if environment else forked
    return run(
        args,
        input.encode("utf-8") if isinstance(input, str) else input,
        cwd,
        {
            **kept,
            "COLUMNS": str(width),
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
            **environment,
        },
    )


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
    return run([*loaded, *args], b"", cwd, environment, program="pytest")


def started_anew(
    args: Sequence[str],
    data: bytes,
    cwd: Path,
    environment: Mapping[str, str],
    *,
    program: str = "evaluator",
) -> subprocess.CompletedProcess[str]:
    """The command in an interpreter of its own. ``program`` is the module that is run."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", program, *args],
        input=data,
        cwd=cwd,
        env=environment,
        capture_output=True,
        check=False,
    )
    return subprocess.CompletedProcess(
        args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )


def forked(
    args: Sequence[str],
    data: bytes,
    cwd: Path,
    environment: Mapping[str, str],
    *,
    program: str = "evaluator",
) -> subprocess.CompletedProcess[str]:
    """The command in a copy of an interpreter that has imported most of the program."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for stream in _STREAMS:
            (folder / stream).write_bytes(data if stream == "stdin" else b"")
        process = _CONTEXT.Process(target=_command, args=(program, args, folder, cwd, environment))
        process.start()
        process.join()
        code = process.exitcode
        process.close()
        assert code is not None
        told = [(folder / stream).read_bytes().decode("utf-8") for stream in _STREAMS[1:]]
    return subprocess.CompletedProcess(args, code, *told)


def _command(
    program: str, args: Sequence[str], folder: Path, cwd: Path, environment: Mapping[str, str]
) -> None:
    for number, stream in enumerate(_STREAMS):
        descriptor = os.open(folder / stream, os.O_RDWR)
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    main = import_module("evaluator.cli" if program == "evaluator" else program).main
    sys.exit(main(list(args)))
