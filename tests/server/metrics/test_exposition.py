"""What is told to Prometheus, and what it comes from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

import evaluator
from evaluator.server.app import Application
from evaluator.server.metrics.exposition import DESCRIBED, exposition
from evaluator.server.metrics.measuring import Measuring
from evaluator.server.metrics.tallies import Tallies
from evaluator.server.settings import Settings
from tests.server.asking import ask, send_raw
from tests.server.changing_pack import REQUEST, put_pack

EVALUATION = "/access/v1/evaluation"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(tallies: Tallies) -> Samples:
    text = exposition(tallies).body.decode()
    return {
        (sample.name.removeprefix("evaluator_"), tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def tallies() -> Tallies:
    return Tallies(2)


def test_requests_and_decisions(tmp_path: Path, tallies: Tallies) -> None:
    policies = evaluator.load(put_pack(tmp_path / "pack"))
    app, other = (
        Application(policies, Settings(), key=b"", observer=Measuring(tallies.of(worker)))
        for worker in range(2)
    )
    for asked in (app, other, other):
        ask(asked, "POST", EVALUATION, REQUEST)
    secret = "<script>" * 10
    ask(app, "POST", EVALUATION, {**REQUEST, "action": {"name": secret}})
    ask(app, "GET", f"/{secret}")
    ask(app, "POST", EVALUATION, {"subject": secret})
    found = samples(tallies)
    by_pages = (("effect", "allow"), ("pack", "pages"))
    assert found["decision_seconds_count", by_pages] == 3
    assert found["decision_seconds_count", (("effect", "deny"), ("pack", ""))] == 1
    assert found["rule_decisions_total", (("pack", "pages"), ("rule", "version-1"))] == 3
    assert found["rule_decisions_total", (("pack", ""), ("rule", "no-policy-applies"))] == 1
    requests = {
        dict(labels)["endpoint"] + " " + dict(labels)["status"]: number
        for (name, labels), number in found.items()
        if name == "request_seconds_count"
    }
    assert requests == {
        f"{EVALUATION} 2xx": 4,
        f"{EVALUATION} 4xx": 1,
        "other 4xx": 1,
    }
    assert "script" not in exposition(tallies).body.decode()


def test_buckets_add_up(tallies: Tallies) -> None:
    measuring = Measuring(tallies.of(0))
    for seconds in (0.00005, 0.0001, 0.0002, 0.3, 20.0):
        measuring.answered("/healthz", 200, seconds)
    found = samples(tallies)

    def below(bound: str) -> float:
        labels = (("endpoint", "/healthz"), ("le", bound), ("status", "2xx"))
        return found["request_seconds_bucket", labels]

    assert [below(bound) for bound in ("0.0001", "0.00025", "0.25", "0.5", "10.0", "+Inf")] == [
        *(2, 3, 3, 4, 4, 5)
    ]
    labels = (("endpoint", "/healthz"), ("status", "2xx"))
    assert found["request_seconds_sum", labels] == pytest.approx(20.30035)


def test_gauges(tallies: Tallies) -> None:
    for worker, loaded in ((0, 30.0), (1, 20.0)):
        measuring = Measuring(tallies.of(worker))
        measuring.set("policies_loaded_timestamp_seconds", loaded)
        measuring.watch("connections", lambda: 4.0)
        measuring.watch("connections", lambda: 5.0)
        measuring.sample()
        measuring.count("reloads", "failed")
    found = samples(tallies)
    assert found["policies_loaded_timestamp_seconds", ()] == 20.0  # the oldest that answer
    assert found["connections", ()] == 10.0
    assert found["reloads_total", (("result", "failed"),)] == 2.0


def test_the_answer_is_prometheus_own_format(tmp_path: Path, tallies: Tallies) -> None:
    policies = evaluator.load(put_pack(tmp_path / "pack"))
    app = Application(policies, Settings(), key=b"")
    app.tell("/metrics", lambda: exposition(tallies))
    status, _, headers = send_raw(app, "GET", "/metrics", b"", {})
    assert (status, headers["content-type"].partition(";")[0]) == (200, "text/plain")


def test_every_name_that_is_counted_is_described() -> None:
    server = Path(evaluator.__file__).parent / "server"
    text = "".join(path.read_text("utf-8") for path in server.rglob("*.py"))
    used = set(re.findall(r"\.(?:count|counter|set|watch)\(\s*\"(\w+)\"", text))
    used |= set(re.findall(r"\.place\(\s*\(\s*\"(\w+)\"", text))
    assert used == set(DESCRIBED)


def test_statuses_are_told_by_their_class(tallies: Tallies) -> None:
    measuring = Measuring(tallies.of(0))
    for status in range(200, 600):
        measuring.answered("/healthz", status, 0.1)
    names = {labels for name, labels in samples(tallies) if name == "request_seconds_count"}
    assert len(names) == 4
