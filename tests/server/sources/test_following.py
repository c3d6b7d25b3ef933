"""A file of entities that changes: what is found then, and what is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from evaluator.diagnostics import Diagnostic
from evaluator.server.entities import Entities
from evaluator.server.sources.following import EntityReloader, open_entities
from evaluator.server.watching import look_at_file
from tests.server.people import make_people, queries
from tests.server.processes import started

Told = tuple[bool, Sequence[Diagnostic]]
Work = Callable[[list[Entities], list[Told]], Awaitable[None]]


def put(path: Path, *logins: str) -> None:
    """Puts another file in the place of one, as editors do."""
    written = path.with_suffix(".new")
    written.write_text(json.dumps({"subjects": [{"type": "user", "id": id_} for id_ in logins]}))
    written.replace(path)


def ids(entities: Entities) -> list[str]:
    return [entity.id for entity in entities.of("subject", "user", None)]


def has(taken: list[Entities], number: int) -> bool:
    return len(taken) == number


async def eventually(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not what():
            await asyncio.sleep(0.01)


def following(path: Path, work: Work) -> None:
    """Does some work while a file is followed: what was taken, what was told."""

    async def both() -> None:
        seen = look_at_file(path)
        first, _ = open_entities(path)
        assert first is not None
        taken, told = [first], []
        reloader = EntityReloader(
            path,
            taken.append,
            seen=seen,
            report=lambda _: None,
            notice=lambda *one: told.append(one),
            settle=0.02,
            every=0.05,
        )
        task = asyncio.create_task(reloader.run())
        try:
            await work(taken, told)
        finally:
            task.cancel()
            await asyncio.wait([task])

    asyncio.run(both())


def test_a_change_is_found(tmp_path: Path):
    path = tmp_path / "entities.json"
    put(path, "ann")

    async def work(taken: list[Entities], told: list[Told]) -> None:
        for number, logins in enumerate((["ann", "bob"], ["carl"]), 2):
            put(path, *logins)
            await eventually(partial(has, taken, number))
            assert ids(taken[-1]) == logins
        assert told == [(True, ()), (True, ())]
        assert ids(taken[0]) == ["ann"]
        assert len({entities.version for entities in taken}) == 3

    following(path, work)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda path: path.write_text("{"), "EVL"),
        (lambda path: path.write_text('{"subject": []}'), "EVL801"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "EVL004"),
        (Path.unlink, "EVL810"),
        (lambda path: path.write_bytes(queries("SELECT", "sqlite:///gone.db")), "EVL806"),
        (lambda path: path.write_bytes(b"SQLite format 3\0 and no more"), "EVL806"),
    ],
)
def test_what_is_broken_changes_nothing(
    tmp_path: Path, change: Callable[[Path], object], code: str
):
    path = tmp_path / "entities.json"
    put(path, "ann")

    async def work(taken: list[Entities], told: list[Told]) -> None:
        change(path)
        await eventually(lambda: bool(told))
        ((read, diagnostics),) = told
        assert not read
        assert diagnostics[0].code.startswith(code)
        assert len(taken) == 1
        put(path, "bob")
        await eventually(lambda: len(taken) == 2)
        assert ids(taken[1]) == ["bob"]

    following(path, work)


def test_a_list_may_become_a_query(tmp_path: Path):
    path = tmp_path / "entities.json"
    put(path, "ann")
    make_people(tmp_path / "people.db", [("bob", "clerk")])

    async def work(taken: list[Entities], _: list[Told]) -> None:
        path.write_bytes(queries())
        await eventually(lambda: len(taken) == 2)
        assert ids(taken[1]) == ["bob"]

    following(path, work)


def test_a_service_finds_what_its_file_has_now(tmp_path: Path):
    from urllib.request import Request, urlopen

    path = tmp_path / "entities.json"
    put(path, "alice", "carol")
    asked = {
        "subject": {"type": "user"},
        "action": {"name": "read"},
        "resource": {"type": "record", "id": "record-1"},
    }
    pack = "tests/conformance/authzen/policies"
    with started("-p", pack, "--entities", str(path)) as service:
        request = Request(
            f"{service.url}/access/v1/search/subject",
            json.dumps(asked).encode(),
            {"content-type": "application/json"},
        )

        def found() -> list[str]:
            with urlopen(request, timeout=10) as response:
                return [one["id"] for one in json.load(response)["results"]]

        assert found() == ["alice"]
        put(path, "bob", "carol")
        asyncio.run(eventually(lambda: found() == ["bob"]))
