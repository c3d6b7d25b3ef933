"""More than the service can do, and clients that let it wait: others are answered all the same."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from threading import Event, Thread

import pytest

from tests.server.changing_pack import REQUEST, put_pack
from tests.server.processes import Service, started
from tests.server.talking import EVALUATION, ask, connected, head, opened, rest

SECONDS = 1.0
CONCURRENT = 16
QUEUE = 8
BODY = json.dumps(REQUEST).encode()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("overload")
    put_pack(folder / "policies")
    (folder / "server.yaml").write_text(
        "policies: policies\n"
        f"limits: {{seconds: {SECONDS}, concurrent: {CONCURRENT}, queue: {QUEUE}}}\n",
        "utf-8",
    )
    with started("--config", str(folder / "server.yaml"), "--no-reload") as found:
        yield found


def decided(service: Service) -> float:
    """How long a client waits that opens a connection and asks for a decision."""
    began = time.perf_counter()
    with connected(service.port) as connection:
        told = ask(connection, EVALUATION, REQUEST)
    assert (told.status, told.body["decision"]) == (200, True)
    return time.perf_counter() - began


def counted(service: Service, name: str) -> float:
    with connected(service.port) as connection:
        text = ask(connection, "/metrics").body
    found = (line.rpartition(" ")[2] for line in text.splitlines() if line.startswith(name))
    return sum(map(float, found))


def test_too_many_at_once_are_turned_away(service: Service) -> None:
    before = counted(service, "evaluator_overloads_total")
    with ExitStack() as stack:
        waiting = [
            stack.enter_context(opened(service.port, head(len(BODY)))) for _ in range(CONCURRENT)
        ]
        time.sleep(0.1)
        with connected(service.port) as connection:
            began = time.perf_counter()
            told = ask(connection, EVALUATION, REQUEST)
            took = time.perf_counter() - began
            assert (told.status, told.headers["retry-after"]) == (503, "1")
            assert isinstance(told.body, str)
            assert "x-request-id" in told.headers
            assert took < SECONDS / 2
            # Who watches over the service hears the truth.
            assert ask(connection, "/readyz").status == 200
            for one in waiting:
                one.sendall(BODY)
                assert one.recv(65536).startswith(b"HTTP/1.1 200 ")
            assert ask(connection, EVALUATION, REQUEST).status == 200
    assert counted(service, "evaluator_overloads_total") == before + 1


def test_those_whose_bodies_are_on_their_way_are_not_in_the_queue(service: Service) -> None:
    with ExitStack() as stack:
        for _ in range(QUEUE):
            stack.enter_context(opened(service.port, head(len(BODY)) + BODY[:-1]))
        time.sleep(0.1)
        for _ in range(3):
            assert decided(service) < SECONDS / 2


@pytest.mark.parametrize("split", [False, True], ids=["whole", "in two parts"])
def test_a_queue_that_is_full(service: Service, split: bool) -> None:
    """While the service has its hands full, so many wait and the others hear so."""
    before = counted(service, "evaluator_overloads_total")
    several = json.dumps({**REQUEST, "evaluations": [{}] * 1000}).encode()
    request = head(len(several)).replace(b"/evaluation ", b"/evaluations ") + several
    first, rest_ = (request[:-1], request[-1:]) if split else (request, b"")
    count = QUEUE * 4
    answers = []
    with ExitStack() as stack:
        clients = [stack.enter_context(opened(service.port)) for _ in range(count)]
        for one in clients:
            one.sendall(first)
        for one in clients:
            with suppress(OSError):  # it was turned away without a look at its body
                one.sendall(rest_)
        for one in clients:
            answers.append(one.recv(1 << 20).split(b" ", 2)[1])
            if answers[-1] == b"503":
                one.sendall(request)  # the connection is as good as before
                assert one.recv(100).startswith(b"HTTP/1.1 ")
    assert set(answers) == {b"200", b"503"}
    assert answers.count(b"200") >= QUEUE
    assert counted(service, "evaluator_overloads_total") >= before + answers.count(b"503")


def test_connections_without_a_request(service: Service) -> None:
    """A thousand of them, half with the beginning of one, keep nobody else waiting."""
    with ExitStack() as stack:
        idle = [
            stack.enter_context(opened(service.port, b"POST /access" * (number % 2)))
            for number in range(1000)
        ]
        assert max(decided(service) for _ in range(10)) < 1.0
        until = time.monotonic() + SECONDS * 6
        for one in idle:
            one.settimeout(max(until - time.monotonic(), 0.01))
            assert rest(one) == b""  # the service has ended it


def dripped(found: socket.socket, first: bytes, part: bytes) -> tuple[float, bytes]:
    """Sends a part now and then until the service ends the connection; when, and what it says."""
    began = time.monotonic()
    done = Event()

    def drip() -> None:
        try:
            found.sendall(first)
            while not done.wait(0.05):
                found.sendall(part)
        except OSError:
            return

    thread = Thread(target=drip)
    thread.start()
    try:
        answer = rest(found)
        return time.monotonic() - began, answer
    finally:
        done.set()
        thread.join()


DRIPPING = {
    "a head": (b"POST /access/v1/evaluation HTTP/1.1\r\n", b"X: y\r\n", b""),
    "a second head": (
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"G",
        b"HTTP/1.1 200 ",
    ),
    "a body of no use": (
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n",
        b"x",
        b"HTTP/1.1 200 ",
    ),
    "a body": (head(1000), b" ", b"HTTP/1.1 408 "),
    "1 GiB": (head(1 << 30), b" " * 1000, b"HTTP/1.1 413 "),
    "chunks": (head(2, "Transfer-Encoding: chunked"), b"1\r\nx\r\n", b"HTTP/1.1 4"),
}


def test_what_drips(service: Service) -> None:
    def drip(case: tuple[bytes, bytes, bytes]) -> tuple[float, bytes]:
        first, part, _ = case
        with opened(service.port) as found:
            return dripped(found, first, part)

    with ThreadPoolExecutor(len(DRIPPING)) as executor:
        told = dict(zip(DRIPPING, executor.map(drip, DRIPPING.values()), strict=True))
    for name, (took, answer) in told.items():
        assert answer.startswith(DRIPPING[name][2]), (name, answer)
        assert took < SECONDS * 3, name
    assert decided(service) < 1.0


def test_a_client_that_takes_no_answer(service: Service) -> None:
    """Answers that nobody takes wait for no longer than others have to."""
    ended = 'evaluator_connections_ended_total{why="answer-untaken"}'
    before = counted(service, ended)
    many: list[object] = [{} for _ in range(300)]
    body = json.dumps({**REQUEST, "evaluations": many}).encode()
    request = head(len(body)).replace(b"/evaluation ", b"/evaluations ") + body
    with socket.socket() as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        found.settimeout(5)
        found.connect(("127.0.0.1", service.port))
        with pytest.raises(ConnectionError):  # once the service has ended the connection
            found.sendall(request * 20_000)
    assert counted(service, ended) == before + 1
    assert decided(service) < 1.0


@pytest.mark.parametrize(
    "data",
    [
        head(2) + b"[" * 2,
        head(200_000) + b"[" * 100_000 + b"]" * 100_000,
        head(len(BODY), *(f"X-{number}: {'y' * 100}" for number in range(1000))) + BODY,
        head(len(BODY), "X: " + "y" * 1_000_000) + BODY,
        head("-1") + BODY,
        head("1, 2") + BODY,
        head(2, "Expect: 100-continue") + b"{}",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
        b"\r\n" * 100_000,
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00\xff HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
    ids=[
        *("no json", "deep json", "many headers", "a long header", "length -1", "two lengths"),
        *("continue", "tls", "empty lines", "ssh", "http 9.9", "bytes in the path"),
    ],
)
def test_what_is_no_request(service: Service, data: bytes) -> None:
    with opened(service.port) as found:
        thread = Thread(target=_send, args=(found, data))
        thread.start()
        first = found.recv(65536) if data else b""
        thread.join()
    assert not first.startswith(b"HTTP/1.1 5")
    assert decided(service) < 1.0


def _send(found: socket.socket, data: bytes) -> None:
    try:
        found.sendall(data)
    except OSError:  # the service has ended the connection before all was sent
        return
