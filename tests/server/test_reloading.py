"""Policies loaded anew when their files change: what answers then, and what is told."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path

import pytest

import evaluator
from evaluator.engine import PolicySet
from evaluator.errors import PolicyError
from evaluator.server import watching
from evaluator.server.reloading import MovedError, Reloader, State, load_seen, suite_problems
from evaluator.server.watching import look
from evaluator.source import Files, Folder
from tests.server.changing_pack import REQUEST, SUITE, policy, put, put_pack

Change = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return put_pack(tmp_path / "policies")


def half(path: Path) -> None:
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("effect") + 4], "utf-8")


def leading_out(path: Path) -> None:
    outside = path.parents[1] / "outside.yaml"
    outside.write_text(policy(2), "utf-8")
    path.unlink()
    path.symlink_to(outside)


BROKEN: list[tuple[str, Change, str]] = [
    ("garbage", lambda path: path.write_bytes(b"\x00\xff garbage"), "EVL005"),
    ("half of it", half, "EVL1"),
    ("a link out of the pack", leading_out, "EVL"),
    ("a deleted file", Path.unlink, "EVL405"),
    ("a deleted folder", lambda path: shutil.rmtree(path.parent), "EVL850"),
    ("a condition that is none", lambda path: put(path, policy(2).replace(".type", ".")), "EVL201"),
]


async def eventually(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not what():
            await asyncio.sleep(0.01)


def following(
    folder: Path, work: Callable[[Reloader, list[PolicySet], list[State]], Awaitable[None]]
) -> None:
    """Does some work while a reloader follows the folder: what it takes, what it tells."""

    async def both() -> None:
        taken = [evaluator.load(folder)]
        told: list[State] = []
        reloader = Reloader(
            folder,
            taken[0],
            taken.append,
            seen=look(folder),
            notice=told.append,
            settle=0.02,
            every=0.1,
        )
        task = asyncio.create_task(reloader.run())
        try:
            await work(reloader, taken, told)
        finally:
            task.cancel()
            await asyncio.wait([task])

    asyncio.run(both())


def test_a_change_answers(folder: Path) -> None:
    async def work(reloader: Reloader, taken: list[PolicySet], told: list[State]) -> None:
        put(folder / "pages.yaml", policy(2))
        await eventually(lambda: len(taken) == 2)
        assert taken[1].decide(REQUEST).rule_ids == ("version-2",)
        assert [state.state for state in told] == ["loaded"]
        assert set(reloader.state.to_dict()) == {"state", "since"}

    following(folder, work)


@pytest.mark.parametrize(
    ("change", "code"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_what_is_broken_changes_nothing(folder: Path, change: Change, code: str) -> None:
    async def work(reloader: Reloader, taken: list[PolicySet], told: list[State]) -> None:
        change(folder / "pages.yaml")
        await eventually(lambda: bool(told))
        assert len(taken) == 1
        shown = reloader.state.to_dict()
        assert shown["state"] == "failed"
        assert shown["diagnostics"][0]["code"].startswith(code)
        shutil.rmtree(folder, ignore_errors=True)
        put_pack(folder, 3)
        await eventually(lambda: len(taken) == 2)
        assert taken[1].decide(REQUEST).rule_ids == ("version-3",)
        assert "diagnostics" not in reloader.state.to_dict()

    following(folder, work)


def test_what_was_mended_is_not_failed_any_more(folder: Path) -> None:
    async def work(reloader: Reloader, taken: list[PolicySet], told: list[State]) -> None:
        put(folder / "pages.yaml", "garbage")
        await eventually(lambda: reloader.state.state == "failed")
        put(folder / "pages.yaml", policy(1))
        await eventually(lambda: reloader.state.state == "loaded")
        assert len(taken) == 1  # the same policies, which need not be exchanged
        assert [(state.state, state.count) for state in told] == [("failed", 1), ("loaded", 1)]

    following(folder, work)


def test_what_no_pack_reads_changes_nothing(folder: Path) -> None:
    async def work(reloader: Reloader, taken: list[PolicySet], told: list[State]) -> None:
        (folder / "notes.txt").write_text("to do", "utf-8")
        await asyncio.sleep(0.4)
        assert (len(taken), told) == (1, [])

    following(folder, work)


def test_a_writer_that_stops_half_way(folder: Path) -> None:
    """Half a file that is a whole policy is none that was meant, while its writer goes on."""

    async def work(reloader: Reloader, taken: list[PolicySet], told: list[State]) -> None:
        with (folder / "pages.yaml").open("w", encoding="utf-8") as file:
            file.write(policy(2))
            file.flush()
            for _ in range(5):
                await asyncio.sleep(0.01)
                file.write("# more\n")
                file.flush()
            file.write(policy(2).partition("rules:\n")[2].replace("version-2", "version-3"))
        await eventually(lambda: len(taken) == 2)
        assert taken[1].decide(REQUEST).rule_ids == ("version-2", "version-3")

    following(folder, work)


def test_files_that_move_while_they_are_read(folder: Path) -> None:
    def prepare(files: Files) -> PolicySet:
        policies = evaluator.load(files)
        put(folder / "pages.yaml", policy(2))
        return policies

    with pytest.raises(MovedError):
        load_seen(folder, look(folder), prepare)


def test_suites_have_a_say(folder: Path) -> None:
    (folder / "suites").mkdir()
    (folder / "suites/pages.suite.yaml").write_text(SUITE, "utf-8")

    def prepare(files: Files) -> PolicySet:
        policies = evaluator.load(files)
        found = suite_problems(files, policies)
        if found:
            raise PolicyError(found)
        return policies

    assert suite_problems(Folder(folder), load_seen(folder, look(folder), prepare)) == ()
    put(folder / "pages.yaml", policy(1, "deny"))
    with pytest.raises(PolicyError) as error:
        load_seen(folder, look(folder), prepare)
    (found,) = error.value.diagnostics
    assert (found.code, found.message) == (
        "EVL851",
        "the case `anybody reads` of `pages.pages` fails",
    )
    assert str(found.span) == "suites/pages.suite.yaml:6:13"


@pytest.mark.parametrize("hinted", [True, False], ids=["told by the system", "by looking"])
def test_changes_are_found_either_way(
    folder: Path, hinted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hinted:

        async def nothing(*_: object) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(watching, "_hints", nothing)

    async def first() -> float:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as executor:
            found = watching.changes(
                folder,
                look(folder),
                settle=0.02,
                every=10.0 if hinted else 0.2,
                executor=executor,
            )
            async with aclosing(found):
                task = asyncio.create_task(anext(found))
                await asyncio.sleep(0.3)  # until the system watches
                assert not task.done()
                put(folder / "pages.yaml", policy(2))
                began = loop.time()
                assert await asyncio.wait_for(task, 5) == look(folder)
                return loop.time() - began

    assert asyncio.run(first()) < 2
