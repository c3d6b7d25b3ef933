"""The pytest plugin: suites as tests, and help for tests of one's own that ask policies.

pytest loads this module in every run of an environment that has the package, so what it needs is
imported when there is a suite, or a test that uses it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from datetime import datetime

    from evaluator.decision.decision import Decision
    from evaluator.diagnostics import Diagnostic
    from evaluator.engine import PolicySet
    from evaluator.language.values import Timestamp
    from evaluator.policy.request import Request
    from evaluator.suites.model import Suite
    from evaluator.suites.outcome import Failure, Place
    from evaluator.suites.running import Runner

__all__ = ["assert_allows", "assert_denies", "freeze", "policies"]

_SUITE = ".suite.yaml"
_POLICIES = "evaluator_policies"
_FUNCTIONS = "evaluator_functions"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(_POLICIES, "The folder of the pack, or packs.", default="policies")
    parser.addini(_FUNCTIONS, "A mapping with the host functions, module:attribute.", default="")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name.endswith(_SUITE):
        made: pytest.Collector = _SuiteFile.from_parent(parent, path=file_path)
        return made
    return None


@pytest.fixture(scope="session")
def policies(pytestconfig: pytest.Config) -> PolicySet:
    """The policies in the folder that ``evaluator_policies`` names, from the root of the tests."""
    from evaluator.engine import load

    return load(_folder(pytestconfig), functions=_functions(pytestconfig))


def assert_allows(
    policies: PolicySet,
    request: Mapping[str, Any] | Request,
    *,
    rule_ids: Sequence[str] | None = None,
) -> Decision:
    """Fails unless the request is allowed, by exactly these rules if they are given, in order.

    Returns the decision.
    """
    __tracebackhide__ = True
    return _assert(policies, request, "allow", rule_ids, None)


def assert_denies(
    policies: PolicySet,
    request: Mapping[str, Any] | Request,
    *,
    rule_ids: Sequence[str] | None = None,
    remedy_ids: Sequence[str] | None = None,
) -> Decision:
    """Fails unless the request is denied, by exactly these rules and with these remedies, in order.

    What is not given is not looked at. Returns the decision.
    """
    __tracebackhide__ = True
    return _assert(policies, request, "deny", rule_ids, remedy_ids)


def freeze(policies: PolicySet, now: datetime | Timestamp | str) -> PolicySet:
    """The same policies with a clock that stands still; ``now`` may be a text in RFC 3339.

    A ``context.time`` in a request still counts instead of it. Raises ``ValueError`` for a text
    that is no moment.
    """
    from evaluator.engine import PolicySet
    from evaluator.language.instants import parse_instant
    from evaluator.language.values import Timestamp

    if isinstance(now, str):
        instant = parse_instant(now)
        if instant is None:
            raise ValueError(f"{now!r} is no moment in RFC 3339, such as 2026-03-03T09:00:00Z")
        now = Timestamp(instant)
    moment = now
    return PolicySet(policies.packs, clock=lambda: moment, warnings=policies.warnings)


def _assert(
    policies: PolicySet,
    request: Mapping[str, Any] | Request,
    effect: str,
    rule_ids: Sequence[str] | None,
    remedy_ids: Sequence[str] | None,
) -> Decision:
    __tracebackhide__ = True
    decision = policies.decide(request)
    problems = []
    if decision.effect != effect:
        problems.append(f"expected {effect}, got {decision.effect}")
    if rule_ids is not None and list(decision.rule_ids) != list(rule_ids):
        problems.append(f"expected the rules {list(rule_ids)}, got {list(decision.rule_ids)}")
    if remedy_ids is not None:
        got = [remedy.id for remedy in decision.remedies]
        if got != list(remedy_ids):
            problems.append(f"expected the remedies {list(remedy_ids)}, got {got}")
    if problems:
        raise AssertionError("; ".join(problems) + "\n\n" + _in_words(decision))
    return decision


def _in_words(decision: Decision) -> str:
    from evaluator.render.decision_text import decision_text
    from evaluator.render.plain import plain_text

    return plain_text(decision_text(decision))


# Suites


class _FailedError(Exception):
    """Raised by a step that fails."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


class _Suites:
    """The packs of a folder and what was read of their suites, once a run."""

    def __init__(self, folder: Path, config: pytest.Config) -> None:
        from evaluator.policy.loading import load_packs
        from evaluator.source import Folder
        from evaluator.suites.reading import read_suites
        from evaluator.suites.running import Runner

        self.folder = folder
        files = Folder(folder)
        loaded = load_packs(files, functions=_functions(config))
        read = read_suites(files, loaded.packs)
        self._found = (*loaded.diagnostics, *read.diagnostics)
        self._suites = {suite.file: suite for suite in read.suites}
        self.runner: Runner = Runner(loaded.packs)

    def suite(self, path: Path) -> Suite:
        """The suite in a file. Raises ``CollectError`` with what is wrong with it or its packs."""
        from evaluator.diagnostics import Severity

        name = path.relative_to(self.folder).as_posix()
        errors = [item for item in self._found if item.severity is Severity.ERROR]
        # What is wrong with another suite is told of that one.
        own = [item for item in errors if not _is_of_suite(item) or _file(item) == name]
        if own or name not in self._suites:
            raise pytest.Collector.CollectError(_problems(own or errors, self.prefix))
        return self._suites[name]

    @property
    def prefix(self) -> str:
        """What stands before the names of files when they are shown."""
        try:
            shown = Path(os.path.relpath(self.folder)).as_posix()
        except ValueError:  # another drive
            shown = self.folder.as_posix()
        return "" if shown == "." else f"{shown}/"


def _file(item: Diagnostic) -> str:
    return item.span.source.name if item.span is not None else ""


def _is_of_suite(item: Diagnostic) -> bool:
    return _file(item).endswith(_SUITE)


def _problems(found: Iterable[Diagnostic], prefix: str) -> str:
    from evaluator.render.diagnostics_text import diagnostic_text

    return "".join(diagnostic_text(item, folder=prefix).plain for item in found)


_KNOWN: pytest.StashKey[dict[Path, _Suites]] = pytest.StashKey()


class _SuiteFile(pytest.File):
    """A ``*.suite.yaml``."""

    def collect(self) -> Iterator[_Step]:
        from evaluator.suites.outcome import places

        home = _home(self.path, self.config)
        if home is None:
            raise pytest.Collector.CollectError(
                f"{self.path.name} is in no pack: no folder above has a pack.yaml"
            )
        known = self.config.stash.setdefault(_KNOWN, {})
        if home not in known:
            try:
                known[home] = _Suites(home, self.config)
            except pytest.UsageError as error:
                raise pytest.Collector.CollectError(str(error)) from None
        for place in places([known[home].suite(self.path)]):
            yield _Step.from_parent(self, name=place.title, place=place, suites=known[home])


class _Step(pytest.Item):
    """A step of a case."""

    def __init__(self, *, place: Place, suites: _Suites, **rest: Any) -> None:
        super().__init__(**rest)
        self._place = place
        self._suites = suites

    def runtest(self) -> None:
        from evaluator.suites.outcome import explained

        if not self._suites.runner.passes(self._place.step):
            raise _FailedError(explained(self._place, self._suites.runner))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if not isinstance(excinfo.value, _FailedError):
            return super().repr_failure(excinfo, style)
        from evaluator.render.suite_text import failure_plain

        return failure_plain(excinfo.value.failure, folder=self._suites.prefix)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self._place.step.span.line - 1, self._place.name


def _home(path: Path, config: pytest.Config) -> Path | None:
    """The folder whose packs decide: that of the configuration, or else the suite's own pack."""
    configured = _folder(config)
    if path.is_relative_to(configured):
        return configured
    return next((folder for folder in path.parents if (folder / "pack.yaml").is_file()), None)


def _folder(config: pytest.Config) -> Path:
    return (config.rootpath / str(config.getini(_POLICIES))).resolve()


def _functions(config: pytest.Config) -> Mapping[str, Callable[..., Any]] | None:
    name = str(config.getini(_FUNCTIONS))
    if not name:
        return None
    from evaluator.naming import NotNamedError, named_mapping

    root = str(config.rootpath)
    if root not in sys.path:
        sys.path.insert(0, root)
    try:
        return named_mapping(name)
    except NotNamedError as error:
        raise pytest.UsageError(f"{_FUNCTIONS}: {error}") from None
