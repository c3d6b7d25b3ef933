"""Workers looked after: what becomes of those that end, and of those that will not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# In a process of its own, which has no other threads, and may be told to stop.
START = """
import os, signal, sys, time
from evaluator.server import supervising
from evaluator.server.events import log_to

def supervise(work, workers=2, grace=5.0):
    log = log_to(sys.stderr, "json")
    sys.exit(supervising.supervise(work, workers, log=log, grace=grace,
             stopped=lambda: print("stopped", flush=True),
             restarted=lambda: print("restarted", flush=True)))
"""


def run(
    script: str, *, stop_after: str = "", by: signal.Signals = signal.SIGTERM
) -> tuple[int, str, str, float]:
    """The exit code, both outputs, and how long it took to end once it was told to stop."""
    process = subprocess.Popen(
        [sys.executable, "-c", START + textwrap.dedent(script)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = ""
    if stop_after:
        while stop_after not in first:
            first += process.stdout.readline()
        process.send_signal(by)
    began = time.monotonic()
    out, err = process.communicate(timeout=20)
    return process.returncode, first + out, err, time.monotonic() - began


def test_workers_that_never_begin() -> None:
    code, out, err, _ = run(
        """
        supervising._TRIES = 3
        supervise(lambda worker: 3)
        """
    )
    assert (code, out.count("stopped")) == (3, 1)
    assert 2 <= out.count("restarted") <= 4  # each of the two until one has failed for good
    assert "giving up" in err


def test_workers_that_have_worked_are_not_given_up() -> None:
    code, out, err, _ = run(
        """
        supervising._TRIES = 2
        supervising._QUICK = 0.3
        supervising._PAUSE = 0.05
        began = time.monotonic()
        def work(worker):
            if time.monotonic() - began < 0.4:  # the first works for a while
                time.sleep(0.4)
            return 3
        supervise(work, workers=1)
        """,
        stop_after="restarted\n" * 4,
    )
    assert (code, out.count("stopped")) == (0, 1)
    assert "giving up" not in err


def test_a_worker_that_raises_goes_no_further() -> None:
    """Nothing that follows in the parent's program is done a second time."""
    code, out, err, _ = run(
        """
        supervising._TRIES = 1
        def work(worker):
            raise RuntimeError("secret")
        try:
            supervise(work, workers=1)
        finally:
            print("once", flush=True)
        """
    )
    assert (code, out.count("once")) == (1, 1)
    assert '"error": "RuntimeError"' in err
    assert "secret" not in err


@pytest.mark.parametrize(
    ("by", "ends"), [(signal.SIGTERM, 0), (signal.SIGINT, 130), (signal.SIGHUP, 0)], ids=str
)
def test_told_to_stop(by: signal.Signals, ends: int) -> None:
    code, out, _, took = run(
        """
        def work(worker):
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            print("begun", flush=True)
            while True:
                time.sleep(0.05)
        try:
            supervise(work, workers=1)
        except KeyboardInterrupt:
            sys.exit(130)
        """,
        stop_after="begun",
        by=by,
    )
    assert (code, out.split()) == (ends, ["begun", "stopped"])
    assert took < 3


def test_a_worker_that_does_not_stop() -> None:
    code, out, err, took = run(
        """
        def work(worker):
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            print("begun", flush=True)
            while True:
                time.sleep(0.05)
        supervise(work, workers=1, grace=0.3)
        """,
        stop_after="begun",
    )
    assert (code, out.split()) == (0, ["begun", "stopped"])
    assert "did not stop in time" in err
    assert took < 3


def test_one_that_is_replaced() -> None:
    code, out, err, _ = run(
        """
        supervising._QUICK = 0.0
        def work(worker):
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            if not os.path.exists(sys.argv[1]):
                open(sys.argv[1], "w").close()
                os.kill(os.getpid(), signal.SIGKILL)
            print("begun", flush=True)
            while True:
                time.sleep(0.05)
        import tempfile
        sys.argv.append(tempfile.mkdtemp() + "/been")
        supervise(work, workers=1)
        """,
        stop_after="begun",
    )
    assert (code, out.split()) == (0, ["restarted", "begun", "stopped"])
    assert '"status": -9' in err
