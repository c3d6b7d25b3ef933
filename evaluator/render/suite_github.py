"""Failed steps of suites as workflow commands of GitHub Actions."""

from __future__ import annotations

from evaluator.render.differences import difference_words
from evaluator.render.escape import visible
from evaluator.render.github import command, place
from evaluator.suites.outcome import Failure

__all__ = ["failure_command"]


def failure_command(failure: Failure, *, folder: str = "") -> str:
    """One ``::error`` command at the expectation; ``folder`` is put before the file's name."""
    title = visible(f"{failure.place.suite.name}: {failure.place.title}")
    message = "\n".join(map(difference_words, failure.differences))
    return command("error", {"title": title} | place(failure.place.step.span, folder), message)
