"""The decision: effect and rule ids at once, everything else when it is read."""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evaluator.decision.messages import pack_locales
from evaluator.decision.parts import Notice, PackInfo, Problem, Reason, Remedy
from evaluator.decision.remedies import Changes, offers, try_changes
from evaluator.decision.telling import Told, tell
from evaluator.decision.told_validity import told_until
from evaluator.decision.validity import valid_until
from evaluator.decision.wire import decision_json
from evaluator.diagnostics import Diagnostic
from evaluator.errors import RequestError
from evaluator.language.values import Timestamp
from evaluator.policy.model import Effect, Pack, Rule
from evaluator.policy.request import Request
from evaluator.program.deciding import Settled
from evaluator.program.judging import Program, Verdict

__all__ = ["Decision", "Verification"]

NowFrom = Literal["request", "clock"]


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a remedy works: the rule no longer fires on the changed, valid request.

    ``decision`` is the decision on that request (which other rules may still deny), ``request`` the
    request itself; both are None, and ``problem`` says why, where the remedy does not work.
    """

    verified: bool
    decision: Decision | None = None
    request: Mapping[str, Any] | None = None
    problem: str | None = None


class Decision:
    """Allow or deny, with every reason, what would help, and until when that holds.

    ``effect`` and ``rule_ids`` are there at once. Messages, remedies, outputs and ``valid_until``
    are made when they are read, from the request, which is kept by reference: reading them after
    the request was changed raises ``RequestError``. ``freeze()``, ``to_dict()`` and pickling make
    them all.
    """

    __slots__ = (
        "_fingerprint",
        "_grounds",
        "_locale",
        "_now",
        "_packs",
        "_program",
        "_request",
        "_told",
        "_valid_until",
        "effect",
        "now_from",
        "rule_ids",
    )

    def __init__(
        self,
        program: Program,
        grounds: Verdict | Settled,
        request: Request | Mapping[str, Any] | None,
        now: int,
        now_from: NowFrom,
        locale: str | None,
    ) -> None:
        self.effect: Effect = grounds.effect
        self.rule_ids: tuple[str, ...] = grounds.rule_ids
        self.now_from: NowFrom = now_from
        self._now = now
        self._program: Program | None = program
        # What generated code has settled becomes a verdict, and a plain request is read, when
        # something is asked for that needs it.
        self._grounds: Verdict | Settled | None = grounds
        self._request = request
        self._locale = locale
        self._fingerprint = None if request is None else _fingerprint(request)
        self._packs: tuple[PackInfo, ...] | None = None
        self._told: dict[str, Told] = {}
        self._valid_until: Timestamp | Literal["unknown"] | None = "unknown"

    def __repr__(self) -> str:
        return f"<Decision {self.effect}: {', '.join(self.rule_ids)}>"

    @property
    def allowed(self) -> bool:
        return self.effect == "allow"

    @property
    def rules_erred(self) -> bool:
        """Whether a rule could not be evaluated, known without telling; False once frozen."""
        grounds = self._grounds
        if grounds is None or type(grounds) is Settled:  # generated code settles what did not err
            return False
        outcome = grounds.outcome
        found = (*outcome.reasons, *outcome.notices, *outcome.errors)
        return any(finding.error is not None for finding in found)

    @property
    def decided_at(self) -> Timestamp:
        """The moment that the decision is for: the request's ``context.time``, or the clock's."""
        return Timestamp(self._now)

    @property
    def packs(self) -> tuple[PackInfo, ...]:
        """The packs that had a say; all of them when none had."""
        if self._packs is None:
            self._packs = tuple(
                PackInfo(pack.name, pack.version, pack.digest) for pack in self._speaking()
            )
        return self._packs

    @property
    def locale(self) -> str:
        """The locale of the messages."""
        if self._locale is None:
            packs = self._speaking()
            self._locale = packs[0].default_locale if packs else "en"
        return self._locale

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The rules that decided, in the order of the packs and files."""
        return self._tell(self.locale).reasons

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """The remedies of all reasons, in order."""
        return tuple(remedy for reason in self.reasons for remedy in reason.remedies)

    @property
    def outputs(self) -> Mapping[str, Any]:
        """The outputs by name, in plain Python, ``Timestamp`` and ``Duration``.

        Codes that have texts are ``{"code": ..., "text": ...}``.
        """
        return self._tell(self.locale).outputs

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What rules on trial would have said."""
        return self._tell(self.locale).notices

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Allow rules, remedies, outputs and parts of messages that could not be evaluated."""
        return self._tell(self.locale).errors

    @property
    def valid_until(self) -> Timestamp | None:
        """The first instant at which the same request may be decided otherwise; None when never.

        The answer holds on [decided_at, valid_until). Equal to ``decided_at``: do not cache.
        """
        if self._valid_until == "unknown":
            self._valid_until = self._work_out_validity()
        return self._valid_until

    @property
    def told_until(self) -> Timestamp | None:
        """The first instant at which something told of the decision may differ; None when never.

        That is ``valid_until`` or an earlier moment, at which a value in a text, of a remedy or of
        a volatile output may be another. Until then the same may be told again, ``decided_at`` left
        aside. Equal to ``decided_at`` where that cannot be said.
        """
        until = self.valid_until
        if self._program is None or self._request is None or self._grounds is None:
            return self.decided_at  # frozen: who would know
        verdict, request = self._judged()
        if self._grounds.default in ("no-policy-applies", "invalid-request"):
            return None
        assert request is not None
        if verdict.settled is None:
            return self.decided_at
        nearest = None if until is None else until.nanoseconds
        instant = told_until(self._program, verdict.settled, request, self._now, nearest)
        return None if instant is None else Timestamp(instant)

    def verify(self, remedy: Remedy) -> Verification:
        """Applies a remedy to a copy of the request and decides that.

        Raises ``RequestError`` for a decision that was unpickled, which has no request any more.
        """
        program, verdict, request = self._basis()
        key = (remedy.policy, remedy.rule, remedy.id)
        changes = self._tell(self.locale).offers.get(key)
        if not changes:
            return Verification(False, problem="the remedy is not a change of the request")
        return self._try(program, verdict, request, _rule(verdict, remedy), changes)

    def verified(self) -> Iterator[tuple[str, Verification]]:
        """The id of each remedy that is a change of the request, and what ``verify`` says of it.

        Nothing is put into words for it. Raises ``RequestError`` as ``verify`` does.
        """
        if self._grounds is not None and not self._grounds.outcome.reasons:
            return
        program, verdict, request = self._basis()
        for finding in verdict.outcome.reasons:
            rule = finding.rule
            if finding.error is None and rule.effect == "deny":
                evaluation = verdict.evaluation_of(rule)
                for offer in offers(rule, evaluation, lambda remedy, error: None):
                    if offer.changes:
                        tried = self._try(program, verdict, request, rule, offer.changes)
                        yield offer.remedy.id, tried

    def _try(
        self, program: Program, verdict: Verdict, request: Request, rule: Rule, changes: Changes
    ) -> Verification:
        tried = try_changes(program, verdict, rule, request, self._now, changes)
        if isinstance(tried, str):
            return Verification(False, problem=tried)
        changed, now, after = tried
        decision = Decision(program, after, changed, now, self.now_from, self._locale)
        return Verification(True, decision, changed.raw)

    def to_dict(self, locale: str | None = None) -> dict[str, Any]:
        """The decision as JSON data, the shape that ``schemas/decision.schema.json`` describes."""
        valid_until = self.valid_until  # first: it works out what is told besides
        told = self._tell(locale or self.locale)
        return decision_json(
            effect=self.effect,
            reasons=told.reasons,
            outputs=told.outputs,
            valid_until=valid_until,
            notices=told.notices,
            errors=told.errors,
            packs=self.packs,
            decided_at=self.decided_at,
            now_from=self.now_from,
        )

    def freeze(self) -> Decision:
        """Makes everything now, in every locale of the packs, and lets go of the request."""
        _ = self.valid_until, self.packs, self._tell(self.locale)
        if self._grounds is not None:
            for locale in pack_locales([part.pack for part in self._grounds.applicable]):
                self._tell(locale)
        self._program = self._grounds = self._request = self._fingerprint = None
        return self

    def __getstate__(self) -> dict[str, Any]:
        self.freeze()
        return {name: getattr(self, name) for name in self.__slots__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def _speaking(self) -> Sequence[Pack]:
        if self._grounds is None or self._program is None:
            return ()
        return [part.pack for part in self._grounds.applicable] or self._program.packs

    def _tell(self, locale: str) -> Told:
        told = self._told.get(locale)
        if told is None:
            if self._grounds is None:
                return self._nearest(locale)
            verdict, request = self._judged()
            told = self._told[locale] = tell(verdict, request, locale)
        return told

    def _nearest(self, locale: str) -> Told:
        from evaluator.decision.messages import fallbacks

        for candidate in fallbacks(locale, self.locale):
            if candidate in self._told:
                return self._told[candidate]
        return self._told[self.locale]

    def _work_out_validity(self) -> Timestamp | None:
        if self._program is None or self._request is None or self._grounds is None:
            return None
        if self._grounds.default in ("no-policy-applies", "invalid-request"):
            return None
        verdict, request = self._judged()
        assert request is not None
        until = valid_until(self._program, request, self._now, verdict)
        return None if until is None else Timestamp(until)

    def _basis(self) -> tuple[Program, Verdict, Request]:
        if self._program is None or self._request is None:
            raise _request_error("the decision was frozen and has let go of its request")
        verdict, request = self._judged()
        assert request is not None
        return self._program, verdict, request

    def _judged(self) -> tuple[Verdict, Request | None]:
        """The verdict, and the request as it was when it was decided."""
        request, grounds = self._request, self._grounds
        assert self._program is not None
        assert grounds is not None
        if request is not None:
            if _fingerprint(request) != self._fingerprint:
                raise _request_error("the request was changed after it was decided")
            if not isinstance(request, Request):
                request = self._request = Request.parse(request)
        if type(grounds) is Settled:
            grounds = self._grounds = self._program.verdict(grounds, request, self._now)
        assert isinstance(grounds, Verdict)
        return grounds, request


def _rule(verdict: Verdict, remedy: Remedy) -> Rule:
    for finding in verdict.outcome.reasons:
        if (finding.rule.id, finding.rule.policy) == (remedy.rule, remedy.policy):
            return finding.rule
    raise LookupError(remedy.rule)


def _request_error(message: str) -> RequestError:
    return RequestError([Diagnostic("EVL609", message, help="decide again, or freeze() first")])


def _fingerprint(request: Request | Mapping[str, Any]) -> bytes:
    """Bytes that differ when the request does. JSON data takes a microsecond or three."""
    raw: Any = request
    if type(request) is Request:
        if request.sealed:
            return b""
        raw = request.raw
    try:
        return marshal.dumps(raw, 2)  # from version 3 on it depends on reference counts
    except ValueError:  # host values, or nested beyond what marshal takes
        pass
    try:
        return repr(raw).encode("utf-8", "surrogatepass")
    except Exception:  # noqa: BLE001  # nested too deeply, or a host object that misbehaves
        return b"cannot be told"
