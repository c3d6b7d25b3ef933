"""All the mutants of some packs, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluator.diagnostics import Diagnostic, Diagnostics
from evaluator.documents.composing import compose
from evaluator.documents.nodes import Mapping, Scalar
from evaluator.documents.reading import read_source
from evaluator.policy.model import Pack
from evaluator.policy.packs import PACK_FILE, find_packs, list_files
from evaluator.policy.paths import resolve
from evaluator.policy.reading import items
from evaluator.source import Files
from evaluator.suites.mutation.mutants import Mutant
from evaluator.suites.mutation.packs import pack_mutants
from evaluator.suites.mutation.policies import policy_mutants
from evaluator.suites.mutation.vocabulary import vocabulary_of

__all__ = ["Generated", "generate"]


@dataclass(frozen=True, slots=True, eq=False)
class Generated:
    """The mutants, and the texts of the files that they change, by name."""

    mutants: tuple[Mutant, ...]
    originals: dict[str, str]


def generate(files: Files, packs: Sequence[Pack]) -> Generated:
    """The mutants of packs that load without errors: of pack.yaml, then of its files in order.

    ``packs`` are what ``files`` holds, in the order of their folders. No two mutants are alike.
    """
    found = Diagnostics()
    folders = find_packs(files, list_files(files, found), found)
    originals: dict[str, str] = {}
    mutants: dict[tuple[object, ...], Mutant] = {}
    for folder, pack in zip(folders, packs, strict=True):
        for mutant in _of_pack(files, folder, pack, originals):
            texts = mutant.texts(originals)
            if texts[mutant.file] != originals[mutant.file]:
                key = (mutant.file, texts[mutant.file], mutant.removed)
                mutants.setdefault(key, mutant)
    return Generated(tuple(mutants.values()), originals)


def _of_pack(files: Files, folder: str, pack: Pack, originals: dict[str, str]) -> Iterator[Mutant]:
    root = _root(files, folder + PACK_FILE, originals)
    if root is None:
        return
    policies: dict[str, Mapping] = {}
    for node in items(root.get("files")):
        path = resolve("", node.text) if isinstance(node, Scalar) else None
        policy = _root(files, folder + path, originals) if path is not None else None
        if path is not None and policy is not None:
            policies[path] = policy
    yield from pack_mutants(root, folder, policies)
    vocabulary = vocabulary_of(pack)
    for policy in policies.values():
        yield from policy_mutants(policy, vocabulary, pack.combining)


def _root(files: Files, name: str, originals: dict[str, str]) -> Mapping | None:
    source = read_source(files, name)
    if isinstance(source, Diagnostic):
        return None
    document = compose(source)
    originals[name] = document.source.text
    return document.root if isinstance(document.root, Mapping) else None
