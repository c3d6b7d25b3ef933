"""Samples: the share they keep, always the same, and not to be foreseen."""

from __future__ import annotations

import pytest

from evaluator.server.log.sampling import Sample

IDS = [f"id-{number}" for number in range(10_000)]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_the_share_is_kept(share: float) -> None:
    sample = Sample(share, key=b"key")
    kept = [id_ for id_ in IDS if id_ in sample]
    assert len(kept) / len(IDS) == pytest.approx(share, abs=0.02)
    assert kept == [id_ for id_ in IDS if id_ in Sample(share, key=b"key")]


def test_nobody_without_the_key_knows_which() -> None:
    kept = [id_ for id_ in IDS if id_ in Sample(0.1, key=b"key")]
    other = [id_ for id_ in kept if id_ in Sample(0.1, key=b"another key")]
    assert len(other) < len(kept) / 5


def test_any_id_has_an_answer() -> None:
    assert "\ud800" in Sample(1.0, key=b"")
