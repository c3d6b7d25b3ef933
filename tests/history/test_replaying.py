"""Logged decisions made again, each at its own time, in constant memory."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Mapping
from typing import Any

import pytest

import evaluator
from evaluator.history.log import Record, read_log, record
from evaluator.history.replaying import Replay
from evaluator.history.reporting import Place
from evaluator.history.versions import Version
from evaluator.policy.loading import load_packs
from evaluator.source import MemoryFiles
from tests.history_runs import FILES, WIDER, request
from tests.licence_requests import requests


def version(files: Mapping[str, str]) -> Version:
    memory = MemoryFiles(files)
    return Version("policies", memory, load_packs(memory).packs)


def logged(files: Mapping[str, str], hours: range) -> bytes:
    policies = evaluator.load(MemoryFiles(files))
    lines = []
    for count in hours:
        asked = request(count)
        lines.append(json.dumps(record(asked, policies.decide(asked).to_dict())))
    return "\n".join(lines).encode()


def replayed(files: Mapping[str, str], log: bytes) -> Replay:
    replay = Replay(version(files))
    for found in read_log(io.BytesIO(log)):
        assert isinstance(found, Record), found
        assert replay.add(found, f"log:{found.line}") is None
    return replay


def test_the_same_policies_decide_alike() -> None:
    replay = replayed(FILES, logged(FILES, range(150, 190)))
    assert (replay.groups.decided, replay.groups.differing) == (40, 0)


def test_the_licence_pack_decides_its_log_alike() -> None:
    """Whatever a decision has in it, it is read from the log as it is made."""
    policies = evaluator.load("policies/licenses")
    replay = Replay(Version("policies", MemoryFiles({}), policies.packs))
    lines = []
    for asked in requests(7, 300):
        lines.append(json.dumps(record(asked, policies.decide(asked).to_dict())))
    for found in read_log(io.BytesIO("\n".join(lines).encode())):
        assert isinstance(found, Record), found
        assert replay.add(found, "log") is None
    assert (replay.groups.decided, [one.group.key for one in replay.findings()]) == (300, [])


def test_what_other_policies_decide_otherwise() -> None:
    replay = replayed(WIDER, logged(FILES, range(160, 180)))
    flipped, *others = replay.findings()
    assert (flipped.group.key.flip, flipped.group.key.cause.name) == ("allow", "late")
    assert (flipped.group.count, flipped.group.example.origin) == (1, "log:10")  # 169 hours
    assert (flipped.old, flipped.new) == (Place("rules.yaml", 8), Place("rules.yaml", 8))
    assert {one.group.key.cause.part for one in others} == {"output"}


def test_without_a_time_of_the_request_the_record_has_it() -> None:
    asked = request()
    del asked["context"]
    late = {"request": asked, "decision": "deny", "decided_at": "2026-04-01T00:00:00Z"}
    early = {**late, "decided_at": "2026-03-04T00:00:00Z"}
    replay = replayed(FILES, f"{json.dumps(late)}\n{json.dumps(early)}".encode())
    (found,) = replay.findings()
    assert found.group.example.origin == "log:2"
    assert found.group.key.flip == "allow"


@pytest.mark.parametrize(
    ("written", "code"),
    [({"request": request()}, "EVL783"), ({"request": {}, "decision": "deny"}, "EVL782")],
)
def test_what_cannot_be_compared(written: dict[str, Any], code: str) -> None:
    replay = Replay(version(FILES))
    (found,) = read_log(io.BytesIO(json.dumps(written).encode()))
    assert isinstance(found, Record)
    problem = replay.add(found, "log:1")
    assert problem is not None
    assert problem.code == code
    assert replay.groups.decided == 0


class Endless(io.RawIOBase):
    """A log that is made as it is read: some lines again and again."""

    def __init__(self, lines: list[bytes], count: int) -> None:
        self._lines = lines
        self._count = count
        self._at = 0

    def readline(self, size: int | None = -1) -> bytes:
        if self._at == self._count:
            return b""
        self._at += 1
        return self._lines[self._at % len(self._lines)]


def test_memory_does_not_grow_with_the_log() -> None:
    """A log ten times as long takes no more."""
    lines = logged(FILES, range(160, 180)).splitlines(keepends=True)
    replay = Replay(version(WIDER))

    def peak(count: int) -> int:
        tracemalloc.reset_peak()
        for found in read_log(Endless(lines, count)):  # type: ignore[arg-type]
            if isinstance(found, Record):
                replay.add(found, f"log:{found.line}")
        return tracemalloc.get_traced_memory()[1]

    tracemalloc.start()
    try:
        peak(100)
        short, long = peak(100), peak(1_000)
    finally:
        tracemalloc.stop()
    assert long < short + 200_000
    assert replay.groups.decided > 1_000


def test_groups_are_bounded_however_many_rules_a_log_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluator.history.groups._MOST", 10)
    replay = Replay(version(FILES))
    for number in range(30):
        reason = {"rule": f"rule-{number}", "policy": "returns.rules", "kind": "deny"}
        line = json.dumps(
            {"request": request(), "decision": {"decision": "deny", "reasons": [reason]}}
        )
        (found,) = read_log(io.BytesIO(line.encode()))
        assert isinstance(found, Record)
        replay.add(found, "log")
    assert len(replay.findings()) == 10
    assert (replay.groups.differing, replay.groups.ungrouped) == (30, 20)
