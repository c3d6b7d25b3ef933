"""What was edited between two versions, and what that may change."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluator.history.definitions import definitions
from evaluator.history.edits import Edit, Reach, edits
from evaluator.policy.loading import load_packs
from evaluator.source import MemoryFiles
from tests.history_runs import FILES, edited


def _definitions(files: Mapping[str, str]):
    memory = MemoryFiles(files)
    loaded = load_packs(memory)
    assert loaded.packs, loaded.diagnostics
    return definitions(loaded.packs, memory)


def between(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[tuple[Edit, ...], Reach]:
    before, after = _definitions(old), _definitions(new)
    found = edits(before, after)
    return found, Reach(found, before, after)


def told(edit: Edit) -> tuple[str, str, str, list[str]]:
    return (edit.kind, edit.name, edit.how, [part.name for part in edit.parts])


HANDLER = """\
  - id: handler
    effect: allow
    when: subject.roles.exists(role, role in handlers)
"""
OPENED = """\
  - id: opened
    effect: deny
"""
REMEDIES = """\
    remedies:
      - id: take-voucher
        message: Take a voucher.
        sets: {context.refund: '"voucher"'}
"""
LAST = """\
  - id: last
    effect: deny
    when: resource.price > 5
    reason: Last.
"""

CASES = {
    "nothing": ([], [], []),
    "comments and layout": (
        [("common.yaml", "constants:", "# The window\n\nconstants:"),
         ("rules.yaml", "resource.price > 100", "(resource.price) > 100")],
        [], [],
    ),
    "a constant, used through a variable": (
        [("common.yaml", "168h", "169h")],
        [("constant", "window", "changed", [""])], ["last_moment", "late"],
    ),
    "a row of a table": (
        [("common.yaml", "[clerk, guest]", "[guest]")],
        [("table", "handlers", "changed", [""])], ["handler"],
    ),
    "a variable": (
        [("common.yaml", "resource.bought_at + window", "resource.bought_at - window")],
        [("variable", "closes_at", "changed", [""])], ["last_moment", "late"],
    ),
    "one condition of several": (
        [("rules.yaml", "now > closes_at", "now >= closes_at")],
        [("rule", "late", "changed", ["when"])], ["late"],
    ),
    "an effect": (
        [("rules.yaml", OPENED, OPENED.replace("deny", "allow"))],
        [("rule", "opened", "changed", ["effect"])], ["opened"],
    ),
    "the actions and the mode": (
        [("rules.yaml", "actions: return\n", "actions: [return, exchange]\n    mode: report\n")],
        [("rule", "opened", "changed", ["mode", "actions"])], ["opened"],
    ),
    "a period": (
        [("rules.yaml", "actions: return\n",
          "actions: return\n    effective: {from: 2026-01-01T00:00:00Z}\n")],
        [("rule", "opened", "changed", ["effective"])], ["opened"],
    ),
    "what a remedy sets": (
        [("rules.yaml", """'"voucher"'""", """'"money"'""")],
        [("rule", "late", "changed", ["remedies.take-voucher"])], ["late"],
    ),
    "a remedy less": (
        [("rules.yaml", REMEDIES, "")],
        [("rule", "late", "changed",
          ["remedies.take-voucher", "remedies.take-voucher.message.en"])], ["late"],
    ),
    "words": (
        [("rules.yaml", "It was opened.", "It has been opened.")],
        [("rule", "opened", "changed", ["reason.en"])], [],
    ),
    "an output": (
        [("rules.yaml", "? 10 : 0", "? 11 : 0")],
        [("output", "fee", "changed", ["value"])], ["fee"],
    ),
    "when an output is there": (
        [("rules.yaml", "on: [allow, deny]", "on: [deny]")],
        [("output", "last_moment", "changed", ["on"])], ["last_moment"],
    ),
    "a rule more": (
        [("rules.yaml", "outputs:", LAST + "outputs:")],
        [("rule", "last", "added", [])], ["last"],
    ),
    "another name": (
        [("rules.yaml", "id: opened", "id: unsealed")],
        [("rule", "opened", "removed", []), ("rule", "unsealed", "added", [])],
        ["opened", "unsealed"],
    ),
    "another order": (
        [("rules.yaml", HANDLER, ""), ("rules.yaml", "outputs:", f"{HANDLER}outputs:")],
        [("pack", "returns", "changed", ["order of rules"])],
        ["fee", "handler", "last_moment", "late", "opened"],
    ),
    "combining": (
        [("pack.yaml", "files:", "combining: first_match\nfiles:")],
        [("pack", "returns", "changed", ["combining"])],
        ["fee", "handler", "last_moment", "late", "opened"],
    ),
    "the schema": (
        [("request.json", '"minimum": 0', '"minimum": 1')],
        [("schema", "request.json", "changed",
          ["/properties/resource/properties/properties/properties/price/minimum"])],
        ["fee", "handler", "last_moment", "late", "opened"],
    ),
    "words of the schema": (
        [("request.json", '"minimum": 0', '"minimum": 0, "description": "The price."')], [], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "found", "touched"), CASES.values(), ids=list(CASES))
def test_edits(changes, found, touched) -> None:
    """Each edit by kind, name and parts, and the rules and outputs that it may change."""
    new = edited(*changes)
    made, reach = between(FILES, new)
    assert [told(edit) for edit in made] == found
    names = {key[:3] for key in (*_definitions(FILES), *_definitions(new))}
    assert sorted(
        name
        for kind, pack, name in names
        if kind in ("rule", "output") and reach.touches(kind, name, pack)
    ) == sorted(touched)


def test_a_definition_that_moves_to_another_file() -> None:
    moved = edited(
        ("common.yaml", 'constants:\n  window: duration("168h")\n', ""),
        ("common.yaml", "policy: returns.common", "policy: returns.common\nimports: [base.yaml]"),
        ("pack.yaml", "[common.yaml", "[base.yaml, common.yaml"),
    ) | {"base.yaml": 'policy: returns.base\nconstants:\n  window: duration("168h")\n'}
    made, reach = between(FILES, moved)
    assert [told(edit) for edit in made] == [("constant", "window", "moved", [])]
    assert not reach.edits
    wider = {**moved, "base.yaml": moved["base.yaml"].replace("168h", "169h")}
    made, reach = between(FILES, wider)
    assert [told(edit) for edit in made] == [("constant", "window", "changed", [""])]
    assert reach.touches("rule", "late", "returns")


def test_the_lines_of_a_condition() -> None:
    (edit,), _ = between(FILES, edited(("rules.yaml", "now > closes_at", "closes_at < now")))
    (part,) = edit.parts
    assert [(line.text, str(line.span)) for line in (*part.removed, *part.added)] == [
        ("now > closes_at", "rules.yaml:12:11"),
        ("closes_at < now", "rules.yaml:12:11"),
    ]


def test_what_a_constant_is_called_in_the_file() -> None:
    (edit,), _ = between(FILES, edited(("common.yaml", "168h", "8760h")))
    (part,) = edit.parts
    assert [line.written for line in (*part.removed, *part.added)] == [
        'duration("168h")',
        'duration("8760h")',
    ]
