"""The mutants of pack.yaml: how the pack combines, and which files it has."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Texts
from typing import Final

from evaluator.documents.nodes import Mapping, Scalar, Sequence
from evaluator.policy.model import Combining
from evaluator.policy.paths import resolve
from evaluator.policy.reading import child, items, scalar, text
from evaluator.suites.mutation.edits import replaced, swapped, with_entry, without_item
from evaluator.suites.mutation.mutants import Edit, Mutant

__all__ = ["pack_mutants"]

_COMBINING: Final[tuple[Combining, ...]] = ("deny_overrides", "allow_overrides", "first_match")


def pack_mutants(root: Mapping, folder: str, policies: Texts[str, Mapping]) -> Iterator[Mutant]:
    """The mutants of pack.yaml. ``policies`` are the roots of the policy files by path.

    A file is left out of the list together with the file itself: that a file is there and not
    listed, or the other way round, is an error already.
    """
    name = text(root.get("name")) or ""
    combining = scalar(root.get("combining"))
    current = combining.text if combining is not None else "deny_overrides"
    for other in _COMBINING:
        if other != current:
            if combining is not None:
                edit = replaced(combining, other, flow=False)
                at = combining.start
            else:
                edit = with_entry(root, "files", f"combining: {other}")
                at = edit.start
            yield _mutant(root, "combining", f"`{current}` becomes `{other}`", name, at, edit)
    files = root.get("files")
    if not isinstance(files, Sequence):
        return
    for number, node in enumerate(files.items):
        path = resolve("", node.text) if isinstance(node, Scalar) else None
        if path is None or len(files.items) == 1:
            continue
        edit = without_item(files, number)
        change = f"without the file `{path}`"
        yield _mutant(root, "file", change, name, node.start, edit, removed=folder + path)
        if current == "first_match" and number + 1 < len(files.items):
            following = files.items[number + 1]
            others = (path, text(following) or "")
            if all(items(child(policies.get(one), "rules")) for one in others):
                change = f"`{path}` comes after `{others[1]}`"
                yield _mutant(root, "order", change, name, node.start, *swapped(files, number))


def _mutant(
    root: Mapping,
    operator: str,
    change: str,
    subject: str,
    at: int,
    *edits: Edit,
    removed: str | None = None,
) -> Mutant:
    place = root.source.position(at)
    file = root.source.name
    return Mutant(operator, change, subject, file, place.line, place.column, edits, removed)
