"""Key sets at an address: when it is asked, and what counts while it does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from evaluator.diagnostics import Diagnostic
from evaluator.server.access.key_sources import UrlKeys
from evaluator.server.answers import Refusal
from tests.server.answering import Answers, serving
from tests.server.signing import ec_key, key_set, public_jwk

ALGORITHMS = ("ES256",)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def there() -> Iterator[Answers]:
    with serving(200, key_set()) as answers:
        yield answers


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> list[Diagnostic]:
    return []


@pytest.fixture
def keys(there: Answers, clock: Clock, told: list[Diagnostic]) -> UrlKeys:
    return UrlKeys(there.url, ALGORITHMS, told.extend, monotonic=clock)


async def settled(keys: UrlKeys, kid: str = "one") -> bool:
    """Whether a key is found, and whatever was begun beside is over."""
    found = await keys.find(kid, "ES256") is not None
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others)
    return found


def find(keys: UrlKeys, kid: str = "one") -> bool:
    return asyncio.run(settled(keys, kid))


def test_it_is_asked_once(keys: UrlKeys, there: Answers, clock: Clock) -> None:
    assert find(keys)
    clock.now += 599
    assert find(keys)
    assert there.asked == ["/keys"]


def test_many_at_once_wait_for_one_answer(keys: UrlKeys, there: Answers) -> None:
    async def all_of_them() -> list[bool]:
        return await asyncio.gather(*(settled_alone() for _ in range(20)))

    async def settled_alone() -> bool:
        return await keys.find("one", "ES256") is not None

    assert all(asyncio.run(all_of_them()))
    assert there.asked == ["/keys"]


def test_a_new_key_is_found_at_once(keys: UrlKeys, there: Answers, clock: Clock) -> None:
    assert find(keys)
    clock.now += 31
    there.body = key_set(public_jwk(ec_key("new"), kid="new"))
    assert find(keys, "new")
    assert not find(keys, "one")
    assert len(there.asked) == 2


def test_ids_that_nobody_has_do_not_make_it_ask_again_and_again(
    keys: UrlKeys, there: Answers, clock: Clock
) -> None:
    assert find(keys)
    for number in range(50):
        assert not find(keys, f"none-{number}")
    assert len(there.asked) == 1
    clock.now += 30
    for number in range(50):
        assert not find(keys, f"none-{number}")
    assert len(there.asked) == 2


def test_an_old_set_counts_while_a_new_one_is_fetched(
    keys: UrlKeys, there: Answers, clock: Clock
) -> None:
    assert find(keys)
    clock.now += 600
    there.body = key_set(public_jwk(ec_key("new"), kid="new"))
    assert find(keys)  # by the old set, which asks
    assert not find(keys)
    assert find(keys, "new")
    assert len(there.asked) == 2


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (500, b"", "EVL817"),
        (302, key_set(), "EVL817"),
        (200, b"x" * (1024 * 1024 + 1), "EVL817"),
        (200, b"<html>", "EVL601"),
        (200, b"[]", "EVL815"),
        (200, b'{"keys": [1]}', "EVL815"),
        (200, b'{"keys": []}', "EVL815"),
        (200, b'{"keys": [{"kty": ["EC"]}, {"kty": "EC", "crv": "P-256", "x": "?"}]}', "EVL815"),
        (200, b'{"keys": [{"kty": "oct", "k": "c2VjcmV0", "alg": "ES256"}]}', "EVL815"),
        (200, b'{"keys": [{"kty": "EC", "d": "x"}]}', "EVL816"),
    ],
)
def test_a_set_that_does_not_come_leaves_the_last(
    keys: UrlKeys,
    there: Answers,
    clock: Clock,
    told: list[Diagnostic],
    status: int,
    body: bytes,
    code: str,
) -> None:
    assert find(keys)
    there.status, there.body = status, body
    clock.now += 3599
    assert find(keys)
    assert [item.code for item in told] == [code]
    clock.now += 31
    with pytest.raises(Refusal) as caught:
        find(keys)
    assert (caught.value.status, caught.value.headers["retry-after"]) == (503, "30")
    there.status, there.body = 200, key_set()
    clock.now += 31
    assert find(keys)
    assert set(there.asked) == {"/keys"}  # not where it was redirected to


def test_without_any_set_tokens_cannot_be_judged(clock: Clock, told: list[Diagnostic]) -> None:
    keys = UrlKeys("http://127.0.0.1:1/", ALGORITHMS, told.extend, monotonic=clock)
    for _ in range(3):
        with pytest.raises(Refusal) as caught:
            find(keys)
        assert caught.value.status == 503
    assert [item.code for item in told] == ["EVL817"]
    assert "refused" in told[0].message
