"""The Access Evaluation and Access Evaluations APIs: one decision, or many in one message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from evaluator.engine import PolicySet
from evaluator.errors import RequestError
from evaluator.policy.request import Request
from evaluator.server import wire
from evaluator.server.answers import Refusal, refusal_of
from evaluator.server.completing import Find, completed
from evaluator.server.http import encoded
from evaluator.server.remembering import Memory
from evaluator.server.seams import Caller, Gist, Made, Observer
from evaluator.server.settings import Settings

__all__ = ["Evaluation"]


@dataclass(slots=True, eq=False)
class Evaluation:
    """The answering of one message: by which policies, in which locale, for whom, under which id.

    ``find`` completes requests; None where nobody is known.
    ``made`` gathers the decisions, to be written down before the answer leaves.
    """

    policies: PolicySet
    memory: Memory
    settings: Settings
    observer: Observer
    locale: str | None
    id: str
    caller: Caller
    find: Find | None = None
    made: list[Made] = field(default_factory=list)

    def one(self, question: bytes, read: Callable[[], Any]) -> dict[str, Any]:
        """The answer to a request for one decision, by its JSON text and what reads that.

        Raises ``Refusal`` for what is no request.
        """
        if self.find is not None:
            return self._completed(read(), self.id, question)
        told = self._again(question, self.id)
        return self._answer(read(), self.id, question) if told is None else told

    def several(self, question: bytes, body: Any) -> dict[str, Any]:
        """The answer to a batch; to what has no ``evaluations``, as to one request.

        An evaluation that is no request is a denial with an error; the others are decided.
        """
        if not isinstance(body, Mapping):
            raise Refusal(400, "the request is not an object")
        evaluations = body.get("evaluations")
        if evaluations is None or evaluations == []:
            return self.one(question, lambda: body)
        if not isinstance(evaluations, list):
            raise Refusal(400, "evaluations is not an array")
        most = self.settings.limits.evaluations
        if len(evaluations) > most:
            raise Refusal(413, f"evaluations has {len(evaluations)} members; {most} is the most")
        wire.check_defaults(body)
        return {"evaluations": self._answers(body, evaluations, wire.semantic_of(body))}

    def _answers(
        self, body: Mapping[str, Any], evaluations: Sequence[Any], semantic: wire.Semantic
    ) -> list[dict[str, Any]]:
        last = {"deny_on_first_deny": False, "permit_on_first_permit": True}.get(semantic)
        answers = []
        for number, evaluation in enumerate(evaluations):
            answer = self._member(body, evaluation, f"{self.id}/{number}")
            answers.append(answer)
            if answer["decision"] is last:
                answer["context"]["ended_by"] = semantic
                break
        return answers

    def _member(self, body: Mapping[str, Any], evaluation: Any, id_: str) -> dict[str, Any]:
        if not isinstance(evaluation, Mapping):
            return wire.failed("the evaluation is not an object")
        request = wire.merged(body, evaluation)
        try:
            return self._completed(request, id_, encoded(request))
        except Refusal as refusal:
            return wire.failed(refusal.message, status=refusal.status)

    def _completed(self, body: Any, id_: str, question: bytes) -> dict[str, Any]:
        """The answer to what is known of a request; that is the question which is remembered."""
        if self.find is not None and isinstance(body, Mapping):
            request = completed(body, self.find)
            if request is not body:
                body, question = request, encoded(request)
        return self._again(question, id_) or self._answer(body, id_, question)

    def _again(self, question: bytes, id_: str) -> dict[str, Any] | None:
        """The answer to a question that is remembered."""
        began = perf_counter()
        kept = self.memory.find(question, self.locale)
        if kept is None:
            return None
        return self._tell(kept.request, kept.gist, kept.told, id_, kept.ignored, began)

    def _answer(self, body: Any, id_: str, question: bytes) -> dict[str, Any]:
        began = perf_counter()
        asked = body
        ignored: tuple[str, ...] = ()
        if isinstance(asked, Mapping):
            body, ignored = wire.timed(asked, trusted=self.settings.trust_client_time)
        try:
            request = Request.parse(body, sealed=True)
        except RequestError as error:
            raise refusal_of(error.diagnostics) from None
        decision = self.policies.decide(request, locale=self.locale)
        told = decision.to_dict(self.locale)
        gist = Gist.of(decision)
        decided = question if body is asked else encoded(body)
        self.memory.keep(question, self.locale, decision, gist, told, decided, ignored)
        return self._tell(body, gist, told, id_, ignored, began)

    def _tell(
        self,
        request: Mapping[str, Any],
        gist: Gist,
        told: Mapping[str, Any],
        id_: str,
        ignored: tuple[str, ...],
        began: float,
    ) -> dict[str, Any]:
        answer = wire.answer_of(gist, told, self.locale, id_, ignored)
        made = Made(id_, request, gist, told, self.caller)
        self.made.append(made)
        self.observer.decided(made, perf_counter() - began)
        return answer
