"""Cases: their requests built, their moments reckoned, their steps put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from evaluator.diagnostics import Diagnostic, Diagnostics
from evaluator.documents.nodes import Mapping as MappingNode
from evaluator.documents.nodes import Node, Scalar
from evaluator.language.instants import MAX_INSTANT, MIN_INSTANT, parse_duration, parse_instant
from evaluator.policy.reading import child, entries, items, scalar
from evaluator.source import Span
from evaluator.suites import problems
from evaluator.suites.assertions import Assertions
from evaluator.suites.fixtures import Kind, Scope
from evaluator.suites.matrix import cells, dimensions
from evaluator.suites.model import Case, Question, Step

__all__ = ["Cases"]

_ROOTS: Final[tuple[tuple[str, Kind, tuple[str, ...]], ...]] = (
    ("subject", "subjects", ("type", "id")),
    ("action", "actions", ("name",)),
    ("resource", "resources", ("type", "id")),
    ("context", "contexts", ()),
)
_SHAPES: Final = (
    ("request", "matrix", "a case has a `request` or a `matrix`"),
    ("expect", "at", "a case has `expect` or `at`"),
)


class Cases:
    """Makes the cases of one suite, whose moment ``now`` is, None where it has none."""

    def __init__(
        self,
        scope: Scope,
        now: Scalar | None,
        assertions: Assertions,
        diagnostics: Diagnostics,
    ) -> None:
        self._scope = scope
        self._assertions = assertions
        self._diagnostics = diagnostics
        self._has_now = now is not None
        self._now = None if now is None else self._instant(now)

    def read(self, node: Node) -> Case | None:
        """A case of what is written; what keeps it from being one has been reported."""
        name = scalar(child(node, "name"))
        if not isinstance(node, MappingNode) or name is None:
            return None
        if not self._is_complete(node, name):
            return None
        facts = tuple(
            int(item.value)
            for item in items(child(node, "facts"))
            if isinstance(item, Scalar) and isinstance(item.value, (int, float))
        )
        return Case(name.text, facts, tuple(self._steps(node, name)), name.span)

    def _is_complete(self, node: MappingNode, name: Scalar) -> bool:
        """Whether the case asks something and expects something, each in one way."""
        complete = True
        for one, other, rule in _SHAPES:
            if one in node and other in node:
                place = node.members[other][0].span
                help_ = f"remove one: {rule}"
                self._report(
                    problems.case_incomplete(
                        place, f"the case has both `{one}` and `{other}`", help_
                    )
                )
                complete = False
        if "request" not in node and "matrix" not in node:
            message = "the case has no request"
            self._report(problems.case_incomplete(name.span, message, f"add one: {_SHAPES[0][2]}"))
            complete = False
        if "expect" not in node and "at" not in node and "default" not in node:
            self._report(problems.nothing_expected(name.span))
            complete = False
        for key, home, other in (("default", "matrix", "request"), ("at", "request", "matrix")):
            if key in node and other in node:
                message = f"`{key}` belongs to a `{home}`, and the case has a `{other}`"
                place = node.members[key][0].span
                self._report(problems.case_incomplete(place, message, f"remove `{key}`"))
                complete = False
        return complete

    def _steps(self, node: MappingNode, name: Scalar) -> Iterator[Step]:
        now = self._moment(node, name)
        matrix = child(node, "matrix")
        if matrix is not None:
            for cell in cells(
                node, dimensions(matrix, self._diagnostics), self._assertions, self._diagnostics
            ):
                request = self._request(cell.names)
                if request is not None and now is not None:
                    question = Question(request, now)
                    yield Step(cell.label, question, cell.expectation, cell.expectation.span)
            return
        written = {
            root: value
            for root, kind, _ in _ROOTS
            if (value := child(child(node, "request"), root)) is not None
        }
        request = self._request(
            {kind: written[root] for root, kind, _ in _ROOTS if root in written}
        )
        if "at" in node:
            yield from self._moments(node, request, now)
            return
        expectation = self._assertions.read(node.members["expect"][1])
        if expectation is not None and request is not None and now is not None:
            yield Step(None, Question(request, now), expectation, expectation.span)

    def _moment(self, node: MappingNode, name: Scalar) -> int | None:
        written = scalar(child(node, "now"))
        if written is not None:
            return self._instant(written)
        if not self._has_now:
            self._report(problems.moment_missing(name.span))
        return self._now

    def _instant(self, node: Scalar) -> int | None:
        """The moment that a text means; None after a report."""
        instant = parse_instant(node.text)
        if instant is None:
            self._report(problems.moment_invalid(node.span, node.text))
        return instant

    def _moments(
        self, node: MappingNode, request: Mapping[str, Any] | None, now: int | None
    ) -> Iterator[Step]:
        heading, at = node.members["at"]
        if request is not None and "time" in request.get("context", ()):
            context = child(child(node, "request"), "context")
            self._report(problems.time_given(heading.span, context.span if context else None))
        for key, value in entries(at):
            instant = self._offset(key, now)
            expectation = self._assertions.read(value, validated=True)
            if instant is not None and expectation is not None and request is not None:
                yield Step(key.text, Question(request, instant), expectation, value.span)

    def _offset(self, key: Scalar, now: int | None) -> int | None:
        """The moment that a key of ``at`` means."""
        if not key.text.startswith(("+", "-")):
            instant = parse_instant(key.text)
        else:
            offset = parse_duration(key.text)
            if offset is not None and now is None:
                return None  # which has been reported
            instant = None if offset is None or now is None else now + offset
        if instant is None:
            self._report(problems.step_invalid(key.span, key.text))
        elif not MIN_INSTANT <= instant <= MAX_INSTANT:
            self._report(problems.step_out_of_range(key.span, key.text))
            return None
        return instant

    def _request(self, written: Mapping[Kind, Node]) -> Mapping[str, Any] | None:
        """The request of these parts, JSON data; None after a report."""
        request: dict[str, Any] = {}
        complete = True
        for root, kind, required in _ROOTS:
            node = written.get(kind)
            if node is None:
                complete = complete and root == "context"
                continue
            data = self._part(kind, node)
            if data is None:
                complete = False
                continue
            missing = [key for key in required if key not in data]
            if missing and not self._scope.incomplete:
                self._report(problems.request_incomplete(_first_line(node), root, missing))
            complete = complete and not missing
            request[root] = data
        return request if complete else None

    def _part(self, kind: Kind, node: Node) -> dict[str, Any] | None:
        if kind == "actions" and isinstance(node, Scalar) and not self._scope.has(kind, node.text):
            return {"name": node.text}
        return self._scope.built(kind, node)

    def _report(self, diagnostic: Diagnostic) -> None:
        self._diagnostics.add(diagnostic)


def _first_line(node: Node) -> Span:
    span = node.span
    line, _, _ = span.text.partition("\n")
    return span.source.span(span.start, span.start + len(line.rstrip("\r")))
