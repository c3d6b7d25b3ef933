"""An application that follows its policies: what answers, and what is told of it where."""

from __future__ import annotations

import gc
import io
import json
from pathlib import Path
from typing import Any

import evaluator
from evaluator.server.access.building import admission
from evaluator.server.app import Application
from evaluator.server.config.model import Access
from evaluator.server.events import log_to
from evaluator.server.following import follow, follow_access
from evaluator.server.metrics.measuring import Measuring
from evaluator.server.metrics.tallies import Tallies
from evaluator.server.settings import Settings
from evaluator.server.watching import look
from tests.server.asking import ask
from tests.server.changing_pack import REQUEST, SUITE, policy, put, put_pack
from tests.server.faults.changes import eventually
from tests.server.living import living


def test_suites_decide_what_answers(tmp_path: Path) -> None:
    folder = put_pack(tmp_path / "policies")
    (folder / "suites").mkdir()
    (folder / "suites/pages.suite.yaml").write_text(SUITE, "utf-8")
    app = Application(evaluator.load(folder), Settings(), key=b"")
    tallies = Tallies(1)
    stream = io.StringIO()
    follow(
        app,
        folder,
        seen=look(folder),
        functions=None,
        suites=True,
        measuring=Measuring(tallies.of(0)),
        log=log_to(stream, "json"),
    )

    def reload() -> dict[str, Any]:
        status, body, _ = ask(app, "GET", "/readyz")
        assert (status, body["status"]) == (200, "ready")
        told: dict[str, Any] = body["reload"]
        return told

    def rule() -> str:
        _, body, _ = ask(app, "POST", "/access/v1/evaluation", REQUEST)
        (reason,) = body["context"]["reasons"]
        return str(reason["rule"])

    def counted() -> dict[tuple[str, ...], float]:
        return {name: numbers[0] for name, numbers in tallies.read()}

    with living(app):
        assert reload()["state"] == "loaded"
        put(folder / "pages.yaml", policy(2, "deny"))
        eventually(lambda: reload()["state"] == "failed")
        (found,) = reload()["diagnostics"]
        assert found["code"] == "EVL851"
        assert rule() == "version-1"
        assert counted()["reload_failed",] == 1

        put(folder / "pages.yaml", policy(3))
        eventually(lambda: reload()["state"] == "loaded")
        assert rule() == "version-3"
        assert counted()["reload_failed",] == 0
        assert counted()["reloads", "failed"] == counted()["reloads", "loaded"] == 1

    failed, loaded = map(json.loads, stream.getvalue().splitlines())
    assert failed["level"] == "error"
    (told,) = failed["diagnostics"]
    assert told.startswith(f"{folder.as_posix()}/suites/pages.suite.yaml:6:13: error[EVL851]")
    assert loaded["packs"] == [f"pages 1.0.0 {app.policies.packs[0].digest}"]


CALLERS = """policy: callers.callers
applies_to: {resource: service, actions: "*"}
rules:
  - id: anybody
    effect: allow
    when: action.name == "ACTION"
"""


def test_what_callers_may_do_changes_while_it_runs(tmp_path: Path) -> None:
    folder = tmp_path / "callers"
    folder.mkdir()
    pack = "language: 1\nname: callers\nversion: 1.0.0\nfiles: [callers.yaml]\n"
    put(folder / "pack.yaml", pack)
    put(folder / "callers.yaml", CALLERS.replace("ACTION", "evaluate"))
    stream, tallies = io.StringIO(), Tallies(1)
    access = admission(Access(policy=folder), lambda _: None)
    policies = evaluator.load(put_pack(tmp_path / "policies"))
    app = Application(policies, Settings(), key=b"", access=access)
    log = log_to(stream, "json")
    follow_access(app, access, folder, measuring=Measuring(tallies.of(0)), log=log)

    def status() -> int:
        return ask(app, "POST", "/access/v1/evaluation", REQUEST)[0]

    def state() -> str:
        answer, body, _ = ask(app, "GET", "/readyz")
        assert answer == 200
        return str(body["access"]["state"])

    with living(app):
        assert (status(), state()) == (200, "loaded")
        put(folder / "callers.yaml", CALLERS.replace("ACTION", "explain"))
        eventually(lambda: status() == 403)
        put(folder / "callers.yaml", CALLERS.replace("when:", "wen:"))
        eventually(lambda: state() == "failed")
        assert status() == 403
        put(folder / "callers.yaml", CALLERS.replace("ACTION", "evaluate"))
        eventually(lambda: status() == 200)
        assert state() == "loaded"
    counted = {name: numbers[0] for name, numbers in tallies.read()}
    assert counted["access_reloads", "loaded"] == 2
    assert counted["access_reloads", "failed"] == 1
    assert counted["access_reload_failed",] == 0
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [one["event"] for one in events] == [
        "access policies loaded",
        "access policies not loaded; those from before answer",
        "access policies loaded",
    ]
    assert events[1]["diagnostics"][0].startswith(f"{folder.as_posix()}/callers.yaml:6:5: error")


def _replaced(app: Application, folder: Path, text: str) -> None:
    """Waits until others answer; what answered is not held on to here."""
    answering = app.policies
    put(folder / "pages.yaml", text)
    eventually(lambda: app.policies is not answering)


def test_policies_that_were_replaced_are_let_go_of(tmp_path: Path) -> None:
    """Although the collector passes over those that answer."""
    folder = put_pack(tmp_path / "policies")
    app = Application(evaluator.load(folder), Settings(), key=b"")
    measuring, log = Measuring(Tallies(1).of(0)), log_to(io.StringIO(), "json")
    follow(
        app,
        folder,
        seen=look(folder),
        functions=None,
        suites=False,
        measuring=measuring,
        log=log,
    )

    def sets() -> int:
        return sum(isinstance(found, evaluator.PolicySet) for found in gc.get_objects())

    gc.unfreeze()  # what was passed over for other tests counts too
    gc.collect()
    before = sets()
    try:
        with living(app):
            for number in range(2, 5):
                _replaced(app, folder, policy(number))
        assert gc.get_freeze_count() > 0
        gc.collect()  # what has come and gone since
    finally:
        gc.unfreeze()
    # The one before the last may have been passed over while it was in use.
    assert sets() <= before + 1
