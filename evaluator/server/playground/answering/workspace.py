"""The policies that are played with: files in memory, and what the page's edits make of them."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from evaluator.decision.decision import Decision
from evaluator.decision.explanation import Explanation
from evaluator.diagnostics import Diagnostic, Diagnostics, Severity
from evaluator.engine import PolicySet, collector_paused
from evaluator.history.versions import Version
from evaluator.policy.loading import load_packs
from evaluator.policy.model import Pack
from evaluator.server.playground.answering.asking import InvalidError, TooLargeError
from evaluator.server.playground.answering.places import Places
from evaluator.server.playground.limits import Bounds
from evaluator.source import MemoryFiles
from evaluator.suites.outcome import Place, places
from evaluator.suites.reading import Read, read_suites

__all__ = ["Loaded", "UnloadableError", "Workspace"]

_ENDINGS: Final = (".yaml", ".yml", ".json")
_LONGEST_NAME: Final = 200
_KEPT: Final = 6  # sets of edits that stay loaded
_PACK_FILE: Final = "pack.yaml"


class UnloadableError(Exception):
    """The policies cannot be loaded, so nothing is decided by them."""

    def __init__(self, loaded: Loaded) -> None:
        super().__init__("the policies cannot be loaded")
        self.loaded = loaded


class Loaded:
    """The packs of some files, or what keeps them from being loaded. They are interpreted only."""

    def __init__(
        self, files: MemoryFiles, packs: tuple[Pack, ...], diagnostics: tuple[Diagnostic, ...]
    ) -> None:
        self.files = files
        self.packs = packs
        self.diagnostics = diagnostics
        self.loads = not any(item.severity is Severity.ERROR for item in diagnostics)
        self.places = Places()
        self.kept: dict[str, Any] = {}  # what has been found out about them, by who wants it again
        self._now = 0
        self.policies = PolicySet(packs, clock=lambda: self._now, interpret=True)

    def decide(self, request: Mapping[str, Any], now: int, locale: str | None = None) -> Decision:
        """The decision on a request, at a moment in nanoseconds since the epoch."""
        self._now = now
        return _sound(self.policies.decide(request, locale=locale))

    def explain(
        self, request: Mapping[str, Any], now: int, locale: str | None = None
    ) -> Explanation:
        """The same with the value of every sub-expression."""
        self._now = now
        found = self.policies.explain(request, locale=locale)
        _sound(found.decision)
        return found

    @cached_property
    def suites(self) -> Read:
        """The suites of the packs."""
        return read_suites(self.files, self.packs)

    @cached_property
    def scenarios(self) -> list[Place]:
        """Every step of the suites."""
        return places(self.suites.suites)

    @cached_property
    def version(self) -> Version:
        """The packs as a version, to be compared with another."""
        return Version("", self.files, self.packs, interpret=True)


def _sound(decision: Decision) -> Decision:
    """A decision, if there was memory enough to make it: a lack of it denies, as all faults do."""
    refused = decision.rule_ids == ("invalid-request",)
    if refused and "the evaluator failed: MemoryError" in decision.reasons[0].message:
        raise MemoryError
    return decision


class Workspace:
    """The files as they were when the playground started, and what has been loaded lately.

    Not to be shared between threads.
    """

    def __init__(self, files: Mapping[str, bytes], bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self.files = {name: _normal(content) for name, content in files.items()}
        self._folders = _pack_folders(self.files)
        self._parts: OrderedDict[tuple[str, bytes], _Part] = OrderedDict()
        self._kept: OrderedDict[bytes, Loaded] = OrderedDict()
        self.base = self._load(self.files)
        self._last = self.base

    def loaded(self, edits: Mapping[str, str]) -> Loaded:
        """The packs with the edits in the place of the files, whether they can be loaded or not.

        Raises ``InvalidError`` for the name of a file that must not be edited, ``TooLargeError``.
        """
        if not edits:
            return self.base
        changed = self._checked(edits)
        key = _digest(changed)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._load({**self.files, **changed})
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        if found.loads:
            self._last = found
        return found

    def deciding(self, edits: Mapping[str, str]) -> Loaded:
        """The same, to decide with. Raises ``UnloadableError`` where that cannot be."""
        found = self.loaded(edits)
        if not found.loads:
            raise UnloadableError(found)
        return found

    def nearest(self, edits: Mapping[str, str]) -> Loaded:
        """The packs with the edits, or else those that could be loaded last, or what there was."""
        found = self.loaded(edits)
        return found if found.loads else self._last

    def editable(self, name: str) -> bool:
        """Whether there may be a file of this name among the edits."""
        if not name.lower().endswith(_ENDINGS) or len(name) > _LONGEST_NAME:
            return False
        parts = name.split("/")
        if any(not part or part.startswith(".") for part in parts) or not name.isprintable():
            return False
        if "\\" in name or ":" in name:
            return False
        return name in self.files or any(name.startswith(folder) for folder in self._folders)

    def folder_of(self, name: str) -> str | None:
        """The folder of the pack that a file lies in, "" or with a final ``/``; None for none."""
        return next((folder for folder in self._folders if name.startswith(folder)), None)

    def _checked(self, edits: Mapping[str, str]) -> dict[str, bytes]:
        if len(edits) > self.bounds.files:
            raise TooLargeError(f"more than {self.bounds.files} files are edited")
        found = {}
        for name, text in edits.items():
            if not self.editable(name):
                raise InvalidError(f"`{name[:_LONGEST_NAME]}` is no file that can be edited here")
            try:
                found[name] = _normal(text.encode("utf-8"))
            except UnicodeEncodeError:
                raise InvalidError(f"`{name}` has half of a surrogate pair in it") from None
        if sum(map(len, found.values())) > self.bounds.edits:
            raise TooLargeError(f"the edits have more than {self.bounds.edits} bytes")
        return found

    def _load(self, files: Mapping[str, bytes]) -> Loaded:
        """Loads each pack by itself, since most edits leave the others alone."""
        folders = _pack_folders(files)
        whole = MemoryFiles(files)
        homeless = any(
            name.lower().endswith(_ENDINGS[:2]) and not name.startswith(tuple(folders))
            for name in files
        )
        if not folders or homeless:
            return self._load_whole(whole)
        parts = [self._part(folder, files) for folder in folders]
        packs = tuple(pack for part in parts for pack in part.packs)
        if len({pack.name for pack in packs}) < len(packs):
            return self._load_whole(whole)
        diagnostics = Diagnostics()
        for part in parts:
            diagnostics.extend(part.diagnostics)
        failed = diagnostics.has_errors
        return Loaded(whole, () if failed else packs, diagnostics.sorted())

    def _load_whole(self, files: MemoryFiles) -> Loaded:
        with collector_paused():
            loaded = load_packs(files)
        return Loaded(files, loaded.packs, loaded.diagnostics)

    def _part(self, folder: str, files: Mapping[str, bytes]) -> _Part:
        inside = {name: content for name, content in files.items() if name.startswith(folder)}
        # Suites are read by themselves, and change nothing in the pack.
        suites = f"{folder}suites/"
        key = folder, _digest({n: c for n, c in inside.items() if not n.startswith(suites)})
        found = self._parts.get(key)
        if found is None:
            with collector_paused():
                loaded = load_packs(MemoryFiles(inside))
            found = self._parts[key] = _Part(loaded.packs, loaded.diagnostics)
            if len(self._parts) > _KEPT + 2 * len(self._folders):
                self._parts.popitem(last=False)
        else:
            self._parts.move_to_end(key)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One pack, or what keeps it from being loaded."""

    packs: tuple[Pack, ...]
    diagnostics: tuple[Diagnostic, ...]


def _pack_folders(files: Mapping[str, bytes]) -> list[str]:
    """The folders of packs, as loading finds them."""
    if _PACK_FILE in files:
        return [""]
    folders = {name[: name.index("/") + 1] for name in files if "/" in name}
    return sorted(folder for folder in folders if folder + _PACK_FILE in files)


def _normal(content: bytes) -> bytes:
    """A file with line ends as browsers have them, without a mark of its encoding.

    Editors in a browser know no other line end, and all places are counted in their texts.
    """
    text = content.removeprefix(b"\xef\xbb\xbf")
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _digest(files: Mapping[str, bytes]) -> bytes:
    total = hashlib.blake2b(digest_size=16)
    for name in sorted(files):
        encoded = name.encode("utf-8", "surrogatepass")
        total.update(len(encoded).to_bytes(8, "big") + encoded)
        total.update(len(files[name]).to_bytes(8, "big") + files[name])
    return total.digest()
