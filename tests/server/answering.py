"""A server that has one answer, and counts how often it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

__all__ = ["Answers", "answering", "serving"]


class Answers:
    """What is answered from now on, and the paths that were asked for."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self.body = body
        self.url = ""
        self.asked: list[str] = []


@contextmanager
def serving(status: int, body: bytes) -> Iterator[Answers]:
    """Answers until the end of the block."""
    answers = Answers(status, body)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that http.server looks for
            answers.asked.append(self.path)
            self.send_response(answers.status)
            if answers.status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(answers.body)))
            self.end_headers()
            self.wfile.write(answers.body)

        def log_message(self, format: str, *args: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    answers.url = f"http://127.0.0.1:{server.server_port}/keys"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield answers
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """The address of a server that answers until the end of the block."""
    with serving(status, body) as answers:
        yield answers.url
