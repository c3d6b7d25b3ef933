"""``evaluator decide --unknown`` as a person meets it."""

from __future__ import annotations

import json

from tests.cli_runner import ROOT, evaluator

REMOVAL = "docs/demo/removal.json"

DEPENDS = """\
? DEPENDS ON resource.total  user ann · remove_licenses · subscription sub-1
• mca-role  allow  fires in any case
• not-a-decrease  deny  when  licenses/quantities.yaml:41
  75 >= resource.total
• all-licenses-assigned  deny  when  licenses/quantities.yaml:71
  60 >= resource.total
• exceeds-removable-quantity  deny  when  licenses/reduction-window.yaml:62
  resource.total - 75 > 30
"""


def test_it_depends() -> None:
    done = evaluator("decide", REMOVAL, "--unknown", "resource.total", width=80)
    assert (done.stdout, done.stderr, done.returncode) == (DEPENDS, "", 0)


def test_exit_codes() -> None:
    depends = ("--unknown", "resource.total", "--exit-code")
    assert evaluator("decide", REMOVAL, *depends).returncode == 1
    denied = evaluator("decide", REMOVAL, *depends, "--set", "resource.is_trial=true")
    assert denied.returncode == 1
    assert denied.stdout.startswith("✗ DENY  whatever is unknown")
    allowed = evaluator("decide", REMOVAL, "--unknown", "resource.term_end", "--exit-code")
    assert allowed.returncode == 0
    assert allowed.stdout.startswith("✓ ALLOW  whatever is unknown")


def test_json_and_json_lines() -> None:
    args = ("--unknown", "context.new_quantity", "--format", "json")
    document = json.loads(evaluator("decide", REMOVAL, *args).stdout)
    assert document["decision"] == "depends"
    assert document["depends_on"] == ["context.new_quantity"]
    request = json.dumps(json.loads((ROOT / REMOVAL).read_text("utf-8")))
    done = evaluator("decide", "-", *args, input=f'{request}\n{{"subject": {{}}}}\n{request}\n')
    assert (done.stderr, done.returncode) == ("", 0)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["decision"] for answer in answers] == ["depends", "deny", "depends"]
    several = evaluator("decide", REMOVAL, REMOVAL, *args)
    assert len(several.stdout.splitlines()) == 2
    text = evaluator("decide", "-", "--unknown", "context", input=f"{request}\n{request}\n")
    assert [line.split("\t")[0] for line in text.stdout.splitlines()] == ["depends"] * 2


def test_a_misspelt_path() -> None:
    done = evaluator("decide", REMOVAL, "--unknown", "resource.totl")
    assert done.returncode == 2
    assert "did you mean `resource.total`?" in done.stderr
