"""Suites read: from the files in the packs' ``suites`` folders to linked suites, or to problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from evaluator.diagnostics import Diagnostic, Diagnostics, Severity
from evaluator.documents.composing import compose
from evaluator.documents.nodes import Mapping as MappingNode
from evaluator.documents.nodes import Node, Scalar
from evaluator.documents.reading import read_source
from evaluator.documents.validating import validate
from evaluator.engine import collector_paused
from evaluator.policy.model import Pack
from evaluator.policy.paths import folder_of, resolve
from evaluator.policy.reading import child, entries, items, scalar
from evaluator.source import Files, Source, Span
from evaluator.suites import problems
from evaluator.suites.assertions import Assertions
from evaluator.suites.cases import Cases
from evaluator.suites.fixtures import Kind, Scope
from evaluator.suites.known import Known
from evaluator.suites.model import Case, Suite
from evaluator.suites.schemas import fixtures_schema, suite_schema

__all__ = ["FOLDER", "SUITE", "Read", "Unreachable", "read_suites"]

FOLDER: Final = "suites/"
SUITE: Final = ".suite.yaml"
_PACK_FILE: Final = "pack.yaml"
_YAML: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, eq=False)
class Unreachable:
    """What a suite says that no request can show: a rule, or a part of its condition.

    ``condition`` is the text of that part, None for the rule as a whole; ``pack`` is the name of
    the pack that the suite lies in.
    """

    pack: str
    rule: str
    condition: str | None
    because: str
    span: Span  # of the condition, or else of the rule


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """The suites, by file; what they call unreachable; and every problem, sorted by place.

    A suite with an error, or whose fixtures have one, is left out.
    """

    suites: tuple[Suite, ...]
    unreachable: tuple[Unreachable, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def has_errors(self) -> bool:
        return any(item.severity is Severity.ERROR for item in self.diagnostics)


def read_suites(files: Files, packs: Sequence[Pack]) -> Read:
    """The suites of packs that were loaded from the same files. Never raises."""
    with collector_paused():
        return _read_suites(files, packs)


def _read_suites(files: Files, packs: Sequence[Pack]) -> Read:
    diagnostics = Diagnostics()
    known = Known.of(packs)
    suites: list[Suite] = []
    unreachable: list[Unreachable] = []
    try:
        names = sorted(files.names())
    except OSError:  # which loading has reported
        names = []
    for pack in packs:
        reading = _PackReading(files, names, pack, known, diagnostics)
        for suite, unmet in reading.suites():
            suites.append(suite)
            unreachable.extend(unmet)
    return Read(tuple(suites), tuple(unreachable), diagnostics.sorted())


@dataclass(frozen=True, slots=True, eq=False)
class _Document:
    """A file as it was read: its root where there is one, and what is wrong with text and shape."""

    root: MappingNode | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def broken(self) -> bool:
        return any(item.severity is Severity.ERROR for item in self.diagnostics)


class _PackReading:
    """The reading of the suites of one pack."""

    def __init__(
        self,
        files: Files,
        names: Sequence[str],
        pack: Pack,
        known: Known,
        diagnostics: Diagnostics,
    ) -> None:
        self._files = files
        self._pack = pack
        self._known = known
        self._diagnostics = diagnostics
        self._folder = _folder(pack) + FOLDER
        self._names = [
            name[len(self._folder) :]
            for name in names
            if name.startswith(self._folder)
            and name.lower().endswith(_YAML)
            and not any(part.startswith(".") for part in name.split("/"))
        ]
        self._documents: dict[str, _Document] = {}
        self._fixtures: dict[str, Scope] = {}

    def suites(self) -> Iterator[tuple[Suite, list[Unreachable]]]:
        """Each suite without errors, with what it calls unreachable; all problems are reported."""
        failed = False
        for path in self._names:
            if path.endswith(SUITE):
                suite = self._suite(path)
                failed = failed or suite is None
                if suite is not None:
                    yield suite
        for path, scope in self._fixtures.items():
            self._diagnostics.extend(self._document(path).diagnostics)
            self._diagnostics.extend(scope.diagnostics)
            if not failed:  # else the use may be where the error is
                self._diagnostics.extend(_unused(scope))
        for path in self._names:
            if not path.endswith(SUITE) and path not in self._fixtures:
                self._report_file(path, failed=failed)

    def _report_file(self, path: str, *, failed: bool) -> None:
        root = self._document(path).root
        source = Source(self._folder + path, "") if root is None else root.source
        has_cases = root is not None and "cases" in root
        if has_cases or not failed:  # else the import may be where the error is
            self._diagnostics.add(
                problems.unused_file(source.span(0, 0), path, has_cases=has_cases)
            )

    def _suite(self, path: str) -> tuple[Suite, list[Unreachable]] | None:
        document = self._document(path)
        root = document.root
        found = Diagnostics()
        found.extend(document.diagnostics)
        suite = None
        if root is not None:
            scope, imported = self._scope(path, root, found)
            suite = self._linked(path, root, scope, found)
            if found.has_errors or any(other.diagnostics.has_errors for other in imported):
                suite = None
            else:
                found.extend(_unused(scope))
        self._diagnostics.extend(found)
        return suite

    def _linked(
        self, path: str, root: MappingNode, scope: Scope, found: Diagnostics
    ) -> tuple[Suite, list[Unreachable]]:
        stem = path.removesuffix(SUITE)
        expected = f"{self._pack.name}.{stem[stem.rfind('/') + 1 :]}"
        name = scalar(root.get("suite"))
        if name is not None and name.text != expected:
            found.add(problems.suite_name(name.span, name.text, expected))
        cases = Cases(scope, scalar(root.get("now")), Assertions(self._known, found), found)
        linked = tuple(self._cases(root, cases, found))
        unreachable = list(self._unreachable(root, found))
        file = self._folder + path
        title = dict(self._texts(root.get("title")))
        return Suite(expected, self._pack.name, file, linked, title), unreachable

    def _texts(self, node: Node | None) -> Iterator[tuple[str, str]]:
        """A text by locale."""
        if isinstance(node, Scalar):
            yield self._pack.default_locale, node.text
        for key, value in entries(node):
            if isinstance(value, Scalar):
                yield key.text, value.text

    def _cases(self, root: MappingNode, cases: Cases, found: Diagnostics) -> Iterator[Case]:
        named: dict[str, Scalar] = {}
        for node in items(root.get("cases")):
            name = scalar(child(node, "name"))
            if name is not None:
                first = named.setdefault(name.text, name)
                if first is not name:
                    found.add(problems.case_repeated(name.span, name.text, first.span))
            case = cases.read(node)
            if case is not None:
                yield case

    def _scope(self, path: str, root: MappingNode, found: Diagnostics) -> tuple[Scope, list[Scope]]:
        """What the suite's cases see, imported fixtures and then its own; and the imported files.

        Paths of imports are relative to the folder of the suite.
        """
        scope = Scope(found, elsewhere=self._home)
        imported: dict[str, Scalar] = {}
        for node in items(root.get("imports")):
            if not isinstance(node, Scalar):
                continue
            target = resolve(folder_of(path), node.text)
            if target is None:
                found.add(problems.import_leaves_suites(node.span, node.text))
            elif target in imported:
                found.add(problems.imported_twice(node.span, node.text, imported[target].span))
            elif target.endswith(SUITE):
                found.add(problems.import_of_suite(node.span, node.text))
            elif target not in self._names:
                known = [name for name in self._names if not name.endswith(SUITE)]
                found.add(problems.import_missing(node.span, node.text, known))
            else:
                imported[target] = node
                scope.take(self._fixtures_of(target))
                continue
            scope.incomplete = True
        scope.define(root.get("fixtures"))
        return scope, [self._fixtures[target] for target in imported]

    def _fixtures_of(self, path: str) -> Scope:
        """The fixtures of a file, the same whoever imports it."""
        if path not in self._fixtures:
            document = self._document(path)
            diagnostics = Diagnostics()
            diagnostics.extend(document.diagnostics)
            scope = self._fixtures[path] = Scope(diagnostics, incomplete=document.broken)
            scope.define(document.root.get("fixtures") if document.root else None)
        return self._fixtures[path]

    def _home(self, kind: Kind, name: str) -> str | None:
        """A file of fixtures that has one of this name."""
        for path in self._names:
            if not path.endswith(SUITE):
                known = child(child(self._document(path).root, "fixtures"), kind)
                if child(known, name) is not None:
                    return path
        return None

    def _document(self, path: str) -> _Document:
        if path not in self._documents:
            self._documents[path] = self._read(path)
        return self._documents[path]

    def _read(self, path: str) -> _Document:
        source = read_source(self._files, self._folder + path)
        if isinstance(source, Diagnostic):
            return _Document(None, (source,))
        document = compose(source)
        if document.root is None:
            return _Document(None, document.diagnostics)
        schema = suite_schema() if path.endswith(SUITE) else fixtures_schema()
        shape = validate(document.root, schema)
        root = document.root if isinstance(document.root, MappingNode) else None
        return _Document(root, (*document.diagnostics, *shape))

    def _unreachable(self, root: MappingNode, found: Diagnostics) -> Iterator[Unreachable]:
        for node in items(root.get("unreachable")):
            rule = scalar(child(node, "rule"))
            because = scalar(child(node, "because"))
            condition = scalar(child(node, "condition"))
            if rule is None or because is None:
                continue
            if rule.text not in self._known.rules:
                found.add(problems.rule_unknown(rule.span, rule.text, self._known.rules))
            yield Unreachable(
                self._pack.name,
                rule.text,
                None if condition is None else condition.text,
                because.text,
                (condition or rule).span,
            )


def _unused(scope: Scope) -> Iterator[Diagnostic]:
    for kind, fixture in scope.unused():
        yield problems.fixture_unused(fixture.name.span, kind, fixture.name.text)


def _folder(pack: Pack) -> str:
    """The folder of a pack, "" or with a final ``/``."""
    return next(
        (
            folder_of(name)
            for name in pack.files
            if name.removeprefix(folder_of(name)) == _PACK_FILE
        ),
        "",
    )
