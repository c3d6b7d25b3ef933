"""A cache gives back what was loaded, and nothing else, whatever has become of its files."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Barrier
from typing import Any

import pytest

import evaluator
from evaluator.policy import loading
from evaluator.policy.caching import entries, keys, packing
from evaluator.policy.caching.encoding import NotKeptError
from tests.licence_requests import requests
from tests.program import orders
from tests.wrong_packs import BASE

POLICIES = Path(__file__).parents[3] / "policies"
Files = dict[str, str]
REQUESTS = [
    {
        "subject": {"type": "user", "id": "ann", "properties": {"roles": [role]}},
        "action": {"name": "ship"},
        "resource": {"type": "order", "id": "o1", "properties": {}},
    }
    for role in ("clerk", "manager", "thief")
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the cache is to be."""
    return tmp_path / "cache"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The folder of a small pack."""
    made = tmp_path / "policies"
    write(made, BASE)
    return made


def write(place: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, "utf-8")


class FromFilesError(Exception):
    """The packs were not in the cache."""


def cached(policies: Any, folder: Path, **options: Any) -> evaluator.PolicySet:
    """What a cache gives back. Raises ``FromFilesError`` when it is not there."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise FromFilesError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "load_packs", refuse)
        return evaluator.load(policies, cache=folder, **options)


def is_cached(policies: Any, folder: Path, **options: Any) -> bool:
    try:
        return cached(policies, folder, **options).warnings == ()
    except FromFilesError:
        return False


def codes(policies: evaluator.PolicySet) -> list[str]:
    return [item.code for item in policies.warnings]


def told(policies: evaluator.PolicySet) -> list[dict[str, Any]]:
    """Decisions: an allow, a deny, and an error."""
    decisions = [policies.decide(request).to_dict() for request in REQUESTS]
    assert [made["decision"] for made in decisions] == ["allow", "deny", "deny"]
    return [{**made, "decided_at": None} for made in decisions]


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


# What is kept


def test_what_was_loaded_is_there_again(pack: Path, folder: Path) -> None:
    first = evaluator.load(pack, cache=folder)
    again = cached(pack, folder)
    assert first.warnings == again.warnings == ()
    assert told(again) == told(first)
    assert again.packs[0].digest == first.packs[0].digest
    assert len(files_in(folder)) == 1


def test_nothing_is_kept_unless_it_is_asked_for(pack: Path, folder: Path) -> None:
    evaluator.load(pack)
    assert not folder.exists()


def test_files_in_memory_are_kept_too(folder: Path) -> None:
    evaluator.load(evaluator.MemoryFiles(BASE), cache=folder)
    assert is_cached(evaluator.MemoryFiles(BASE), folder)


def test_the_same_files_elsewhere_are_the_same(pack: Path, folder: Path) -> None:
    evaluator.load(evaluator.MemoryFiles(BASE), cache=folder)
    assert is_cached(pack, folder)


def test_warnings_are_given_again(pack: Path, folder: Path) -> None:
    text = BASE["orders.yaml"] + "constants: {unused: '1'}\n"
    write(pack, {"orders.yaml": text})
    first = evaluator.load(pack, cache=folder)
    assert codes(first) == ["EVL414"]
    again = cached(pack, folder)
    assert [str(item) for item in again.warnings] == [str(item) for item in first.warnings]


def test_packs_with_errors_are_not_kept(pack: Path, folder: Path) -> None:
    write(pack, {"orders.yaml": BASE["orders.yaml"] + "rules: []\n"})
    for _ in range(2):
        with pytest.raises(evaluator.PolicyError):
            evaluator.load(pack, cache=folder)
    assert files_in(folder) == []


def test_packs_that_cannot_be_kept_are_loaded(
    pack: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> bytes:
        raise NotKeptError("Surprise")

    monkeypatch.setattr(packing, "packed", refuse)
    policies = evaluator.load(pack, cache=folder)
    assert [item.message for item in policies.warnings] == [
        f"nothing is written to the cache `{folder}`: it cannot keep a `Surprise`"
    ]


def test_a_cache_may_lie_among_the_files(pack: Path) -> None:
    evaluator.load(pack, cache=pack / "cache")
    assert is_cached(pack, pack / "cache")
    assert is_cached(pack, pack / "cache")
    assert len(files_in(pack / "cache")) == 1


# What makes it another

CHANGES: dict[str, Files] = {
    "a policy": {"orders.yaml": BASE["orders.yaml"].replace("ann", "bob") + "# \n"},
    "pack.yaml": {"pack.yaml": BASE["pack.yaml"].replace('"1"', '"2"')},
    "the schema": {"request.schema.json": BASE["request.schema.json"] + " "},
    "another file": {"README.md": "About the shop."},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(change: str, pack: Path, folder: Path) -> None:
    evaluator.load(pack, cache=folder)
    write(pack, CHANGES[change])
    assert not is_cached(pack, folder)
    evaluator.load(pack, cache=folder)
    assert is_cached(pack, folder)
    for name in CHANGES[change]:
        (pack / name).unlink()
    write(pack, BASE)
    assert is_cached(pack, folder)  # the first has not been lost


def test_a_file_that_is_not_listed_is_found(pack: Path, folder: Path) -> None:
    evaluator.load(pack, cache=folder)
    write(pack, {"deny.yaml": "policy: shop.deny\n"})
    with pytest.raises(evaluator.PolicyError) as error:
        evaluator.load(pack, cache=folder)
    assert [item.code for item in error.value.diagnostics] == ["EVL404"]


def test_a_file_that_is_gone_is_missed(pack: Path, folder: Path) -> None:
    evaluator.load(pack, cache=folder)
    (pack / "orders.yaml").unlink()
    with pytest.raises(evaluator.PolicyError) as error:
        evaluator.load(pack, cache=folder)
    assert "EVL405" in [item.code for item in error.value.diagnostics]


def test_a_link_that_leads_out_is_found(pack: Path, folder: Path, tmp_path: Path) -> None:
    evaluator.load(pack, cache=folder)
    (pack / "orders.yaml").rename(tmp_path / "orders.yaml")
    (pack / "orders.yaml").symlink_to(tmp_path / "orders.yaml")
    with pytest.raises(evaluator.PolicyError) as error:
        evaluator.load(pack, cache=folder)
    assert [item.code for item in error.value.diagnostics] == ["EVL406"]


class Unreadable(evaluator.MemoryFiles):
    """Files of which one that may be a policy cannot be read."""

    def read(self, name: str) -> bytes:
        if name == "lost/deny.yaml":
            raise PermissionError(13, "Permission denied")
        return super().read(name)


def test_what_depends_on_a_file_that_cannot_be_read_is_not_kept(folder: Path) -> None:
    files = {f"shop/{name}": text for name, text in BASE.items()}
    evaluator.load(Unreadable({**files, "lost/deny.yaml": "policy: lost"}), cache=folder)
    assert files_in(folder) == []


def test_host_functions_are_bound_anew(folder: Path) -> None:
    files = evaluator.MemoryFiles(orders.files(("deny", "deny_overrides", True)))
    asked = []

    def is_holiday(moment: Any) -> bool:
        asked.append(moment)
        return True

    evaluator.load(files, functions=orders.functions(), cache=folder)
    policies = cached(files, folder, functions={"is_holiday": is_holiday})
    random = Random(1)
    for _ in range(20):
        policies.decide(orders.request(random))
    assert asked
    with pytest.raises(evaluator.PolicyError):
        evaluator.load(files, cache=folder)


@pytest.fixture
def _loader_anew() -> Iterator[None]:
    keys._loader.cache_clear()
    yield
    keys._loader.cache_clear()


@pytest.mark.usefixtures("_loader_anew")
@pytest.mark.parametrize(
    ("owner", "name", "value"),
    [
        (evaluator, "__version__", "99.0"),
        (sys, "version_info", (9, 9, 1)),
        (evaluator, "__file__", str(Path(orders.__file__).parent / "__init__.py")),
    ],
    ids=["version", "Python", "code"],
)
def test_another_evaluator_does_not_use_it(
    owner: Any, name: str, value: Any, pack: Path, folder: Path
) -> None:
    evaluator.load(pack, cache=folder)
    keys._loader.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, value)
        other = keys.key(["pack.yaml"], [])
    keys._loader.cache_clear()
    assert keys.key(["pack.yaml"], []) != other
    assert is_cached(pack, folder)


# Damage


def damaged(data: bytes, random: Random) -> bytes:
    """The same with an octet changed, or cut off somewhere, or with more at its end."""
    place = random.randrange(len(data))
    match random.randrange(6):
        case 0:
            return data[:place]
        case 1:
            return data + random.randbytes(3)
        case _:
            if random.random() < 0.5:
                place = random.randrange(data.index(b"\n{") + 400)
            changed = data[place] ^ 1 << random.randrange(8)
            return data[:place] + bytes([changed]) + data[place + 1 :]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_damaged_is_ignored(seed: int, pack: Path, folder: Path) -> None:
    wanted = told(evaluator.load(pack, cache=folder))
    (path,) = files_in(folder)
    data = path.read_bytes()
    random = Random(seed)
    for _ in range(60):
        path.write_bytes(damaged(data, random))
        policies = evaluator.load(pack, cache=folder)
        assert codes(policies) == ["EVL761"]
        assert told(policies) == wanted
        assert path.read_bytes() == data  # it has been written anew


def test_nothing_at_all_is_damage(pack: Path, folder: Path) -> None:
    evaluator.load(pack, cache=folder)
    (path,) = files_in(folder)
    path.write_bytes(b"")
    assert codes(evaluator.load(pack, cache=folder)) == ["EVL761"]
    assert is_cached(pack, folder)


@pytest.mark.parametrize("line", [b"{}", b"[]", b'{"key": 1}'], ids=repr)
def test_a_header_of_another_form_is_damage(line: bytes, pack: Path, folder: Path) -> None:
    evaluator.load(pack, cache=folder)
    (path,) = files_in(folder)
    head = entries.FORMAT + b" " + hashlib.sha256(line).hexdigest().encode()
    path.write_bytes(head + b"\n" + line + b"\n")
    assert codes(evaluator.load(pack, cache=folder)) == ["EVL761"]
    assert is_cached(pack, folder)


SWAPPED = {
    "of the same names": {**BASE, "orders.yaml": BASE["orders.yaml"] + "# changed\n"},
    "of other names": {**BASE, "README.md": "About the shop."},
}


@pytest.mark.parametrize("other", SWAPPED)
def test_entries_in_the_place_of_others_are_ignored(
    other: str, pack: Path, tmp_path: Path, folder: Path
) -> None:
    evaluator.load(pack, cache=folder)
    write(tmp_path / "other", SWAPPED[other])
    evaluator.load(tmp_path / "other", cache=folder)
    one, two = files_in(folder)
    one.rename(tmp_path / "one")
    two.rename(one)
    (tmp_path / "one").rename(two)
    policies = evaluator.load(pack, cache=folder)
    assert set(codes(policies)) == {"EVL761"}
    assert "is the entry of something else" in policies.warnings[0].message
    assert is_cached(pack, folder)


def test_what_no_evaluator_has_written_is_ignored(pack: Path, folder: Path) -> None:
    """Whoever may write here can write a hash too, which is what trust is for."""
    evaluator.load(pack, cache=folder)
    (path,) = files_in(folder)
    digest = evaluator.load(pack).packs[0].digest
    names = sorted(BASE)
    writing = entries.Entries(folder, keys.key(names, []))
    for payload in (b"", b"{}\n", b"[]\n", b'{"packs":[],"records":9999}\n', b"\xff\n" * 9):
        writing.write(payload, digest, names)
        policies = evaluator.load(pack, cache=folder)
        assert codes(policies) == ["EVL761"]
        assert path.exists()
        assert told(policies)


# Trust


def test_it_is_ours_alone(pack: Path, folder: Path) -> None:
    evaluator.load(pack, cache=folder)
    (path,) = files_in(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600


def untrusted(pack: Path, folder: Path, said: str) -> None:
    """Asserts that a cache is refused, and that the files are loaded."""
    policies = evaluator.load(pack, cache=folder)
    assert codes(policies)[0] == "EVL760"
    assert policies.warnings[0].message == f"the cache is not used, since {said}"
    assert told(policies) == told(evaluator.load(pack))
    with pytest.raises(FromFilesError):
        cached(pack, folder)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777, 0o1777, 0o720])
def test_a_folder_that_others_may_write_to(mode: int, pack: Path, folder: Path) -> None:
    evaluator.load(pack, cache=folder)
    folder.chmod(mode)
    untrusted(pack, folder, f"`{folder}` may be written by others")


def test_a_folder_in_one_that_others_may_write_to(pack: Path, tmp_path: Path) -> None:
    place = tmp_path / "open"
    place.mkdir()
    evaluator.load(pack, cache=place / "cache")
    place.chmod(0o777)
    untrusted(pack, place / "cache", f"`{place}` may be written by others")
    place.chmod(0o1777)
    assert is_cached(pack, place / "cache")


def test_a_folder_that_is_a_link(pack: Path, folder: Path, tmp_path: Path) -> None:
    evaluator.load(pack, cache=folder)
    (tmp_path / "link").symlink_to(folder)
    untrusted(pack, tmp_path / "link", f"`{tmp_path / 'link'}` is a link")


def test_a_folder_that_is_a_link_to_nothing(pack: Path, folder: Path, tmp_path: Path) -> None:
    folder.symlink_to(tmp_path / "nothing")
    untrusted(pack, folder, f"`{folder}` is a link")
    assert not (tmp_path / "nothing").exists()


def test_a_folder_that_is_a_file(pack: Path, folder: Path) -> None:
    folder.write_bytes(b"")
    untrusted(pack, folder, f"`{folder}` is no folder")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_folder_of_another_user(pack: Path, folder: Path) -> None:
    evaluator.load(pack, cache=folder)
    os.chown(folder, 12345, -1)
    untrusted(pack, folder, f"`{folder}` belongs to another user")


@pytest.mark.parametrize("mode", [0o660, 0o602])
def test_a_file_that_others_may_write(mode: int, pack: Path, folder: Path) -> None:
    evaluator.load(pack, cache=folder)
    (path,) = files_in(folder)
    path.chmod(mode)
    policies = evaluator.load(pack, cache=folder)
    assert [item.message for item in policies.warnings] == [
        f"the cache is not used, since `{path}` may be written by others"
    ]
    assert is_cached(pack, folder)  # one of our own has taken its place


def test_a_file_that_is_a_link(pack: Path, folder: Path, tmp_path: Path) -> None:
    evaluator.load(pack, cache=folder)
    (path,) = files_in(folder)
    path.rename(tmp_path / "moved")
    path.symlink_to(tmp_path / "moved")
    policies = evaluator.load(pack, cache=folder)
    assert [item.message for item in policies.warnings] == [
        f"the cache is not used, since `{path}` is a link"
    ]


def test_a_file_that_is_a_pipe(pack: Path, folder: Path) -> None:
    evaluator.load(pack, cache=folder)
    (path,) = files_in(folder)
    path.unlink()
    os.mkfifo(path)
    policies = evaluator.load(pack, cache=folder)
    assert [item.message for item in policies.warnings] == [
        f"the cache is not used, since `{path}` is no regular file"
    ]


# Writing


def test_where_nothing_can_be_written(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    policies = evaluator.load(pack, cache=tmp_path / "file" / "cache")
    (warning,) = policies.warnings
    assert (warning.code, warning.message) == (
        "EVL762",
        f"nothing can be written to the cache `{tmp_path / 'file' / 'cache'}`: not a directory",
    )
    assert told(policies)


def test_a_writer_that_fails_leaves_nothing(
    pack: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    policies = evaluator.load(pack, cache=folder)
    assert codes(policies) == ["EVL762"]
    assert files_in(folder) == []


def test_old_entries_are_cleared_away(pack: Path, folder: Path) -> None:
    folder.mkdir(mode=0o700)
    for number in range(70):
        path = folder / f"{number:016}-{number:032}.evaluator"
        path.write_bytes(b"")
        os.utime(path, (number, number))
    evaluator.load(pack, cache=folder)
    left = files_in(folder)
    assert len(left) == 64
    assert f"{6:016}" not in {path.name[:16] for path in left}
    assert f"{7:016}" in {path.name[:16] for path in left}
    assert is_cached(pack, folder)


# Many at once


@pytest.fixture
def _hasty() -> Iterator[None]:
    """Threads take turns every few instructions, so that they meet where they should not."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_hasty")
def test_many_may_load_and_write_at_once(pack: Path, folder: Path) -> None:
    wanted = told(evaluator.load(pack))
    start = Barrier(8)

    def load(_: int) -> tuple[Any, list[str]]:
        start.wait()
        policies = evaluator.load(pack, cache=folder)
        return told(policies), codes(policies)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(load, range(8))) == [(wanted, [])] * 8
    assert len(files_in(folder)) == 1


@pytest.mark.usefixtures("_hasty")
def test_threads_make_each_rule_once(folder: Path) -> None:
    batch = list(requests(11, 60))
    wanted = [evaluator.load(POLICIES, cache=folder).decide(one).to_dict() for one in batch[:1]]
    wanted += [cached(POLICIES, folder).decide(one).to_dict() for one in batch[1:]]
    policies = cached(POLICIES, folder)  # of which nothing has been made yet
    start = Barrier(8)

    def decide(first: int) -> list[Any]:
        start.wait()
        return [policies.decide(one).to_dict() for one in batch[first:] + batch[:first]]

    with ThreadPoolExecutor(8) as pool:
        for first, found in enumerate(pool.map(decide, range(8))):
            assert found == wanted[first:] + wanted[:first]
