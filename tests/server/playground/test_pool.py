from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evaluator.server.playground.files import read_files
from evaluator.server.playground.pool import Limits
from tests.server.playground.playing import Playing, Told, playing
from tests.server.playground.workers import cpu_seconds, nurseries, workers
from tests.server.playground.workspaces import POLICIES

PREPAID = "licenses/prepaid.yaml"


def slow(count: int, name: str = "slow") -> dict[str, str]:
    """An edit with so many rules, each of which takes a tenth of a second until it is given up."""
    ten = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"
    loops = "".join(f"{ten}.all(v{level}, " for level in range(7)) + "true" + ")" * 7
    rules = "".join(
        f"  - {{id: {name}-{number}, effect: deny, when: '{loops}', reason: No.}}\n"
        for number in range(count)
    )
    scope = "{resource: subscription, actions: [remove_licenses]}"
    return {PREPAID: f"policy: licenses.prepaid\napplies_to: {scope}\nrules:\n{rules}"}


def long(count: int, name: str = "long") -> dict[str, str]:
    """An edit of so many rules, a thousand of which take about a second to be read and told of."""
    rules = "".join(
        f"  - {{id: {name}-{number}, effect: deny, when: resource.total > {number}, reason: No.}}\n"
        for number in range(count)
    )
    scope = "{resource: subscription, actions: [remove_licenses]}"
    return {PREPAID: f"policy: licenses.prepaid\napplies_to: {scope}\nrules:\n{rules}"}


REQUEST: dict[str, Any] = {
    "subject": {"type": "user", "id": "ann"},
    "action": {"name": "remove_licenses"},
    "resource": {"type": "subscription", "id": "1"},
}
ABOUT: dict[str, Any] = {
    "request": REQUEST,
    "now": "2026-03-03T09:00:00Z",
    "actions": ["remove_licenses"],
}


@pytest.fixture(scope="module")
def played() -> Iterator[Playing]:
    with playing(limits=Limits(seconds=2.0, session=4, waiting=8)) as found:
        yield found


def settled(played: Playing, count: int = 2) -> list[int]:
    """The workers, when as many as there should be are alive and all is quiet."""
    for _ in range(2000):
        found = workers()
        if len(found) == count and played.pool.idle:
            return found
        time.sleep(0.02)
    raise AssertionError(f"the workers are {workers()}")


async def together(*work: Any) -> list[Told]:
    return list(await asyncio.gather(*work))


def test_a_worker_that_is_killed_is_followed_by_another(played: Playing) -> None:
    for pid in settled(played):
        os.kill(pid, signal.SIGKILL)
    assert played.ask("check").status == 200
    assert len(settled(played)) == 2


def test_a_nursery_that_is_killed_is_followed_by_another(played: Playing) -> None:
    before = settled(played)
    (nursery,) = nurseries()
    os.kill(nursery, signal.SIGKILL)
    assert played.ask("check").status == 200
    assert not set(before) & set(settled(played))


def test_who_waits_for_a_worker_that_dies_is_told(played: Playing) -> None:
    before = {pid: cpu_seconds(pid) for pid in settled(played)}
    # There is time enough for this one, however busy the machine is.
    asked = played.start(played.asking("open", edits=slow(60, "dying")))
    busy = None
    while busy is None and not asked.done():
        time.sleep(0.01)
        busy = next((pid for pid in before if cpu_seconds(pid) > before[pid] + 0.2), None)
    assert busy is not None
    os.kill(busy, signal.SIGKILL)
    told = asked.result(30)
    assert (told.status, told.json["error"]) == (503, "crashed")
    assert played.ask("check").status == 200


def test_what_takes_too_long_is_ended(played: Playing) -> None:
    before = set(settled(played))
    told = played.ask("decide", edits=slow(200), **ABOUT)
    assert (told.status, told.json["error"]) == (503, "timeout")
    assert "2 seconds" in told.json["message"]
    assert played.ask("check").status == 200
    assert len(before & set(settled(played))) == 1


def test_a_newer_question_takes_the_place_of_an_older(played: Playing) -> None:
    settled(played)

    async def type_on() -> list[Told]:
        older = asyncio.ensure_future(played.asking("decide", edits=slow(60, "older"), **ABOUT))
        await asyncio.sleep(0.1)
        return await together(older, played.asking("decide", **ABOUT))

    older, newer = played.start(type_on()).result(30)
    assert (older.status, older.json["error"]) == (503, "superseded")
    assert newer.status == 200


def test_other_sessions_and_endpoints_supersede_nothing(played: Playing) -> None:
    settled(played)
    told = played.start(
        together(
            played.asking("check"),
            played.asking("check", session="other"),
            played.asking("decide", **ABOUT),
        )
    ).result(30)
    assert [one.status for one in told] == [200, 200, 200]


def test_nobody_waits_behind_what_another_session_evaluates(played: Playing) -> None:
    settled(played)

    async def beside() -> tuple[Told, Told, bool]:
        hog = asyncio.ensure_future(
            played.asking("decide", session="hog", edits=slow(200, "hog"), **ABOUT)
        )
        await asyncio.sleep(0.05)
        told = await played.asking("check", session="other")
        soon = not hog.done()
        return await hog, told, soon

    hog, told, soon = played.start(beside()).result(30)
    assert hog.json["error"] == "timeout"
    assert told.status == 200
    assert soon


def test_who_writes_on_has_the_same_worker_still(played: Playing) -> None:
    with playing(limits=Limits(seconds=60.0)) as found:  # with time enough on a busy machine
        settled(played, 4)
        before = settled(found, 4)

        async def write_on() -> list[Told]:
            older = asyncio.ensure_future(found.asking("types", file=PREPAID, edits=long(6000)))
            await asyncio.sleep(0.2)
            return await together(older, found.asking("types", file=PREPAID))

        older, newer = found.start(write_on()).result(30)
        assert older.json["error"] == "superseded"
        assert newer.status == 200
        assert settled(found, 4) == before


def test_nobody_waits_for_what_nobody_waits_for() -> None:
    with playing(workers=1, limits=Limits(opening=25.0)) as found:
        while not found.pool.idle:
            time.sleep(0.01)

        async def open_again() -> list[Told]:
            older = asyncio.ensure_future(found.asking("open", edits=slow(200)))
            await asyncio.sleep(0.1)
            return await together(older, found.asking("open"))

        older, newer = found.start(open_again()).result(30)
    assert older.json["error"] == "superseded"
    assert newer.status == 200


@pytest.mark.parametrize(
    "limits",
    [Limits(opening=0.5), Limits(seconds=0.5)],
    ids=["too long for it", "too long for others"],
)
def test_opening_has_a_time_of_its_own(limits: Limits) -> None:
    with playing(workers=1, limits=limits) as found:
        told = found.ask("open", edits=long(2000))
    assert (told.status, "0.5 seconds" in str(told.json)) == (
        (503, True) if limits.opening == 0.5 else (200, False)
    )


def test_who_leaves_is_not_worked_for(played: Playing) -> None:
    async def leave() -> None:
        asked = asyncio.ensure_future(played.asking("decide", edits=slow(200, "left"), **ABOUT))
        await asyncio.sleep(0.1)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    before = set(settled(played))
    played.start(leave()).result(30)
    assert len(before & set(settled(played))) == 1  # the one that worked for it was ended


def test_there_is_room_for_so_many_and_no_more(played: Playing) -> None:
    settled(played)

    async def crowd() -> list[Told]:
        names = ["check", "decide", "explain", "timeline", "changes", "open"]
        one = [played.asking(name, session="greedy", edits=slow(5), **ABOUT) for name in names]
        return await together(*one)

    told = played.start(crowd()).result(30)
    refused = [one.json for one in told if one.status == 503]
    assert "busy" in {one["error"] for one in refused}
    assert "too much at once" in str(refused)


def test_more_sessions_than_there_is_room_for(played: Playing) -> None:
    settled(played)
    work = [played.asking("check", session=f"s{number}") for number in range(30)]
    told = played.start(together(*work)).result(30)
    statuses = [one.status for one in told]
    assert statuses.count(200) >= 8
    assert {one.json["error"] for one in told if one.status == 503} == {"busy"}


def test_memory_has_an_end() -> None:
    limits = Limits(seconds=20.0, memory=64 * 1024 * 1024)
    with playing(workers=1, limits=limits) as found:
        told = found.ask("explain", edits=slow(12), **ABOUT)
        assert (told.status, told.json["error"]) == (503, "memory")
        assert found.ask("check").status == 200


def test_who_waits_when_it_stops_is_told() -> None:
    with playing(workers=1) as found:
        while not found.pool.idle:
            time.sleep(0.01)
        asked = found.start(found.asking("decide", edits=slow(200), **ABOUT))
        while found.pool.idle:
            time.sleep(0.01)
    told = asked.result(0)
    assert (told.status, told.json["error"]) == (503, "busy")


def test_all_processes_end_with_the_pool() -> None:
    others = {*nurseries(), *workers()}
    with playing(workers=1) as found:
        assert found.ask("check").status == 200
        mine = {*nurseries(), *workers()} - others
        assert len(mine) == 2
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in mine) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(Path(f"/proc/{pid}").exists() for pid in mine)


def test_other_files_take_over() -> None:
    files = read_files(POLICIES / "expenses")
    version = b'version: "9.9.9"' if b'version: "' in files["pack.yaml"] else b"version: 9.9.9"
    line = next(one for one in files["pack.yaml"].splitlines() if one.startswith(b"version:"))
    changed = {**files, "pack.yaml": files["pack.yaml"].replace(line, version)}
    with playing(workers=1, files=files) as found:
        asked = found.start(found.asking("explain", edits={}, **ABOUT))
        found.loop.call_soon_threadsafe(found.pool.replace, changed)
        assert asked.result(30).status == 200
        for _ in range(200):
            if found.ask("open").json["packs"][0]["version"] == "9.9.9":
                return
            time.sleep(0.05)
        raise AssertionError("the other files have not taken over")
