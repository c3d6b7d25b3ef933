"""Packs with mistakes get their diagnostics, all of them at once, and never an exception."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluator.diagnostics import Severity
from evaluator.policy.loading import load_packs
from evaluator.source import Folder, MemoryFiles
from tests.wrong_packs import BASE, CASES, read_case, report

POLICIES = Path(__file__).parents[2] / "policies"
LICENCES = POLICIES / "licenses"


@pytest.mark.parametrize("name", CASES)
def test_wrong_pack(name: str):
    case = read_case(name)
    assert report(case.files) == case.golden


def test_the_base_of_the_cases_is_right():
    loaded = load_packs(MemoryFiles(BASE))
    assert loaded.diagnostics == ()
    assert [pack.name for pack in loaded.packs] == ["shop"]


def test_the_packs_have_no_problems():
    loaded = load_packs(Folder(POLICIES))
    assert [str(item) for item in loaded.diagnostics] == []
    assert [pack.name for pack in loaded.packs] == ["expenses", "licenses"]
    pack = loaded.packs[1]
    assert [policy.file for policy in pack.policies][:2] == [
        "licenses/common.yaml",
        "licenses/roles.yaml",
    ]
    (variant,) = pack.variants
    assert variant.rules[0].id == "mca-role"
    assert variant.rules[0].span.text == "mca-role"
    assert pack.digest.startswith("sha256:")
    assert "licenses/request.schema.json" in pack.files


def test_importers_share_a_variable():
    (pack,) = load_packs(Folder(POLICIES / "licenses")).packs
    (variant,) = pack.variants
    found = {rule.scope.names["is_mca"] for rule in variant.rules if "is_mca" in rule.scope.names}
    assert len(found) == 1


def test_without_packs_on_error():
    files = {**BASE, "orders.yaml": BASE["orders.yaml"].replace("subject.roles", "resource.lnes")}
    loaded = load_packs(MemoryFiles(files))
    assert loaded.packs == ()
    assert [item.code for item in loaded.diagnostics] == ["EVL302"]


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        pytest.param({}, ["EVL401"], id="nothing"),
        pytest.param({"a/x.yaml": "policy: a.x\n"}, ["EVL401"], id="no pack.yaml"),
        pytest.param(
            {**{f"shop/{name}": text for name, text in BASE.items()}, "b/x.yaml": "policy: b.x\n"},
            ["EVL401"],
            id="a folder without pack.yaml beside a pack",
        ),
        pytest.param(
            {**{f"shop/{name}": text for name, text in BASE.items()}, "b/x.yaml": "other: 1\n"},
            [],
            id="a folder that is no pack",
        ),
        pytest.param(
            {f"{folder}/{name}": text for folder in "ab" for name, text in BASE.items()},
            ["EVL433"],
            id="two packs of one name",
        ),
        pytest.param(
            {**BASE, "suites/more.yaml": "cases: []\n"}, [], id="suites are no policy files"
        ),
        pytest.param({**BASE, "orders.yaml": ""}, ["EVL109"], id="empty file"),
        pytest.param({**BASE, "orders.yaml": "- 1\n"}, ["EVL116"], id="a list"),
    ],
)
def test_folders(files: dict[str, str], codes: list[str]):
    assert [item.code for item in load_packs(MemoryFiles(files)).diagnostics] == codes


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"\x7fELF\x02\x01\x00\xff\x90", "EVL005", id="binary"),
        pytest.param(
            "policy: shop.orders\ntitle: K\u00f8b\n".encode("latin-1"), "EVL004", id="latin-1"
        ),
    ],
)
def test_unreadable_file(content: bytes, code: str):
    found = load_packs(MemoryFiles({**BASE, "orders.yaml": content})).diagnostics
    assert [item.code for item in found] == [code]


def test_link_out_of_the_pack(tmp_path: Path):
    folder = tmp_path / "pack"
    folder.mkdir()
    for name, text in BASE.items():
        (folder / name).write_text(text)
    (tmp_path / "orders.yaml").write_text(BASE["orders.yaml"])
    (folder / "orders.yaml").unlink()
    (folder / "orders.yaml").symlink_to(tmp_path / "orders.yaml")
    (item,) = load_packs(Folder(folder)).diagnostics
    assert (item.code, item.span and item.span.text) == ("EVL406", "orders.yaml")


def test_folder_that_is_not_there(tmp_path: Path):
    assert [item.code for item in load_packs(Folder(tmp_path / "no")).diagnostics] == ["EVL401"]


def test_digest_tells_every_byte():
    def digest(files: dict[str, str]) -> str:
        (pack,) = load_packs(MemoryFiles(files)).packs
        return pack.digest

    known = digest(BASE)
    assert digest(dict(reversed(BASE.items()))) == known
    assert digest({**BASE, "README.md": "not read"}) == known
    assert digest({f"shop/{name}": text for name, text in BASE.items()}) == known
    for name, text in BASE.items():
        assert digest({**BASE, name: f"{text}\n"}) != known


@pytest.mark.parametrize("seed", range(8))
def test_mutated_packs(seed: int):
    """Whatever is done to the files of the licence pack: packs or diagnostics with a place."""
    files = {name: Folder(LICENCES).read(name) for name in Folder(LICENCES).names()}
    for changed in _mutations(files, random.Random(seed), 125):
        loaded = load_packs(MemoryFiles(changed))
        failed = any(item.severity is Severity.ERROR for item in loaded.diagnostics)
        assert failed != bool(loaded.packs)
        for item in loaded.diagnostics:
            assert item.message
            assert item.span is None or 0 <= item.span.start <= len(item.span.source.text)


def _mutations(
    files: dict[str, bytes], random_: random.Random, count: int
) -> Iterator[dict[str, bytes]]:
    """Copies of the pack with what all policies share and one of them, which is read sooner."""
    lines = [line for text in files.values() for line in text.splitlines(keepends=True)]
    policies = sorted(name for name in files if name.endswith(".yaml") and name != "pack.yaml")
    for _ in range(count):
        kept = {"common.yaml", random_.choice(policies)}
        dropped = [f"  - {name}\n".encode() for name in policies if name not in kept]
        pack = b"".join(
            line for line in files["pack.yaml"].splitlines(keepends=True) if line not in dropped
        )
        names = sorted(kept | {"request.schema.json", "pack.yaml"})
        changed = {name: pack if name == "pack.yaml" else files[name] for name in names}
        for _ in range(random_.randint(1, 3)):
            name = random_.choice(names)
            changed[name] = _mutated(changed.get(name, b"x"), random_, lines)
            if random_.random() < 0.03:
                del changed[name]
        yield changed


def _mutated(text: bytes, random_: random.Random, lines: list[bytes]) -> bytes:
    at = random_.randrange(len(text) + 1)
    end = min(len(text), at + random_.choice((1, 1, 2, 5, 20, 200)))
    own = text.splitlines(keepends=True) or [b""]
    line = random_.randrange(len(own))
    match random_.randrange(7):
        case 0:
            return text[:at] + text[end:]
        case 1:
            sign = random_.choice("{}[]()\"'`:#!&*|>-,.?% \n\t\r\0\ufeff\u2028\ud7ff0aé").encode()
            return text[:at] + sign + text[at:]
        case 2:
            return text[:at] + text[at:end][::-1] + text[end:]
        case 3:
            return b"".join([*own[:line], *own[line + 1 :]])
        case 4:
            return b"".join([*own[:line], random_.choice(lines), *own[line:]])
        case 5:
            return b"".join([*own[:line], b"  ", *own[line:]])
        case _:
            return text[:at] + bytes([random_.randrange(256)]) + text[end:]
