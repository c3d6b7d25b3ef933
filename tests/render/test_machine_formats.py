"""Diagnostics for tools: JSON, the commands of GitHub Actions, SARIF."""

from __future__ import annotations

import json

from evaluator.diagnostics import Diagnostic, Edit, Fix, Note
from evaluator.render.github import diagnostic_command
from evaluator.render.json import diagnostic_json, diagnostics_json
from evaluator.render.sarif import sarif
from evaluator.source import Source

# A character outside the basic plane: two units of UTF-16, one code point.
SOURCE = Source("my roles.yaml", 'title: a\nwhen: "\U0001f600" == totl\nid: é\n')
START = SOURCE.text.index("totl")
SPAN = SOURCE.span(START, START + 4)
DIAGNOSTIC = Diagnostic(
    "EVL301",
    "`totl` is 100% unknown,\nor not",
    SPAN,
    "did you mean `total`?",
    (Note("the title", SOURCE.span(0, 5)), Note("no place")),
    Fix("replace it", (Edit(SPAN, "total"),)),
)


def test_json() -> None:
    at = {
        "file": "policies/my roles.yaml",
        "line": 2,
        "column": 14,
        "end_line": 2,
        "end_column": 18,
    }
    title = {**at, "line": 1, "column": 1, "end_line": 1, "end_column": 6}
    document = {
        "code": "EVL301",
        "name": "undeclared-name",
        "severity": "error",
        "message": "`totl` is 100% unknown,\nor not",
        "help": "did you mean `total`?",
        "at": at,
        "notes": [{"message": "the title", "at": title}, {"message": "no place", "at": None}],
        "fix": {"message": "replace it", "edits": [{"at": at, "text": "total"}]},
    }
    assert diagnostic_json(DIAGNOSTIC, folder="policies/") == document
    bare = diagnostic_json(Diagnostic("EVL605", "no request"))
    assert (bare["at"], bare["help"], bare["notes"], bare["fix"]) == (None, None, [], None)
    assert diagnostics_json([("policies/", DIAGNOSTIC)]) == {"schema": 1, "diagnostics": [document]}


def test_github() -> None:
    assert diagnostic_command(DIAGNOSTIC, folder="a,b:c/") == (
        "::error title=EVL301 undeclared-name,file=a%2Cb%3Ac/my roles.yaml,line=2,col=14,"
        "endColumn=18::`totl` is 100%25 unknown,%0Aor not (did you mean `total`?)"
    )
    several = Diagnostic("EVL311", "odd", SOURCE.span(0, len(SOURCE.text) - 1))
    assert diagnostic_command(several) == (
        "::warning title=EVL311 constant-condition,file=my roles.yaml,line=1,endLine=3::odd"
    )
    assert diagnostic_command(Diagnostic("EVL605", "no request")) == (
        "::error title=EVL605 request-envelope::no request"
    )


def test_sarif() -> None:
    log = sarif(
        [
            ("policies/", DIAGNOSTIC),
            ("other/", Diagnostic("EVL311", "odd", SPAN)),
            ("", Diagnostic("EVL605", "no request")),
        ],
        version="1.2.3",
    )
    assert json.loads(json.dumps(log)) == log
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("policy-evaluator", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == ["EVL301", "EVL311", "EVL605"]
    assert run["columnKind"] == "utf16CodeUnits"
    first, second, third = run["results"]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    region = {"startLine": 2, "startColumn": 15, "endLine": 2, "endColumn": 19}
    location = {
        "physicalLocation": {
            "artifactLocation": {"uri": "policies/my%20roles.yaml"},
            "region": region,
        }
    }
    assert first["locations"] == [location]
    assert [item["message"]["text"] for item in first["relatedLocations"]] == ["the title"]
    (change,) = first["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "policies/my%20roles.yaml"}
    assert change["replacements"] == [
        {"deletedRegion": region, "insertedContent": {"text": "total"}}
    ]
    assert second["level"] == "warning"
    assert second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("other")
    assert "locations" not in third


def test_names_that_are_no_utf8_do_no_harm() -> None:
    span = Source("a\udce9.yaml", "x").span(0, 1)
    log = sarif([("", Diagnostic("EVL311", "odd", span))], version="1")
    assert json.dumps(log).isascii()
