"""What was edited between two versions of packs, and which rules and outputs that may change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from typing import Final, Literal

from evaluator.history.definitions import Definition, Key, Kind
from evaluator.history.texts import Line
from evaluator.source import Span

__all__ = ["Edit", "Part", "Reach", "edits"]

How = Literal["added", "removed", "changed", "moved"]

_KINDS: Final[tuple[Kind, ...]] = (
    "pack",
    "schema",
    "constant",
    "table",
    "variable",
    "rule",
    "output",
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a definition that reads otherwise: the lines that are gone, and those that came.

    ``name`` is as in policy files, ``when`` or ``reason.en``; a row of a table; a JSON pointer into
    a schema; or "" of what has no parts.
    """

    name: str
    removed: tuple[Line, ...]
    added: tuple[Line, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One definition that was edited. ``old`` is None of an added one, ``new`` of a removed one.

    ``decisive`` tells that decisions may depend on it; else only texts do, or its place changed.
    """

    kind: Kind
    name: str
    how: How
    old: Definition | None
    new: Definition | None
    parts: tuple[Part, ...]
    decisive: bool

    @property
    def pack(self) -> str:
        some = self.new or self.old
        assert some is not None
        return some.key[1]


def edits(old: Mapping[Key, Definition], new: Mapping[Key, Definition]) -> tuple[Edit, ...]:
    """Every definition that differs, by kind, and by file and place within one."""
    gone = {key: one for key, one in old.items() if key not in new}
    come = {key: one for key, one in new.items() if key not in old}
    found = [_compared(old[key], new[key]) for key in old if key in new]
    elsewhere = {key[:3]: key for key in come}
    for key, before in list(gone.items()):
        # What went from one file to another has kept kind, pack and name.
        other = elsewhere.pop(key[:3], None)
        if other is not None:
            found.append(_compared(before, come.pop(other)))
            del gone[key]
    found += [Edit(one.kind, one.name, "removed", one, None, (), True) for one in gone.values()]
    found += [Edit(one.kind, one.name, "added", None, one, (), True) for one in come.values()]
    found += _orders(old, new)
    return tuple(sorted(filter(None, found), key=_place))


def _place(edit: Edit | None) -> tuple[int, str, int, str]:
    assert edit is not None
    some = edit.new or edit.old
    assert some is not None
    start = 0 if some.span is None else some.span.start
    return (_KINDS.index(edit.kind), some.file, start, edit.name)


def _compared(old: Definition, new: Definition) -> Edit | None:
    decisive = tuple(_parts(old.decisive, new.decisive))
    words = tuple(_parts(old.words, new.words))
    if decisive or words:
        parts = (*decisive, *words)
        return Edit(new.kind, new.name, "changed", old, new, parts, bool(decisive))
    if old.file != new.file:
        return Edit(new.kind, new.name, "moved", old, new, (), False)
    return None


def _parts(old: Mapping[str, Sequence[Line]], new: Mapping[str, Sequence[Line]]) -> Iterator[Part]:
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name, ()), new.get(name, ())
        removed: list[Line] = []
        added: list[Line] = []
        matcher = SequenceMatcher(
            None, [line.text for line in before], [line.text for line in after], autojunk=False
        )
        for kind, first, last, start, end in matcher.get_opcodes():
            if kind != "equal":
                removed += before[first:last]
                added += after[start:end]
        if removed or added:
            yield Part(name, tuple(removed), tuple(added))


def _orders(old: Mapping[Key, Definition], new: Mapping[Key, Definition]) -> Iterator[Edit]:
    """Packs whose rules, or whose outputs, come in another order."""
    for pack in [one for key, one in new.items() if key[0] == "pack" and key in old]:
        for kind in ("rule", "output"):
            before = [key for key in old if key[:2] == (kind, pack.name) and key in new]
            after = [key for key in new if key[:2] == (kind, pack.name) and key in old]
            if before != after:
                removed, added = _moved(before, after, old[pack.key].span, pack.span)
                part = Part(f"order of {kind}s", removed, added)
                yield Edit("pack", pack.name, "changed", old[pack.key], pack, (part,), True)


def _moved(
    before: list[Key], after: list[Key], old: Span | None, new: Span | None
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The stretch in which two orders differ; where the files are listed settles it."""
    size = len(before)
    start = next(at for at in range(size) if before[at] != after[at])
    end = next(at for at in range(size, 0, -1) if before[at - 1] != after[at - 1])
    return (
        (Line(", ".join(key[2] for key in before[start:end]), old),),
        (Line(", ".join(key[2] for key in after[start:end]), new),),
    )


class Reach:
    """Which rules and outputs the decisive edits may change, through what they use.

    ``everything`` tells that a pack's settings or its request schema were edited, or that a pack
    came or went: then it may be any.
    """

    def __init__(
        self,
        found: Iterable[Edit],
        old: Mapping[Key, Definition],
        new: Mapping[Key, Definition],
    ) -> None:
        self.edits = tuple(edit for edit in found if edit.decisive)
        self.everything = any(edit.kind in ("pack", "schema") for edit in self.edits)
        self._by_key: dict[Key, list[Edit]] = {}
        for edit in self.edits:
            for one in (edit.old, edit.new):
                if one is not None:
                    behind = self._by_key.setdefault(one.key, [])
                    if edit not in behind:
                        behind.append(edit)
        self._versions = (old, new)
        self._keys: dict[tuple[Kind, str], dict[Key, None]] = {}
        for key in chain(old, new):
            self._keys.setdefault((key[0], key[2]), {})[key] = None
        self._known: dict[Key, tuple[Edit, ...]] = {}
        self._asked: dict[tuple[Kind, str, str | None], tuple[Edit, ...]] = {}

    def behind(self, kind: Kind, name: str, pack: str | None = None) -> tuple[Edit, ...]:
        """The edits that may have changed a rule or an output; of a pack, or of any that has it."""
        asked = (kind, name, pack)
        if asked not in self._asked:
            self._asked[asked] = self._behind(kind, name, pack)
        return self._asked[asked]

    def _behind(self, kind: Kind, name: str, pack: str | None) -> tuple[Edit, ...]:
        found: dict[int, Edit] = {}
        for key in self._keys.get((kind, name), ()):
            if pack in (None, key[1]):
                for edit in self._of(key):
                    found[id(edit)] = edit
        if not found:
            found = {id(one): one for one in self.edits if one.kind in ("pack", "schema")}
        return tuple(found.values())

    def touches(self, kind: Kind, name: str, pack: str) -> bool:
        """Whether some edit may have changed a rule or an output."""
        return self.everything or bool(self.behind(kind, name, pack))

    def _of(self, key: Key) -> tuple[Edit, ...]:
        if key not in self._known:
            found: dict[int, Edit] = {}
            for version in self._versions:
                waiting, seen = [key], {key}
                while waiting:
                    here = waiting.pop()
                    for edit in self._by_key.get(here, ()):
                        found[id(edit)] = edit
                    definition = version.get(here)
                    for used in definition.uses if definition is not None else ():
                        if used not in seen:
                            seen.add(used)
                            waiting.append(used)
            self._known[key] = tuple(found.values())
        return self._known[key]
