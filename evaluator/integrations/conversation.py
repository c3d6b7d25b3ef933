"""What a client says to the service, and when it says it again: without a network.

A conversation is a generator. It yields what is to be done, a ``Post`` or a ``Wait``, is sent what
came of it, and returns the decision. The clients do the doing, each in its own way.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal, TypeVar
from uuid import uuid4

from evaluator.errors import RequestError, ServiceError
from evaluator.integrations.remote import (
    MalformedError,
    RemoteDecision,
    RemoteExplanation,
    denial,
    read_answer,
    read_explanation,
)
from evaluator.integrations.sending import UnsendableError, json_request
from evaluator.policy.request import Request

__all__ = [
    "Conversation",
    "Conversations",
    "Lost",
    "OnFailure",
    "Post",
    "Reply",
    "Wait",
]

OnFailure = Literal["raise", "deny"]
"""What becomes of a decision that the service does not give: ``ServiceError``, or a denial."""


@dataclass(frozen=True, slots=True)
class Post:
    """A body to send to a path of the service, for which an answer has so many ``seconds``."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered. The names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """Nothing was answered, and why. A ``final`` loss is not worth another attempt."""

    problem: str
    final: bool = False


_T = TypeVar("_T")
Conversation = Generator[Post | Wait, Reply | Lost | None, _T]

_EVALUATION: Final = "/access/v1/evaluation"
_EVALUATIONS: Final = "/access/v1/evaluations"
_EXPLAIN: Final = "/v1/explain"
# Of a service that is overloaded or restarted, and of what stands between it and the client.
_PASSING: Final = frozenset({502, 503, 504})
_TOO_LARGE: Final = 413
_FIRST_PAUSE: Final = 0.1  # seconds, doubled each time
_LANGUAGES: Final = re.compile(r"[A-Za-z0-9*,;=. _-]{1,200}", re.ASCII)
_KEY: Final = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Conversations:
    """How a client talks: its key, how long a call may take in seconds, how often it is tried."""

    key: str | Callable[[], str] | None
    timeout: float
    retries: int
    on_failure: OnFailure

    def __post_init__(self) -> None:
        if self.timeout <= 0:
            raise ValueError("timeout is not positive")
        if self.retries < 0:
            raise ValueError("retries is negative")
        if self.on_failure not in ("raise", "deny"):
            raise ValueError("on_failure is neither `raise` nor `deny`")
        if isinstance(self.key, str):
            _bearer(self.key)

    def decide(
        self, request: Mapping[str, Any] | Request, locale: str | None
    ) -> Conversation[RemoteDecision]:
        """One decision. A request that is none is denied, as ``PolicySet.decide`` does."""
        try:
            data = _sendable(request)
        except UnsendableError as error:
            return _invalid(str(error), locale)
        try:
            return (
                yield from self._ask(
                    _EVALUATION, data, locale, lambda answer: read_answer(answer, locale=locale)
                )
            )
        except ServiceError as error:
            return self._without_answer(error, locale)

    def decide_all(
        self, requests: Sequence[Mapping[str, Any] | Request], locale: str | None
    ) -> Conversation[list[RemoteDecision]]:
        """A decision for each request, in one message; in several where the service wants that."""
        decisions: list[RemoteDecision | None] = [None] * len(requests)
        sent: list[tuple[int, dict[str, Any]]] = []
        for number, request in enumerate(requests):
            try:
                sent.append((number, _sendable(request)))
            except UnsendableError as error:
                decisions[number] = _invalid(str(error), locale)
        answers = yield from self._batch([data for _, data in sent], locale)
        for (number, _), decision in zip(sent, answers, strict=True):
            decisions[number] = decision
        return [decision for decision in decisions if decision is not None]

    def explain(
        self, request: Mapping[str, Any] | Request, locale: str | None
    ) -> Conversation[RemoteExplanation]:
        """The explanation of one decision. Raises ``ServiceError`` whatever ``on_failure`` is."""
        try:
            data = _sendable(request)
        except UnsendableError as error:
            return RemoteExplanation(_invalid(str(error), locale), ())
        return (
            yield from self._ask(
                _EXPLAIN, data, locale, lambda answer: read_explanation(answer, locale=locale)
            )
        )

    def _batch(
        self, requests: Sequence[Mapping[str, Any]], locale: str | None
    ) -> Conversation[list[RemoteDecision]]:
        if not requests:
            return []
        try:
            return (
                yield from self._ask(
                    _EVALUATIONS,
                    {"evaluations": requests},
                    locale,
                    lambda answer: _members(answer, len(requests), locale),
                )
            )
        except ServiceError as error:
            if error.status != _TOO_LARGE or len(requests) == 1:
                return [self._without_answer(error, locale)] * len(requests)
        half = len(requests) // 2
        first = yield from self._batch(requests[:half], locale)
        return first + (yield from self._batch(requests[half:], locale))

    def _without_answer(self, error: ServiceError, locale: str | None) -> RemoteDecision:
        if self.on_failure == "raise":
            raise error
        return denial("service-unavailable", error.message, now=time.time_ns(), locale=locale)

    def _ask(
        self, path: str, data: Any, locale: str | None, read: Callable[[Any], _T]
    ) -> Conversation[_T]:
        """What the answer to a message says. Raises ``ServiceError`` where there is none."""
        id_ = uuid4().hex
        headers = self._headers(id_, locale)
        body = json.dumps(data, allow_nan=False, separators=(",", ":")).encode("ascii")
        deadline = time.monotonic() + self.timeout
        attempt = 0
        while True:
            outcome = yield Post(path, headers, body, max(deadline - time.monotonic(), 0.001))
            assert outcome is not None
            if isinstance(outcome, Reply) and outcome.status not in _PASSING:
                return _read(outcome, id_, read)
            pause = _FIRST_PAUSE * 2**attempt
            told = _retry_after(outcome)
            late = time.monotonic() + (pause if told is None else told) >= deadline
            if late or attempt == self.retries or (isinstance(outcome, Lost) and outcome.final):
                raise _failure(outcome, id_)
            yield Wait(pause if told is None else told)
            attempt += 1

    def _headers(self, id_: str, locale: str | None) -> dict[str, str]:
        headers = {
            "content-type": "application/json",
            "accept": "application/json",
            "accept-encoding": "identity",
            "user-agent": "policy-evaluator",
            "x-request-id": id_,
        }
        if self.key is not None:
            headers["authorization"] = _bearer(
                self.key if isinstance(self.key, str) else self.key()
            )
        if locale is not None and _LANGUAGES.fullmatch(locale):
            headers["accept-language"] = locale.replace("_", "-")
        return headers


def _bearer(key: str) -> str:
    # What HTTP does not take in a header would be shown in the error of whoever refuses it.
    if not _KEY.fullmatch(key):
        raise ValueError("the key is empty, or has characters that no key has")
    return f"Bearer {key}"


def _sendable(request: Mapping[str, Any] | Request) -> dict[str, Any]:
    """The request as JSON data. Raises ``UnsendableError`` for one that nobody has to be asked for.

    Its envelope is looked at here, so that it is denied in the words of ``PolicySet.decide``, and a
    refusal of the service is never taken for a fault of the request.
    """
    if not isinstance(request, Request):
        try:
            Request.parse(request)
        except RequestError as error:
            if not isinstance(request, Mapping):
                raise
            words = "; ".join(diagnostic.message for diagnostic in error.diagnostics)
            raise UnsendableError(words) from None
    return json_request(request)


def _invalid(problem: str, locale: str | None) -> RemoteDecision:
    return denial("invalid-request", problem, now=time.time_ns(), locale=locale)


def _read(reply: Reply, id_: str, read: Callable[[Any], _T]) -> _T:
    """What a reply says. Raises ``ServiceError`` for a refusal, and for what is no answer."""
    if reply.status != 200:
        raise _failure(reply, id_)
    try:
        return read(json.loads(reply.body))
    except MalformedError as error:
        problem = str(error)
    except (ValueError, RecursionError):
        problem = "it is no JSON"
    message = f"the service's answer is not understood: {problem}"
    raise ServiceError(message, reply.status, id_)


def _members(answer: Any, number: int, locale: str | None) -> list[RemoteDecision]:
    """The decisions of a batch. One that is missing is no decision at all."""
    members = answer.get("evaluations") if isinstance(answer, dict) else None
    if not isinstance(members, list):
        raise MalformedError("`evaluations` is not an array")
    if len(members) != number:
        raise MalformedError(f"{number} requests have {len(members)} decisions")
    return [_member(member, locale) for member in members]


def _member(member: Any, locale: str | None) -> RemoteDecision:
    decision = read_answer(member, locale=locale)
    error = (member.get("context") or {}).get("error")
    if decision.allowed or not isinstance(error, dict):
        return decision
    return _invalid(str(error.get("message", "")), locale)


def _failure(outcome: Reply | Lost, id_: str) -> ServiceError:
    if isinstance(outcome, Lost):
        return ServiceError(outcome.problem, None, id_)
    message = f"HTTP status {outcome.status}: {_sentence(outcome)}"
    return ServiceError(message, outcome.status, id_, _retry_after(outcome))


def _sentence(reply: Reply) -> str:
    """What an error says: the text that AuthZEN has in the body, or the beginning of it."""
    try:
        told = json.loads(reply.body)
    except (ValueError, RecursionError):
        told = reply.body.decode("utf-8", "replace")
    text = told if isinstance(told, str) else reply.body.decode("utf-8", "replace")
    return " ".join(text.split())[:300].rstrip(".") or "no explanation"


def _retry_after(outcome: Reply | Lost) -> float | None:
    """When to come back (RFC 9110, section 10.2.3), in seconds from now; None where untold."""
    if isinstance(outcome, Lost):
        return None
    told = outcome.headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return float(told[:9])
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
