"""Folders of git revisions as files: what is read, what is not, and what is wrong with names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import evaluator
from evaluator.diagnostics import Diagnostic
from evaluator.history.revisions import Revision, open_revision, split_revision
from tests.git_repository import commit, git
from tests.history_runs import FILES, WIDER


@pytest.fixture(autouse=True)
def _nothing_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def opened(repository: Path, revision: str, folder: str = "") -> Revision:
    found = open_revision(repository, revision, folder)
    assert isinstance(found, Revision), found
    return found


def below(folder: str, files: Mapping[str, str]) -> dict[str, str]:
    return {f"{folder}/{name}": text for name, text in files.items()}


def test_each_revision_has_its_files(tmp_path: Path) -> None:
    first = commit(below("policies", FILES), tmp_path)
    commit(below("policies", WIDER), tmp_path)
    (tmp_path / "policies/common.yaml").write_text("not committed")
    old, new = opened(tmp_path, "HEAD~1", "policies"), opened(tmp_path, "main", "policies")
    assert sorted(old.names()) == sorted(FILES)
    assert {name: old.read(name).decode() for name in old.names()} == FILES
    assert {name: new.read(name).decode() for name in new.names()} == WIDER
    assert (old.commit, old.revision, old.folder) == (first, "HEAD~1", "policies")
    assert evaluator.load(old).packs[0].name == "returns"


def test_where_folders_are_looked_for(tmp_path: Path) -> None:
    commit(below("a/policies", FILES), tmp_path)
    names = sorted(FILES)
    for place, folder in [
        (tmp_path, "a/policies"),
        (tmp_path, "a/policies/"),
        (tmp_path, "./a/policies"),
        (tmp_path / "a", "a/policies"),
        (tmp_path / "a", "./policies"),
        (tmp_path / "a/policies", "./"),
        (tmp_path / "a/policies", "."),
    ]:
        assert sorted(opened(place, "HEAD", folder).names()) == names, folder
    assert sorted(opened(tmp_path, "HEAD").names()) == sorted(below("a/policies", FILES))


def test_links_are_not_followed_and_modules_not_there(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "p/link.yaml").symlink_to("../secret")
    (tmp_path / "p/folder").symlink_to("..")
    first = commit({"p/a.yaml": "a", "p/.hidden/b.yaml": "b", "p/.c": "c"}, tmp_path)
    git(tmp_path, "update-index", "--add", "--cacheinfo", f"160000,{first},p/module")
    git(tmp_path, "commit", "--quiet", "--message=module")
    found = opened(tmp_path, "HEAD", "p")
    assert sorted(found.names()) == [".c", "a.yaml", "folder", "link.yaml"]
    for name in ("link.yaml", "folder"):
        with pytest.raises(PermissionError, match="symbolic link, which is not followed"):
            found.read(name)
    with pytest.raises(FileNotFoundError):
        found.read("../secret")
    assert found.read(".c") == b"c"


HOSTILE = ["--help.yaml", "-a", "with\nline feed.yaml", "quotes \"'.yaml", "\x1b[2J.yaml", "ø.yaml"]


def test_any_names_and_contents(tmp_path: Path) -> None:
    for name in HOSTILE:
        (tmp_path / name).write_bytes(b"\0\n" + name.encode())
    commit({}, tmp_path)
    found = opened(tmp_path, "HEAD")
    assert sorted(found.names()) == sorted(HOSTILE)
    assert {name: found.read(name) for name in HOSTILE} == {
        name: b"\0\n" + name.encode() for name in HOSTILE
    }


@pytest.mark.parametrize(
    ("revision", "folder", "code", "help_"),
    [
        ("mian", "policies", "EVL742", "did you mean `main`?"),
        ("0123456", "policies", "EVL742", None),
        ("--version", "policies", "EVL742", None),
        ("--output=x", "policies", "EVL742", None),
        ("-", "policies", "EVL742", None),
        ("HEAD:policies", "", "EVL742", None),
        ("HEAD^{tree}", "policies", "EVL742", None),
        ("main", "policy", "EVL743", "did you mean `main:policies`?"),
        ("main", "../policies", "EVL743", None),
        ("main", "--help", "EVL743", None),
        ("main", "policies/pack.yaml", "EVL743", "name the folder of a pack, or of packs"),
        ("main", "a\0b", "EVL744", None),
    ],
)
def test_what_is_not_there(
    revision: str, folder: str, code: str, help_: str | None, tmp_path: Path
) -> None:
    commit(below("policies", FILES), tmp_path)
    before = sorted(tmp_path.iterdir())
    found = open_revision(tmp_path, revision, folder)
    assert isinstance(found, Diagnostic)
    assert found.code == code
    assert help_ in (None, found.help)
    assert sorted(tmp_path.iterdir()) == before


def test_no_repository_and_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        found = open_revision(place, "HEAD", "policies")
        assert isinstance(found, Diagnostic)
        assert found.code == "EVL741"
    monkeypatch.setenv("PATH", str(tmp_path))
    found = open_revision(tmp_path, "HEAD", "policies")
    assert isinstance(found, Diagnostic)
    assert found.code == "EVL740"


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("HEAD~1:policies", ("HEAD~1", "policies")),
        ("HEAD:", ("HEAD", "")),
        ("main@{2026-03-03 12:00}:a:b", ("main@{2026-03-03 12:00}", "a:b")),
        ("HEAD^{/fix: it}:p", ("HEAD^{/fix: it}", "p")),
        ("policies", None),
        (":policies", None),
    ],
)
def test_split(written: str, parts: tuple[str, str] | None) -> None:
    assert split_revision(written) == parts
