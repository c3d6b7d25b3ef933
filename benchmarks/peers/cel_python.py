"""The twelve rules in cel-python: CEL in Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import celpy

from benchmarks.peers import Decide
from benchmarks.peers.cel_rules import FIRES
from benchmarks.twelve_rules import Answer, answer, what_is_read

__all__ = ["load"]


def load() -> Decide:
    """Parsed once, evaluated with what is read.

    By its interpreter: its `CompiledRunner` is about five times as fast, but in 0.5.0 gives other
    answers on two of five requests, and logs an error for each.
    """
    environment = celpy.Environment(runner_class=celpy.InterpretedRunner)
    evaluate = environment.program(environment.compile(FIRES)).evaluate

    def decide(request: Mapping[str, Any]) -> Answer:
        values = {name: celpy.json_to_cel(value) for name, value in what_is_read(request).items()}
        return answer(evaluate(values))

    return decide
