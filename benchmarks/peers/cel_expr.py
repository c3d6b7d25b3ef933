"""The twelve rules in cel-expr-python: CEL in C++, by its inventors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cel_expr_python import cel

from benchmarks.peers import Decide
from benchmarks.peers.cel_rules import FIRES, VARIABLES
from benchmarks.twelve_rules import Answer, answer, what_is_read

__all__ = ["load"]


def load() -> Decide:
    """Compiled once, with variables of dynamic type, evaluated with what is read."""
    environment = cel.NewEnv(variables=dict.fromkeys(VARIABLES, cel.Type.DYN))
    evaluate = environment.compile(FIRES).eval

    def decide(request: Mapping[str, Any]) -> Answer:
        return answer(evaluate(data=what_is_read(request)).plain_value())

    return decide
