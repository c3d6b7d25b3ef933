"""Everything in ``docs/embedding.md`` is run, and the examples that it shows."""

from __future__ import annotations

import doctest
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest

import evaluator
from tests.readme import Block, blocks
from tests.server.processes import started

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "embedding.md"
EXAMPLES: Final = ROOT / "docs" / "examples"
TEXT: Final = PAGE.read_text("utf-8")
BLOCKS: Final = list(blocks(TEXT))


def of(language: str) -> list[Block]:
    return [block for block in BLOCKS if block.language.partition(" ")[0] == language]


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **more}


@contextmanager
def served(app: str, **more: str) -> Iterator[str]:
    """The address of an example that uvicorn serves."""
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", app, "--port", "0", "--no-access-log"],
        cwd=EXAMPLES,
        env=environment(**more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stderr is not None
    try:
        told = ""
        for line in process.stderr:
            told += line
            if found := re.search(r"running on (http://\S+)", line):
                yield found[1]
                break
        else:
            raise AssertionError(told)
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()


def printed(name: str, *arguments: str) -> str:
    """What an example prints."""
    done = subprocess.run(
        [sys.executable, name, *arguments],
        cwd=EXAMPLES,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def addresses() -> Iterator[Mapping[str, str]]:
    """Where what the page says is listening listens here."""
    with ExitStack() as stack:
        yield {
            "http://127.0.0.1:8181": stack.enter_context(
                started("-p", str(EXAMPLES / "library"))
            ).url,
            "http://127.0.0.1:8000": stack.enter_context(served("fastapi_app:app")),
            "http://127.0.0.1:8001": stack.enter_context(served("asgi_app:app")),
        }


def test_the_session_is_as_shown(
    addresses: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLES)
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
    names: dict[str, object] = {}
    told: list[str] = []
    for block in of("pycon"):
        text = block.text
        for shown, real in addresses.items():
            text = text.replace(shown, real)
        line = TEXT.count("\n", 0, block.start)
        test = parser.get_doctest(text, names, "embedding.md", str(PAGE), line)
        assert test.examples
        runner.run(test, out=told.append, clear_globs=False)
        names = test.globs
    assert "".join(told) == ""
    (problem,) = of("json")
    answer = names["answer"]
    assert isinstance(answer, httpx.Response)
    assert json.dumps(answer.json(), indent=2, ensure_ascii=False) + "\n" == problem.text


def test_examples_print_what_is_shown(addresses: Mapping[str, str]) -> None:
    (shown,) = of("console")
    assert shown.command == "python client.py"
    assert printed("client.py") == shown.output
    service = addresses["http://127.0.0.1:8181"]
    assert printed("client.py", service) == shown.output
    asked = printed("async_client.py", service)
    assert asked == "10 of 10 may be borrowed\nallow readers-borrow\n"


def test_without_a_service_the_example_goes_on() -> None:
    told = printed("async_client.py", "http://127.0.0.1:9")
    assert told.startswith("no decision: it could not be reached")
    assert told.endswith("\ndeny service-unavailable\n")


def test_an_application_is_moved_to_a_service(addresses: Mapping[str, str]) -> None:
    service = addresses["http://127.0.0.1:8181"]
    with served("fastapi_app:app", POLICIES_URL=service) as url, httpx.Client() as client:
        ann = {"X-User": "ann", "Accept-Language": "da"}
        denied = client.post(f"{url}/books/emma/loan", headers=ann)
        assert (denied.status_code, denied.json()["detail"]) == (403, "Bogen er udlånt.")
        assert client.post(f"{url}/books/dune/loan", headers=ann).status_code == 200
        again = client.post(f"{url}/books/dune/loan", headers=ann)  # it is on loan now
        assert again.status_code == 403
        assert client.get(f"{url}/books/emma", headers=ann).status_code == 200
        assert client.post(f"{url}/books/none/loan", headers=ann).status_code == 404
        assert client.get(f"{url}/books/emma").status_code == 401


def test_examples_are_shown_as_they_are() -> None:
    shown = {block.language.partition(" ")[2]: block.text for block in of("python")}
    files = {f"examples/{file.name}": file.read_text("utf-8") for file in EXAMPLES.glob("*.py")}
    assert shown == files
    assert evaluator.load(EXAMPLES / "library").warnings == ()


def test_no_block_is_left_out() -> None:
    assert {block.language.partition(" ")[0] for block in BLOCKS} == {
        "console",
        "json",
        "pycon",
        "python",
    }
