"""The verification of a decision log as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evaluator.history.verifying import Chain, Finding

__all__ = ["verification_json"]


def verification_json(
    chains: Mapping[str, Chain], findings: Iterable[Finding], *, wrong: int
) -> dict[str, Any]:
    """``{"schema": 1, "whole": ..., "chains": [...], "findings": [...]}``.

    ``wrong`` is how many errors there are; ``line`` is null for what a whole file lacks.
    """
    return {
        "schema": 1,
        "whole": not wrong,
        "chains": [
            {
                "chain": name,
                "first": chain.first,
                "last": chain.last.number,
                "records": chain.count,
                "hash": chain.last.hash,
            }
            for name, chain in chains.items()
        ],
        "findings": [
            {
                "file": finding.file,
                "line": finding.line,
                "code": finding.diagnostic.code,
                "name": finding.diagnostic.name,
                "severity": finding.diagnostic.severity.value,
                "message": finding.diagnostic.message,
                "help": finding.diagnostic.help,
            }
            for finding in findings
        ],
    }
