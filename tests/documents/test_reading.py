from __future__ import annotations

import os
from pathlib import Path

import pytest

from evaluator.diagnostics import Diagnostic
from evaluator.documents.limits import Limits
from evaluator.documents.reading import read_source
from evaluator.source import Files, Folder, MemoryFiles, Source


class Broken:
    """Files that cannot be listed or read."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def names(self) -> list[str]:
        raise OSError("no list")

    def read(self, name: str) -> bytes:
        raise self.error


def problem(files: Files, name: str, limits: Limits | None = None) -> Diagnostic:
    found = read_source(files, name, limits=limits or Limits())
    assert isinstance(found, Diagnostic)
    assert found.help
    assert found.span is not None
    assert found.span.source.name == name
    return found


BYTES = {
    "UTF-16, little end first": (
        "a: 1".encode("utf-16"),
        "1:1 EVL004 `f.yaml` is not UTF-8: it looks like UTF-16",
    ),
    "UTF-16, big end first": (
        b"\xfe\xff" + "a: 1".encode("utf-16-be"),
        "1:1 EVL004 `f.yaml` is not UTF-8: it looks like UTF-16",
    ),
    "UTF-16 without a mark": (
        "a: 1\nb: 2".encode("utf-16-le"),
        "1:1 EVL004 `f.yaml` is not UTF-8: it looks like UTF-16",
    ),
    "UTF-32": ("a: 1".encode("utf-32"), "1:1 EVL004 `f.yaml` is not UTF-8: it looks like UTF-32"),
    "Latin-1": (
        "é: 1".encode() + "\nb: æ".encode("latin-1"),
        "2:4 EVL004 `f.yaml` is not UTF-8: it looks like Windows-1252 or Latin-1",
    ),
    "no encoding known": (
        b"a: \x81\x8d",
        "1:4 EVL004 `f.yaml` is not UTF-8: it has bytes that no UTF-8 text has",
    ),
    "half a surrogate": (
        b"a: \xed\xa0\x80",
        "1:4 EVL004 `f.yaml` is not UTF-8: it looks like Windows-1252 or Latin-1",
    ),
    "a mark and a bad byte": (
        b"\xef\xbb\xbfa: \xff.",
        "1:4 EVL004 `f.yaml` is not UTF-8: it looks like Windows-1252 or Latin-1",
    ),
    "a picture": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "1:1 EVL005 `f.yaml` is not a text: it has binary data",
    ),
    "zeros": (b"a: 1\nb: \0\0x", "2:4 EVL005 `f.yaml` is not a text: it has binary data"),
}


@pytest.mark.parametrize("case", BYTES)
def test_bytes_that_are_no_text(case: str) -> None:
    data, said = BYTES[case]
    found = problem(MemoryFiles({"f.yaml": data}), "f.yaml")
    assert found.span is not None
    assert f"{found.span.position} {found.code} {found.message}" == said


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\xef\xbb\xbfa: 1", "a: 1"),
        ("é𝄞\r\n".encode(), "é𝄞\r\n"),
        (b"a\tb\x1b", "a\tb\x1b"),
        ("\u0100\u0200".encode(), "\u0100\u0200"),
    ],
    ids=["nothing", "byte order mark", "CR LF", "controls", "odd letters"],
)
def test_texts(data: bytes, text: str) -> None:
    source = read_source(MemoryFiles({"f.yaml": data}), "f.yaml")
    assert isinstance(source, Source)
    assert (source.name, source.text) == ("f.yaml", text)


def test_a_missing_file() -> None:
    files = MemoryFiles({"common.yaml": "", "a/roles.yaml": ""})
    found = problem(files, "comon.yaml")
    assert (found.code, found.message) == ("EVL001", "there is no file `comon.yaml`")
    assert found.help == "did you mean `common.yaml`?"
    assert problem(files, "zebra").help == "create it, or correct the name"
    assert problem(Broken(FileNotFoundError()), "x").code == "EVL001"


def test_a_problem_with_the_whole_is_reported_where_the_file_is_named() -> None:
    at = Source("pack.yaml", "files: [x.yaml]").span(8, 14)
    found = read_source(MemoryFiles({}), "x.yaml", at=at)
    assert isinstance(found, Diagnostic)
    assert found.span == at


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.yaml").write_text("")
    for files in (Folder(tmp_path), MemoryFiles({"a/b.yaml": ""})):
        found = problem(files, "a")
        assert (found.code, found.message) == ("EVL003", "`a` is a folder, not a file")
    assert problem(Folder(tmp_path), "a/b.yaml/c").code == "EVL001"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "Permission denied"), "permission denied"),
        (PermissionError("x leads out of the folder"), "x leads out of the folder"),
        (ValueError("embedded null byte"), "embedded null byte"),
        (RuntimeError("Symlink loop from x"), "symlink loop from x"),
    ],
)
def test_a_file_that_cannot_be_read(error: Exception, reason: str) -> None:
    found = problem(Broken(error), "x")
    assert (found.code, found.message) == ("EVL002", f"`x` cannot be read: {reason}")


@pytest.mark.parametrize("name", ["../secret", "loop", "link", "pipe", "a\0b", "\ud800"])
def test_odd_names_on_disk(tmp_path: Path, name: str) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (tmp_path / "secret").write_text("")
    (pack / "loop").symlink_to("loop")
    (pack / "link").symlink_to("../secret")
    os.mkfifo(pack / "pipe")
    assert problem(Folder(pack), name).code in ("EVL001", "EVL002")


def test_a_file_that_is_too_large() -> None:
    found = problem(MemoryFiles({"f": "a: 123456"}), "f", Limits(max_bytes=8))
    assert (found.code, found.message) == ("EVL006", "`f` has 9 bytes; files may have 8")
