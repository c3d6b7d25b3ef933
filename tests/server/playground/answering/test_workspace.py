from __future__ import annotations

import pytest

from evaluator.policy.loading import load_packs
from evaluator.server.playground.answering.asking import InvalidError, TooLargeError
from evaluator.server.playground.answering.workspace import UnloadableError, Workspace
from evaluator.server.playground.limits import Bounds
from evaluator.source import MemoryFiles
from tests.server.playground.workspaces import ask, text_of, workspace


@pytest.mark.parametrize(
    "name",
    [
        "../licenses/roles.yaml",
        "licenses/../roles.yaml",
        "/etc/passwd",
        "/etc/x.yaml",
        "licenses//roles.yaml",
        "licenses/./roles.yaml",
        "licenses/.hidden.yaml",
        "licenses\\roles.yaml",
        "licenses/C:x.yaml",
        "licenses/roles.py",
        "licenses/new\n.yaml",
        "elsewhere/roles.yaml",
        "roles.yaml",
        f"licenses/{'a' * 200}.yaml",
        "",
        "licenses/\0.yaml",
    ],
)
def test_files_elsewhere_cannot_be_edited(name: str) -> None:
    with pytest.raises(InvalidError, match="no file that can be edited here"):
        workspace().loaded({name: ""})


def test_a_file_can_be_added() -> None:
    edits = {"licenses/new.yaml": "policy: licenses.new\n"}
    told = ask("check", edits=edits)
    assert [one["code"] for one in told["diagnostics"]] != []
    assert told["loads"] is False


def test_limits() -> None:
    small = Workspace(workspace().files, Bounds(edits=10, files=1))
    name = "licenses/roles.yaml"
    with pytest.raises(TooLargeError, match="more than 10 bytes"):
        small.loaded({name: "æøåæøå"})
    with pytest.raises(TooLargeError, match="more than 1 files"):
        small.loaded({name: "", "licenses/common.yaml": ""})
    with pytest.raises(InvalidError, match="surrogate"):
        small.loaded({name: "\ud800"})


def test_packs_loaded_one_by_one_are_as_loaded_together() -> None:
    name = "licenses/roles.yaml"
    edits = {name: text_of(name).replace("billing_account_owner", "owner", 1)}
    for changed in ({}, edits, {name: "rules: {}"}):
        files = {**workspace().files, **{key: text.encode() for key, text in changed.items()}}
        found = workspace().loaded(changed)
        whole = load_packs(MemoryFiles(files))
        assert list(map(str, found.diagnostics)) == list(map(str, whole.diagnostics))
        assert [one.digest for one in found.packs] == [one.digest for one in whole.packs]


def test_what_is_loaded_is_kept_and_not_for_ever() -> None:
    mine = Workspace(workspace().files)
    name = "expenses/common.yaml"
    sets = [{name: f"{text_of(name)}# {number}\n"} for number in range(10)]
    first = mine.loaded(sets[0])
    assert mine.loaded(dict(sets[0])) is first
    for edits in sets[1:]:
        mine.loaded(edits)
    assert mine.loaded(sets[0]) is not first
    assert mine.loaded({}) is mine.base


def test_the_nearest_packs_are_those_that_could_be_loaded_last() -> None:
    mine = Workspace(workspace().files)
    name = "expenses/common.yaml"
    broken = {name: "rules: ["}
    assert mine.nearest(broken) is mine.base
    loaded = mine.loaded({name: f"{text_of(name)}# more\n"})
    assert mine.nearest(broken) is loaded
    with pytest.raises(UnloadableError):
        mine.deciding(broken)


def test_one_pack_in_the_folder_itself() -> None:
    files = {
        name.removeprefix("expenses/"): content
        for name, content in workspace().files.items()
        if name.startswith("expenses/")
    }
    alone = Workspace(files)
    assert [pack.name for pack in alone.base.packs] == ["expenses"]
    told = ask("open", of=alone)
    assert told["packs"][0]["folder"] == ""
    assert "pack.yaml" in {one["name"] for one in told["files"]}
    assert alone.editable("more.yaml")
    assert not alone.editable("../more.yaml")


def test_two_packs_of_one_name_are_told() -> None:
    twice = {
        name.replace("expenses/", folder, 1): content
        for folder in ("expenses/", "other/")
        for name, content in workspace().files.items()
        if name.startswith("expenses/")
    }
    assert not Workspace(twice).base.loads


def test_line_ends_are_those_of_browsers() -> None:
    name = "expenses/common.yaml"
    content = workspace().files[name]
    crlf = b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")
    mine = Workspace({**workspace().files, name: crlf})
    assert mine.files[name] == content
    assert mine.base.loads


def test_nothing_to_play_with() -> None:
    empty = Workspace({})
    told = ask("open", of=empty)
    assert (told["packs"], told["files"]) == ([], [])
    assert told["diagnostics"][0]["at"] is None
