"""The twelve rules in common-expression-language: CEL in Rust."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cel

from benchmarks.peers import Decide
from benchmarks.peers.cel_rules import FIRES
from benchmarks.twelve_rules import Answer, answer, what_is_read

__all__ = ["load"]


def load() -> Decide:
    """Compiled once, executed with what is read."""
    execute = cel.compile(FIRES).execute

    def decide(request: Mapping[str, Any]) -> Answer:
        return answer(execute(what_is_read(request)))

    return decide
