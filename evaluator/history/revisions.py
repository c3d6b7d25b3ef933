"""The files of a folder in a git revision, read through the ``git`` command."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evaluator.diagnostics import Diagnostic
from evaluator.history import problems

__all__ = ["Revision", "open_revision", "split_revision"]

_LINK: Final = "120000"
_SUBMODULE: Final = "160000"
_READ_AT_ONCE: Final = (".yaml", ".yml", ".json")
_MOST_GUESSES: Final = 5_000


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    id: str


class Revision:
    """The files below a folder of a git revision, as they were committed.

    Symbolic links are listed and cannot be read, submodules are not there. ``repository`` is a
    folder in the repository, ``revision`` what was asked for, ``commit`` the full id it stands for;
    ``folder`` is "" for the top. Made by ``open_revision``.
    """

    def __init__(
        self,
        repository: Path,
        revision: str,
        folder: str,
        commit: str,
        entries: Mapping[str, tuple[str, str]],
    ) -> None:
        self.repository = repository
        self.revision = revision
        self.folder = folder
        self.commit = commit
        self._entries = {name: _Entry(*entry) for name, entry in entries.items()}
        self._contents: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"Revision({self.revision!r}, {self.folder!r})"

    def names(self) -> Iterator[str]:
        return iter(sorted(self._entries))

    def read(self, name: str) -> bytes:
        entry = self._entries.get(name)
        if entry is None:
            raise FileNotFoundError(f"there is no file {name}")
        if entry.mode == _LINK:
            raise PermissionError(f"{name} is a symbolic link, which is not followed")
        if entry.id not in self._contents:
            # Policies are many small files: one process reads them all.
            together = [name] if not name.endswith(_READ_AT_ONCE) else list(self._small())
            self._contents |= self._blobs([self._entries[one].id for one in together])
        return self._contents[entry.id]

    def _small(self) -> Iterator[str]:
        for name, entry in self._entries.items():
            if name.endswith(_READ_AT_ONCE) and entry.mode != _LINK:
                yield name

    def _blobs(self, ids: Sequence[str]) -> dict[str, bytes]:
        wanted = list(dict.fromkeys(ids))
        asked = "".join(f"{id}\n" for id in wanted).encode("ascii")
        done = _git(self.repository, "cat-file", "--batch", input=asked)
        if done.returncode:
            raise OSError(_said(done) or "git cat-file failed")
        found: dict[str, bytes] = {}
        at = 0
        for id in wanted:  # `<id> blob <size>`, the content, and a line feed
            end = done.stdout.index(b"\n", at)
            head = done.stdout[at:end].split()
            if len(head) != 3 or head[1] != b"blob":
                raise OSError(f"git has no content for {id}")
            size = int(head[2])
            found[id] = done.stdout[end + 1 : end + 1 + size]
            at = end + 1 + size + 1
        return found


def split_revision(written: str) -> tuple[str, str] | None:
    """``HEAD~1:policies`` in its two parts; None of a text without a colon.

    A colon in braces, as in ``main@{2026-03-03 12:00}:policies``, belongs to the revision.
    """
    depth = 0
    for at, letter in enumerate(written):
        if letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
        elif letter == ":" and depth <= 0 and at:
            return written[:at], written[at + 1 :]
    return None


def open_revision(
    repository: str | os.PathLike[str], revision: str, folder: str = ""
) -> Revision | Diagnostic:
    """The folder of a revision, or what is wrong with it. Never raises.

    ``folder`` is as seen from the top of the repository; with ``./`` before it, from
    ``repository``.
    """
    place = Path(repository)
    written = f"{revision}:{folder}"
    try:
        return _open(place, revision, folder)
    except FileNotFoundError:
        if not place.is_dir():
            return problems.no_repository(str(place), "")
        return problems.git_missing(written)
    except (OSError, ValueError) as error:  # a zero byte in a name, a process that cannot begin
        return problems.revision_unreadable(written, str(error))


def _open(place: Path, revision: str, folder: str) -> Revision | Diagnostic:
    done = _git(place, "rev-parse", "--git-dir")
    if done.returncode:
        return problems.no_repository(str(place), _said(done))
    # A name that begins with a dash is no revision, and must not be taken for an option.
    commit = None if revision.startswith("-") else _id(place, revision + "^{commit}")
    if commit is None:
        return problems.revision_unknown(revision, _revisions(place))
    path = folder.rstrip("/") if folder != "/" else ""
    if path == ".":
        path = "./"
    tree = _id(place, f"{commit}:{path}")
    if tree is None:
        return problems.folder_missing(revision, folder, _folders(place, commit))
    if _git(place, "cat-file", "-t", tree).stdout.strip() != b"tree":
        return problems.not_a_folder(revision, folder)
    listed = _git(place, "ls-tree", "-r", "-z", "--full-tree", tree)
    if listed.returncode:
        return problems.revision_unreadable(f"{revision}:{folder}", _said(listed))
    return Revision(place, revision, path, commit, dict(_entries(listed.stdout)))


def _entries(listed: bytes) -> Iterator[tuple[str, tuple[str, str]]]:
    for row in listed.split(b"\0"):
        head, tab, name = row.partition(b"\t")
        if not tab:
            continue
        mode, _, id = head.decode("ascii").split()
        path = os.fsdecode(name)
        # As in a folder on disk, what lies in a hidden folder is not there.
        hidden = any(part.startswith(".") for part in path.split("/")[:-1])
        if mode != _SUBMODULE and not hidden:
            yield path, (mode, id)


def _id(place: Path, name: str) -> str | None:
    done = _git(place, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
    return done.stdout.decode("ascii").strip() if done.returncode == 0 else None


def _revisions(place: Path) -> list[str]:
    done = _git(place, "for-each-ref", f"--count={_MOST_GUESSES}", "--format=%(refname:short)")
    return ["HEAD", *os.fsdecode(done.stdout).splitlines()]


def _folders(place: Path, commit: str) -> list[str]:
    done = _git(place, "ls-tree", "-r", "-d", "-z", "--name-only", "--full-tree", commit)
    return os.fsdecode(done.stdout).rstrip("\0").split("\0")[:_MOST_GUESSES]


def _git(place: Path, *arguments: str, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["git", "--no-optional-locks", *arguments],
        cwd=place,
        input=input,
        capture_output=True,
        check=False,
    )


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[0] if lines else ""
