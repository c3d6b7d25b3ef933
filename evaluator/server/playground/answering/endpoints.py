"""Which endpoints there are, and who answers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from evaluator.server.playground.answering.asking import Asked
from evaluator.server.playground.answering.case import case
from evaluator.server.playground.answering.changing import changes
from evaluator.server.playground.answering.checking import check
from evaluator.server.playground.answering.deciding import decide
from evaluator.server.playground.answering.explaining import explain
from evaluator.server.playground.answering.opening import open_
from evaluator.server.playground.answering.timeline import timeline
from evaluator.server.playground.answering.types import types
from evaluator.server.playground.answering.vocabulary import vocabulary
from evaluator.server.playground.answering.workspace import Workspace

__all__ = ["ENDPOINTS", "Answering"]

Answering = Callable[[Workspace, Asked], dict[str, Any]]
"""Answers what is asked, by JSON data. Raises what ``answering.asking`` and ``workspace`` have."""

ENDPOINTS: Final[Mapping[str, Answering]] = {
    "case": case,
    "changes": changes,
    "check": check,
    "decide": decide,
    "explain": explain,
    "open": open_,
    "timeline": timeline,
    "types": types,
    "vocabulary": vocabulary,
}
