from __future__ import annotations

import difflib

import pytest

from evaluator.documents.composing import compose
from evaluator.policy.loading import load_packs
from evaluator.source import Files, Folder, MemoryFiles, Source
from evaluator.suites.mutation.generating import Generated, generate
from evaluator.suites.mutation.mutants import Mutant
from tests.cli_runner import ROOT

PACK = """\
language: 1
name: notes
version: "1"
request: request.json
files:
  - common.yaml
  - rules.yaml
"""
SCHEMA = """\
{"properties": {"resource": {"properties": {"properties": {
  "required": ["state", "pages"],
  "properties": {"state": {"enum": ["draft", "final"]}, "pages": {"type": "integer"}}}}}}}
"""
COMMON = """\
policy: notes.common
constants:
  most: "10"
tables:
  editors: {draft: [ann, bob], final: [ann]}
variables:
  is_editor: subject.id in editors[resource.state]
remedies:
  - id: make-draft
    message: Make it a draft.
    sets: {resource.state: '"draft"'}
"""
HEAD = """\
policy: notes.rules
applies_to: {resource: note, actions: [read, edit]}
imports: [common.yaml]
"""


def pack(rules: str, *, pack_yaml: str = PACK) -> MemoryFiles:
    return MemoryFiles(
        {
            "pack.yaml": pack_yaml,
            "request.json": SCHEMA,
            "common.yaml": COMMON,
            "rules.yaml": HEAD + rules,
        }
    )


def generated(files: Files) -> Generated:
    loaded = load_packs(files)
    assert loaded.packs, loaded.diagnostics
    return generate(files, loaded.packs)


def changes(files: Files, name: str) -> list[str]:
    """The changes of a file by its mutants."""
    found = generated(files)
    return [change(mutant, found.originals) for mutant in found.mutants if mutant.file == name]


def change(mutant: Mutant, originals: dict[str, str]) -> str:
    """The lines that go and come, in one."""
    before = originals[mutant.file].splitlines()
    after = mutant.texts(originals)[mutant.file].splitlines()
    lines = [line for line in difflib.ndiff(before, after) if line[0] in "-+"]
    gone = " | ".join(line[2:].strip() for line in lines if line[0] == "-")
    come = " | ".join(line[2:].strip() for line in lines if line[0] == "+")
    return f"{mutant.operator}: {gone} => {come}"


def test_mutants_of_rules_and_of_what_a_file_is_for():
    rules = (
        "rules:\n"
        "  - id: all\n"
        "    effect: deny\n"
        "    reason: No.\n"
        "  - {id: none, effect: allow, mode: report}\n"
    )

    assert changes(pack(rules), "rules.yaml") == [
        (
            "applies: applies_to: {resource: note, actions: [read, edit]}"
            " => applies_to: {resource: note, actions: [edit]}"
        ),
        (
            "applies: applies_to: {resource: note, actions: [read, edit]}"
            " => applies_to: {resource: note, actions: [read]}"
        ),
        "rule: - id: all | effect: deny | reason: No. => ",
        "effect: effect: deny => effect: allow",
        "mode:  => mode: report",
        "rule: - {id: none, effect: allow, mode: report} => ",
        (
            "effect: - {id: none, effect: allow, mode: report}"
            " => - {id: none, effect: deny, mode: report}"
        ),
        (
            "mode: - {id: none, effect: allow, mode: report}"
            " => - {id: none, effect: allow, mode: enforce}"
        ),
    ]


# Parts of a policy file, and what becomes of them but for what the test above shows.
PARTS = {
    "a tree of conditions": (
        (
            "rules:\n"
            "  - id: all\n"
            "    effect: allow\n"
            "    when:\n"
            "      all:\n"
            "        - is_editor\n"
            "        - none: [resource.pages > most]\n"
        ),
        [
            "condition: when: | all: | - is_editor | - none: [resource.pages > most] => ",
            "logic: all: => any:",
            "condition: - is_editor => ",
            'negation: - is_editor => - "!is_editor"',
            "condition: - none: [resource.pages > most] => ",
            "logic: - none: [resource.pages > most] => - any: [resource.pages > most]",
            "comparison: - none: [resource.pages > most] => - none: [resource.pages >= most]",
            "comparison: - none: [resource.pages > most] => - none: [resource.pages != most]",
            "comparison: - none: [resource.pages > most] => - none: [resource.pages <= most]",
        ],
    ),
    "the time and the actions that a rule is for": (
        (
            "rules:\n"
            "  - id: all\n"
            "    effect: allow\n"
            "    actions: edit\n"
            "    effective: {from: 2026-01-01T00:00:00Z}\n"
        ),
        [
            "applies: actions: edit => ",
            "period: effective: {from: 2026-01-01T00:00:00Z} => ",
            (
                "period: effective: {from: 2026-01-01T00:00:00Z}"
                " => effective: {from: 2026-01-01T01:00:00Z}"
            ),
            (
                "period: effective: {from: 2026-01-01T00:00:00Z}"
                " => effective: {from: 2025-12-31T23:00:00Z}"
            ),
            (
                "period: effective: {from: 2026-01-01T00:00:00Z}"
                " => effective: {from: 2026-01-01T00:00:00.000000001Z}"
            ),
            (
                "period: effective: {from: 2026-01-01T00:00:00Z}"
                " => effective: {from: 2025-12-31T23:59:59.999999999Z}"
            ),
        ],
    ),
    "remedies": (
        (
            "rules:\n"
            "  - id: all\n"
            "    effect: deny\n"
            "    reason: No.\n"
            "    remedies:\n"
            "      - use: make-draft\n"
            "        when: is_editor\n"
            "      - id: shorten\n"
            "        message: Shorten it.\n"
            "        sets:\n"
            "          resource.pages: most\n"
            "          resource.state: resource.state\n"
        ),
        [
            "remedy: - use: make-draft | when: is_editor => ",
            "condition: when: is_editor => ",
            'negation: when: is_editor => when: "!is_editor"',
            (
                "remedy: - id: shorten | message: Shorten it. | sets: | resource.pages: most"
                " | resource.state: resource.state => "
            ),
            "remedy: sets: | resource.pages: most | resource.state: resource.state => ",
            "remedy: resource.pages: most => ",
            "remedy: resource.state: resource.state => ",
        ],
    ),
    "outputs": (
        (
            "rules: [{id: all, effect: allow}]\n"
            "outputs:\n"
            "  pages: {value: resource.pages}\n"
            "  state:\n"
            "    - on: [allow, deny]\n"
            "      actions: [read]\n"
            "      when: is_editor\n"
            "      value: resource.state\n"
            "    - on: deny\n"
            "      value: '\"draft\"'\n"
        ),
        [
            "output: pages: {value: resource.pages} => ",
            "output: pages: {value: resource.pages} => pages: {on: [deny], value: resource.pages}",
            (
                "output: pages: {value: resource.pages}"
                " => pages: {on: [allow, deny], value: resource.pages}"
            ),
            (
                "output: - on: [allow, deny] | actions: [read] | when: is_editor"
                " | value: resource.state => "
            ),
            "output: - on: [allow, deny] => - on: [deny]",
            "output: - on: [allow, deny] => - on: [allow]",
            "applies: actions: [read] => ",
            "condition: when: is_editor => ",
            'negation: when: is_editor => when: "!is_editor"',
            "output: - on: deny | value: '\"draft\"' => ",
            "output: - on: deny => - on: allow",
            "output: - on: deny => - on: [allow, deny]",
            "constant: value: '\"draft\"' => value: '\"final\"'",
        ],
    ),
}


@pytest.mark.parametrize(("rules", "expected"), PARTS.values(), ids=PARTS)
def test_mutants_of_the_parts_of_a_policy_file(rules, expected):
    shown = ("applies: applies_to", "rule: ", "effect: ", "mode: ")

    assert [
        line for line in changes(pack(rules), "rules.yaml") if not line.startswith(shown)
    ] == expected


def test_mutants_of_constants_tables_variables_and_shared_remedies():
    rules = "rules: [{id: all, effect: allow, when: is_editor && resource.pages < most}]\n"

    assert changes(pack(rules), "common.yaml") == [
        'constant: most: "10" => most: "11"',
        'constant: most: "10" => most: "9"',
        "table: editors: {draft: [ann, bob], final: [ann]} => editors: {final: [ann]}",
        (
            "table: editors: {draft: [ann, bob], final: [ann]}"
            " => editors: {draft: [bob], final: [ann]}"
        ),
        (
            "table: editors: {draft: [ann, bob], final: [ann]}"
            " => editors: {draft: [ann], final: [ann]}"
        ),
        "table: editors: {draft: [ann, bob], final: [ann]} => editors: {draft: [ann, bob]}",
        (
            "table: editors: {draft: [ann, bob], final: [ann]}"
            " => editors: {draft: [ann, bob], final: []}"
        ),
        "settled: is_editor: subject.id in editors[resource.state] => is_editor: true",
        "settled: is_editor: subject.id in editors[resource.state] => is_editor: false",
        (
            "negation: is_editor: subject.id in editors[resource.state]"
            ' => is_editor: "!(subject.id in editors[resource.state])"'
        ),
        "remedy: sets: {resource.state: '\"draft\"'} => ",
        "constant: sets: {resource.state: '\"draft\"'} => sets: {resource.state: '\"final\"'}",
    ]


TWO = "rules:\n  - {id: one, effect: allow}\n  - {id: two, effect: allow}\n"
MORE = "policy: notes.more\napplies_to: {resource: note, actions: read}\n" + TWO.replace("o", "0")


@pytest.mark.parametrize(
    ("combining", "expected"),
    [
        (
            "",
            [
                "combining:  => combining: allow_overrides",
                "combining:  => combining: first_match",
                "file: - common.yaml => ",
                "file: - rules.yaml => ",
            ],
        ),
        (
            "combining: first_match\n",
            [
                "combining: combining: first_match => combining: deny_overrides",
                "combining: combining: first_match => combining: allow_overrides",
                "file: - common.yaml => ",
                "file: - rules.yaml => ",
                "order: - more.yaml => - more.yaml",
                "file: - more.yaml => ",
            ],
        ),
    ],
    ids=["deny_overrides", "first_match"],
)
def test_mutants_of_a_pack(combining, expected):
    more = "  - more.yaml\n" if combining else ""
    files = {
        "pack.yaml": PACK.replace("request: request.json\n", combining) + more,
        "common.yaml": "policy: notes.common\nconstants: {most: '1'}\n",
        "rules.yaml": HEAD.replace("imports: [common.yaml]\n", "") + TWO,
    }
    if more:
        files["more.yaml"] = MORE.replace("0ne", "three").replace("tw0", "four").replace("0", "o")

    found = generated(MemoryFiles(files))

    assert [
        change(mutant, found.originals) for mutant in found.mutants if mutant.file == "pack.yaml"
    ] == expected
    assert [mutant.removed for mutant in found.mutants if mutant.operator == "file"] == [
        name for name in ("common.yaml", "rules.yaml", "more.yaml") if name in files
    ]


def test_the_order_of_rules_matters_to_the_first_match_only():
    first_match = PACK + "combining: first_match\n"

    assert not any(line.startswith("order") for line in changes(pack(TWO), "rules.yaml"))
    assert [
        line
        for line in changes(pack(TWO, pack_yaml=first_match), "rules.yaml")
        if line.startswith("order")
    ] == ["order: - {id: two, effect: allow} => - {id: two, effect: allow}"]


@pytest.fixture(scope="module")
def of_the_packs() -> Generated:
    return generated(Folder(ROOT / "policies"))


def test_no_two_mutants_are_alike_and_none_is_the_original(of_the_packs):
    originals = of_the_packs.originals
    texts = [
        (mutant.file, mutant.texts(originals)[mutant.file], mutant.removed)
        for mutant in of_the_packs.mutants
    ]

    assert len(set(texts)) == len(texts) > 500
    assert not {(name, text, None) for name, text in originals.items()}.intersection(texts)


def test_a_mutant_changes_the_lines_that_it_says_and_stays_a_document(of_the_packs):
    for mutant in of_the_packs.mutants[::7]:
        original = of_the_packs.originals[mutant.file]
        changed = mutant.texts(of_the_packs.originals)[mutant.file]
        before = Source(mutant.file, original)

        assert compose(Source(mutant.file, changed)).diagnostics == (), mutant
        first = min(edit.start for edit in mutant.edits)
        assert original[:first] == changed[:first]
        last = max(edit.end for edit in mutant.edits)
        assert before.position(first).line <= mutant.line <= before.position(last).line, mutant


def test_generating_gives_the_same_again(of_the_packs):
    again = generated(Folder(ROOT / "policies"))

    assert again.mutants == of_the_packs.mutants
