"""``evaluator log`` as a person meets it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from evaluator.history.chain import Link, Sealer, read_sealed, write_head
from tests.cli_runner import evaluator
from tests.decision_logs import KEY, chained

HASH = "sha256:"


def record(number: int, effect: str, rule: str, caller: str | None = None) -> bytes:
    members = {
        "id": f"id-{number}",
        "caller": caller,
        "decided_at": "2026-03-03T09:00:00Z",
        "request": {
            "subject": {"type": "user", "id": "a\x1b[31m"},
            "action": {"name": "read"},
            "resource": {"type": "record", "id": f"r-{number}"},
        },
        "decision": {"decision": effect, "reasons": [{"rule": rule}]},
    }
    return json.dumps(members, separators=(",", ":")).encode()[1:-1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log of four records in two files, the older one full, and its head."""
    link = Link("0" * 16)
    lines = []
    for number, (effect, rule, caller) in enumerate(
        [
            ("allow", "reader", None),
            ("deny", "no-rule-allows", "orders"),
            ("deny", "closed", None),
            ("allow", "owner", None),
        ],
        1,
    ):
        line, link = Sealer().seal(link, record(number, effect, rule, caller))
        lines.append(line)
    (tmp_path / "log.000000000001.jsonl").write_bytes(b"".join(lines[:3]))
    (tmp_path / "log.jsonl").write_bytes(lines[3])
    (tmp_path / "log.jsonl.head").write_bytes(write_head(link))
    return tmp_path


def verify(folder: Path, *args: str) -> tuple[int, str]:
    done = evaluator("log", "verify", *args, cwd=folder)
    assert done.stderr == ""
    return done.returncode, done.stdout


def hash_of(line: bytes) -> str | None:
    sealed = read_sealed(line.rstrip(b"\n"))
    assert sealed is not None
    return sealed.link.hash


@pytest.mark.parametrize(
    "files", [("log.000000000001.jsonl", "log.jsonl"), ("log.jsonl", "log.000000000001.jsonl")]
)
def test_a_log_that_is_whole(folder: Path, files: tuple[str, ...]) -> None:
    assert verify(folder, *files) == (
        0,
        f"""\
Chain 0000000000000000: 4 records, numbers 1 to 4.
  ends with {hash_of((folder / "log.jsonl").read_bytes())}
Nothing is missing, changed or moved.
Who can write every file could make it so: keep the last hash elsewhere.
""",
    )


def test_older_files_may_be_gone(folder: Path) -> None:
    code, text = verify(folder, "log.jsonl")
    assert code == 0
    assert "  numbers 1 to 3 are older and not in these files\n" in text


def test_a_log_that_is_not_whole(folder: Path) -> None:
    old = folder / "log.000000000001.jsonl"
    lines = old.read_bytes().splitlines(keepends=True)
    old.write_bytes(lines[0] + lines[2].replace(b'"deny"', b'"allow"'))
    (folder / "log.jsonl").write_bytes(b"")
    code, text = verify(folder, "log.000000000001.jsonl", "log.jsonl")
    assert code == 1
    assert (
        text
        == f"""\
log.000000000001.jsonl:2: error[EVL830]: record 3 is not as it was written
  = help: take the line from a copy of the log, and find out who changed it
log.000000000001.jsonl:2: error[EVL831]: record 2 is missing between `log.000000000001.jsonl:1` and\
 this line
  = help: name all files of the log; if these are all, lines were cut out
log.jsonl.head: error[EVL831]: the log had come to record 4, and ends with record 3
  = help: name all files of the log; if these are all, its end was cut off
Chain 0000000000000000: 2 records, numbers 1 to 3.
  ends with {hash_of(lines[2])}
3 problems were found.
"""
    )


def test_json(folder: Path) -> None:
    with (folder / "log.jsonl").open("ab") as stream:
        stream.write(b'{"schema"')
    code, text = verify(folder, "log.jsonl", "--format", "json")
    told = json.loads(text)
    assert code == 0  # nothing was told of a record that was not finished
    assert told["whole"] is True
    assert [(one["line"], one["code"], one["severity"]) for one in told["findings"]] == [
        (2, "EVL835", "warning")
    ]
    (chain,) = told["chains"]
    assert (chain["first"], chain["last"], chain["records"]) == (4, 4, 1)


def test_a_head_that_was_kept_elsewhere(folder: Path) -> None:
    head = folder / "copy"
    head.write_bytes((folder / "log.jsonl.head").read_bytes())
    for path in (folder / "log.jsonl", folder / "log.jsonl.head"):
        path.unlink()
    old = "log.000000000001.jsonl"
    assert verify(folder, old)[0] == 0
    code, text = verify(folder, old, "--head", "copy")
    assert code == 1
    assert "copy: error[EVL831]: the log had come to record 4, and ends with record 3" in text


def test_sealed_and_compressed(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl.gz").write_bytes(gzip.compress(b"".join(chained(3, KEY))))
    (tmp_path / "key").write_bytes(KEY + b"\n")
    code, text = verify(tmp_path, "log.jsonl.gz", "--key", "key")
    assert code == 0
    assert "elsewhere" not in text
    code, text = verify(tmp_path, "log.jsonl.gz")
    assert code == 1
    assert text.count("EVL836") == 3


def test_a_file_that_cannot_be_read_on(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(chained(3)))
    (tmp_path / "log.jsonl.gz").write_bytes(whole[: len(whole) - 12])
    code, text = verify(tmp_path, "log.jsonl.gz")
    assert code == 1
    assert "error[EVL784]: the log cannot be read any further" in text


def test_nothing_to_verify(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    assert verify(tmp_path, "empty.jsonl") == (0, "There are no records.\n")


def test_a_stream() -> None:
    done = evaluator("log", "verify", "-", input=b"".join([*chained(2), b"{}\n"]))
    assert done.returncode == 1
    assert "<stdin>:3: error[EVL834]" in done.stdout


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["verify"], "FILE"),
        (["verify", "nothing.jsonl"], "nothing.jsonl"),
        (["verify", "."], "folder"),
        (["verify", "log.jsonl", "--key", "short"], "fewer than 32"),
        (["verify", "log.jsonl", "--key", "none"], "none"),
        (["verify", "log.jsonl", "--head", "short"], "no head"),
        (["show", "nothing.jsonl"], "nothing.jsonl"),
        (["shw"], "shw"),
    ],
)
def test_what_cannot_be_done(folder: Path, args: list[str], words: str) -> None:
    (folder / "short").write_text("secret")
    done = evaluator("log", *args, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


SHOWN = """\
     1 2026-03-03T09:00:00Z allow reader  user a\\x1b[31m · read · record r-1
     2 2026-03-03T09:00:00Z deny  no-rule-allows  user a\\x1b[31m · read · record r-2  for orders
     3 2026-03-03T09:00:00Z deny  closed  user a\\x1b[31m · read · record r-3
     4 2026-03-03T09:00:00Z allow owner  user a\\x1b[31m · read · record r-4
""".splitlines(keepends=True)


@pytest.mark.parametrize(
    ("args", "numbers"),
    [
        ([], [1, 2, 3, 4]),
        (["--effect", "deny"], [2, 3]),
        (["--rule", "closed"], [3]),
        (["--caller", "orders"], [2]),
        (["--id", "id-4"], [4]),
        (["--id", "id-4", "--effect", "deny"], []),
    ],
)
def test_records_are_shown(folder: Path, args: list[str], numbers: list[int]) -> None:
    files = ["log.000000000001.jsonl", "log.jsonl"]
    done = evaluator("log", "show", *files, *args, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "".join(SHOWN[number - 1] for number in numbers)
    done = evaluator("log", "show", *files, *args, "--format", "json", cwd=folder)
    lines = b"".join((folder / name).read_bytes() for name in files).splitlines(keepends=True)
    assert done.stdout.encode() == b"".join(lines[number - 1] for number in numbers)
