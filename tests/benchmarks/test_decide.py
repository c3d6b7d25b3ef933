"""The benchmark `decide`, small: that its rivals agree, and the shape of what it writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks import naive_by_hand, twelve_rules
from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.decide import AnswersDifferError, differing, must_agree
from benchmarks.peers import Peer
from tests import licences_by_hand
from tests.licence_requests import requests

WIDTH = 100


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("decide") / "decide.json"
    assert main(["decide", "--quick", "--requests", "40", "--no-peers", "--json", str(path)]) == 0
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_ratios_are_told_for_each_way_to_decide(told: dict[str, Any]) -> None:
    assert set(told["ratios"]) == {"allowed", "effect_and_ids", "decision", "to_dict", "naive"}
    assert all(value > 0 for value in told["ratios"].values())


def test_origins_are_told(told: dict[str, Any]) -> None:
    assert set(told["environment"]) == {"machine", "versions", "commit"}
    assert told["command"] == "python -m benchmarks decide --quick"
    assert told["requests"] == 40
    assert told["peers"] == {}


def test_the_text_fits_its_width(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["decide", "--quick", "--requests", "20", "--no-peers"])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert any(line.startswith("effect_and_ids") for line in lines)


def test_without_a_name_the_benchmarks_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [*BENCHMARKS, "report"]


@pytest.mark.parametrize("seed", range(3))
def test_the_naive_one_answers_as_the_strict_one(seed: int) -> None:
    for request in requests(seed, 2_000):
        expected = licences_by_hand.effect_and_ids(request)
        assert naive_by_hand.effect_and_ids(request) == expected, json.dumps(request)


def test_the_twelve_rules_are_the_same_by_hand_and_as_a_pack() -> None:
    decide = twelve_rules.load().effect_and_ids
    seen: set[str] = set()
    for request in twelve_rules.requests(1, 1_000):
        expected = twelve_rules.effect_and_ids(request)
        seen.update(expected[1])
        assert decide(request) == expected, json.dumps(request)
    assert seen == {rule.id for rule in twelve_rules.RULES}


def _always(answer: object) -> Callable[[Any], Any]:
    return lambda request: answer


def test_rivals_that_differ_are_not_measured() -> None:
    asked = [{"a": 1}]
    must_agree({"one": _always(1), "other": _always(1)}, asked)
    with pytest.raises(AnswersDifferError, match="one says 1, other says 2"):
        must_agree({"one": _always(1), "other": _always(2)}, asked)


def test_a_peer_that_differs_is_told_with_an_example() -> None:
    asked = twelve_rules.requests(1, 20)
    agreeing = Peer("agreeing", twelve_rules.effect_and_ids)
    denying = Peer("denying", _always(("deny", ())))
    assert differing(agreeing, asked) is None
    told = differing(denying, asked)
    assert told is not None
    assert told["count"] == 20
    assert told["example"]["expected"] == twelve_rules.effect_and_ids(asked[0])


def test_a_peer_that_raises_is_told_too() -> None:
    def raising(_: object) -> Any:
        raise OverflowError("too much")

    told = differing(Peer("raising", raising), twelve_rules.requests(1, 3))
    assert told is not None
    assert told["example"]["given"] == "OverflowError: too much"
