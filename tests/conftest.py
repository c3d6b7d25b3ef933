"""What all tests share: how hypothesis runs, and that where all is installed nothing is skipped."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator

import hypothesis
import pytest

ABSENT_SHARED = "absent: shared"
"""How the reason of a skip begins that is allowed everywhere: data beside the repository."""


def _everything_is_installed() -> bool:
    """Whether this is a run in which every component that a test may need is expected."""
    value = os.environ.get("EVALUATOR_CI") or os.environ.get("CI") or ""
    return value.lower() in {"1", "true"}


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    # pytest reports an expected failure as skipped; there is none, and one is no missing component.
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = text.removeprefix("Skipped: ")
    if not reason.startswith(ABSENT_SHARED):
        report.outcome = "failed"
        report.longrepr = f"skipped, where nothing may be: {reason}"


class _SkipsFail:
    """Turns skips into failures, which pytest then lists at the end."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        _fail_if_skipped(report)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self,
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        _fail_if_skipped(report)
        return report


def _hear_signals() -> None:
    """Lets processes that tests start be ended as services are, though this run was not to be.

    What `nohup` and a shell's `&` have ignored is ignored by children too, unless we have handlers.
    """
    for name in ("SIGHUP", "SIGINT"):
        number = getattr(signal, name, None)  # there is no hangup on Windows
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


def pytest_configure(config: pytest.Config) -> None:
    _hear_signals()
    # Both cores are busy: how long one example takes says nothing.
    hypothesis.settings.register_profile("local", deadline=None)
    # What a change is judged by is the same for every change; runs at a desk go on exploring.
    hypothesis.settings.register_profile(
        "ci", deadline=None, derandomize=True, print_blob=True, database=None
    )
    if _everything_is_installed():
        hypothesis.settings.load_profile("ci")
        config.pluginmanager.register(_SkipsFail(), "skips-fail")
    else:
        hypothesis.settings.load_profile("local")


def pytest_collection_finish() -> None:
    # What ten thousand tests are made of stays; the collector need not go through it ever again.
    gc.collect()
    gc.freeze()
