"""A run of suites as JUnit XML, which build servers read."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from evaluator.render.differences import difference_words
from evaluator.render.escape import visible
from evaluator.render.suite_text import failure_plain
from evaluator.suites.outcome import SuiteOutcome

__all__ = ["outcomes_junit"]


def outcomes_junit(outcomes: Sequence[SuiteOutcome], *, folder: str = "") -> str:
    """The document: a test suite for each suite, a test case for each step.

    ``folder`` is put before the names of files.
    """
    root = ElementTree.Element("testsuites", {"name": "evaluator"} | _counts(outcomes))
    for outcome in outcomes:
        name = visible(outcome.suite.name)
        suite = ElementTree.SubElement(root, "testsuite", {"name": name} | _counts([outcome]))
        failures = {id(failure.place.step): failure for failure in outcome.failures}
        for place in outcome.places:
            span = place.step.span
            case = ElementTree.SubElement(
                suite,
                "testcase",
                classname=name,
                name=visible(place.title),
                file=visible(folder + span.source.name),
                line=str(span.line),
            )
            failure = failures.get(id(place.step))
            if failure is not None:
                words = "; ".join(map(difference_words, failure.differences))
                told = ElementTree.SubElement(case, "failure", message=words)
                told.text = failure_plain(failure, folder=folder)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode")


def _counts(outcomes: Sequence[SuiteOutcome]) -> dict[str, str]:
    tests = sum(len(outcome.places) for outcome in outcomes)
    failures = sum(len(outcome.failures) for outcome in outcomes)
    return {"tests": str(tests), "failures": str(failures), "errors": "0"}
