"""The client decides as the policies would here, and without an answer it never allows."""

from __future__ import annotations

import asyncio
import json
import pickle
import random
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import evaluator
from evaluator.documents.json_documents import load_json
from evaluator.errors import Denied, RequestError, ServiceError
from evaluator.integrations.client import AsyncClient, Client
from evaluator.server.app import Application
from evaluator.server.settings import Limits, Settings
from tests.integrations.services import (
    KINDS,
    Kind,
    answers,
    anyway,
    asking,
    listed,
    replying,
    told,
)
from tests.licence_requests import mutated, requests
from tests.server.processes import started

LICENCES = Path(__file__).parents[2] / "policies/licenses"
DOCUMENTS = Path(__file__).parents[2] / "docs/demo/documents"
READ: dict[str, Any] = {
    "subject": {"type": "user", "id": "ann"},
    "action": {"name": "read"},
    "resource": {
        "type": "document",
        "id": "d1",
        "properties": {"owner": "ann", "classified": False},
    },
}
CLASSIFIED = {
    **READ,
    "resource": {**READ["resource"], "properties": {"owner": "ann", "classified": True}},
}
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
SECRET = "topsecret-0123456789"

pytestmark = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
def licences() -> evaluator.PolicySet:
    return evaluator.load(LICENCES, clock=lambda: NOW)


@pytest.fixture(scope="module")
def app(licences: evaluator.PolicySet) -> Application:
    settings = Settings(trust_client_time=True, explains=True, limits=Limits(evaluations=3))
    return Application(licences, settings, key=b"")


def without_columns(parts: Any) -> list[str]:
    """Reasons or notices; where they stand is told by ``to_dict``, to the line."""
    return [repr(part).replace(repr(part.at), "here") for part in parts]


@pytest.mark.parametrize("locale", [None, "da", "en-GB"])
def test_it_decides_as_policies_do(
    kind: Kind, app: Application, licences: evaluator.PolicySet, locale: str | None
) -> None:
    client = asking(kind, app)
    effects = set()
    for request in requests(41, 25):
        here = licences.decide(request, locale=locale)
        there = anyway(client.decide(request, locale=locale))
        assert there.to_dict() == here.to_dict()
        assert without_columns(there.reasons) == without_columns(here.reasons)
        assert without_columns(there.notices) == without_columns(here.notices)
        for part in ("effect", "allowed", "rule_ids", "remedies", "errors", "valid_until", "packs"):
            assert getattr(there, part) == getattr(here, part)
        assert there.locale == here.locale
        effects.add(there.effect)
    assert effects == {"allow", "deny"}


def test_damaged_requests_are_denied_alike(
    kind: Kind, app: Application, licences: evaluator.PolicySet
) -> None:
    client = asking(kind, app, on_failure="deny")
    seen = set()
    rng = random.Random(43)
    for valid in requests(43, 80):
        request = mutated(valid, rng)
        here, there = licences.decide(request), anyway(client.decide(request))
        seen.add(there.rule_ids)
        if is_json(request):
            assert (there.effect, there.rule_ids) == (here.effect, here.rule_ids)
            assert [one.message for one in there.reasons] == [one.message for one in here.reasons]
        else:
            assert there.rule_ids in (("invalid-request",), ("service-unavailable",))
    assert len(seen) > 10
    assert ("invalid-request",) in seen


def is_json(request: Any) -> bool:
    """Whether a service can be sent it: no NaN, no half of a character, not nested too deeply."""
    try:
        text = json.dumps(request, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return not load_json(text, name="request")[1]


def test_what_is_no_request_is_not_sent(kind: Kind) -> None:
    client = replying(kind, answers(AssertionError("sent")))
    wrong: Any
    for wrong in (None, [], "{}"):
        with pytest.raises(RequestError):
            anyway(client.decide(wrong))
    for nothing in ({}, {**READ, "subject": 1}, {**READ, "context": {"a": b"x"}}):
        decision = anyway(client.decide(nothing))
        assert decision.rule_ids == ("invalid-request",)
        assert decision.packs == ()
    assert [one.effect for one in listed(client.decide_many([{}, {}]))] == ["deny", "deny"]


def test_values_of_python_arrive_as_they_were(
    kind: Kind, app: Application, licences: evaluator.PolicySet
) -> None:
    removal = json.loads((LICENCES.parents[1] / "docs/demo/removal.json").read_text("utf-8"))
    removal["resource"]["properties"]["term_end"] = datetime(2027, 3, 1, tzinfo=UTC)
    removal["context"]["time"] = evaluator.Timestamp(1_772_528_400_000_000_001)
    there = anyway(asking(kind, app).decide(removal))
    assert there.to_dict() == licences.decide(removal).to_dict()
    assert there.decided_at == evaluator.Timestamp(1_772_528_400_000_000_001)


@pytest.mark.parametrize("batch", [1, 2, 10])
def test_many_are_sent_in_batches_and_kept_in_order(
    kind: Kind, app: Application, licences: evaluator.PolicySet, batch: int
) -> None:
    some: list[Any] = [*requests(47, 8), {}, {**READ, "action": {"name": "fly"}}]
    found = listed(asking(kind, app, batch=batch).decide_many(iter(some), locale="da"))
    here = list(licences.decide_many(some, locale="da"))
    assert [one.rule_ids for one in found] == [one.rule_ids for one in here]
    assert [one.to_dict()["reasons"] for one in found] == [one.to_dict()["reasons"] for one in here]


ON_TRIAL = {
    "pack.yaml": b"""\
language: 1
name: trial
version: 1.0.0
title: Rules that err, and rules on trial
files: [trial.yaml]
""",
    "trial.yaml": b"""\
policy: trial.trial
title: Rules that err, and rules on trial
applies_to: {resource: box, actions: [open]}
rules:
  - id: open
    effect: allow
    when: resource.open
  - {id: erring-allow, effect: allow, when: 1 / resource.zero == 1}
  - {id: erring-deny, effect: deny, when: 1 / resource.zero == 1, reason: Erring.}
  - {id: on-trial, effect: deny, mode: report, when: resource.open, reason: On trial.}
  - {id: erring-trial, effect: deny, mode: report, when: 1 / resource.zero == 1, reason: Trial.}
outputs:
  until: {value: now + duration("1h"), on: [allow, deny]}
  broken: {value: 1 / resource.zero, on: [allow, deny]}
""",
}


@pytest.mark.parametrize("zero", [0, 1, 2])
def test_notices_and_errors_are_told(kind: Kind, zero: int) -> None:
    here = evaluator.load(evaluator.MemoryFiles(ON_TRIAL), clock=lambda: NOW)
    client = asking(kind, Application(here, Settings(), key=b""))
    request = {
        "subject": {"type": "user", "id": "ann"},
        "action": {"name": "open"},
        "resource": {"type": "box", "id": "b", "properties": {"open": True, "zero": zero}},
    }
    wanted, found = here.decide(request), anyway(client.decide(request))
    assert found.to_dict() == wanted.to_dict()
    assert without_columns(found.notices) == without_columns(wanted.notices)
    assert found.errors == wanted.errors
    assert [one.error for one in found.reasons] == [one.error for one in wanted.reasons]
    assert found.notices
    assert found.outputs["until"] == "2026-03-03T10:00:00Z"
    assert len(found.errors) == (2 if zero == 0 else 0)


def test_require_and_allowed(kind: Kind) -> None:
    app = Application(evaluator.load(DOCUMENTS), Settings(), key=b"")
    client = asking(kind, app)
    assert anyway(client.allowed(READ)) is True
    assert anyway(client.require(READ)).rule_ids == ("owner",)
    assert anyway(client.allowed(CLASSIFIED)) is False
    with pytest.raises(Denied, match="classified: The document is classified") as denied:
        anyway(client.require(CLASSIFIED))
    assert denied.value.decision.rule_ids == ("classified",)


def test_the_time_that_a_service_ignored_is_told(kind: Kind) -> None:
    app = Application(evaluator.load(DOCUMENTS), Settings(), key=b"")
    timed = {**READ, "context": {"time": "2026-03-03T09:00:00Z"}}
    decision = anyway(asking(kind, app).decide(timed))
    assert decision.ignored == ("/context/time",)
    assert decision.now_from == "clock"


def test_explanations(kind: Kind, app: Application, licences: evaluator.PolicySet) -> None:
    request = next(requests(53, 1))
    there = anyway(asking(kind, app).explain(request, locale="da"))
    here = licences.explain(request, locale="da")
    assert there.to_dict() == here.to_dict()
    some = {there.rules[0].rule}
    assert [one.rule for one in there.of(some).rules] == [one.rule for one in here.of(some).rules]
    assert anyway(asking(kind, app).explain({})).decision.rule_ids == ("invalid-request",)
    silent = Application(licences, Settings(), key=b"")
    with pytest.raises(ServiceError, match="404"):
        anyway(asking(kind, silent, on_failure="deny").explain(request))


ALLOWED = {"decision": True, "context": {}}
FAILURES = {
    "no connection": (httpx.ConnectError("refused"), "could not be reached"),
    "nothing in time": (httpx.ReadTimeout(""), "in time"),
    "forbidden": (told(403, "not you"), "HTTP status 403: not you"),
    "another host": (told(421, "this is not the host `pdp`"), "not the host"),
    "an error as HTML": (httpx.Response(500, text="<h1>Oh\nno</h1>"), "500: <h1>Oh no</h1>"),
    "an error without words": (httpx.Response(500), "no explanation"),
    "elsewhere": (told(307, ALLOWED, location="http://elsewhere/"), "307"),
    "created": (told(201, ALLOWED), "201"),
    "no JSON": (httpx.Response(200, text="yes"), "no JSON"),
    "deep JSON": (httpx.Response(200, text="[" * 100_000), "no JSON"),
    "a list": (told(200, [True]), "the answer is not an object"),
    "nothing": (told(200, {}), "`decision` is neither true nor false"),
    "a text": (told(200, {"decision": "true"}), "`decision`"),
    "a number": (told(200, {"decision": 1}), "`decision`"),
    "reasons that are none": (told(200, {**ALLOWED, "context": {"reasons": {}}}), "`reasons`"),
    "a reason that is none": (told(200, {**ALLOWED, "context": {"reasons": [1]}}), "reasons.0."),
    "a time that is none": (
        told(200, {**ALLOWED, "context": {"valid_until": "soon"}}),
        "`valid_until` is not a date",
    ),
    "a rule that is none": (
        told(200, {**ALLOWED, "context": {"reasons": [{"rule": 1}]}}),
        "`rule` is not a text",
    ),
    "another kind": (
        told(200, {**ALLOWED, "context": {"reasons": [{"rule": "a", "kind": "maybe"}]}}),
        "`kind` is none of",
    ),
    "a place that is none": (
        told(
            200,
            {
                **ALLOWED,
                "context": {
                    "reasons": [
                        {
                            "rule": "a",
                            "kind": "allow",
                            "message": "",
                            "at": {"file": "f", "line": True},
                        }
                    ]
                },
            },
        ),
        "`line` is not an integer",
    ),
}


@pytest.mark.parametrize(("reply", "words"), FAILURES.values(), ids=FAILURES)
def test_without_an_answer_nothing_is_allowed(
    kind: Kind, reply: httpx.Response | Exception, words: str
) -> None:
    client = replying(kind, answers(reply), retries=0)
    for call in (client.decide, client.allowed, client.require, client.explain):
        with pytest.raises(ServiceError, match=words if call == client.decide else None):
            anyway(call(READ))
    with pytest.raises(ServiceError):
        listed(client.decide_many([READ, READ]))

    denying = replying(kind, answers(reply), retries=0, on_failure="deny")
    decision = anyway(denying.decide(READ, locale="da"))
    assert decision.rule_ids == ("service-unavailable",)
    assert decision.reasons[0].kind == "default"
    assert decision.reasons[0].message.startswith("Tjenesten")
    assert decision.valid_until == decision.decided_at  # not to be kept
    assert anyway(denying.allowed(READ)) is False
    with pytest.raises(Denied):
        anyway(denying.require(READ))
    many = listed(denying.decide_many([READ, READ]))
    assert [one.rule_ids for one in many] == [("service-unavailable",)] * 2


def test_an_explanation_without_a_decision_is_none(kind: Kind) -> None:
    reply = told(200, {"decision": {"decision": "maybe"}, "rules": []})
    with pytest.raises(ServiceError, match="neither `allow` nor `deny`"):
        anyway(replying(kind, answers(reply)).explain(READ))


def test_an_answer_without_end_is_left(kind: Kind) -> None:
    read = []

    def parts() -> Iterator[bytes]:
        for number in range(1000):
            read.append(number)
            yield b" " * (1 << 20)

    async def later() -> AsyncIterator[bytes]:
        for part in parts():
            yield part

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=parts() if kind == "sync" else later())

    with pytest.raises(ServiceError, match="more than 67108864 octets"):
        anyway(replying(kind, answer, timeout=60).decide(READ))
    assert len(read) == 65


@pytest.mark.parametrize(
    "evaluations",
    [{"evaluations": [ALLOWED]}, {"evaluations": [ALLOWED] * 3}, {"evaluations": {}}, ALLOWED],
    ids=["too few", "too many", "an object", "none"],
)
def test_a_batch_has_a_decision_for_each(kind: Kind, evaluations: Any) -> None:
    client = replying(kind, answers(told(200, evaluations)))
    with pytest.raises(ServiceError, match=r"evaluations|decisions"):
        listed(client.decide_many([READ, READ]))


def test_a_member_that_is_refused_is_denied(kind: Kind) -> None:
    error = {"context": {"error": {"status": 400, "message": "it is odd"}}}
    batch = {"evaluations": [{"decision": False, **error}, {"decision": True, **error}, ALLOWED]}
    found = listed(replying(kind, answers(told(200, batch))).decide_many([READ] * 3))
    assert found[0].reasons[0].message == "The request is not valid: it is odd."
    assert [one.allowed for one in found] == [False, True, True]


def test_a_service_that_tells_no_reasons_is_taken_as_it_is(kind: Kind) -> None:
    allowed = anyway(replying(kind, answers(told(200, {"decision": True}))).decide(READ))
    assert (allowed.effect, allowed.reasons, allowed.locale) == ("allow", (), "und")


RECOVERING = {
    "overloaded": told(503, "busy", retry_after="0"),
    "overloaded till a date": told(503, "busy", retry_after="Tue, 03 Mar 2020 09:00:00 GMT"),
    "a bad gateway": httpx.Response(502),
    "a connection that was gone": httpx.ReadError("closed"),
}


@pytest.mark.parametrize("reply", RECOVERING.values(), ids=RECOVERING)
def test_what_passes_is_tried_again(kind: Kind, reply: httpx.Response | Exception) -> None:
    ids = []
    answer = answers(reply, told(200, ALLOWED))

    def watched(request: httpx.Request) -> httpx.Response:
        ids.append(request.headers["x-request-id"])
        return answer(request)

    assert anyway(replying(kind, watched).allowed(READ)) is True
    assert len(ids) == 2
    assert len(set(ids)) == 1  # it is one call


@pytest.mark.parametrize(
    ("reply", "options", "tries"),
    [
        pytest.param(told(503, "busy", retry_after="0"), {"retries": 2}, 3, id="bounded"),
        pytest.param(told(503, "busy", retry_after="0"), {"retries": 0}, 1, id="never"),
        pytest.param(told(503, "busy", retry_after="60"), {}, 1, id="too long a wait"),
        pytest.param(told(503, "busy", retry_after="9" * 400), {}, 1, id="for ever"),
        pytest.param(told(503, "busy", retry_after="soon"), {"timeout": 0.05}, 1, id="no number"),
        pytest.param(
            told(503, "busy", retry_after="Tue, 03 Mar 2099 09:00:00"),  # in no time zone
            {"timeout": 0.05},
            1,
            id="no date",
        ),
        pytest.param(told(429, "slower", retry_after="0"), {}, 1, id="another status"),
        pytest.param(httpx.ReadTimeout("late"), {}, 1, id="no time left"),
    ],
)
def test_tries_are_bounded(
    kind: Kind, reply: httpx.Response | Exception, options: dict[str, Any], tries: int
) -> None:
    seen = []
    answer = answers(reply)

    def watched(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer(request)

    began = time.monotonic()
    with pytest.raises(ServiceError) as raised:
        anyway(replying(kind, watched, **options).decide(READ))
    assert len(seen) == tries
    assert time.monotonic() - began < 2
    if isinstance(reply, httpx.Response):
        assert raised.value.status == reply.status_code
    assert raised.value.request_id == seen[0].headers["x-request-id"]


def test_a_key_is_shown_to_the_service_only(kind: Kind) -> None:
    seen: list[Any] = []

    def watched(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("authorization"))
        return told(401, "who are you")

    keys = iter(["first", "second"])
    turning = replying(kind, watched, key=lambda: next(keys))
    for client in (turning, turning, replying(kind, watched, key=SECRET), replying(kind, watched)):
        with pytest.raises(ServiceError) as raised:
            anyway(client.decide(READ))
        assert SECRET not in repr(client) + str(raised.value) + repr(vars(raised.value))
    assert seen == ["Bearer first", "Bearer second", f"Bearer {SECRET}", None]
    for wrong in ("", f"{SECRET}\r\nX-Admin: 1", f"{SECRET}é"):
        with pytest.raises(ValueError, match="the key") as refused:
            replying(kind, watched, key=wrong)
        assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("locale", "sent"),
    [("da", "da"), ("da_DK", "da-DK"), ("da;q=1, en", "da;q=1, en"), ("d\na", None)],
)
def test_a_locale_is_a_header(kind: Kind, locale: str, sent: str | None) -> None:
    seen: list[Any] = []

    def watched(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("accept-language"))
        return told(200, ALLOWED)

    anyway(replying(kind, watched).decide(READ, locale=locale))
    assert seen == [sent]


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("pdp:8181", {}),
        ("ftp://pdp", {}),
        ("http://", {}),
        ("http://pdp?x=1", {}),
        ("http://ann:pw@pdp", {}),
        ("http://pdp", {"timeout": 0}),
        ("http://pdp", {"retries": -1}),
        ("http://pdp", {"batch": 0}),
        ("http://pdp", {"on_failure": "allow"}),
    ],
)
def test_options_that_are_none(kind: Kind, url: str, options: dict[str, Any]) -> None:
    cls = type(replying(kind, answers(told(200, ALLOWED))))
    with pytest.raises(ValueError, match=r"\w"):
        cls(url, **options)


def test_decisions_and_errors_can_be_pickled(kind: Kind, app: Application) -> None:
    decision = anyway(asking(kind, app).decide(next(requests(59, 1))))
    assert pickle.loads(pickle.dumps(decision)) == decision
    error = ServiceError("no", 503, "id", 1.0)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.status, again.request_id, again.retry_after) == ("no", 503, "id", 1.0)


def test_of_several_locales_the_one_that_was_spoken_is_told(kind: Kind, app: Application) -> None:
    accepted = "fr, da;q=0.8, en;q=0.5"
    client = asking(kind, app)
    locales = set()
    for request in requests(61, 20):
        decision = anyway(client.decide(request, locale=accepted))
        locales.add((decision.effect, decision.locale))
    assert locales == {("allow", "da"), ("deny", "da")}
    nothing = anyway(client.decide({}, locale=accepted))
    assert nothing.locale == "da"
    assert nothing.reasons[0].message.startswith("Forespørgslen er ikke gyldig")


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with started("-p", str(DOCUMENTS)) as running:
        yield running.url


def test_a_real_service(kind: Kind, service: str) -> None:
    here = evaluator.load(DOCUMENTS)
    some = [READ, CLASSIFIED, {**READ, "action": {"name": "burn"}}]
    wanted = [here.decide(request).rule_ids for request in some]

    async def asynchronously() -> list[tuple[str, ...]]:
        async with AsyncClient(service) as client:
            many = [decision.rule_ids async for decision in client.decide_many(some)]
            return [(await client.decide(request)).rule_ids for request in some] + many

    if kind == "async":
        assert anyway(asynchronously()) == wanted * 2
        return
    with Client(service) as client:
        found = [client.decide(request).rule_ids for request in some]
        assert found + [one.rule_ids for one in client.decide_many(some)] == wanted * 2


def test_what_is_too_much_for_one_message_goes_in_several(kind: Kind, service: str) -> None:
    large = {**READ, "subject": {"type": "user", "id": "ann" * 10_000}}  # 40 of them are too much

    async def asynchronously() -> list[bool]:
        async with AsyncClient(service) as client:
            return [decision.allowed async for decision in client.decide_many([large] * 40)]

    if kind == "async":
        assert anyway(asynchronously()) == [False] * 40
        return
    with Client(service) as client:
        assert [one.allowed for one in client.decide_many([large] * 40)] == [False] * 40


def dripping(listener: socket.socket) -> None:
    """Answers with one octet of a body at a time, slowly, until nobody listens."""
    connection, _ = listener.accept()
    with connection, suppress(OSError):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            connection.sendall(b" ")
            time.sleep(0.05)


def allowed_by(kind: Kind, url: str) -> bool:
    async def asynchronously() -> bool:
        async with AsyncClient(url, timeout=0.3) as client:
            return await client.allowed(READ)

    if kind == "async":
        return asyncio.run(asynchronously())
    with Client(url, timeout=0.3) as client:
        return client.allowed(READ)


def test_a_service_that_drips_is_left(kind: Kind) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=dripping, args=(listener,))
        thread.start()
        began = time.monotonic()
        with pytest.raises(ServiceError, match="in time"):
            allowed_by(kind, f"http://127.0.0.1:{listener.getsockname()[1]}")
        assert time.monotonic() - began < 3
        thread.join(5)


def test_a_client_of_nobody(kind: Kind) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    client = replying(kind, answers(told(200, ALLOWED)))
    nobody = type(client)(f"http://127.0.0.1:{port}", timeout=1)
    with pytest.raises(ServiceError, match="could not be reached") as raised:
        anyway(nobody.decide(READ))
    assert raised.value.status is None
    if isinstance(nobody, Client):
        nobody.close()
    else:
        anyway(nobody.aclose())


def test_long_durations_are_sent_as_iso_8601(kind: Kind) -> None:
    bodies: list[Any] = []

    def watched(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content)["context"])
        return told(200, ALLOWED)

    client = replying(kind, watched)
    for length in (timedelta(days=7), timedelta(seconds=1.5), evaluator.Duration(1)):
        assert anyway(client.allowed({**READ, "context": {"length": length}})) is True
    assert [body["length"] for body in bodies] == ["PT604800S", "PT1.500000000S", "PT0.000000001S"]
    for wrong in (timedelta(-1), float("nan"), datetime(2026, 3, 3), object(), {1: 2}, b""):  # noqa: DTZ001  # naive on purpose
        assert anyway(client.allowed({**READ, "context": {"length": wrong}})) is False
    assert len(bodies) == 3
