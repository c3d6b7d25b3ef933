"""The file of a decision log: what it does when it is full, cut, moved, shared, and ends badly."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from evaluator.diagnostics import Diagnostic
from evaluator.history.chain import Sealer, read_head
from evaluator.history.verifying import Finding, Verification
from evaluator.server.log.chained_file import ChainedFile
from evaluator.server.log.settings import Rotation
from evaluator.server.log.tails import NotOursError, SealedOtherwiseError
from tests.decision_logs import KEY

SECOND = 1_000_000_000
START = 1_772_528_400 * SECOND  # 2026-03-03T09:00:00Z


class Bench:
    """Opens one log again and again."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "decisions.jsonl"
        self.now = START
        self.found: list[Diagnostic] = []
        self.opened: list[ChainedFile] = []

    def open(self, key: bytes | None = None, **rotation: float | int | None) -> ChainedFile:
        log = ChainedFile(
            self.path,
            Sealer(key),
            Rotation(**rotation),  # type: ignore[arg-type]  # each test gives what fits
            report=self.found.append,
            clock=lambda: self.now,
        )
        self.opened.append(log)
        return log

    def files(self) -> list[Path]:
        return sorted(self.path.parent.glob("decisions*.jsonl"))

    def verify(self) -> tuple[list[Finding], list[tuple[int, int]]]:
        """What is wrong with all files, and the first and last numbers of their chains."""
        verification = Verification(Sealer())
        head = read_head(self.path.with_name("decisions.jsonl.head").read_bytes())
        assert head is not None
        verification.expect(head, "head")
        found: list[Finding] = []
        for path in self.files():
            with path.open("rb") as stream:
                found += verification.read(stream, path.name)
        found += verification.finish()
        return found, [(it.first, it.last.number) for it in verification.chains.values()]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    for log in bench.opened:
        log.close()


def records(*ids: object) -> Sequence[bytes]:
    return [b'"id":"%s"' % str(id_).encode() for id_ in ids]


def test_to_write_nothing_is_to_try(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    log = bench.open(size=300)
    log.append([])
    log.append(records(1, 2))
    before = bench.path.read_bytes()
    log.append([])
    assert bench.path.read_bytes() == before
    assert len(bench.files()) == 1  # nothing is begun anew for it
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", _refuse)
        with pytest.raises(OSError, match="No space left"):
            log.append([])
    assert bench.path.read_bytes() == before
    log.append(records(3))
    assert bench.verify() == ([], [(1, 3)])


def _refuse(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_the_chain_goes_on_where_it_ended(bench: Bench) -> None:
    for number in range(3):
        log = bench.open()
        log.append(records(number, number))
        log.close()
    assert bench.verify() == ([], [(1, 6)])
    assert bench.found == []


@pytest.mark.parametrize("size", range(1, 300, 37))
def test_a_line_that_was_not_finished_is_cut_off_and_told(bench: Bench, size: int) -> None:
    log = bench.open()
    log.append(records(1, 2))
    whole = bench.path.stat().st_size
    log.append(records(3))
    log.close()
    os.truncate(bench.path, min(whole + size, bench.path.stat().st_size - 1))
    bench.path.with_name("decisions.jsonl.head").unlink()  # as if the machine had stopped
    bench.open().append(records(4))
    assert [one.code for one in bench.found] == ["EVL835"]
    assert bench.verify() == ([], [(1, 3)])


def test_the_only_line_may_be_unfinished(bench: Bench) -> None:
    bench.path.write_bytes(b'{"schema":1,"cha')
    bench.open().append(records(1))
    assert [one.code for one in bench.found] == ["EVL835"]
    assert bench.verify() == ([], [(1, 1)])


@pytest.mark.parametrize("content", [b"{}\n", b"something", b"\n", b"\0" * 100])
def test_what_is_no_log_is_left_alone(bench: Bench, content: bytes) -> None:
    bench.path.write_bytes(content)
    with pytest.raises(NotOursError):
        bench.open()
    assert bench.path.read_bytes() == content
    assert [path.name for path in bench.path.parent.iterdir()] == [bench.path.name]


def test_what_a_disk_left_behind_the_last_record_is_passed_over(bench: Bench) -> None:
    bench.open().append(records(1, 2))
    with bench.path.open("ab") as stream:
        stream.write(b"\0" * 50 + b"\n" + b"rest")
    bench.open().append(records(3))
    found, chains = bench.verify()
    assert [(one.place, one.diagnostic.code) for one in found] == [("decisions.jsonl:3", "EVL834")]
    assert chains == [(1, 3)]


@pytest.mark.parametrize(
    ("before", "after"), [(None, KEY), (KEY, None), (KEY, b"another key" * 3), (KEY, KEY)]
)
def test_a_log_has_one_key(bench: Bench, before: bytes | None, after: bytes | None) -> None:
    bench.open(key=before).append(records(1))
    content = bench.path.read_bytes()
    if before == after:
        bench.open(key=after)
    else:
        with pytest.raises(SealedOtherwiseError):
            bench.open(key=after)
    assert bench.path.read_bytes() == content


def test_a_last_record_that_was_changed_is_not_built_on(bench: Bench) -> None:
    bench.open().append(records(1, 2))
    bench.path.write_bytes(bench.path.read_bytes().replace(b'"id":"2"', b'"id":"3"'))
    with pytest.raises(SealedOtherwiseError):
        bench.open()


def test_a_pipe_is_no_file(bench: Bench) -> None:
    os.mkfifo(bench.path)
    with pytest.raises(OSError, match="regular file"):
        bench.open()


def test_a_cut_stays_visible(bench: Bench) -> None:
    log = bench.open()
    log.append(records(1, 2, 3, 4))
    log.close()
    lines = bench.path.read_bytes().splitlines(keepends=True)
    bench.path.write_bytes(b"".join(lines[:2]))
    bench.open().append(records(5))
    assert [one.code for one in bench.found] == ["EVL841"]
    found, chains = bench.verify()
    assert [(one.place, one.diagnostic.code) for one in found] == [("decisions.jsonl:3", "EVL831")]
    assert chains == [(1, 5)]


# Rotation


def test_full_files_are_named_by_their_first_record(bench: Bench) -> None:
    log = bench.open(size=1)
    for number in range(1, 5):
        log.append(records(number, number))
    assert [path.name for path in bench.files()] == [
        "decisions.000000000001.jsonl",
        "decisions.000000000003.jsonl",
        "decisions.000000000005.jsonl",
        "decisions.jsonl",
    ]
    assert bench.verify() == ([], [(1, 8)])


def test_a_file_is_full_after_some_time(bench: Bench) -> None:
    log = bench.open(seconds=60)
    log.append(records(1))
    bench.now += 59 * SECOND
    log.append(records(2))
    assert len(bench.files()) == 1
    log.close()
    log = bench.open(seconds=60)
    bench.now += SECOND
    log.append(records(3))
    assert len(bench.files()) == 2
    bench.now -= 3600 * SECOND  # a clock that is set back makes files later, nothing else
    log.append(records(4))
    assert len(bench.files()) == 2
    assert bench.verify() == ([], [(1, 4)])


@pytest.mark.parametrize("keep", [0, 1, 2])
def test_old_files_go(bench: Bench, keep: int) -> None:
    log = bench.open(size=1, keep=keep)
    for number in range(1, 6):
        log.append(records(number))
    assert len(bench.files()) == keep + 1
    assert bench.verify() == ([], [(5 - keep, 5)])


def test_a_name_that_is_taken_is_not_written_over(bench: Bench) -> None:
    taken = bench.path.with_name("decisions.000000000001.jsonl")
    taken.write_bytes(b"another")
    log = bench.open(size=1)
    log.append(records(1))
    log.append(records(2))
    assert taken.read_bytes() == b"another"
    assert [path.name for path in bench.files()] == [
        "decisions.000000000001-1.jsonl",
        "decisions.000000000001.jsonl",
        "decisions.jsonl",
    ]


def test_the_chain_goes_on_from_full_files_alone(bench: Bench) -> None:
    log = bench.open(size=1)
    log.append(records(1))
    log.append(records(2))
    log.close()
    bench.path.unlink()  # stopped between giving a name and beginning the next file
    bench.path.with_name("decisions.jsonl.head").unlink()
    bench.open().append(records(3))
    assert bench.found == []
    assert [line.count(b'"number":2') for line in bench.path.read_bytes().splitlines()] == [1]


# What others do to the files


def remove(bench: Bench) -> None:
    for path in list(bench.path.parent.iterdir()):
        path.unlink()


def move(bench: Bench) -> None:
    bench.path.rename(bench.path.with_name("decisions.1.jsonl"))


def replace(bench: Bench) -> None:
    other = bench.path.with_name("other")
    other.write_bytes(bench.path.read_bytes())
    other.replace(bench.path)


def empty(bench: Bench) -> None:
    os.truncate(bench.path, 0)


@pytest.mark.parametrize(
    ("harm", "chains"),
    [(remove, [(3, 3)]), (move, [(1, 3)]), (replace, [(1, 3)]), (empty, [(3, 3)])],
)
def test_the_chain_survives(
    bench: Bench, harm: Callable[[Bench], None], chains: list[tuple[int, int]]
) -> None:
    log = bench.open()
    log.append(records(1, 2))
    harm(bench)
    log.append(records(3))
    assert bench.verify() == ([], chains)


def test_a_folder_that_is_gone_is_not_made(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    bench = Bench(folder)
    log = bench.open()
    log.append(records(1))
    folder.rename(tmp_path / "away")
    with pytest.raises(FileNotFoundError):
        log.append(records(2))
    assert not folder.exists()
    folder.mkdir()
    log.append(records(3))
    assert bench.verify() == ([], [(2, 2)])
    (tmp_path / "away/decisions.jsonl").rename(folder / "decisions.000000000001.jsonl")
    assert bench.verify() == ([], [(1, 2)])
    log.close()


# What fails


class Failing:
    """Lets calls of the system fail."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._write = os.write

    def write_half(self) -> None:
        def write(descriptor: int, data: memoryview) -> int:
            if len(data) > 100:
                return self._write(descriptor, bytes(data[: len(data) // 2]))
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        self._patch.setattr("os.write", write)

    def fsync(self) -> None:
        def fsync(descriptor: int) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        self._patch.setattr("os.fsync", fsync)


@pytest.mark.parametrize(
    ("fail", "number"), [(Failing.write_half, errno.ENOSPC), (Failing.fsync, errno.EIO)]
)
def test_what_fails_leaves_nothing(
    bench: Bench, fail: Callable[[Failing], None], number: int
) -> None:
    log = bench.open()
    log.append(records(1, 2))
    before = bench.path.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        fail(Failing(patch))
        for _ in range(2):
            with pytest.raises(OSError, match=os.strerror(number)):
                log.append(records(3, 4))
            assert bench.path.read_bytes() == before
    log.append(records(5))
    assert bench.verify() == ([], [(1, 3)])
    assert bench.found == []


# Several writers


def test_writers_take_turns(bench: Bench) -> None:
    logs = [bench.open(size=4_000) for _ in range(4)]

    def write(log: ChainedFile, name: int) -> None:
        for number in range(25):
            log.append(records(f"{name}-{number}-a", f"{name}-{number}-b"))

    threads = [threading.Thread(target=write, args=(log, name)) for name, log in enumerate(logs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bench.verify() == ([], [(1, 200)])
    assert len(bench.files()) > 3
    text = b"".join(path.read_bytes() for path in bench.files())
    assert all(
        text.count(b'"id":"%d-%d-%s"' % (name, number, half)) == 1
        for name in range(4)
        for number in range(25)
        for half in (b"a", b"b")
    )


def test_a_line_that_another_writer_did_not_finish_is_cut_off(bench: Bench) -> None:
    first, second = bench.open(), bench.open()
    first.append(records(1))
    with bench.path.open("ab") as stream:
        stream.write(b'{"schema":1,"chain":"')  # killed in the midst of it
    second.append(records(2))
    assert [one.code for one in bench.found] == ["EVL835"]
    first.append(records(3))
    assert bench.verify() == ([], [(1, 3)])
