"""The decision log behind the service: what is in a record, and what happens when there is none."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import evaluator
from evaluator.history.chain import Link, Sealer
from evaluator.history.log import Record, read_log
from evaluator.history.replaying import Replay
from evaluator.history.schemas import generate, write
from evaluator.history.verifying import Verification
from evaluator.history.versions import Version
from evaluator.server.app import Application
from evaluator.server.log.chained_stream import ChainedStream
from evaluator.server.log.journal import DecisionLog
from evaluator.server.log.masking import MASK, read_masks
from evaluator.server.log.opening import open_log
from evaluator.server.log.records import Records
from evaluator.server.log.settings import LogSettings, MaskSetting
from evaluator.server.seams import Caller, Gist, Made
from evaluator.server.settings import Settings
from evaluator.source import Folder
from tests.decision_logs import KEY
from tests.server.asking import ask

ROOT = Path(__file__).parents[3]
LICENCES = ROOT / "policies/licenses"
REQUEST = json.loads((ROOT / "docs/demo/removal.json").read_text("utf-8"))
STRANGE = {**REQUEST, "action": {"name": "fly"}}
EVALUATION = "/access/v1/evaluation"
POLICIES = evaluator.load(LICENCES)


class Service:
    """The service with a decision log, asked without a server in between."""

    def __init__(self, settings: LogSettings) -> None:
        self.reports: list[str] = []
        self.settings = settings
        self.log = open_log(settings, report=self.reports.append)
        self.app = Application(
            POLICIES, Settings(trust_client_time=True, explains=True), key=b"", journal=self.log
        )

    def ask(self, body: Any, path: str = EVALUATION, id_: str = "id") -> tuple[int, Any, Any]:
        return ask(self.app, "POST", path, body, {"X-Request-ID": id_})

    def end(self) -> list[dict[str, Any]]:
        """The records, of a chain that is whole and in the form that is published."""
        self.log.end()
        assert self.settings.file is not None
        data = self.settings.file.read_bytes()
        key = None if self.settings.key is None else self.settings.key.read_bytes()
        assert not list(Verification(Sealer(key)).read(BytesIO(data), "log"))
        records = [json.loads(line) for line in data.splitlines()]
        schema = jsonschema.Draft202012Validator(generate())
        for record in records:
            schema.validate(record)
        return records


@pytest.fixture
def settings(tmp_path: Path) -> LogSettings:
    return LogSettings(tmp_path / "decisions.jsonl", durability="strict")


def test_the_published_schema(tmp_path: Path) -> None:
    write(str(tmp_path))
    name = "decision-log.schema.json"
    assert (ROOT / "schemas" / name).read_text("utf-8") == (tmp_path / name).read_text("utf-8")
    jsonschema.Draft202012Validator.check_schema(generate())


@pytest.mark.parametrize("durability", ["strict", "buffered"])
def test_a_record_has_the_request_and_what_was_told(settings: LogSettings, durability: Any) -> None:
    service = Service(replace(settings, durability=durability))
    _, answer, _ = service.ask(REQUEST)
    (record,) = service.end()
    assert record["request"] == REQUEST
    assert (record["id"], record["caller"], record["number"]) == ("id", None, 1)
    assert record["caller_type"] == "anonymous"
    told = {**answer["context"], "decision": "allow"}
    assert (told.pop("id"), told.pop("locale")) == ("id", "en")
    assert record["decision"] == told
    assert record["decided_at"] == told["decided_at"]


def test_a_record_tells_callers_of_one_name_apart() -> None:
    records = Records(read_masks(())[0], None)
    told = []
    for caller in (Caller("orders", "api_key"), Caller("orders", "jwt"), Caller()):
        record = json.loads(b"{%s}" % (records.of(replace(made(), caller=caller)) or b""))
        told.append((record["caller"], record["caller_type"]))
    assert told == [("orders", "api_key"), ("orders", "jwt"), (None, "anonymous")]


def test_each_decision_of_a_batch_has_a_record(settings: LogSettings) -> None:
    service = Service(settings)
    batch = {**REQUEST, "evaluations": [{}, {"action": {"name": "fly"}}, "none"]}
    service.ask(batch, "/access/v1/evaluations", "batch")
    records = service.end()
    assert [(one["id"], one["decision"]["decision"]) for one in records] == [
        ("batch/0", "allow"),
        ("batch/1", "deny"),
    ]


@pytest.mark.parametrize("path", ["/v1/decide", "/v1/explain"])
def test_whoever_tells_a_decision_writes_it_down(settings: LogSettings, path: str) -> None:
    service = Service(settings)
    assert service.ask(REQUEST, path)[0] == 200
    (record,) = service.end()
    assert record["request"] == REQUEST
    assert record["decision"]["decision"] == "allow"


def test_what_is_no_request_has_no_record(settings: LogSettings) -> None:
    service = Service(settings)
    assert service.ask({})[0] == 400
    assert service.end() == []


def test_a_log_can_be_replayed(settings: LogSettings) -> None:
    service = Service(settings)
    for request in (REQUEST, STRANGE):
        assert service.ask(request)[0] == 200
    service.end()
    assert settings.file is not None
    replay = Replay(Version("licenses", Folder(LICENCES), POLICIES.packs))
    with settings.file.open("rb") as stream:
        records = [record for record in read_log(stream) if isinstance(record, Record)]
    assert len(records) == 2
    assert [replay.add(record, f"log:{record.line}") for record in records] == [None, None]
    assert not replay.findings()


def test_masks_are_told(settings: LogSettings) -> None:
    masks = (
        MaskSetting("/resource/id"),
        MaskSetting("/subject/properties/roles/*", 'subject.type == "user"'),
        MaskSetting("/resource/properties/total", 'subject.type == "robot"'),
    )
    service = Service(replace(settings, masks=masks))
    service.ask(REQUEST)
    (record,) = service.end()
    assert record["masked"] == ["/resource/id", "/subject/properties/roles/0"]
    assert record["request"]["resource"]["id"] == MASK
    assert record["request"]["subject"]["properties"]["roles"] == [MASK]
    assert record["request"]["resource"]["properties"] == REQUEST["resource"]["properties"]
    assert b"billing_account_owner" not in json.dumps(record).encode()


def test_of_what_is_allowed_a_share_is_kept(settings: LogSettings, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(KEY)
    sampling = replace(settings, allows=0.3, key=tmp_path / "key")
    service = Service(sampling)
    for number in range(40):
        service.ask(REQUEST if number % 2 else STRANGE, id_=f"{number}")
    records = service.end()
    denials = [one for one in records if one["decision"]["decision"] == "deny"]
    allows = [one for one in records if one["decision"]["decision"] == "allow"]
    assert [one["id"] for one in denials] == [f"{number}" for number in range(0, 40, 2)]
    assert not any("sampled" in one for one in denials)
    assert 0 < len(allows) < 15
    assert {one["sampled"] for one in allows} == {0.3}


class Stuck:
    """A disk that takes its time, and then takes nothing."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.failure: OSError | None = None
        self.written: list[bytes] = []
        self.link = Link("0" * 16)

    def append(self, members: Sequence[bytes]) -> None:
        assert self.may_end.wait(10)
        if self.failure is not None:
            raise self.failure
        self.written += members

    def close(self) -> None:
        pass


def made(id_: str = "id") -> Made:
    decision = POLICIES.decide(STRANGE)
    return Made(id_, STRANGE, Gist.of(decision), decision.to_dict(), Caller("orders"))


def stuck(settings: LogSettings) -> tuple[Stuck, DecisionLog, list[str]]:
    sink, reports = Stuck(), list[str]()
    records = Records(read_masks(())[0], None)
    return sink, DecisionLog(sink, records, settings, report=reports.append), reports


def test_strict_answers_when_the_record_is_written(settings: LogSettings) -> None:
    sink, log, _ = stuck(settings)

    async def main() -> None:
        first = asyncio.create_task(log.write([made()]))
        second = asyncio.create_task(log.write([made(), made()]))
        await asyncio.sleep(0.05)
        assert not first.done()
        assert not second.done()
        first.cancel()  # who asked has gone; the record is written all the same
        sink.may_end.set()
        await second

    asyncio.run(main())
    log.end()
    assert len(sink.written) == 3


def test_buffered_answers_before(settings: LogSettings) -> None:
    sink, log, reports = stuck(replace(settings, durability="buffered", queue=2))

    async def main() -> None:
        async with log:
            await log.write([made()])
            await log.write([made()])
            with pytest.raises(Exception, match="2 decisions wait") as refused:
                await log.write([made()])
            assert getattr(refused.value, "status", None) == 503
            sink.may_end.set()

    asyncio.run(main())
    assert len(sink.written) == 2
    assert reports == []


def test_a_decision_that_cannot_be_written_is_not_told(settings: LogSettings) -> None:
    sink, log, reports = stuck(settings)
    app = Application(POLICIES, Settings(), key=b"", journal=log)
    sink.may_end.set()
    sink.failure = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/secret/place")
    for _ in range(2):
        status, message, headers = ask(app, "POST", EVALUATION, STRANGE)
        assert status == 503
        assert message == "the decision could not be written down: No space left on device"
        assert headers["retry-after"] == "1"
    assert log.problem == "No space left on device"
    sink.failure = None
    assert ask(app, "POST", EVALUATION, STRANGE)[0] == 200
    assert log.problem is None
    log.end()
    assert ask(app, "POST", EVALUATION, STRANGE)[0] == 503
    assert len(sink.written) == 1
    assert reports == [
        "the decision log cannot be written: No space left on device",
        "the decision log can be written again",
    ]


def test_what_nobody_could_read_is_not_written(settings: LogSettings) -> None:
    sink, log, _ = stuck(settings)
    long = replace(made(), request={**STRANGE, "context": {"note": "x" * (16 << 20)}})
    with pytest.raises(Exception, match="is the most") as refused:
        asyncio.run(log.write([long]))
    assert getattr(refused.value, "status", None) == 503
    log.end()
    assert sink.written == []


def test_what_is_lost_at_the_end_is_counted(settings: LogSettings) -> None:
    sink, log, reports = stuck(replace(settings, durability="buffered"))
    sink.may_end.set()
    sink.failure = OSError(errno.EIO, os.strerror(errno.EIO))
    asyncio.run(log.write([made(), made()]))
    log.end()
    assert reports[-1] == "2 decisions are not in the decision log: Input/output error"


def test_a_stream_has_a_chain_too() -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as stream:
        sink = ChainedStream(writer, Sealer())
        sink.append([b'"written_at":1', b'"id":2'])
        sink.append([b'"id":3'])
        os.close(writer)
        assert not list(Verification(Sealer()).read(stream, "log"))
    assert sink.link.number == 3


def test_a_stream_that_is_closed_is_told() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    sink = ChainedStream(writer, Sealer())
    with pytest.raises(BrokenPipeError):
        sink.append([b'"id":1'])
    assert sink.link.number == 0
    os.close(writer)
