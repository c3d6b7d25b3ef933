"""One of the servers that ours is compared with; it prints the port that it listens on."""

from __future__ import annotations

import socket
import sys
from typing import Any, Final

import msgspec
import uvicorn

from benchmarks.machine import stay_on_core
from tests import licences_by_hand

__all__ = ["main"]

_CONSTANT: Final = b'{"decision":true}'


async def raw(scope: Any, receive: Any, send: Any) -> None:
    """Reads the request and answers the same whatever it says."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await _send(send, _CONSTANT)


async def _send(send: Any, body: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode("ascii")),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def by_hand() -> Any:
    """Starlette and msgspec around the licence domain as a function."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    async def decide(request: Request) -> Response:
        asked = msgspec.json.decode(await request.body())
        effect, rules = licences_by_hand.effect_and_ids(asked)
        answer = {"decision": effect == "allow", "context": {"rules": rules}}
        return Response(msgspec.json.encode(answer), media_type="application/json")

    return Starlette(routes=[Route("/access/v1/evaluation", decide, methods=["POST"])])


def main(kind: str, core: str) -> None:
    """Serves until it is told to stop."""
    stay_on_core(int(core))
    app = raw if kind == "raw" else by_hand()
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the service does
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        app, http="h11", log_level="critical", access_log=False, proxy_headers=False
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
