"""The built page of the playground: that it is fresh, reproducible, in the wheel, and small."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.playground.assets import PUBLISHED, ROOT, WEB, main, problems

needs_packages = pytest.mark.skipif(
    shutil.which("node") is None or not (WEB / "node_modules").is_dir(),
    reason="needs node, and `npm ci` in the playground's web folder",
)


def copied(folder: Path) -> tuple[Path, Path]:
    """The sources and what was built from them, elsewhere; without node's packages."""
    leave_out = shutil.ignore_patterns("node_modules", ".*")
    web, published = folder / "web", folder / "published"
    shutil.copytree(WEB, web, ignore=leave_out)
    shutil.copytree(PUBLISHED, published)
    return web, published


def test_it_is_built_from_these_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(), capsys.readouterr().err) == (0, "")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda web, _: (web / "src/main.tsx").write_text(""), "main.tsx has changed since"),
        (lambda web, _: (web / "src/new.ts").write_text(""), "new.ts is new since"),
        (lambda web, _: (web / "src/api.ts").unlink(), "api.ts is missing"),
        (
            lambda web, _: (web / "package-lock.json").write_text(""),
            "-lock.json has changed",
        ),
        (lambda _, built: (built / "app.js").write_text(""), "app.js has changed since"),
        (lambda _, built: (built / "other.js").write_text(""), "other.js is new since"),
        (lambda _, built: (built / "app.css").unlink(), "app.css is missing"),
        (lambda _, built: (built / "manifest.json").unlink(), "manifest.json is missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_stale_is_told(
    tmp_path: Path, change: Callable[[Path, Path], object], told: str
) -> None:
    web, published = copied(tmp_path)
    assert list(problems(web, published)) == []
    change(web, published)
    (line,) = problems(web, published)
    assert told in line


@needs_packages
def test_building_it_again_gives_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run(["node", "build.mjs", "--out", str(tmp_path)], cwd=WEB, check=True)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in PUBLISHED.iterdir()}
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (PUBLISHED / path.name).read_bytes(), path.name


@needs_packages
def test_the_units_of_the_page() -> None:
    done = subprocess.run(
        ["node", "test.mjs"], cwd=WEB, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_names_no_machine() -> None:
    for path in PUBLISHED.iterdir():
        text = path.read_text("utf-8")
        assert str(ROOT) not in text
        assert "sourceMappingURL" not in text


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (WEB / "package-lock.json").read_text("utf-8")


def test_the_wheel_has_it_and_not_its_sources(tmp_path: Path) -> None:
    names = built(tmp_path, "wheel")
    inside = "evaluator/server/playground/"
    assert {f"{inside}published/{path.name}" for path in PUBLISHED.iterdir()} <= names
    assert not [name for name in names if name.startswith(f"{inside}web/")]


def test_the_source_distribution_has_both(tmp_path: Path) -> None:
    names = built(tmp_path, "sdist")
    inside = "evaluator/server/playground/"
    assert {f"{inside}published/app.js", f"{inside}web/src/main.tsx"} <= names
    assert not [name for name in names if "node_modules" in name]


def built(folder: Path, kind: str) -> set[str]:
    """The names of the files in a wheel or source distribution, below its top folder."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (archive,) = folder.iterdir()
    if kind == "wheel":
        return set(zipfile.ZipFile(archive).namelist())
    with tarfile.open(archive) as names:
        return {name.partition("/")[2] for name in names.getnames()}
