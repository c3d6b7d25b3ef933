"""Talking HTTP to a service by hand: connections that do what no client library would."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

__all__ = ["Told", "ask", "connected", "head", "opened", "rest"]

EVALUATION = "/access/v1/evaluation"


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: status, JSON (or text), headers."""

    status: int
    body: Any
    headers: dict[str, str]


@contextmanager
def connected(port: int, *, timeout: float = 10.0) -> Iterator[HTTPConnection]:
    """A connection that is kept for several requests."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        yield connection
    finally:
        connection.close()


def ask(connection: HTTPConnection, path: str, body: Any = None) -> Told:
    """Asks for a path, with JSON as POST."""
    headers = {} if body is None else {"Content-Type": "application/json"}
    data = None if body is None else json.dumps(body)
    connection.request("GET" if body is None else "POST", path, data, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    found = {key.lower(): value for key, value in answer.getheaders()}
    is_json = found.get("content-type") == "application/json"
    return Told(answer.status, json.loads(text) if is_json else text, found)


def head(length: int | str, *lines: str) -> bytes:
    """The head of an evaluation whose body is announced to have so many octets."""
    told = (
        f"POST {EVALUATION} HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Content-Length: {length}",
        *lines,
    )
    return ("\r\n".join(told) + "\r\n\r\n").encode("latin-1")


@contextmanager
def opened(port: int, data: bytes = b"", *, timeout: float = 10.0) -> Iterator[socket.socket]:
    """A socket that has sent some octets."""
    with socket.create_connection(("127.0.0.1", port), timeout) as found:
        found.sendall(data)
        yield found


def rest(found: socket.socket) -> bytes:
    """What comes until the service ends the connection."""
    parts = []
    try:
        while part := found.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)
