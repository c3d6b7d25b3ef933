"""What is not there that a service takes: packages, forks, locks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluator.server.command import serve
from evaluator.server.requirements import NotThereError, needing_extra
from tests.server.changing_pack import put_pack
from tests.server.processes import ROOT


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return put_pack(tmp_path / "policies")


@pytest.fixture
def forkless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")


def without(module: str, *options: str) -> subprocess.CompletedProcess[str]:
    """The command, where a module is not installed."""
    code = f"import sys; sys.modules[{module!r}] = None; import evaluator.cli; evaluator.cli.main()"
    return subprocess.run(
        [sys.executable, "-P", "-c", code, "serve", "--port", "0", *options],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.mark.parametrize("module", ["uvicorn", "msgspec", "structlog", "prometheus_client"])
def test_a_package_of_the_extra_is_named(pack: Path, module: str) -> None:
    done = without(module, "-p", str(pack))
    assert done.returncode == 2
    assert f"not installed ({module}" in done.stderr
    assert "pip install 'policy-evaluator[server]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_verifies_tokens_is_of_the_extra(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "jwks.json").write_text("{}", "utf-8")
    (tmp_path / "server.yaml").write_text(
        "policies: policies\naccess:\n  jwt:\n    {jwks: jwks.json, algorithms: [ES256], "
        "audience: a, issuer: b}\n",
        "utf-8",
    )
    done = without("jwt", "--config", str(tmp_path / "server.yaml"))
    assert done.returncode == 2
    assert "not installed (jwt)" in done.stderr


@pytest.mark.parametrize("name", ["evaluator.server.app", "somebody.else", None])
def test_what_is_missing_of_our_own_is_a_fault(name: str | None) -> None:
    with pytest.raises(ModuleNotFoundError), needing_extra():
        raise ModuleNotFoundError(name=name)
    with pytest.raises(ImportError), needing_extra():
        raise ImportError("no such name in it", name="uvicorn")
    with pytest.raises(NotThereError), needing_extra():
        raise ModuleNotFoundError(name="uvicorn.server")


def test_a_module_of_ours_that_is_missing_is_seen(pack: Path) -> None:
    done = without("evaluator.server.connections", "-p", str(pack))
    assert "pip install" not in done.stderr
    assert "a fault of evaluator itself" in done.stderr


def test_a_log_without_locks(pack: Path, tmp_path: Path) -> None:
    done = without("fcntl", "-p", str(pack), "--log", str(tmp_path / "decisions.jsonl"))
    assert done.returncode == 2
    assert "error[EVL842]" in done.stderr
    assert "has no locks" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("forkless")
def test_workers_without_forks(pack: Path) -> None:
    done = CliRunner().invoke(serve, ["-p", str(pack), "--port", "0", "--workers", "2"])
    assert done.exit_code == 2
    assert "no fork" in done.output
