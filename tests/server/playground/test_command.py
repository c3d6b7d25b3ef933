from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli_runner import evaluator
from tests.server.playground.browser.serving import playing
from tests.server.playground.workspaces import POLICIES
from tests.server.processes import started


def asked(url: str, endpoint: str, **headers: str) -> Any:
    """The answer to a question of a page at an address."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    told = {
        "content-type": "application/json",
        "origin": origin,
        "x-playground-session": "tab",
        **headers,
    }
    body = json.dumps({"edits": {}, "locale": "en"}).encode()
    address = f"{origin}{parts.path}api/{endpoint}"
    request = urllib.request.Request(address, body, told, method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_it_starts_answers_and_ends() -> None:
    with playing("-p", str(POLICIES)) as playground:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", playground.url)
        assert [one["name"] for one in asked(playground.url, "open")["packs"]] == [
            "expenses",
            "licenses",
        ]
        with urllib.request.urlopen(playground.url, timeout=10) as page:
            assert page.headers["content-type"] == "text/html; charset=utf-8"
        workers = playground.workers()
        assert len(workers) == 2
        playground.process.send_signal(signal.SIGINT)
        assert playground.process.wait(10) in (0, 130)
        assert playground.process.stderr is not None
        assert playground.process.stderr.read().strip() == ""
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


def test_files_are_followed_and_may_be_broken(tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    shutil.copytree(POLICIES / "expenses", folder / "expenses")
    pack = folder / "expenses" / "pack.yaml"
    text = pack.read_text("utf-8")
    pack.write_text("name: [", "utf-8")
    with playing("-p", str(folder), "--workers", "1") as playground:
        broken = asked(playground.url, "open")
        assert (broken["packs"], len(broken["diagnostics"])) == ([], 1)
        pack.write_text(text, "utf-8")
        for _ in range(200):
            if asked(playground.url, "open")["packs"]:
                break
            time.sleep(0.1)
        else:
            raise AssertionError("the change was not seen")
    assert playground.process.returncode == 0


def test_elsewhere_it_needs_a_token() -> None:
    options = ("--host", "0.0.0.0", "--insecure-public", "without-tls", "--workers", "1")
    with playing("-p", str(POLICIES / "expenses"), *options) as playground:
        (token,) = parse_qs(urlsplit(playground.url).query)["token"]
        with pytest.raises(urllib.error.HTTPError) as refused:
            asked(playground.url, "check")
        assert refused.value.code == 401
        refused.value.close()
        told = asked(playground.url, "check", **{"x-playground-token": token})
        assert told["loads"] is True


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("-p", "nowhere"), "There is no folder 'nowhere'; name the policies with -p."),
        (("--host", "0.0.0.0"), "Other machines reach 0.0.0.0, which would be without TLS."),
        (("--allowed-host", "a b"), "--allowed-host: 'a b' is not the name of a host."),
        (("--assets", "docs"), "there is no built page in docs."),
    ],
)
def test_what_keeps_it_from_starting(options: tuple[str, ...], says: str) -> None:
    done = evaluator("playground", *options, width=200)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_an_address_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = evaluator("playground", "--port", str(port))
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr


def test_a_service_has_one_below_its_address() -> None:
    with started("-p", str(POLICIES / "expenses"), "--playground") as service:
        assert service.process.stderr is not None
        told = service.process.stderr.readline()
        url = f"{service.url}/playground/"
        assert told == f"evaluator playground: {url}\n"
        assert asked(url, "check")["loads"] is True
        with urllib.request.urlopen(f"{service.url}/playground", timeout=10) as page:
            assert page.url == url
        with urllib.request.urlopen(f"{service.url}/readyz", timeout=10) as ready:
            assert ready.status == 200
