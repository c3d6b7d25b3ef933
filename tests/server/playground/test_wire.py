"""The answers have the fields that the page's contract, ``web/src/api.ts``, says they have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from tests.server.playground.assets import WEB
from tests.server.playground.workspaces import ask, opened, pack, start, text_of

_COMMENTS: Final = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_FIELD: Final = re.compile(r"(\w+)(\??):")


def declared(name: str) -> tuple[set[str], set[str]]:
    """The names of the fields of an interface: all, and those that must be there."""
    text = _COMMENTS.sub("", (WEB / "src" / "api.ts").read_text("utf-8"))
    begin = re.search(rf"export interface {name}( extends \w+)? {{", text)
    assert begin is not None, name
    fields, needed, depth, at = set[str](), set[str](), 0, begin.end()
    while depth >= 0:
        field = _FIELD.match(text, at) if depth == 0 else None
        if field is not None and not text[at - 1].isalnum():
            fields.add(field[1])
            if not field[2]:
                needed.add(field[1])
            at = field.end()
            continue
        depth += text[at] in "{(["
        depth -= text[at] in "})]"
        at += 1
    return fields, needed


def samples() -> Iterator[tuple[str, Any]]:
    """An answer for each interface, or a part of one."""
    first = start("licenses")
    about: dict[str, Any] = {"request": first["request"], "now": first["now"]}
    action = first["request"]["action"]["name"]
    yield "OpenAnswer", opened()
    yield "SourceFile", opened()["files"][0]
    yield "PackInfo", pack("licenses")
    yield "Scenario", first
    broken = ask("check", edits={"licenses/roles.yaml": "rules: ["})
    yield "CheckAnswer", broken
    yield "Diagnostic", broken["diagnostics"][0]
    decided = ask("decide", actions=[action], **about)
    yield "DecideAnswer", decided
    one = decided["decisions"][action]
    yield "Decided", one
    yield "Reason", one["decision"]["reasons"][0]
    yield "Remedy", one["decision"]["reasons"][0]["remedies"][0]
    yield "TimelineAnswer", ask("timeline", **about)
    explained = ask("explain", **about)
    yield "ExplainAnswer", explained
    rule = next(rule for rule in explained["rules"] if rule["condition"])
    yield "RuleExplained", rule
    yield "ExplainNode", rule["condition"]
    common = text_of("licenses/common.yaml")
    yield "ChangesAnswer", ask("changes", edits={"licenses/common.yaml": f"{common}# more\n"})
    yield "VocabularyAnswer", ask("vocabulary", file="licenses/roles.yaml")
    yield "TypesAnswer", ask("types", file="licenses/roles.yaml")


def test_answers_have_the_fields_of_the_contract() -> None:
    for name, answer in samples():
        fields, needed = declared(name)
        assert needed <= answer.keys() <= fields, name


def test_the_contract_is_read() -> None:
    assert declared("CheckAnswer") == ({"loads", "diagnostics"}, {"loads", "diagnostics"})
    fields, needed = declared("TimelineAsked")
    assert fields - needed == {"from", "until"}
    assert {"flips", "reasons", "suites", "decided", "edits"} == declared("ChangesAnswer")[0]
