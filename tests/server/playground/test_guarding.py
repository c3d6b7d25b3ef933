from __future__ import annotations

from typing import Any

import pytest

from evaluator.server.playground.guarding import Guard, Refused, new_token
from tests.server.playground.playing import HEADERS

ENCODED = {name.encode(): value.encode() for name, value in HEADERS.items()}


def asked(guard: Guard, address: str = "192.0.2.1") -> Any:
    return guard.admit({"client": (address, 1)}, ENCODED)


def test_nobody_asks_too_often() -> None:
    now = [0.0]
    guard = Guard(None, rate=2, burst=3, clock=lambda: now[0])
    for _ in range(3):
        assert asked(guard) == "tab"
    with pytest.raises(Refused) as refused:
        asked(guard)
    assert (refused.value.status, refused.value.error) == (429, "too-many")
    assert refused.value.headers == {"retry-after": "1"}
    assert asked(guard, "192.0.2.2") == "tab"
    now[0] += 0.5
    assert asked(guard) == "tab"
    with pytest.raises(Refused):
        asked(guard)
    now[0] += 3600
    for _ in range(3):
        asked(guard)
    with pytest.raises(Refused):
        asked(guard)


def test_addresses_do_not_fill_memory() -> None:
    guard = Guard(None, rate=0, burst=1, clock=lambda: 0.0)
    asked(guard, "first")
    for number in range(4096):
        asked(guard, str(number))
    assert asked(guard, "first") == "tab"  # was forgotten


def test_tokens_are_not_guessed() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 32 for token in tokens)
