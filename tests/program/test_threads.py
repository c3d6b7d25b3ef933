"""Decisions from many threads at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

import evaluator
from tests.licence_requests import requests

POLICIES = Path(__file__).parents[2] / "policies"
THREADS = 8


@pytest.fixture(autouse=True)
def _hasty() -> Iterator[None]:
    """Threads take turns every few instructions, so that they meet where they should not."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_all_threads_say_the_same() -> None:
    batch = list(requests(3, 300))
    quiet = evaluator.load(POLICIES)
    wanted = [quiet.decide(request).to_dict()["reasons"] for request in batch]
    policies = evaluator.load(POLICIES)  # nothing has been generated yet
    start = Barrier(THREADS)

    def decide(first: int) -> list[tuple[int, object]]:
        start.wait()
        found = []
        for step in range(len(batch)):
            number = (first * 37 + step) % len(batch)
            decision = policies.decide(batch[number])
            assert policies.allowed(batch[number]) is decision.allowed
            if step % 5 == first % 5:
                found.append((number, decision.to_dict()["reasons"]))
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        for found in pool.map(decide, range(THREADS)):
            for number, reasons in found:
                assert reasons == wanted[number]
