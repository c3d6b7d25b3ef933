"""``evaluator eval`` as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli_runner import evaluator

REMOVAL = "docs/demo/removal.json"
LICENSES = ("-p", "policies", "--request", REMOVAL)
INVALID = (
    "  may end in invalid_attribute: a part of the request does not satisfy the request's schema"
)


@pytest.mark.parametrize(
    ("args", "printed"),
    [
        (["1 + 2"], "3"),
        (["n * 2", "--var", "n=3"], "6"),
        (["n * 2.0", "--var", "n=1.5"], "3.0"),
        (['roles.exists(r, r == "owner")', "--var", 'roles=["owner"]'], "true"),
        (["m.a + m.b[1]", "--var", 'm={"a": 1, "b": [1, 2]}'], "3"),
        (["[a, null]", "--var", 'a="b"'], '["b", null]'),
        (["now - now", "--now", "2026-03-03T09:00:00Z"], 'duration("0s")'),
        (["now", "--now", "2026-03-03T09:00:00+01:00"], 'timestamp("2026-03-03T08:00:00Z")'),
        (["resource.total + 1", "--request", REMOVAL], "101"),
        (["resource.total + n", *LICENSES, "--var", "n=1"], "101"),
        (["resource.total", *LICENSES, "--set", "resource.total=5"], "5"),
        (["is_mca && open_quantity == 30", *LICENSES], "true"),
        (["reduction_window", "-p", "policies"], 'duration("604800s")'),
        (["approval_days", "-p", "policies"], "30"),
        (["is_prepaid", *LICENSES, "--policy", "licenses.quantities"], "false"),
        (["1 + 2", "--cost"], "3\ncost 0 of 100,000"),
        (["[1, 2].all(x, x > 0)", "--cost"], "true\ncost 2 of 100,000"),
        (["resource.total", "-p", "policies", "--type-only"], f"int\n{INVALID}"),
        (["[n]", "--var", "n=3", "--type-only"], "list(int)"),
        (["has(context.new_quantity)", *LICENSES, "--type-only"], f"bool\n{INVALID}"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_values(args: list[str], printed: str) -> None:
    done = evaluator("eval", *args)
    assert (done.stdout, done.stderr, done.returncode) == (f"{printed}\n", "", 0)


PICTURE = """\
sum([1, 2, 3].map(x, x * 2)) > 10 && "a".lowerAscii() == "a"   true
├ sum([1, 2, 3].map(x, x * 2)) > 10                            true
│ └ sum([1, 2, 3].map(x, x * 2))                               12
│   └ [1, 2, 3].map(x, x * 2)                                  [2, 4, 6]
│     ├ [1, 2, 3]                                              [1, 2, 3]
│     ├ with x = 1: x * 2                                      2
│     ├ with x = 2: x * 2                                      4
│     └ with x = 3: x * 2                                      6
└ "a".lowerAscii() == "a"                                      true
  └ "a".lowerAscii()                                           "a"
"""
LOOP = """\
lists.range(100).all(x, x < 50) || m.a == 1   error no_such_key
├ lists.range(100).all(x, x < 50)             false
│ ├ lists.range(100)                          [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10…
│ ├ with x = 0: x < 50                        true
│ ├ with x = 1: x < 50                        true
│ ├ with x = 2: x < 50                        true
│ ├ with x = 3: x < 50                        true
│ ├ … and 46 more turns
│ └ with x = 50: x < 50                       false
└ m.a == 1                                    error no_such_key
  └ m.a                                       error no_such_key
    └ m                                       {}
error no_such_key: there is no key `a`
 --> <expression>:1:36
  |
1 | lists.range(100).all(x, x < 50) || m.a == 1
  |                                    ^^^
"""
SKIPPED = """\
n == 1 || n == 2   true
├ n == 1           true
│ └ n              1
└ n == 2           not evaluated
"""


@pytest.mark.parametrize(
    ("args", "picture", "code"),
    [
        (['sum([1, 2, 3].map(x, x * 2)) > 10 && "a".lowerAscii() == "a"'], PICTURE, 0),
        (["lists.range(100).all(x, x < 50) || m.a == 1", "--var", "m={}"], LOOP, 1),
        (["n == 1 || n == 2", "--var", "n=1"], SKIPPED, 0),
    ],
    ids=["picture", "loop", "skipped"],
)
def test_pictures(args: list[str], picture: str, code: int) -> None:
    done = evaluator("eval", *args, "--explain", width=80)
    assert (done.stdout, done.stderr, done.returncode) == (picture, "", code)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_picture_of_the_licence_pack_fits(width: int) -> None:
    done = evaluator("eval", "removable_quantity", *LICENSES, "--explain", width=width)
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= min(width, 110)
    assert sum('resource.billing_account.type == "MCA"' in line for line in lines) <= 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["1 +"], "error[EVL2"),
        (["1 + 'a'"], "error[EVL304]"),
        (["nr", "--var", "nrs=1"], "`nrs`"),
        (["resource.totl > 1", *LICENSES], "did you mean `total`?"),
        (["n", "--var", "n"], "--var takes NAME=JSON"),
        (["n", "--var", "1n=2"], "--var takes NAME=JSON"),
        (["n", "--var", "n=abc"], "A text is quoted"),
        (["n", "--var", "n=[1"], "this is no JSON"),
        (["n", "--var", "n=1", "--var", "n=2"], "given twice"),
        (["n", "--var", "n=99999999999999999999"], "64"),
        (["now", "--var", "now=3"], "stands for a part of every expression"),
        (["is_mca", *LICENSES, "--var", "is_mca=3"], "the pack defines this name"),
        (["1", "-p", "policies", "--policy", "licenses.role"], "Did you mean licenses.roles?"),
        (["1", "-p", "policies", "--policy", "licenses.common"], "name a policy that imports it"),
        (["n", "--var", "n=NaN"], "this is no JSON"),
        (["resource.total", "-p", "policies"], "name one with --request"),
        (["is_mca", "-p", "policies"], "name one with --request"),
        (["1", "--set", "resource.total=1"], "--set changes a request"),
        (["1", "--policy", "licenses.roles"], "name the pack with -p"),
        (["1", "-p", "policies", "--policy", "licenses.rules"], "There is no policy"),
        (["1", "-p", "policies"], "several packs, expenses, licenses"),
        (["approval_days", *LICENSES], "`approval_days`"),
        (["1", "-p", "nowhere"], "There is no folder"),
        (["1", "--request", "nowhere.json"], "nowhere.json"),
        (["1", "--now", "yesterday"], "--now takes a moment"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_input(args: list[str], said: str) -> None:
    done = evaluator("eval", *args)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in " ".join(done.stderr.split())


def test_json() -> None:
    done = evaluator("eval", "[1, n]", "--var", "n=2", "--cost", "--explain", "--format", "json")
    document = json.loads(done.stdout)
    assert (document["value"], document["type"], document["cost"]) == ([1, 2], "list(int)", 0)
    assert document["tree"]["text"] == "[1, n]"
    done = evaluator("eval", "1 / n", "--var", "n=0", "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "error": {
            "kind": "divide_by_zero",
            "message": "division by zero",
            "at": {"line": 1, "column": 1},
        }
    }
    done = evaluator("eval", "1 / n", "--var", "n=0", "--format", "json", "--type-only")
    assert json.loads(done.stdout) == {"type": "int", "errors": ["divide_by_zero", "overflow"]}


def test_standard_input_holds_the_expression_or_the_request(tmp_path: Path) -> None:
    assert evaluator("eval", "-", input="1 +\n 1\n").stdout == "2\n"
    request = Path(REMOVAL).read_text("utf-8")
    assert evaluator("eval", "resource.total", "--request", "-", input=request).stdout == "100\n"


def test_a_name_of_two_meanings_asks_for_the_policy(tmp_path: Path) -> None:
    rules = "rules: [{id: %s, effect: allow, when: limit > 1}]\n"
    head = "applies_to: {resource: a, actions: b}\n"
    for name, limit in (("one", 2), ("two", 3)):
        text = f"policy: p.{name}\n{head}constants: {{limit: {limit}}}\n{rules % name}"
        (tmp_path / f"{name}.yaml").write_text(text)
    (tmp_path / "pack.yaml").write_text(
        "language: 1\nname: p\nversion: '1'\nfiles: [one.yaml, two.yaml]\n"
    )
    done = evaluator("eval", "limit", "-p", str(tmp_path))
    assert "limit means different things in p.one, p.two" in " ".join(done.stderr.split())
    done = evaluator("eval", "limit", "-p", str(tmp_path), "--policy", "p.two")
    assert done.stdout == "3\n"


ASCII = """\
lists.range(100).all(x, x < 50)   false
+ lists.range(100)                [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, ...
+ with x = 0: x < 50              true
+ with x = 1: x < 50              true
+ with x = 2: x < 50              true
+ with x = 3: x < 50              true
+ ... and 46 more turns
` with x = 50: x < 50             false
"""


def test_a_terminal_of_ascii_letters() -> None:
    text = "lists.range(100).all(x, x < 50)"
    done = evaluator("eval", text, "--explain", width=80, PYTHONIOENCODING="ascii")
    assert (done.stdout, done.returncode) == (ASCII, 0)


def test_colours_tell_what_mattered() -> None:
    done = evaluator("eval", "n == 1 || n == 2", "--var", "n=2", "--explain", "--color", "always")
    dim = [line for line in done.stdout.splitlines() if line.startswith("\x1b[2m├ \x1b[0m\x1b[2m")]
    assert len(dim) == 1
    assert "n == 1" in dim[0]


def test_a_broken_envelope_is_shown_in_its_text(tmp_path: Path) -> None:
    broken = tmp_path / "request.json"
    broken.write_text('{"subject": {"type": "user"},\n "action": {"name": 5}}')
    done = evaluator("eval", "1", "--request", str(broken))
    assert done.returncode == 2
    assert "request.json:2:21" in done.stderr
    assert '2 |  "action": {"name": 5}}' in done.stderr
