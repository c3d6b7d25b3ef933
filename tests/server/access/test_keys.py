"""API keys: made, kept as hashes, found again, and read from a file that changes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluator.diagnostics import Diagnostic
from evaluator.server.access.key_files import read_keys
from evaluator.server.access.keys import ApiKey, KeyRing, digest_of, file_line, new_key
from evaluator.server.access.watching import SetupError, Watched
from evaluator.server.command import serve
from tests.cli_runner import evaluator

HASH = "6ca13d52ca70c883e0f0bb101e425a89e8624de51db2d2392593af6a84118090"


def file_of(*lines: str) -> bytes:
    return "\n".join(["keys:", *(f"  {line}" for line in lines), ""]).encode()


def ring(data: bytes) -> KeyRing:
    found, diagnostics = read_keys(data, "keys.yaml")
    assert found is not None, diagnostics
    return found


def test_keys_are_long_and_never_the_same() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {47}  # 256 bits


@pytest.mark.parametrize("name", ["orders", 'the "orders" team', "ordrer: på dansk", "{} 😀 #"])
def test_the_line_of_a_key_is_read_back(name: str) -> None:
    key = new_key()
    found = ring(file_of(file_line(name, digest_of(key)))).find(key)
    assert found == ApiKey(name, digest_of(key))


def test_all_that_a_file_says() -> None:
    known = digest_of("one")
    line = (
        f"- {{name: a, sha256: {known.hex()}, expires: 2027-01-01T00:00:00Z, scopes: [evaluate]}}"
    )
    expected = ApiKey("a", known, 1_798_761_600_000_000_000, ("evaluate",))
    assert ring(file_of(line)).find("one") == expected


@pytest.mark.parametrize("wrong", ["", "x", "é", HASH, "\0"])
def test_nothing_else_is_found(wrong: str) -> None:
    keys = [ApiKey(f"name-{number}", digest_of(new_key())) for number in range(3)]
    assert KeyRing(keys).find(wrong) is None
    assert KeyRing([]).find(wrong) is None


def test_every_key_of_several_is_found() -> None:
    texts = [new_key() for _ in range(5)]
    keys = KeyRing(ApiKey(text, digest_of(text)) for text in texts)
    assert [found.name for text in texts if (found := keys.find(text))] == texts


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"keys: {}", ["EVL116"]),
        (b"", ["EVL109"]),
        (b"key: []", ["EVL115", "EVL114"]),
        (file_of("- {name: a, sha256: abc}"), ["EVL117"]),
        (file_of(f"- {{name: a, sha256: {HASH}, scope: [x]}}"), ["EVL114"]),
        (
            file_of(
                f"- {{name: a, sha256: {HASH}, expires: never}}",
                f"- {{name: b, sha256: {HASH}, scopes: evaluate}}",
            ),
            ["EVL814", "EVL813", "EVL116"],
        ),
    ],
)
def test_problems(data: bytes, codes: list[str]) -> None:
    found, diagnostics = read_keys(data, "keys.yaml")
    assert found is None
    assert sorted(item.code for item in diagnostics) == sorted(codes)
    assert all(item.span is not None for item in diagnostics)


# The file while the service runs


class Watching:
    """A file that is watched, a clock to be set, and what was reported."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = 0.0
        self.told: list[Diagnostic] = []
        self.keys: Watched[KeyRing] = Watched(
            path, read_keys, self.told.extend, monotonic=lambda: self.now
        )

    def names(self, *keys: str) -> list[str]:
        ring = self.keys.value()
        return [found.name for key in keys if (found := ring.find(key))]

    def later(self, data: bytes | None) -> None:
        """Lets two seconds pass in which the file is replaced."""
        self.now += 2
        if data is None:
            self.path.unlink()
            return
        new = self.path.with_suffix(".new")
        new.write_bytes(data)
        new.replace(self.path)


@pytest.fixture
def watching(tmp_path: Path) -> Watching:
    path = tmp_path / "keys.yaml"
    path.write_bytes(file_of(file_line("first", digest_of("one"))))
    return Watching(path)


def test_keys_come_and_go(watching: Watching) -> None:
    assert watching.names("one", "two") == ["first"]
    watching.later(
        file_of(file_line("first", digest_of("one")), file_line("first", digest_of("two")))
    )
    assert watching.names("one", "two") == ["first", "first"]
    watching.later(file_of(file_line("first", digest_of("two"))))
    assert watching.names("one", "two") == ["first"]
    assert watching.told == []


@pytest.mark.parametrize(
    ("data", "code"),
    [(None, "EVL810"), (b"keys: [", "EVL121"), (b"\xff\xfe", "EVL004"), (b"keys: 1", "EVL116")],
)
def test_a_broken_file_changes_nothing(watching: Watching, data: bytes | None, code: str) -> None:
    watching.later(data)
    assert watching.names("one") == ["first"]
    assert [item.code for item in watching.told] == [code]
    watching.later(file_of(file_line("second", digest_of("two"))))
    assert watching.names("one", "two") == ["second"]


def test_a_settled_file_is_not_read_again(watching: Watching) -> None:
    os.utime(watching.path, ns=(0, 0))
    ring = watching.keys.value()
    for _ in range(3):
        watching.now += 0.3
        assert watching.keys.value() is ring


def test_without_a_first_version_there_is_no_service(tmp_path: Path) -> None:
    def ignored(diagnostics: Sequence[Diagnostic]) -> None:
        return None

    with pytest.raises(SetupError, match="there is no file"):
        Watched(tmp_path / "keys.yaml", read_keys, ignored)
    (tmp_path / "pipe").mkdir()
    with pytest.raises(SetupError, match="no regular file"):
        Watched(tmp_path / "pipe", read_keys, ignored)


def test_the_command_prints_a_key_once() -> None:
    done = evaluator("serve", "--new-key", "orders")
    _, _, key, _, _, _, line, *_ = (*done.stdout.splitlines(), "")
    found = ring(file_of(line)).find(key.strip())
    assert (done.returncode, done.stderr) == (0, "")
    assert found is not None
    assert found.name == "orders"


@pytest.mark.parametrize("name", ["", " ", "a\nb", "\x1b[1m"])
def test_a_key_is_somebodys(name: str) -> None:
    done = CliRunner().invoke(serve, ["--new-key", name])
    assert done.exit_code == 2
    assert "--new-key" in done.output
