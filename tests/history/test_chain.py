"""The chain of a decision log: whatever is done to the lines shows, and where."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.history.chain import (
    HEAD_SIZE,
    Head,
    Link,
    Sealer,
    read_head,
    read_sealed,
    write_head,
)
from evaluator.history.verifying import Finding, Verification, first_link
from tests.decision_logs import KEY, chained, verified

Lines = list[bytes]

OTHER = chained(6, first="7")


def head_of(line: bytes) -> Head:
    sealed = read_sealed(line[:-1])
    assert sealed is not None
    return sealed.link


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_what_was_written_is_whole(count: int, key: bytes | None) -> None:
    lines = chained(count, key)
    assert verified(lines, key=key) == []
    assert [json.loads(line)["number"] for line in lines] == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        pytest.param(lambda it: [*it[:2], *it[3:]], ["log:3 EVL831"], id="a line cut out"),
        pytest.param(lambda it: [*it[:1], *it[4:]], ["log:2 EVL831"], id="lines cut out"),
        pytest.param(lambda it: it[:4], ["log.head EVL831"], id="the end cut off"),
        pytest.param(lambda _: [], ["log.head EVL831"], id="everything cut off"),
        pytest.param(lambda it: it[2:], [], id="older files removed"),
        pytest.param(
            lambda it: [*it[:2], it[2].replace(b'"id":"3"', b'"id":"9"'), *it[3:]],
            ["log:3 EVL830"],
            id="a line edited",
        ),
        pytest.param(
            lambda it: [*it[:2], OTHER[2], *it[3:]],
            ["log:3 EVL833", "log:4 EVL833"],
            id="a line replaced by a genuine one",
        ),
        pytest.param(
            lambda _: OTHER, ["log:6 EVL830"], id="the whole replaced, each record genuine"
        ),
        pytest.param(
            lambda it: [*it[:2], it[3], it[2], *it[4:]],
            ["log:3 EVL831", "log:4 EVL832"],
            id="two lines swapped",
        ),
        pytest.param(lambda it: [*it[:3], it[2], *it[3:]], ["log:4 EVL832"], id="a line twice"),
        pytest.param(lambda it: [*it, *it], [f"log:{n} EVL832" for n in range(7, 13)], id="twice"),
        pytest.param(lambda it: [*it[:3], b"{}\n", *it[3:]], ["log:4 EVL834"], id="a line put in"),
        pytest.param(lambda it: [*it[:3], b"\n", *it[3:]], ["log:4 EVL834"], id="an empty line"),
        pytest.param(
            lambda it: [*it[:-1], it[-1][:-1]],
            ["log:6 EVL835", "log.head EVL831"],
            id="the last line feed gone",
        ),
        pytest.param(
            lambda it: [json.dumps(json.loads(line)).encode() + b"\n" for line in it],
            [*(f"log:{n} EVL834" for n in range(1, 7)), "log.head EVL831"],
            id="written again with blanks",
        ),
        pytest.param(
            lambda it: [it[0], *chained(3, chain="f" * 16), *it[1:]], [], id="another chain between"
        ),
    ],
)
def test_harm_shows_where_it_was_done(harm: Callable[[Lines], Lines], found: list[str]) -> None:
    lines = chained(6)
    told = verified(harm(lines), head=head_of(lines[-1]))
    assert [f"{one.place} {one.diagnostic.code}" for one in told] == found


@given(at=st.integers(min_value=0), byte=st.integers(0, 255), keyed=st.booleans())
def test_no_byte_can_be_changed(at: int, byte: int, keyed: bool) -> None:
    key = KEY if keyed else None
    lines = chained(3, key)
    text = bytearray(b"".join(lines))
    at %= len(text)
    is_changed = text[at] != byte
    text[at] = byte
    found = verified([bytes(text)], key=key, head=head_of(lines[-1]))
    assert bool(found) == is_changed


@pytest.mark.parametrize("key", [None, b"another key, and long enough for one"])
def test_a_key_has_to_be_known(key: bytes | None) -> None:
    found = verified(chained(2, KEY), key=key)
    code = "EVL836" if key is None else "EVL830"
    assert [f"{one.place} {one.diagnostic.code}" for one in found] == [
        f"log:1 {code}",
        f"log:2 {code}",
    ]
    assert {one.diagnostic.code for one in verified(chained(2), key=KEY)} == {"EVL836"}


def test_who_has_no_key_cannot_go_on_with_the_chain() -> None:
    lines = chained(2, KEY)
    forged, _ = Sealer(b"guessed").seal(head_of(lines[-1]), b'"id":"forged"')
    (found,) = verified([*lines, forged], key=KEY)
    assert (found.place, found.diagnostic.code) == ("log:3", "EVL830")


def test_files_are_one_log() -> None:
    lines = chained(6)
    verification = Verification(Sealer())
    found: list[Finding] = []
    for name, part in [("a", lines[:2]), ("b", lines[2:5]), ("c", lines[5:])]:
        found += verification.read(BytesIO(b"".join(part)), name)
    assert found == []
    (chain,) = verification.chains.values()
    assert (chain.first, chain.last.number, chain.count, chain.place) == (1, 6, 6, "c:1")
    found += verification.read(BytesIO(lines[3]), "d")
    assert [one.place for one in found] == ["d:1"]
    assert "`c:1`" in found[0].diagnostic.message


def test_members_cannot_pretend_to_be_of_the_chain() -> None:
    lines = chained(2)
    tail = lines[1][lines[1].index(b',"previous"') : -2].decode()
    line, _ = Sealer().seal(head_of(lines[1]), b'"id":"%s}"' % tail.replace('"', '\\"').encode())
    assert verified([*lines, line]) == []
    sealed = read_sealed(line[:-1])
    assert sealed is not None
    assert sealed.link.number == 3


@pytest.mark.parametrize(
    "link", [Link("0" * 16), head_of(chained(3)[-1]), head_of(chained(1, KEY)[0])]
)
def test_heads(link: Link) -> None:
    data = write_head(link)
    assert len(data) == HEAD_SIZE
    assert data.endswith(b"\n")
    assert read_head(data) == link


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * HEAD_SIZE,
        b"[]",
        b"{}",
        b'{"chain": "0", "number": 0, "hash": null}',
        b'{"chain": "0000000000000000", "number": 1, "hash": null}',
        b'{"chain": "0000000000000000", "number": true, "hash": "x"}',
        b'{"chain": "0000000000000000", "number": 1, "hash": "sha256:0"}',
        b'{"chain": "0000000000000000", "number": -1, "hash": null}',
    ],
)
def test_what_is_no_head(data: bytes) -> None:
    assert read_head(data) is None


@pytest.mark.parametrize(
    ("data", "number"), [(b"", None), (b"{}\n", None), (chained(3)[1] + b"{}", 2)]
)
def test_the_first_record_of_a_file(data: bytes, number: int | None) -> None:
    link = first_link(BytesIO(data))
    assert (None if link is None else link.number) == number
