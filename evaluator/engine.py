"""The facade: load policies, decide requests, explain decisions."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from evaluator.decision.decision import Decision, NowFrom
from evaluator.diagnostics import Diagnostic, Severity
from evaluator.errors import Denied, PolicyError, RequestError
from evaluator.language.values import (
    Timestamp,
    from_host,
)
from evaluator.policy.model import Effect, Pack
from evaluator.policy.request import Request
from evaluator.program.deciding import Settled
from evaluator.program.judging import NOTHING, Program, Verdict
from evaluator.source import Files, Folder

if TYPE_CHECKING:
    from evaluator.decision.explanation import Explanation
    from evaluator.decision.partial import PartialDecision

__all__ = ["Clock", "PolicySet", "collector_paused", "load"]

Clock = Callable[[], "datetime | Timestamp | int"]
"""Tells the time: an aware datetime, a Timestamp, or integer nanoseconds since the epoch."""


def load(
    policies: str | os.PathLike[str] | Files,
    *,
    clock: Clock | None = None,
    locale: str | None = None,
    functions: Mapping[str, Callable[..., Any]] | None = None,
    cache: str | os.PathLike[str] | None = None,
    interpret: bool = False,
) -> PolicySet:
    """Load the packs in a folder, or in any ``Files``: one pack, or a folder of packs.

    ``clock`` is asked when a request has no ``context.time`` (the system's by default); ``locale``
    is that of messages (each pack's default locale by default); ``functions`` binds the host
    functions that packs declare. Raises ``PolicyError`` with every problem there is; warnings are
    in ``PolicySet.warnings``.

    ``cache`` is a folder of your own, made if need be, where packs are kept as they were linked:
    what has been loaded before, by this version of the evaluator from the same bytes, is there in a
    fraction of the time. It is ignored, with a warning, when others may write to it.

    With ``interpret`` all is evaluated by the interpreter and nothing is compiled, which takes ten
    times as long or more: for policies that come from strangers.
    """
    files = policies if isinstance(policies, Files) else Folder(policies)
    if isinstance(files, Folder) and not files.path.is_dir():
        message = f"there is no folder `{files.path}`"
        raise PolicyError(
            [Diagnostic("EVL401", message, help="name the folder of a pack, or of packs")]
        )
    with collector_paused():
        if cache is None:
            from evaluator.policy.loading import load_packs

            loaded = load_packs(files, functions=functions or {})
        else:
            from evaluator.policy.caching.loading import load_through

            loaded = load_through(cache, files, functions=functions or {})
    errors = [item for item in loaded.diagnostics if item.severity is Severity.ERROR]
    if errors:
        raise PolicyError(loaded.diagnostics)
    return PolicySet(
        loaded.packs,
        clock=clock,
        locale=locale,
        warnings=loaded.diagnostics,
        interpret=interpret,
    )


@contextmanager
def collector_paused() -> Iterator[None]:
    """Inside, the collector rests: loading makes a million objects that stay, to search in vain."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class PolicySet:
    """Packs that decide together. Immutable, and safe to use from many threads at once."""

    __slots__ = ("_clock", "_decide_plain", "_locale", "_now", "_program", "packs", "warnings")

    def __init__(
        self,
        packs: tuple[Pack, ...],
        *,
        clock: Clock | None = None,
        locale: str | None = None,
        warnings: tuple[Diagnostic, ...] = (),
        interpret: bool = False,
    ) -> None:
        self.packs = packs
        self.warnings = warnings
        self._clock = clock
        self._locale = locale
        self._program = Program(packs, interpret=interpret)
        self._now: Callable[[], int] = time.time_ns if clock is None else self._ask_clock
        self._decide_plain = self._program.decider.decide

    def __repr__(self) -> str:
        packs = ", ".join(f"{pack.name} {pack.version}" for pack in self.packs)
        return f"<PolicySet {packs}>"

    def decide(
        self, request: Mapping[str, Any] | Request, *, locale: str | None = None
    ) -> Decision:
        """Decide an AuthZEN request. Always returns: what cannot be decided is denied.

        Raises ``RequestError`` only for what is neither a Mapping nor a ``Request``.
        """
        if type(request) is dict:
            settled = self._decide_plain(request, self._now)
        else:
            settled = self._settle(request)
        if settled is None:
            return self._decide(request, locale)[0]
        grounds, now, from_request = settled
        now_from: NowFrom = "request" if from_request else "clock"
        return Decision(self._program, grounds, request, now, now_from, locale or self._locale)

    def decide_many(
        self, requests: Iterable[Mapping[str, Any] | Request], *, locale: str | None = None
    ) -> Iterator[Decision]:
        """Decide requests one after another, as they come; see ``decide``."""
        for request in requests:
            yield self.decide(request, locale=locale)

    def allowed(self, request: Mapping[str, Any] | Request) -> bool:
        """Whether the decision is allow, when that is all that is asked for."""
        settled = self._settle(request)
        return (settled[0] if settled else self._decide(request, None)[0]).effect == "allow"

    def effect_and_ids(
        self, request: Mapping[str, Any] | Request
    ) -> tuple[Effect, tuple[str, ...]]:
        """The effect, and the ids of the rules that decided or the reserved id, and no more."""
        if type(request) is dict:
            settled = self._decide_plain(request, self._now)
        else:
            settled = self._settle(request)
        if settled is not None:
            return settled[0].answer
        decision = self._decide(request, None)[0]
        return decision.effect, decision.rule_ids

    def now(self) -> int:
        """The moment that the clock tells, in nanoseconds since the epoch."""
        return self._now()

    def action_names(self, resource_type: str) -> frozenset[str]:
        """The actions that policies spell out for a type of resource, allowed or not."""
        return self._program.index.actions_on(resource_type)

    def warm(self) -> PolicySet:
        """Generate the code for all resource types and actions now, not when first asked."""
        self._program.decider.warm()
        return self

    def require(self, request: Mapping[str, Any] | Request) -> Decision:
        """The decision if it is allow; raises ``Denied``, which carries it, otherwise."""
        decision = self.decide(request)
        if not decision.allowed:
            raise Denied(decision)
        return decision

    def refuse(self, error: RequestError, *, locale: str | None = None) -> Decision:
        """The decision on what could not be read as a request: a denial that says why."""
        verdict = Verdict(NOTHING, "invalid-request", _in_words(error))
        now = self._now_at_any_rate()
        return Decision(self._program, verdict, None, now, "clock", locale or self._locale)

    def decide_partial(
        self, request: Mapping[str, Any] | Request, unknown: Iterable[str]
    ) -> PartialDecision:
        """Decide a request of which some attributes are not known, by their paths.

        ``unknown`` names them as expressions do: ``resource.total``, or ``context`` for all in it.
        Whatever the request says of them is not looked at. Raises ``RequestError`` for a request
        whose envelope is broken, and for a path that names no attribute.
        """
        from evaluator.decision.partial import attribute_paths, partial_decision
        from evaluator.program.partial import judge_partly

        paths = attribute_paths(unknown, self.packs)
        parsed = request if isinstance(request, Request) else Request.parse(request)
        now = self._now() if parsed.time is None else parsed.time
        return partial_decision(judge_partly(self._program, parsed, now, paths), now)

    def explain(
        self, request: Mapping[str, Any] | Request, *, locale: str | None = None
    ) -> Explanation:
        """The decision with each rule's condition and the value of every sub-expression."""
        from evaluator.decision.explanation import Explanation, Recorder, explain_rules

        recorder = Recorder()
        decision, verdict = self._decide(request, locale, recorder)
        return Explanation(decision, explain_rules(verdict, recorder))

    def _settle(self, request: Mapping[str, Any] | Request) -> tuple[Settled, int, bool] | None:
        """What generated code says, at which moment; None where the interpreter has to."""
        if type(request) is dict:
            return self._decide_plain(request, self._now)
        if type(request) is Request:
            from_request = request.time is not None
            try:
                now = request.time if request.time is not None else self._now()
            except Exception:  # noqa: BLE001  # the host's clock may raise whatever it likes
                return None
            settled = self._program.decider.decide_parsed(request, now)
            return None if settled is None else (settled, now, from_request)
        return None

    def _decide(
        self, request: Mapping[str, Any] | Request, locale: str | None, tracer: Any = None
    ) -> tuple[Decision, Verdict]:
        now: int | None = None
        parsed: Request | None = None
        now_from: NowFrom = "clock"
        try:
            parsed = request if isinstance(request, Request) else Request.parse(request)
            if parsed.time is not None:
                now, now_from = parsed.time, "request"
            else:
                now = self._now()
            verdict = self._program.judge(parsed, now, tracer=tracer)
        except RequestError as error:
            if not isinstance(request, Mapping):
                raise
            verdict = Verdict(NOTHING, "invalid-request", _in_words(error))
        except Exception as error:  # noqa: BLE001  # a bug of ours, or a host object that misbehaves, denies too
            problem = f"the evaluator failed: {type(error).__name__}: {error}"
            verdict = Verdict(NOTHING, "invalid-request", problem)
        if now is None:
            now = self._now_at_any_rate()
        decision = Decision(self._program, verdict, parsed, now, now_from, locale or self._locale)
        return decision, verdict

    def _now_at_any_rate(self) -> int:
        """The moment for a decision that denies anyhow; the system's where the clock fails."""
        try:
            return self._now()
        except Exception:  # noqa: BLE001  # the host's clock may raise whatever it likes
            return time.time_ns()

    def _ask_clock(self) -> int:
        assert self._clock is not None
        told = self._clock()
        if isinstance(told, Timestamp):
            return told.nanoseconds
        if isinstance(told, datetime):
            instant = from_host(told)
            if isinstance(instant, Timestamp):
                return instant.nanoseconds
            raise ValueError("the clock told a datetime without an offset from UTC")
        return int(told)


def _in_words(error: RequestError) -> str:
    return "; ".join(diagnostic.message for diagnostic in error.diagnostics)
