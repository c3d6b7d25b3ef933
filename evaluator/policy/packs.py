"""Packs on disk: which there are, what pack.yaml says, and the policy files that it lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evaluator.diagnostics import Diagnostic, Diagnostics, Severity
from evaluator.documents.composing import compose
from evaluator.documents.nodes import Mapping, Node, Scalar
from evaluator.documents.nodes import Sequence as SequenceNode
from evaluator.documents.reading import read_source
from evaluator.documents.validating import validate
from evaluator.policy import pack_problems as problems
from evaluator.policy.digest import RecordedFiles
from evaluator.policy.paths import resolve, stem
from evaluator.policy.reading import child, items, scalars, text
from evaluator.policy.schemas import Format, published
from evaluator.source import Files, Span

__all__ = ["PACK_FILE", "PackSource", "PolicySource", "find_packs", "list_files", "read_pack"]

PACK_FILE = "pack.yaml"
_SUITES = "suites/"
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, eq=False)
class PolicySource:
    """A policy file as it was read. ``path`` is its name from the pack's folder.

    ``broken`` tells that its shape has errors, so that names may be missing that it was to define.
    """

    path: str
    root: Mapping
    listed: Scalar
    broken: bool

    @property
    def name(self) -> str:
        """The name of the file among all files."""
        return self.root.source.name


@dataclass(frozen=True, slots=True, eq=False)
class PackSource:
    """A pack as it was read: pack.yaml and the policy files in its order.

    ``folder`` is "" or ends with ``/``. ``missing`` tells that a listed file could not be read.
    ``unlisted`` are the policy files in the folder that the list leaves out, by path.
    """

    folder: str
    root: Mapping
    policies: tuple[PolicySource, ...]
    files: RecordedFiles
    names: frozenset[str]
    missing: bool
    unlisted: tuple[str, ...]

    @property
    def name(self) -> str:
        return text(self.root.get("name")) or ""

    def resolve(self, node: Scalar, diagnostics: Diagnostics, *, base: str = "") -> str | None:
        """The path that a text means, from the pack's folder; None, and reported, if it leaves."""
        path = resolve(base, node.text)
        if path is None:
            diagnostics.add(problems.path_leaves_pack(node.span, node.text))
        return path


def list_files(files: Files, diagnostics: Diagnostics) -> list[str]:
    """The names of all files, sorted; none, after a report, if they cannot be listed."""
    try:
        return sorted(files.names())
    except OSError as error:
        diagnostics.add(problems.files_unreadable(str(error)))
        return []


def find_packs(files: Files, names: Sequence[str], diagnostics: Diagnostics) -> list[str]:
    """The folders of packs: the root alone if it has a pack.yaml, else each folder in it that has.

    Policy files that belong to no pack are reported: what they deny must not be lost.
    """
    if PACK_FILE in names:
        return [""]
    folders = {name[: name.index("/") + 1] for name in names if "/" in name}
    packs = sorted(folder for folder in folders if f"{folder}{PACK_FILE}" in names)
    homeless = [
        name
        for name in names
        if name[: name.find("/") + 1] not in packs and _is_yaml(name) and _is_policy(files, name)
    ]
    for name in homeless:
        diagnostics.add(problems.policy_without_pack(name, name[: name.find("/") + 1]))
    if not packs and not homeless:
        diagnostics.add(problems.no_packs())
    return packs


def _is_policy(files: Files, name: str) -> bool:
    try:
        lines = files.read(name).splitlines()
    except OSError:
        return False
    return any(line.startswith(b"policy:") for line in lines)


def _is_yaml(name: str) -> bool:
    return name.lower().endswith(_YAML)


def read_pack(
    files: Files, names: Iterable[str], folder: str, diagnostics: Diagnostics
) -> PackSource | None:
    """The pack in a folder; None when pack.yaml cannot be made sense of, which is then reported."""
    recorded = RecordedFiles(files)
    inside = frozenset(name[len(folder) :] for name in names if name.startswith(folder))
    root = _read(recorded, folder + PACK_FILE, "pack", diagnostics)
    if root is None:
        return None
    pack = root[0]
    reading = _Listing(recorded, folder, pack, inside, diagnostics)
    policies = tuple(reading.policies())
    unlisted = tuple(reading.unlisted())
    return PackSource(folder, pack, policies, recorded, inside, reading.missing, unlisted)


class _Listing:
    """The files of a pack as ``files`` lists them, against those that there are."""

    def __init__(
        self,
        files: RecordedFiles,
        folder: str,
        pack: Mapping,
        names: frozenset[str],
        diagnostics: Diagnostics,
    ) -> None:
        self.missing = False
        self._files = files
        self._folder = folder
        self._pack = pack
        self._names = names
        self._diagnostics = diagnostics
        self._listed: dict[str, Scalar] = {}

    def policies(self) -> Iterator[PolicySource]:
        by_stem: dict[str, Scalar] = {}
        for node in items(self._pack.get("files")):
            if not isinstance(node, Scalar):
                continue
            path = resolve("", node.text)
            if path is None:
                self._problem(problems.path_leaves_pack(node.span, node.text))
            elif path in self._listed:
                self._problem(problems.listed_twice(node.span, node.text, self._listed[path].span))
            elif stem(path) in by_stem:
                self._listed[path] = node
                self._problem(problems.same_stem(node.span, node.text, by_stem[stem(path)].span))
            else:
                self._listed[path] = by_stem[stem(path)] = node
                policy = self._policy(path, node)
                if policy is not None:
                    yield policy
                else:
                    self.missing = True

    def _policy(self, path: str, node: Scalar) -> PolicySource | None:
        if path not in self._names:
            candidates = sorted(name for name in self._names if _is_yaml(name))
            self._problem(problems.listed_missing(node.span, node.text, candidates))
            return None
        name = self._folder + path
        read = _read(self._files, name, "policy", self._diagnostics, node.span)
        return None if read is None else PolicySource(path, read[0], node, read[1])

    def unlisted(self) -> Iterator[str]:
        """The policy files in the folder that the list leaves out."""
        if not isinstance(self._pack.get("files"), SequenceNode):
            return  # which has been reported, and would make every file one
        request = child(self._pack, "request")
        schemas = {node.text for node in scalars(request)}
        if isinstance(request, Mapping):
            schemas.update(node.text for _, value in request.entries for node in scalars(value))
        for path in sorted(self._names):
            if (
                _is_yaml(path)
                and path not in self._listed
                and path not in schemas
                and path != PACK_FILE
                and not path.startswith(_SUITES)
                and not any(part.startswith(".") for part in path.split("/"))
            ):
                yield path

    def _problem(self, diagnostic: Diagnostic) -> None:
        self._diagnostics.add(diagnostic)


def _read(
    files: RecordedFiles,
    name: str,
    format_: Format,
    diagnostics: Diagnostics,
    listed: Span | None = None,
) -> tuple[Mapping, bool] | None:
    """The root of a file and whether its shape has errors; None when there is nothing to use."""
    source = read_source(files, name, at=listed)
    if isinstance(source, Diagnostic):
        if name in files.outside and listed is not None:
            source = problems.path_leaves_pack(listed, listed.text)
        diagnostics.add(source)
        return None
    document = compose(source)
    diagnostics.extend(document.diagnostics)
    root = document.root
    if root is None:
        return None
    if format_ == "pack" and not _is_known_version(root, diagnostics):
        return None
    found = list(validate(root, published(format_)))
    diagnostics.extend(found)
    if not isinstance(root, Mapping):
        return None
    broken = document.has_errors or any(item.severity is Severity.ERROR for item in found)
    return root, broken


def _is_known_version(root: Node, diagnostics: Diagnostics) -> bool:
    version = child(root, "language")
    if version is None or (isinstance(version, Scalar) and version.value == 1):
        return True
    written = version.text if isinstance(version, Scalar) else "a list or mapping"
    diagnostics.add(problems.language_version(version.span, written))
    return False
