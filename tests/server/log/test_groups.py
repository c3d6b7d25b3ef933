"""Group commit: what waits is written at once, nothing is lost silently, nothing written twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from evaluator.server.log.groups import Groups

A, B, C, D = (letter.encode() for letter in "abcd")


class Disk:
    """Something to write to, which waits or fails when it is told to."""

    def __init__(self) -> None:
        self.groups: list[list[bytes]] = []
        self.told: list[tuple[list[str], str | None]] = []
        self.failure: Exception | None = None
        self.began = threading.Event()
        self.may_end = threading.Event()
        self.may_end.set()

    def append(self, records: Sequence[bytes]) -> None:
        self.began.set()
        assert self.may_end.wait(10)
        if self.failure is not None:
            raise self.failure
        self.groups.append(list(records))

    def tell(self, tokens: Sequence[str], failure: Exception | None) -> None:
        self.told.append((list(tokens), None if failure is None else str(failure)))


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def grouping(disk: Disk) -> Iterator[Callable[..., Groups[str]]]:
    made: list[Groups[str]] = []

    def make(*, queue: int = 100, interval: float | None = None) -> Groups[str]:
        made.append(Groups(disk.append, disk.tell, queue=queue, interval=interval))
        return made[-1]

    yield make
    disk.may_end.set()
    for groups in made:
        groups.close()


def until(is_so: Callable[[], bool]) -> None:
    limit = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < limit
        time.sleep(0.001)


def test_the_next_group_gathers_while_one_is_written(
    disk: Disk, grouping: Callable[..., Groups[str]]
) -> None:
    groups = grouping()
    disk.may_end.clear()
    assert groups.put([A], "first")
    assert disk.began.wait(10)
    assert groups.put([B, C], "second")
    assert groups.put([D], "third")
    assert groups.depth == 4
    disk.may_end.set()
    until(lambda: groups.depth == 0)
    assert groups.close() == 0
    assert disk.groups == [[A], [B, C, D]]
    assert disk.told == [(["first"], None), (["second", "third"], None)]


def test_what_is_written_at_once_is_given_up_when_it_fails(
    disk: Disk, grouping: Callable[..., Groups[str]]
) -> None:
    groups = grouping()
    for failure in (OSError("full"), RuntimeError("a fault of ours")):
        disk.failure = failure
        assert groups.put([A], "lost")
        until(lambda: groups.depth == 0)
    disk.failure = None
    assert groups.put([B], "kept")
    assert groups.close() == 0
    assert disk.groups == [[B]]
    assert disk.told == [(["lost"], "full"), (["lost"], "a fault of ours"), (["kept"], None)]


def test_what_is_buffered_is_tried_again(disk: Disk, grouping: Callable[..., Groups[str]]) -> None:
    groups = grouping(interval=0.001)
    disk.failure = OSError("full")
    groups.put([A])
    until(lambda: len(disk.told) > 1)
    groups.put([B])
    disk.failure = None
    until(lambda: groups.depth == 0)
    assert groups.close() == 0
    assert b"".join(record for group in disk.groups for record in group) == A + B


def test_what_could_not_be_written_at_the_end_is_counted(
    disk: Disk, grouping: Callable[..., Groups[str]]
) -> None:
    groups = grouping(interval=60)
    groups.put([A, B])
    groups.put([C])
    disk.failure = OSError("full")
    assert groups.close() == 3
    assert not groups.put([D])
    assert disk.told == [([], "full")]


def test_closing_does_not_wait_for_the_interval(
    disk: Disk, grouping: Callable[..., Groups[str]]
) -> None:
    groups = grouping(interval=60)
    groups.put([A])
    groups.put([B])
    began = time.monotonic()
    assert groups.close() == 0
    assert time.monotonic() - began < 10
    assert disk.groups == [[A, B]]


@pytest.mark.parametrize("interval", [None, 60])
def test_a_full_queue_takes_no_more(
    disk: Disk, grouping: Callable[..., Groups[str]], interval: float | None
) -> None:
    groups = grouping(queue=3, interval=interval)
    disk.may_end.clear()
    assert groups.put([A, B])
    assert not groups.put([C, D])
    assert groups.put([C])
    assert not groups.put([D])
    assert groups.depth == 3
    disk.may_end.set()
    assert groups.close() == 0
    assert [record for group in disk.groups for record in group] == [A, B, C]


def test_a_batch_may_be_larger_than_the_queue(
    disk: Disk, grouping: Callable[..., Groups[str]]
) -> None:
    groups = grouping(queue=1)
    assert groups.put([A, B, C])
    assert groups.close() == 0
    assert disk.groups == [[A, B, C]]


def test_a_crowd_does_not_wait_for_the_interval(
    disk: Disk, grouping: Callable[..., Groups[str]]
) -> None:
    groups = grouping(queue=4, interval=60)
    groups.put([A])
    groups.put([B])
    until(lambda: disk.groups == [[A, B]])
