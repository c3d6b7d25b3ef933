"""``case``: the request as a case of a suite, with the present decision as what is expected."""

from __future__ import annotations

from typing import Any

from evaluator.server.playground.answering.asking import Asked, TooLargeError
from evaluator.server.playground.answering.workspace import Workspace
from evaluator.suites.model import Question
from evaluator.suites.pasting import case_text

__all__ = ["case"]

_LONGEST_NAME = 200


def case(workspace: Workspace, asked: Asked) -> dict[str, Any]:
    """``{"text": ...}``, to be put under the ``cases`` of a suite."""
    loaded = workspace.deciding(asked.edits)
    name, question = asked.text("name"), Question(asked.request, asked.instant("now"))
    if len(name) > _LONGEST_NAME:
        raise TooLargeError(f"`name` is longer than {_LONGEST_NAME}")
    decision = loaded.decide(question.request, question.now)
    return {"text": case_text(name, question, decision)}
