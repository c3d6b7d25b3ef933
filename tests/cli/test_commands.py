"""The commands as a person meets them: what they print, and how they exit."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli_runner import ROOT, evaluator

REMOVAL = "docs/demo/removal.json"
LATER = ("--now", "2026-03-12T09:00:00Z")


def test_decide_in_text() -> None:
    done = evaluator("decide", REMOVAL, *LATER)
    assert done.returncode == 0, done.stderr
    for words in (
        "✗ DENY",
        "reduction-window-closed  licenses/reduction-window.yaml:",
        "schedule-for-renewal",
        'context.effective = "renewal"',
        "verified: then allowed",
        "removable_quantity  0",
    ):
        assert words in done.stdout
    assert "\x1b" not in done.stdout
    assert not any(line.endswith(" ") for line in done.stdout.splitlines())


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    done = evaluator("explain", REMOVAL, *LATER, "--all", width=width)
    assert done.returncode == 0
    if width >= 80:
        assert max(map(len, done.stdout.splitlines())) <= width


def test_decide_in_danish_and_with_colours() -> None:
    done = evaluator("decide", REMOVAL, *LATER, "--locale", "da-DK", "--color", "always")
    assert "AFVIST" in done.stdout
    assert "efterprøvet: derefter tilladt" in done.stdout
    assert "\x1b[" in done.stdout


def test_decide_in_json() -> None:
    done = evaluator("decide", REMOVAL, *LATER, "--format", "json")
    document = json.loads(done.stdout)
    assert (document["decision"], document["decided_at"]) == ("deny", "2026-03-12T09:00:00Z")


def test_exit_code_tells_the_answer() -> None:
    assert evaluator("decide", REMOVAL, "--exit-code").returncode == 0
    assert evaluator("decide", REMOVAL, *LATER, "--exit-code").returncode == 1


def test_set_changes_the_request() -> None:
    done = evaluator(
        "decide", REMOVAL, "--set", "context.new_quantity=0", "--set", "resource.assigned=99",
        "--set", 'subject.roles=["global_administrator"]', "--set", "subject.id=bob",
        "--format", "json",
    )  # fmt: skip
    document = json.loads(done.stdout)
    rules = [reason["rule"] for reason in document["reasons"]]
    assert "cannot-reduce-to-zero" in rules
    assert "mca-role-required" in rules


@pytest.mark.parametrize("text", ["365", "[x", "null", "a=b", '"quoted"'])
def test_set_takes_a_text_without_quotes(text: str) -> None:
    partner = f"resource.csp_partner={text}"
    done = evaluator(
        "decide", REMOVAL, "--set", "resource.purchase_channel=reseller", "--set", partner
    )
    assert done.returncode == 0, done.stderr
    assert "partner, " + text.strip('"') + "," in " ".join(done.stdout.split())


def lines(count: int) -> str:
    request = json.loads((ROOT / REMOVAL).read_text("utf-8"))
    made = []
    for number in range(count):
        request["context"]["new_quantity"] = number
        made.append(json.dumps(request))
    return "\n".join(made) + "\n"


def test_json_lines_stream_through() -> None:
    done = evaluator("decide", "--format", "json", "-", input=lines(100))
    answers = [json.loads(line)["decision"] for line in done.stdout.splitlines()]
    assert answers == ["deny"] * 70 + ["allow"] * 30
    done = evaluator("decide", "-", input=lines(2))
    assert done.stdout.splitlines()[0].startswith("deny\t")


def test_a_damaged_line_is_denied_and_the_rest_decided() -> None:
    text = lines(1) + '{"subject": NaN}\n\n[]\n' + lines(1)
    done = evaluator("decide", "--format", "json", "-", input=text)
    rules = [json.loads(line)["reasons"][0]["rule"] for line in done.stdout.splitlines()]
    assert rules[1:3] == ["invalid-request", "invalid-request"]
    assert rules[0] == rules[3] != "invalid-request"
    assert done.returncode == 2
    assert "<stdin>:2" in done.stderr


def test_a_stream_is_answered_while_it_is_open() -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "evaluator", "decide", "--format", "json", "-"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    for _ in range(3):
        process.stdin.write(lines(1))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["decision"] == "deny"
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()


USAGE = {
    "no such command": (("decied", REMOVAL), "Did you mean decide?"),
    "no such file": (("decide", "missing.json"), "No such file"),
    "a folder": (("decide", "docs"), "is a folder"),
    "no such policies": (("decide", "-p", "polices", REMOVAL), "There is no folder"),
    "a file for policies": (("decide", "-p", REMOVAL, REMOVAL), "is a file"),
    "a misspelt path": (
        ("decide", REMOVAL, "--set", "context.new_quantitiy=5"),
        "did you mean context.new_quantity?",
    ),
    "a misspelt root": (("decide", REMOVAL, "--set", "contxt.time=5"), "did you mean context?"),
    "no value": (("decide", REMOVAL, "--set", "context.new_quantity"), "PATH=VALUE"),
    "a number out of range": (
        ("decide", REMOVAL, "--set", "context.new_quantity=9223372036854775808"),
        "no value that requests have",
    ),
    "a number that no double holds": (
        ("decide", REMOVAL, "--set", "context.new_quantity=1e999"),
        "beyond what a double holds",
    ),
    "broken JSON": (("decide", REMOVAL, "--set", 'subject.roles=["x"'), "this is no JSON"),
    "JSON without an end": (
        ("decide", REMOVAL, "--set", "resource.lots=" + "[" * 20_000),
        "this is no JSON",
    ),
    "an item of a list": (
        ("decide", REMOVAL, "--set", "resource.lots.0.quantity=5"),
        "resource.lots is known, but not what is asked for in it",
    ),
    "no such locale": (("decide", REMOVAL, "--locale", "dansk"), "such as da or en-GB"),
    "a naive moment": (("decide", REMOVAL, "--now", "2026-03-03"), "a moment with its offset"),
    "no such rule": (("explain", REMOVAL, "--rule", "mca-rle"), "Did you mean mca-role?"),
    "no such functions": (("check", "--functions", "json"), "MODULE:ATTRIBUTE"),
    "an unknown option": (("check", "--formt", "json"), "--format"),
    "nothing to check": (("check", "nowhere"), "There is no file or folder"),
    "a file of no pack": (("check", "README.md"), "is in no pack"),
}


@pytest.mark.parametrize(("args", "words"), USAGE.values(), ids=USAGE)
def test_bad_usage(args: tuple[str, ...], words: str) -> None:
    done = evaluator(*args)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_broken_request_is_shown_with_its_place(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"subject": {"id": "ann", "id": "bob"},\n "x": 1e999}', encoding="utf-8")
    done = evaluator("decide", str(broken))
    assert done.returncode == 2
    assert "EVL602" in done.stderr
    assert f"{broken}:1:27" in "".join(done.stderr.split("\n"))


def test_policies_that_do_not_load_decide_nothing() -> None:
    done = evaluator("decide", "-p", "docs/demo/mistake", REMOVAL)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "docs/demo/mistake/documents.yaml:7:20" in done.stderr


@pytest.mark.parametrize("format_", ["text", "json", "github", "sarif"])
def test_check(format_: str) -> None:
    done = evaluator("check", "docs/demo/mistake", "--format", format_)
    assert done.returncode == 1
    assert "EVL302" in done.stdout
    assert "documents.yaml" in done.stdout
    if format_ == "github":
        assert done.stdout.startswith("::error title=EVL302 unknown-attribute,file=docs/demo/")
    if format_ == "sarif":
        run = json.loads(done.stdout)["runs"][0]
        region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"], region["endColumn"]) == (7, 20, 24)
    assert evaluator("check", "--format", format_).returncode == 0


def test_check_takes_files_of_a_pack() -> None:
    done = evaluator("check", "policies/licenses/roles.yaml", "policies/licenses/pack.yaml")
    assert done.returncode == 0
    assert done.stdout == "policies/licenses: no problems\n"


def test_explain_shows_values_and_places() -> None:
    done = evaluator("explain", REMOVAL, *LATER)
    for words in (
        "● reduction-window-closed  deny  fired, decided",
        "open_lots.size() == 0  true",
        "[with lot = ",
        "did not fire",
    ):
        assert words in done.stdout
    document = json.loads(evaluator("explain", REMOVAL, "--format", "json").stdout)
    assert {rule["state"] for rule in document["rules"]} == {"fired", "not fired"}


def test_init_makes_a_pack_that_works(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    done = evaluator("init", str(folder))
    assert done.returncode == 0, done.stderr
    commands = [line.strip() for line in done.stdout.splitlines() if "  evaluator" in line]
    assert len(commands) == 4
    for command in commands:
        _, *args = shlex.split(command)
        assert evaluator(*args).returncode == 0, command
    assert "no problems" in evaluator("check", str(folder), "--strict").stdout
    assert "coverage: 100 %" in evaluator("test", str(folder), "--coverage").stdout
    again = evaluator("init", str(folder))
    assert again.returncode == 2
    assert "nothing was written" in again.stderr


def test_a_closed_pipe_is_no_fault() -> None:
    process = subprocess.run(
        f"{shlex.quote(sys.executable)} -P -m evaluator decide --format json - | head -1",
        shell=True, cwd=ROOT, input=lines(3000), capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stderr == ""
    assert json.loads(process.stdout)["decision"] == "deny"


@pytest.mark.parametrize(
    "command", ["decide --format json /dev/stdin", "explain --all -", "check docs/demo/mistake"]
)
def test_a_reader_who_has_gone_is_not_told_no(command: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "evaluator", *command.split()],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(lines(1).encode(), timeout=20)
    assert (process.returncode, err) == (141, b"")


def test_interrupted() -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "evaluator", "decide", "--format", "json", "-"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(lines(1).encode())
    process.stdin.flush()
    process.stdout.readline()
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err.strip()) == (130, b"", b"")


def test_a_terminal_that_knows_ascii_only() -> None:
    done = evaluator("decide", REMOVAL, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0
    assert "\\u2713 ALLOW" in done.stdout


def test_json_is_json_in_every_encoding() -> None:
    args = ("decide", REMOVAL, *LATER, "--locale", "da", "--format", "json")
    narrow, wide = (evaluator(*args, PYTHONIOENCODING=encoding) for encoding in ("ascii", "utf-8"))
    assert narrow.stdout.isascii()
    assert not wide.stdout.isascii()
    assert json.loads(narrow.stdout) == json.loads(wide.stdout)


@pytest.mark.parametrize(
    ("color", "no", "force", "coloured"),
    [
        ("auto", "", "", False),
        ("always", "", "", True),
        ("always", "1", "", True),
        ("never", "", "1", False),
    ],
)
def test_colours(color: str, no: str, force: str, coloured: bool) -> None:
    for args in (("decide", REMOVAL), ("check", "docs/demo/mistake")):
        done = evaluator(*args, "--color", color, NO_COLOR=no, FORCE_COLOR=force)
        assert ("\x1b[1;3" in done.stdout) is coloured
        assert ("\x1b" in done.stdout) is coloured


def test_a_line_alone_is_shown_as_a_document_is() -> None:
    whole = evaluator("decide", REMOVAL).stdout
    line = json.dumps(json.loads((ROOT / REMOVAL).read_text("utf-8"))) + "\n"
    assert evaluator("decide", "-", input=line).stdout == whole
    assert evaluator("decide", "-", input=line + line).stdout == "allow\tmca-role\n" * 2


def test_a_stream_may_begin_with_a_damaged_line() -> None:
    done = evaluator("decide", "-", input='{"subject": \n' + lines(1) + lines(1))
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["deny"] * 3
    assert done.stdout.startswith("deny\tinvalid-request\n")
    assert done.returncode == 2


def test_several_requests() -> None:
    done = evaluator("decide", REMOVAL, "docs/demo/disabled-button.json")
    first, second = done.stdout.split("\n\n")
    assert (first[:7], second[:6]) == ("✓ ALLOW", "✗ DENY")
    done = evaluator("decide", REMOVAL, REMOVAL, "--format", "json")
    assert [json.loads(line)["decision"] for line in done.stdout.splitlines()] == ["allow"] * 2


def test_host_functions_lie_beside_the_policies(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("FUNCTIONS = {}\n", "utf-8")
    (tmp_path / "broken.py").write_text("1 / 0\n", "utf-8")
    packs = str(ROOT / "policies")
    done = evaluator("check", packs, "--functions", "mine:FUNCTIONS", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    done = evaluator("check", packs, "--functions", "broken:FUNCTIONS", cwd=tmp_path)
    assert done.returncode == 2
    assert "ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_names_the_files_of_several_folders(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "demo" / "mistake", tmp_path / "mistake")
    args = ("check", "docs/demo/mistake", str(tmp_path / "mistake"), "--format")
    for format_ in ("text", "json", "github", "sarif"):
        found = evaluator(*args, format_).stdout
        for folder in ("docs/demo/mistake", str(tmp_path / "mistake")):
            assert f"{folder}/documents.yaml" in found


def test_the_time_zone_of_the_machine_changes_nothing() -> None:
    one, two = (evaluator("decide", REMOVAL, TZ=zone).stdout for zone in ("UTC", "Asia/Tokyo"))
    assert one == two


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    done = evaluator("completion", shell)
    assert done.returncode == 0
    assert "_EVALUATOR_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("evaluator de", "plain,decide"),
        ("evaluator check --format g", "plain,github"),
        ("evaluator decide docs/", "file,docs/"),
        ("evaluator explain -p pol", "file,pol"),
    ],
)
def test_completions(words: str, offered: str) -> None:
    done = evaluator(
        _EVALUATOR_COMPLETE="bash_complete",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split()) - 1),
    )
    assert (done.stdout, done.returncode) == (f"{offered}\n", 0)


def test_version_and_help() -> None:
    assert evaluator("--version").stdout.startswith("evaluator, version ")
    listing = evaluator("--help").stdout
    for command in ("check", "completion", "decide", "explain", "init"):
        assert command in listing
        told, _, example = evaluator(command, "--help").stdout.partition("\n  Example:\n")
        assert told.startswith(f"Usage: evaluator {command} ")
        assert f"evaluator {command} " in example
