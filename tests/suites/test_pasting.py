from __future__ import annotations

import pytest

from evaluator.language.instants import parse_instant
from evaluator.policy.loading import load_packs
from evaluator.source import MemoryFiles
from evaluator.suites.model import Question
from evaluator.suites.pasting import case_text
from evaluator.suites.reading import read_suites
from evaluator.suites.running import Runner

NOW = parse_instant("2026-03-03T09:00:00Z") or 0
REQUEST = {
    "subject": {"type": "user", "id": "ann", "properties": {"role": 'a: "b" \u202e#c'}},
    "action": {"name": "read"},
    "resource": {"type": "note", "id": "1"},
}
TIMED = {**REQUEST, "context": {"time": "2026-01-01T00:00:00Z", "reason": "", "texts": ["x" * 99]}}
PACK = {
    "pack.yaml": "language: 1\nname: notes\nversion: '1'\nfiles: [rules.yaml]\n",
    "rules.yaml": (
        "policy: notes.rules\napplies_to: {resource: note, actions: read}\n"
        "rules:\n  - {id: all, effect: allow}\n"
        "outputs:\n  pages: {value: '3'}\n"
    ),
}


@pytest.mark.parametrize("request_", [REQUEST, TIMED], ids=["now", "time of its own"])
def test_a_case_reads_as_the_question_that_it_is_made_from_and_passes(request_):
    packs = load_packs(MemoryFiles(PACK)).packs
    runner = Runner(packs)
    question = Question(request_, NOW)
    decision = runner.decide(question)
    case = case_text("all: of them", question, decision, also={"outputs": {"pages": 3}})
    head = "suite: notes.notes\ncases:\n"

    read = read_suites(MemoryFiles({**PACK, "suites/notes.suite.yaml": head + case}), packs)

    assert read.diagnostics == ()
    ((found, step),) = read.suites[0].steps()
    assert found.name == "all: of them"
    assert (step.question.request, step.question.now) == (request_, NOW)
    assert [output.value for output in step.expectation.outputs.values()] == [3]
    assert runner.passes(step)


def test_each_part_of_the_request_has_a_line_and_long_ones_several():
    question = Question(REQUEST | {"context": {"one": "x" * 50, "two": ["y" * 50]}}, NOW)
    decision = Runner(load_packs(MemoryFiles(PACK)).packs).decide(question)

    assert case_text("long", question, decision) == (
        """\
  - name: long
    now: 2026-03-03T09:00:00Z
    request:
      subject: {type: user, id: ann, properties: {role: "a: \\"b\\" \\u202e#c"}}
      action: {name: read}
      resource: {type: note, id: "1"}
      context:
        one: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        two: [yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy]
    expect:
      decision: allow
      rules: [all]
"""
    )
