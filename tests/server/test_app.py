"""What the service answers beside decisions: errors, headers, batches, pages, metadata."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import evaluator
from evaluator.server.app import Application
from evaluator.server.entities import Entity, StoredEntities
from evaluator.server.settings import Limits, Settings
from tests.server.asking import ask, send_raw

FIXTURE = Path(__file__).parents[1] / "conformance/authzen/policies"
LICENCES = Path(__file__).parents[2] / "policies/licenses"
REQUEST = {
    "subject": {"type": "user", "id": "alice"},
    "action": {"name": "read"},
    "resource": {"type": "record", "id": "record-1"},
}
EVALUATION = "/access/v1/evaluation"
EVALUATIONS = "/access/v1/evaluations"
USERS = "/access/v1/search/subject"
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def app() -> Application:
    subjects = [
        Entity("user", name, {"role": "admin"} if name == "bob" else {})
        for name in ("carol", "bob", "alice")
    ]
    resources = [Entity("record", f"record-{number}", {}) for number in range(250)]
    entities = StoredEntities(subjects, resources, version="1")
    return Application(
        evaluator.load(FIXTURE),
        Settings(limits=Limits(body=2000, evaluations=3, results=100, candidates=150)),
        key=b"k" * 32,
        entities=entities,
    )


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "words"),
    [
        ("POST", EVALUATION, b"", JSON, 400, "no body"),
        ("POST", EVALUATION, b"{", JSON, 400, "not closed"),
        ("POST", EVALUATION, b'{"a": 1, "a": 2}', JSON, 400, "second time"),
        ("POST", EVALUATION, b'{"a": NaN}', JSON, 400, "NaN"),
        ("POST", EVALUATION, b"[" * 200 + b"]" * 200, JSON, 400, "nest"),
        ("POST", EVALUATION, b"\xff", JSON, 400, "UTF-8"),
        ("POST", EVALUATION, b"{}", {"content-type": "text/plain"}, 400, "application/json"),
        ("POST", EVALUATION, b"{}", {}, 400, "application/json"),
        ("POST", EVALUATION, b"{}", {**JSON, "content-encoding": "gzip"}, 415, "compressed"),
        ("POST", EVALUATION, b"{}", {**JSON, "content-encoding": "identity"}, 400, "/subject"),
        (
            "POST",
            EVALUATION,
            b"{}",
            {**JSON, "content-length": "2", "transfer-encoding": "chunked"},
            400,
            "Transfer-Encoding",
        ),
        ("POST", EVALUATION, b"[]", JSON, 400, "object"),
        ("POST", EVALUATION, b" " * 2001, JSON, 413, "2000"),
        ("POST", EVALUATION, b"{}", {**JSON, "content-length": "3000"}, 413, "2000"),
        ("GET", EVALUATION, b"", {}, 405, "POST"),
        ("DELETE", "/healthz", b"", {}, 405, "GET"),
        ("GET", "/nowhere", b"", {}, 404, "/nowhere"),
        ("POST", EVALUATIONS, b'{"evaluations": {}}', JSON, 400, "array"),
        ("POST", EVALUATIONS, b'{"evaluations": [1, 2, 3, 4]}', JSON, 413, "3"),
        ("POST", EVALUATIONS, b'{"subject": "a", "evaluations": [{}]}', JSON, 400, "subject"),
        ("POST", EVALUATIONS, b'{"context": [], "evaluations": [{}]}', JSON, 400, "context"),
        (
            "POST",
            EVALUATIONS,
            b'{"evaluations": [{}], "options": {"evaluations_semantic": "best"}}',
            JSON,
            400,
            "execute_all",
        ),
    ],
)
def test_refusals(
    app: Application,
    method: str,
    path: str,
    body: bytes,
    headers: dict[str, str],
    status: int,
    words: str,
) -> None:
    found, text, answered = send_raw(app, method, path, body, headers)
    assert found == status, text
    message = json.loads(text)
    assert isinstance(message, str)
    assert words in message
    assert answered["content-type"] == "application/json"


@pytest.mark.parametrize("chunks", [1, 2, 7])
def test_a_body_may_come_in_parts(app: Application, chunks: int) -> None:
    data = json.dumps(REQUEST).encode()
    status, text, _ = send_raw(app, "POST", EVALUATION, data, JSON, chunks)
    assert (status, json.loads(text)["decision"]) == (200, True)
    assert send_raw(app, "POST", EVALUATION, b" " * 2001, JSON, chunks)[0] == 413


@pytest.mark.parametrize(
    "name", ["abc-1", "a b\tc", "é", "x" * 5000, '{"a": [1]}', "urn:uuid:1;v=2, 3"]
)
def test_the_request_id_comes_back(app: Application, name: str) -> None:
    sent = {"X-Request-ID": name}
    _, body, headers = ask(app, "POST", EVALUATION, REQUEST, sent)
    assert headers["x-request-id"] == body["context"]["id"]
    assert headers["x-request-id"].encode("latin-1").decode() == name
    for method, path, status in [("POST", EVALUATION, 400), ("GET", "/nowhere", 404)]:
        found, _, headers = ask(app, method, path, None, sent)
        assert (found, headers["x-request-id"].encode("latin-1").decode()) == (status, name)


@pytest.mark.parametrize("name", [None, "", "a\x7fb", "a\r\nb: c", "\0"])
def test_a_request_without_a_name_gets_one(app: Application, name: str | None) -> None:
    sent = None if name is None else {"X-Request-ID": name}
    _, body, headers = ask(app, "POST", EVALUATION, REQUEST, sent)
    assert headers["x-request-id"] == body["context"]["id"] != name
    assert len(headers["x-request-id"]) > 8


def test_the_clients_time_counts_only_where_it_is_trusted() -> None:
    removal = json.loads((LICENCES.parents[1] / "docs/demo/removal.json").read_text("utf-8"))
    policies = evaluator.load(LICENCES)
    _, body, _ = ask(Application(policies, Settings(), key=b""), "POST", EVALUATION, removal)
    assert body["decision"] is False  # the window of that time has closed long since
    assert body["context"]["ignored"] == ["/context/time"]
    assert body["context"]["now_from"] == "clock"
    trusting = Application(policies, Settings(trust_client_time=True), key=b"")
    _, body, _ = ask(trusting, "POST", EVALUATION, removal)
    assert body["decision"] is True
    assert "ignored" not in body["context"]


@pytest.mark.parametrize("offset", ["-07:00", "Z"])
def test_a_moment_needs_no_seconds(offset: str) -> None:
    removal = json.loads((LICENCES.parents[1] / "docs/demo/removal.json").read_text("utf-8"))
    minute = {**removal, "context": {**removal["context"], "time": f"2026-03-03T01:22{offset}"}}
    whole = {**removal, "context": {**removal["context"], "time": f"2026-03-03T01:22:00{offset}"}}
    app = Application(
        evaluator.load(LICENCES), Settings(trust_client_time=True, explains=True), key=b""
    )
    told = [
        {**ask(app, "POST", EVALUATION, request)[1]["context"], "id": ""}
        for request in (whole, minute, minute)  # the last of them from memory
    ]
    assert told[0] == told[1] == told[2]
    assert told[0]["now_from"] == "request"
    assert ask(app, "POST", "/v1/explain", minute)[0] == 200
    assert ask(app, "POST", USERS, minute)[0] == 200


@pytest.mark.parametrize("moment", ["2026-03-03T01:22", "2026-03-03", "01:22Z", 5, None])
def test_a_moment_is_one(moment: Any) -> None:
    app = Application(evaluator.load(LICENCES), Settings(trust_client_time=True), key=b"")
    status, message, _ = ask(app, "POST", EVALUATION, {**REQUEST, "context": {"time": moment}})
    assert status == 400
    assert "/context/time" in message


@pytest.mark.parametrize(
    ("accepted", "locale"),
    [
        ("da", "da"),
        ("fr, da-DK;q=0.8, en;q=0.5", "da-DK"),
        ("fr", "en"),
        ("da;q=0, en", "en"),
        ("*", "en"),
        ("da" * 200, "en"),
        (";;q=x,", "en"),
    ],
)
def test_texts_are_in_the_language_of_the_reader(accepted: str, locale: str) -> None:
    app = Application(evaluator.load(LICENCES), Settings(), key=b"")
    request = {
        **REQUEST,
        "action": {"name": "buy_licenses"},
        "resource": {"type": "car", "id": "1"},
    }
    _, body, _ = ask(app, "POST", EVALUATION, request, {"Accept-Language": accepted})
    assert body["context"]["locale"] == locale
    (told,) = body["context"]["reason_user"].values()
    danish = locale.startswith("da")
    assert told.startswith("Ingen politik" if danish else "No policy"), told


@pytest.mark.parametrize(("accepted", "locale"), [("da, en", "da"), ("fr", "en"), (None, "en")])
def test_an_answer_that_allows_says_its_language_too(accepted: str | None, locale: str) -> None:
    app = Application(evaluator.load(LICENCES), Settings(trust_client_time=True), key=b"")
    removal = json.loads((LICENCES.parents[1] / "docs/demo/removal.json").read_text("utf-8"))
    headers = {} if accepted is None else {"Accept-Language": accepted}
    _, body, _ = ask(app, "POST", EVALUATION, removal, headers)
    assert body["decision"] is True
    assert body["context"]["locale"] == locale


def test_the_answers_of_a_batch_stand_alone(app: Application) -> None:
    batch = {
        **REQUEST,
        "evaluations": [
            {"resource": {"id": "record-2"}},  # takes the type of the default
            {"action": {}, "resource": {"type": "record"}},
            "none",
        ],
    }
    _, body, _ = ask(app, "POST", EVALUATIONS, batch, {"X-Request-ID": "b"})
    first, second, third = body["evaluations"]
    assert first["decision"] is True
    assert first["context"]["id"] == "b/0"
    assert second["decision"] is True  # name and id of the defaults
    assert third == {
        "decision": False,
        "context": {"error": {"status": 400, "message": "the evaluation is not an object"}},
    }


@pytest.mark.parametrize(
    ("semantic", "decisions"),
    [
        ("execute_all", [True, False, True]),
        ("deny_on_first_deny", [True, False]),
        ("permit_on_first_permit", [True]),
    ],
)
def test_semantics(app: Application, semantic: str, decisions: list[bool]) -> None:
    batch = {
        **REQUEST,
        "options": {"evaluations_semantic": semantic},
        "evaluations": [{}, {"action": {"name": "fly"}}, {}],
    }
    _, body, _ = ask(app, "POST", EVALUATIONS, batch)
    assert [answer["decision"] for answer in body["evaluations"]] == decisions


def search(app: Application, page: dict[str, Any], path: str = USERS) -> tuple[int, Any]:
    body = {**REQUEST, "page": page}
    return ask(app, "POST", path, body)[:2]


def test_a_limit_may_be_written_as_any_number(app: Application) -> None:
    assert search(app, {"limit": 1.0}) == search(app, {"limit": 1})


def test_pages_are_the_whole_in_parts(app: Application) -> None:
    _, whole = search(app, {})
    assert [result["id"] for result in whole["results"]] == ["alice", "bob"]
    assert whole["page"] == {"next_token": "", "count": 2}
    _, first = search(app, {"limit": 1})
    assert [result["id"] for result in first["results"]] == ["alice"]
    token = first["page"]["next_token"]
    _, second = search(app, {"limit": 1, "token": token})
    assert [result["id"] for result in second["results"]] == ["bob"]
    assert second["page"]["next_token"] == ""
    assert search(app, {"token": token})[1] == second
    assert search(app, {"limit": 2, "token": token}) == (
        400,
        "page.limit is not that of the pages before",
    )


def test_the_limit_holds_for_all_pages(app: Application) -> None:
    path = "/access/v1/search/resource"
    page: dict[str, Any] = {"limit": 40}
    sizes = []
    while page:
        _, found = search(app, page, path)
        assert list(found) == ["page", "results"]
        sizes.append(len(found["results"]))
        token = found["page"]["next_token"]
        page = {"token": token} if token else {}
    assert sum(sizes) == 250
    assert max(sizes) == 40


def test_a_page_without_results_says_whether_there_are_any(app: Application) -> None:
    _, first = search(app, {"limit": 0})
    assert first["results"] == []
    assert first["page"]["next_token"]
    assert search(app, {"token": first["page"]["next_token"]}) == search(app, {})
    _, nobody = ask(
        app, "POST", USERS, {**REQUEST, "action": {"name": "fly"}, "page": {"limit": 0}}
    )[:2]
    assert nobody == {"results": [], "page": {"next_token": "", "count": 0}}


def test_a_search_gives_what_decide_allows(app: Application) -> None:
    seen: list[str] = []
    page: dict[str, Any] = {}
    for _ in range(9):
        _, found = search(app, page, "/access/v1/search/resource")
        seen += [result["id"] for result in found["results"]]
        if not found["page"]["next_token"]:
            break
        page = {"token": found["page"]["next_token"]}
    wanted = [
        id_
        for id_ in sorted(f"record-{number}" for number in range(250))
        if app.policies.allowed({**REQUEST, "resource": {"type": "record", "id": id_}})
    ]
    assert seen == wanted


@pytest.mark.parametrize(
    "page",
    [
        {"token": "x"},
        {"token": "é"},
        {"token": 1},
        {"limit": -1},
        {"limit": "1"},
        {"limit": 1.5},
        {"limit": True},
        "next",
    ],
)
def test_pages_that_are_none(app: Application, page: Any) -> None:
    status, message = search(app, page)
    assert status == 400
    assert message.startswith("page")


def test_a_token_is_good_for_its_search_only(app: Application) -> None:
    token = search(app, {"limit": 1})[1]["page"]["next_token"]
    body = {**REQUEST, "action": {"name": "write"}, "page": {"token": token}}
    assert ask(app, "POST", USERS, body)[0] == 400
    flipped = token[:5] + ("A" if token[5] != "A" else "B") + token[6:]
    assert search(app, {"token": flipped})[0] == 400


def test_what_is_told_without_a_decision(app: Application) -> None:
    assert ask(app, "GET", "/healthz")[:2] == (200, {"status": "ok"})
    assert ask(app, "GET", "/v1/packs")[1]["packs"][0]["name"] == "records"
    _, metadata, headers = ask(
        app, "GET", "/.well-known/authzen-configuration", None, {"host": "pdp:1"}
    )
    assert headers["cache-control"] == "max-age=3600"
    assert metadata["policy_decision_point"] == "http://pdp:1"
    assert metadata["search_action_endpoint"] == "http://pdp:1/access/v1/search/action"
    public = Application(app.policies, Settings(public_url="https://pdp.example"), key=b"")
    metadata = ask(public, "GET", "/.well-known/authzen-configuration")[1]
    assert metadata["access_evaluation_endpoint"] == "https://pdp.example/access/v1/evaluation"


@pytest.mark.parametrize("suffix", ["", "/tenants/a"])
def test_metadata_of_an_address_with_a_path(app: Application, suffix: str) -> None:
    tenant = Application(app.policies, Settings("https://pdp.example/tenants/a"), key=b"")
    path = f"/.well-known/authzen-configuration{suffix}"
    metadata = ask(tenant, "GET", path)[1]
    assert metadata["policy_decision_point"] == "https://pdp.example/tenants/a"
    assert metadata["search_subject_endpoint"] == f"https://pdp.example/tenants/a{USERS}"
    assert ask(tenant, "GET", f"{path}/b")[0] == 404


def test_explanations_are_off_unless_enabled(app: Application) -> None:
    assert ask(app, "POST", "/v1/explain", REQUEST)[0] == 404
    enabled = Application(app.policies, Settings(explains=True), key=b"")
    assert ask(enabled, "POST", "/v1/explain", REQUEST)[1]["rules"]
    past = {**REQUEST, "context": {"time": "2001-01-01T00:00:00Z"}}
    told = ask(enabled, "POST", "/v1/explain", past)[1]["decision"]
    assert told["now_from"] == "clock"


def test_decide_answers_as_the_library_does(app: Application) -> None:
    _, body, _ = ask(app, "POST", "/v1/decide", REQUEST)
    own = app.policies.decide(REQUEST).to_dict()
    assert {**body, "decided_at": 0} == {**own, "decided_at": 0, "id": body["id"]}


def test_other_policies_take_over_at_once(app: Application) -> None:
    mine = Application(app.policies, Settings(), key=b"")
    before = ask(mine, "POST", EVALUATION, REQUEST)[1]["context"]["packs"]
    mine.replace(evaluator.load(LICENCES))
    after = ask(mine, "POST", EVALUATION, REQUEST)[1]["context"]["packs"]
    assert [pack["name"] for pack in before + after] == ["records", "licenses"]


def test_text_that_is_no_unicode_is_answered_too(app: Application) -> None:
    data = json.dumps({**REQUEST, "resource": {"type": "r\ud800", "id": "1"}}).encode()
    status, text, _ = send_raw(app, "POST", EVALUATION, data, JSON)
    assert status in (200, 400)
    json.loads(text)
