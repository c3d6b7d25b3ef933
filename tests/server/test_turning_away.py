"""Requests turned away without a parser: which are plain enough, and what they are told."""

from __future__ import annotations

import json

import h11
import pytest

from evaluator.server.turning_away import turned_away
from tests.server.talking import head

WHOLE = head(2) + b"{}"


def with_header(line: str) -> bytes:
    return head(2, line) + b"{}"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(head(2)[:-1], id="a head that goes on"),
        pytest.param(head(2) + b"{", id="a body that goes on"),
        pytest.param(WHOLE + WHOLE, id="two requests"),
        pytest.param(WHOLE + b"\r\n", id="more behind it"),
        pytest.param(WHOLE.replace(b"POST", b"GET"), id="another method"),
        pytest.param(WHOLE.replace(b"HTTP/1.1", b"HTTP/1.0"), id="another version"),
        pytest.param(WHOLE.replace(b" HTTP/1.1", b""), id="no version"),
        pytest.param(WHOLE.replace(b"Content-Length: 2", b"X: 2"), id="no length"),
        pytest.param(with_header("Content-Length: 2"), id="two lengths"),
        pytest.param(head("+2") + b"{}", id="a length with a sign"),
        pytest.param(head("\xb2") + b"{}", id="a length in small print"),
        pytest.param(with_header("Transfer-Encoding: chunked"), id="chunks"),
        pytest.param(with_header("Connection: close"), id="an end"),
        pytest.param(with_header("Expect: 100-continue"), id="an expectation"),
        pytest.param(with_header("Upgrade: h2c"), id="another protocol"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_takes_a_parser(data: bytes) -> None:
    assert turned_away(data) is None


def parsed(answer: bytes) -> tuple[h11.Response, bytes]:
    """The response that the octets are, as a client reads them, which can go on afterwards."""
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method="POST", target="/", headers=[("Host", "x")]))
    client.send(h11.EndOfMessage())
    client.receive_data(answer)
    response, data = client.next_event(), client.next_event()
    assert isinstance(response, h11.Response)
    assert isinstance(data, h11.Data)
    assert isinstance(client.next_event(), h11.EndOfMessage)
    assert client.trailing_data == (b"", False)
    client.start_next_cycle()
    return response, bytes(data.data)


def test_what_they_are_told() -> None:
    answer = turned_away(with_header("x-ReQuest-id:  Order-7 "), [(b"date", b"today")])
    assert answer is not None
    response, body = parsed(answer)
    assert response.status_code == 503
    assert dict(response.headers) == {
        b"content-type": b"application/json",
        b"content-length": str(len(body)).encode(),
        b"retry-after": b"1",
        b"date": b"today",
        b"x-request-id": b"Order-7",
    }
    assert json.loads(body) == "the service has more to do than it can; try again"


@pytest.mark.parametrize("name", ["\xe4 b", "y" * 1000, '{"a": 1}', "a\tb", "\xc3\xa9"])
def test_any_name_is_repeated(name: str) -> None:
    answer = turned_away(with_header(f"X-Request-ID: {name}"))
    assert answer is not None
    assert dict(parsed(answer)[0].headers)[b"x-request-id"] == name.encode("latin-1")


@pytest.mark.parametrize("line", ["X-Request-ID: a\x7fb", "X-Request-ID:", "X: y"])
def test_a_name_that_is_none_is_not_repeated(line: str) -> None:
    answer = turned_away(with_header(line))
    assert answer is not None
    name = dict(parsed(answer)[0].headers)[b"x-request-id"]
    assert len(name) < 40
    assert name.isascii()
