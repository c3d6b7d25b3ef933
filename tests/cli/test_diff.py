"""``evaluator diff`` and ``replay`` as they are run: what they print, and how they exit."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli_runner import ROOT, evaluator
from tests.git_repository import commit
from tests.history_runs import EDITED, FILES, FOLDER, LOG, RUNS, WIDER, printed, request


def written(folder: Path, files: Mapping[str, str]) -> str:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return str(folder)


@pytest.mark.parametrize("run", RUNS)
def test_runs(run: str) -> None:
    assert printed(run) == (FOLDER / run).read_text("utf-8")


def test_every_file_is_that_of_a_run() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(RUNS)


@pytest.mark.parametrize(
    ("old", "new", "arguments", "code"),
    [
        (FILES, WIDER, (), 0),
        (FILES, WIDER, ("--fail-on", "any"), 1),
        (FILES, WIDER, ("--fail-on", "flip-to-allow"), 1),
        (WIDER, FILES, ("--fail-on", "flip-to-allow"), 0),
        (WIDER, FILES, ("--fail-on", "any"), 1),
        (FILES, FILES, ("--fail-on", "any"), 0),
        (FILES, WIDER, ("--suites", "--fail-on", "flip-to-allow"), 0),
    ],
)
def test_exit_codes(
    old: Mapping[str, str],
    new: Mapping[str, str],
    arguments: tuple[str, ...],
    code: int,
    tmp_path: Path,
) -> None:
    names = written(tmp_path / "old", old), written(tmp_path / "new", new)
    assert evaluator("diff", *names, "--limit", "300", *arguments).returncode == code


def test_requests_from_files(tmp_path: Path) -> None:
    names = written(tmp_path / "old", FILES), written(tmp_path / "new", WIDER)
    between, outside = json.dumps(request(169)), json.dumps(request(2))
    (tmp_path / "one.json").write_text(between)
    (tmp_path / "list.json").write_text(f"[{outside}, {between}]")
    (tmp_path / "lines.jsonl").write_text(f'{between}\n{{"request": {outside}}}\n{{\n')
    with gzip.open(tmp_path / "lines.jsonl.gz", "wt") as stream:
        stream.write(f"{between}\n")
    files = ("one.json", "list.json", "lines.jsonl", "lines.jsonl.gz", "-")
    done = evaluator(
        "diff",
        *names,
        *(part for file in files for part in ("--requests", file)),
        "--format",
        "json",
        cwd=tmp_path,
        input=f"{between}\n",
    )
    found = json.loads(done.stdout)
    assert found["decided_by_origin"] == {"requests": 7}
    assert found["flips"] == {"allow": 5, "deny": 0}
    assert found["damaged"] == 1
    assert "lines.jsonl:3: damaged[EVL601]" in done.stderr
    assert found["groups"][0]["example"]["origin"] == "one.json:1"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere", "new"), "There is no folder 'nowhere'; of a git revision write REV:FOLDER"),
        (("new", "new/pack.yaml"), "'new/pack.yaml' is a file"),
        (("new", "new", "--requests", "nothing.jsonl"), "'nothing.jsonl': No such file"),
        (("new", "new", "--requests", "new"), "'new' is a folder, not a file with requests."),
        (("new", "new", "--locale", "English!"), "--locale takes a tag such as da or en-GB"),
        (("HEAD:new", "new"), "EVL741"),
        (("new", "broken"), "EVL402"),
    ],
)
def test_bad_usage_and_bad_input(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    written(tmp_path / "new", FILES)
    written(tmp_path / "broken", {**FILES, "pack.yaml": FILES["pack.yaml"].replace(": 1", ": 9")})
    done = evaluator("diff", *arguments, cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_suites_with_errors_are_left_out(tmp_path: Path) -> None:
    """A removed rule makes suites wrong that name it; what is left is compared all the same."""
    files = {name: text.replace("id: late", "id: tardy") for name, text in FILES.items()}
    names = written(tmp_path / "old", FILES), written(tmp_path / "new", files)
    done = evaluator("diff", *names, "--limit", "300", "--format", "json")
    assert done.returncode == 0
    assert "with errors are left out" in done.stderr
    assert "EVL717" in done.stderr
    causes = {
        (one["cause"]["name"], one["cause"]["how"]) for one in json.loads(done.stdout)["groups"]
    }
    assert {("late", "removed"), ("tardy", "added")} <= causes


def test_the_lines_of_the_new_version_are_those_of_the_working_tree(tmp_path: Path) -> None:
    """What GitHub is told is a file of the repository, whichever side is a revision."""
    commit({f"policies/{name}": text for name, text in FILES.items()}, tmp_path)
    written(tmp_path / "policies", EDITED)
    for new in ("policies", "./policies"):
        done = evaluator(
            "diff", "HEAD:policies", new, "--limit", "300", "--format", "github", cwd=tmp_path
        )
        *commands, total = done.stdout.splitlines()
        assert commands
        assert all(
            "file=policies/rules.yaml" in one or "file=policies/common.yaml" in one
            for one in commands
        )
        assert "requests decided by both" in total


def test_the_licence_pack_with_a_window_of_another_length(tmp_path: Path) -> None:
    for path in (ROOT / "policies/licenses").rglob("*"):
        if path.is_file():
            name = path.relative_to(ROOT / "policies/licenses")
            text = path.read_text("utf-8").replace('duration("168h")', 'duration("169h")')
            written(tmp_path, {str(name): text})
    done = evaluator(
        "diff", "policies/licenses", str(tmp_path), "--suites", "--format", "json",
        "--fail-on", "flip-to-allow",
    )  # fmt: skip
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert [(one["kind"], one["name"]) for one in found["edits"]] == [
        ("constant", "reduction_window")
    ]
    flips = [one for one in found["groups"] if one["flip"]]
    assert {one["flip"] for one in flips} == {"allow"}
    assert {one["cause"]["name"] for one in flips} <= {
        "reduction-window-closed",
        "exceeds-removable-quantity",
    }
    assert all(one["edits"] == [0] for one in flips)


def test_decisions_that_were_logged_are_replayed(tmp_path: Path) -> None:
    old, new = written(tmp_path / "old", FILES), written(tmp_path / "new", WIDER)
    lines = "".join(f"{json.dumps(request(hours))}\n" for hours in (1, 169, 170))
    log = str(tmp_path / "log.jsonl")
    for _ in range(2):
        done = evaluator("decide", "-p", old, "--log", log, input=lines)
        assert done.stdout.splitlines() == ["allow\thandler", "deny\tlate", "deny\tlate"]
    assert len(Path(log).read_text().splitlines()) == 6
    same = evaluator("replay", log, "-p", old, "--fail-on", "any")
    assert (same.returncode, same.stderr) == (0, "")
    assert same.stdout == "6 requests decided again: all alike\n"
    other = evaluator("replay", log, "-p", new, "--fail-on", "flip-to-allow", "--format", "json")
    assert other.returncode == 1
    assert json.loads(other.stdout)["flips"] == {"allow": 2, "deny": 0}


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (FILES, "3 requests decided again: 2 alike, 1 in doubt for what is masked"),
        (
            WIDER,
            "3 requests decided again: 2 differ, 1 newly allowed, 1 in doubt for what is masked",
        ),
    ],
)
def test_what_may_be_for_want_of_what_is_masked(
    tmp_path: Path, files: Mapping[str, str], told: str
) -> None:
    old, new = written(tmp_path / "old", FILES), written(tmp_path / "new", files)
    log = tmp_path / "log.jsonl"
    lines = "".join(f"{json.dumps(request(hours))}\n" for hours in (1, 1, 169))
    evaluator("decide", "-p", old, "--log", str(log), input=lines)
    first, *others = map(json.loads, log.read_text("utf-8").splitlines())
    first["request"]["subject"]["properties"]["roles"] = ["[masked]"]
    first["masked"] = ["/subject/properties/roles/0"]
    log.write_text("".join(f"{json.dumps(line)}\n" for line in (first, *others)), "utf-8")
    done = evaluator("replay", str(log), "-p", new)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == told
    found = json.loads(evaluator("replay", str(log), "-p", new, "--format", "json").stdout)
    assert found["masked"] == 1


def test_what_was_set_is_logged_as_it_was_decided(tmp_path: Path) -> None:
    old = written(tmp_path / "old", FILES)
    log = tmp_path / "log.jsonl"
    asked = json.dumps(request())
    evaluator("decide", "-p", old, "--log", str(log), "--now", "2026-04-01T00:00:00Z", input=asked)
    written_ = json.loads(log.read_text())
    assert written_["request"]["context"]["time"] == "2026-04-01T00:00:00Z"
    assert written_["decision"]["reasons"][0]["rule"] == "late"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--log", "log", "--unknown", "context"), "--log is for decisions"),
        (("--log", "nowhere/log"), "--log 'nowhere/log': No such file"),
        (("--log", "."), "is a directory"),
    ],
)
def test_logs_that_cannot_be_written(
    arguments: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    old = written(tmp_path / "old", FILES)
    done = evaluator("decide", "-p", old, *arguments, input=json.dumps(request()), cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr


def test_many_damaged_lines_are_counted(tmp_path: Path) -> None:
    old = written(tmp_path / "old", FILES)
    done = evaluator("replay", "-", "-p", old, "--format", "json", input="{\n" * 50 + LOG)
    assert done.returncode == 0
    assert json.loads(done.stdout)["damaged"] == 53
    assert done.stderr.count("damaged[") == 20
    assert done.stderr.endswith("and 33 more damaged lines\n")


def test_logs_are_not_kept_from_the_screen(tmp_path: Path) -> None:
    """What a log says of rules and messages is shown, and not obeyed."""
    old = written(tmp_path / "old", FILES)
    reason = {"rule": "\x1b[31m[bold]x[/]", "policy": "a.b\n", "kind": "deny", "message": "\x1b[2J"}
    line = {"request": request(), "decision": {"decision": "deny", "reasons": [reason]}}
    for format_ in ("text", "github"):
        done = evaluator(
            "replay", "-", "-p", old, "--format", format_, input=json.dumps(line) + "\n"
        )
        assert done.returncode == 0
        assert "\x1b" not in done.stdout
        assert "[bold]x[/]" in done.stdout
