"""Fixtures: the named subjects, resources, actions and contexts that requests are built from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from evaluator.diagnostics import Diagnostics
from evaluator.documents.nodes import Mapping as MappingNode
from evaluator.documents.nodes import Node, Scalar, to_python
from evaluator.policy.reading import child, entries, items, scalar
from evaluator.suites import problems

__all__ = ["KINDS", "Fixture", "Kind", "Scope"]

Kind = Literal["subjects", "resources", "actions", "contexts"]
KINDS: Final[tuple[Kind, ...]] = ("subjects", "resources", "actions", "contexts")
_EXTENDS: Final = "extends"
_WITHOUT: Final = "without"


@dataclass(slots=True, eq=False)
class Fixture:
    """A fixture as it is written, and what it comes to once that has been asked for.

    ``used`` tells that a case uses it, or another fixture that a case uses; ``data`` is None until
    ``state`` is done, and where it cannot be made.
    """

    name: Scalar
    node: Node
    scope: Scope
    used: bool = False
    state: Literal["new", "open", "done"] = "new"
    data: dict[str, Any] | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """The fixtures that a file sees: its own, and those that it imports.

    ``elsewhere`` names the file that has a fixture which is not here, for those who forgot to
    import it.
    ``incomplete`` tells that fixtures may be missing since a file could not be read.
    """

    diagnostics: Diagnostics
    fixtures: dict[Kind, dict[str, Fixture]] = field(
        default_factory=lambda: {kind: {} for kind in KINDS}
    )
    own: list[tuple[Kind, Fixture]] = field(default_factory=list)
    elsewhere: Callable[[Kind, str], str | None] = lambda kind, name: None
    incomplete: bool = False

    def define(self, root: Node | None) -> None:
        """Takes in the ``fixtures`` of the file itself."""
        for kind in KINDS:
            for name, node in entries(child(root, kind)):
                fixture = Fixture(name, node, self)
                self.own.append((kind, fixture))
                self._add(kind, fixture)

    def take(self, other: Scope) -> None:
        """Takes in what another file defines."""
        self.incomplete = self.incomplete or other.incomplete
        for kind, fixture in other.own:
            self._add(kind, fixture)

    def _add(self, kind: Kind, fixture: Fixture) -> None:
        known = self.fixtures[kind].setdefault(fixture.name.text, fixture)
        if known is not fixture:
            # The own ones come last, and it is they that can be renamed here.
            self.diagnostics.add(
                problems.fixture_clash(fixture.name.span, kind, fixture.name.text, known.name.span)
            )

    def unused(self) -> Iterator[tuple[Kind, Fixture]]:
        """The own fixtures that no case has used."""
        return ((kind, fixture) for kind, fixture in self.own if not fixture.used)

    def has(self, kind: Kind, name: str) -> bool:
        return name in self.fixtures[kind]

    def named(self, kind: Kind, name: Scalar) -> dict[str, Any] | None:
        """What a fixture comes to, JSON data that nobody may change; None after a report."""
        fixture = self.fixtures[kind].get(name.text)
        if fixture is None:
            if not self.incomplete:
                known = self.fixtures[kind]
                elsewhere = self.elsewhere(kind, name.text)
                self.diagnostics.add(
                    problems.fixture_unknown(name.span, kind, name.text, known, elsewhere)
                )
            return None
        return self._resolve(kind, fixture, [])

    def built(self, kind: Kind, node: Node) -> dict[str, Any] | None:
        """What the name of a fixture, or a mapping that may extend one, comes to; None as above."""
        if isinstance(node, Scalar):
            return self.named(kind, node)
        return self._built(kind, node, [])

    def _resolve(self, kind: Kind, fixture: Fixture, above: list[str]) -> dict[str, Any] | None:
        fixture.used = True
        if fixture.state == "open":
            first = above.index(fixture.name.text) if fixture.name.text in above else 0
            self.diagnostics.add(problems.fixture_cycle(fixture.name.span, above[first:]))
            return None
        if fixture.state == "new":
            fixture.state = "open"
            fixture.data = fixture.scope._built(kind, fixture.node, [*above, fixture.name.text])
            fixture.state = "done"
        return fixture.data

    def _built(self, kind: Kind, node: Node, above: list[str]) -> dict[str, Any] | None:
        if not isinstance(node, MappingNode):
            return None  # which its shape has been reported for
        own = to_python(node)
        own.pop(_EXTENDS, None)
        own.pop(_WITHOUT, None)
        base: dict[str, Any] | None = {}
        extends = scalar(child(node, _EXTENDS))
        if extends is not None:
            known = self.fixtures[kind].get(extends.text)
            base = self.named(kind, extends) if known is None else self._resolve(kind, known, above)
        if base is None:
            return None
        for path in items(child(node, _WITHOUT)):
            if isinstance(path, Scalar):
                base = self._removed(base, path, extends=extends is not None)
        result: dict[str, Any] = merged(base, own)
        return result

    def _removed(self, data: dict[str, Any], path: Scalar, *, extends: bool) -> dict[str, Any]:
        """The data without what stands at a path; as it is, and reported, if nothing does."""
        steps = path.text.split(".")
        level: Any = data
        for number, step in enumerate(steps):
            if not isinstance(level, dict) or step not in level:
                beside = level if isinstance(level, dict) else {}
                known = [".".join([*steps[:number], key]) for key in beside]
                self.diagnostics.add(
                    problems.path_unknown(path.span, path.text, known, extends=extends)
                )
                return data
            level = level[step]
        return _without(data, steps)


def merged(base: Any, over: Any) -> Any:
    """Mappings merged at every depth; anything else is replaced. Neither is changed."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    result = dict(base)
    for key, value in over.items():
        result[key] = merged(base[key], value) if key in base else value
    return result


def _without(data: dict[str, Any], steps: Iterable[str]) -> dict[str, Any]:
    step, *rest = steps
    result = dict(data)
    if rest:
        result[step] = _without(result[step], rest)
    else:
        del result[step]
    return result
