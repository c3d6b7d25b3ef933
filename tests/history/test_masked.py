"""Masked records replayed: what the policies have done, and what may be for want of a value."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest

from evaluator.engine import PolicySet
from evaluator.history.log import Record, read_log, record
from evaluator.history.replaying import Replay
from evaluator.history.versions import Version
from evaluator.policy.loading import load_packs
from evaluator.server.log.masking import read_masks
from evaluator.server.log.settings import MaskSetting
from evaluator.source import MemoryFiles

POLICY = """policy: mails.mails
applies_to: {resource: mail, actions: [send]}
variables:
  own: subject.email.endsWith("@example.com")
rules:
  - id: staff
    effect: allow
    when: own
  - id: too-large
    effect: deny
    when: resource.size > 10
    reason: It is too large.
    remedies:
      - id: cut
        message: Cut it.
        sets: {resource.size: "10"}
outputs:
  sender: {on: allow, value: subject.email}
  letters: {on: allow, value: size(subject.email)}
  rest: {on: allow, value: 10 - resource.size}
"""


def files(policy: str = POLICY) -> MemoryFiles:
    pack = "language: 1\nname: mails\nversion: 1.0.0\nfiles: [mails.yaml]\n"
    return MemoryFiles({"pack.yaml": pack, "mails.yaml": policy})


def asked(email: str = "ann@example.com", size: int = 4) -> dict[str, Any]:
    return {
        "subject": {"type": "user", "id": "ann", "properties": {"email": email, "team": "a/b"}},
        "action": {"name": "send"},
        "resource": {"type": "mail", "id": "1", "properties": {"size": size}},
        "context": {"time": "2026-03-03T09:00:00Z", "note": {"from": email}},
    }


def replayed(
    request: Mapping[str, Any], masks: tuple[str, ...], policy: str = POLICY, **more: Any
) -> Replay:
    """Logs a decision as the service does, and replays it by a policy."""
    decision = PolicySet(load_packs(files()).packs).decide(request).to_dict()
    put, wrong = read_masks([MaskSetting(mask) for mask in masks])
    assert not wrong
    masked_request, told, pointers = put.put_on(request, decision)
    line = {**record(masked_request, told), "masked": pointers, **more}
    loaded = load_packs(files(policy))
    assert loaded.packs, loaded.diagnostics
    replay = Replay(Version("policies", files(policy), loaded.packs))
    (found,) = read_log(io.BytesIO(json.dumps(line).encode()))
    assert isinstance(found, Record), found
    assert replay.add(found, "log:1") is None
    return replay


EMAIL = "/subject/properties/email"
SIZE = "/resource/properties/size"
LARGER = POLICY.replace("> 10", "> 3")
OTHER_REST = POLICY.replace("10 - resource", "11 - resource")
NEITHER = POLICY.replace("    when: own\n", "    when: false\n")


@pytest.mark.parametrize(
    ("request_", "masks", "policy", "causes", "masked"),
    [
        pytest.param(asked(), (EMAIL,), POLICY, [], 1, id="a rule reads it"),
        pytest.param(asked(), (SIZE,), POLICY, [], 1, id="a denying rule reads it, and errs"),
        pytest.param(asked(), ("/subject/properties/*",), POLICY, [], 1, id="all is masked"),
        pytest.param(asked(), ("/resource/type",), POLICY, [], 1, id="what it is asked of"),
        pytest.param(asked(), ("/subject/properties/team",), POLICY, [], 0, id="nothing reads it"),
        pytest.param(asked(), ("/context/note/from",), POLICY, [], 1, id="a text of it is told"),
        pytest.param(asked(), ("/context/time",), POLICY, [], 0, id="the record has the time"),
        pytest.param(asked(), (), LARGER, ["too-large"], 0, id="not masked"),
        pytest.param(asked(), ("/subject/id",), LARGER, ["too-large"], 0, id="another is masked"),
        pytest.param(
            asked(size=40),
            (EMAIL,),
            POLICY.replace("> 10", "> 50"),
            ["too-large"],
            0,
            id="it does not deny any more, and what allows reads it",
        ),
        pytest.param(asked(), (EMAIL,), LARGER, [], 1, id="both may be: in doubt"),
        pytest.param(asked(), ("/subject/id",), OTHER_REST, ["rest"], 0, id="an output"),
        pytest.param(
            asked(),
            (EMAIL,),
            OTHER_REST.replace("when: own", 'when: subject.type == "user"'),
            ["rest"],
            0,
            id="one output is masked, another is the policy's",
        ),
        pytest.param(
            asked(),
            (EMAIL,),
            POLICY.replace("when: own", 'when: subject.type == "user"'),
            [],
            1,
            id="an output alone",
        ),
        pytest.param(
            asked(size=40),
            (EMAIL,),
            POLICY.replace('size: "10"', 'size: "9"'),
            ["too-large/cut"],
            0,
            id="a remedy",
        ),
        pytest.param(asked(), (EMAIL,), NEITHER, ["staff"], 0, id="a rule reads it no more"),
    ],
)
def test_what_the_policies_have_done(
    request_: dict[str, Any],
    masks: tuple[str, ...],
    policy: str,
    causes: list[str],
    masked: int,
) -> None:
    replay = replayed(request_, masks, policy)
    assert [group.key.cause.name for group in replay.groups.groups] == causes
    assert (replay.masked, replay.groups.differing) == (masked, len(causes))
    assert replay.groups.decided == 1


def test_a_log_of_effects_alone() -> None:
    assert replayed(asked(), (EMAIL,), decision="allow", decided_at=None).masked == 1
    replay = replayed(asked(), ("/subject/id",), LARGER, decision="allow", decided_at=None)
    assert (replay.masked, replay.groups.differing) == (0, 1)


@pytest.mark.parametrize("masked", [None, 1, "x", [1, None, "x", ["/subject"]]])
def test_what_is_no_list_of_pointers_masks_nothing(masked: Any) -> None:
    replay = replayed(asked(), (EMAIL,), masked=masked)
    assert (replay.masked, replay.groups.differing) == (0, 1)
