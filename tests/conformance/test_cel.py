"""The facts of google/cel-spec hold, those beside this file and those beside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.cel.reading import facts
from tests.conformance.cel.runner import failure

HERE = Path(__file__).parent / "cel" / "facts"
BESIDE = Path(__file__).parents[3] / "shared" / "conformance" / "cel"


def test_there_are_facts() -> None:
    assert len(list(facts(HERE))) == 882


@pytest.mark.parametrize("file", sorted(path.stem for path in HERE.glob("*.jsonl")))
def test_facts_hold(file: str) -> None:
    failed = [f"{fact.name}: {fact.expression}: {why}" for fact in facts(HERE, file)
              if (why := failure(fact)) is not None]  # fmt: skip
    assert failed == []


def test_facts_beside_the_repository_hold() -> None:
    if not BESIDE.is_dir():
        pytest.skip("absent: shared/conformance/cel beside the repository")
    assert [fact.name for fact in facts(BESIDE) if failure(fact) is not None] == []
