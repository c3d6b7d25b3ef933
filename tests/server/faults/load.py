"""Clients that ask as fast as they are answered, and remember what they were told."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

__all__ = ["REQUEST", "Told", "ask_while"]

ROOT: Final = Path(__file__).parents[3]
REQUEST: Final = json.loads((ROOT / "docs/demo/removal.json").read_text("utf-8"))


@dataclass(slots=True)
class Told:
    """What clients were told: the ids of decisions, and how often each other status."""

    ids: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


async def ask_while(
    port: int, is_on: Callable[[], bool], told: Told, *, clients: int, name: str
) -> None:
    """Asks for decisions over so many connections while ``is_on`` says so.

    A connection that breaks is opened again; when that fails, its client ends.
    """
    body = json.dumps(REQUEST).encode()

    async def client(number: int) -> None:
        count = 0
        while is_on():
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                return
            try:
                while is_on():
                    count += 1
                    id_ = f"{name}-{number}-{count}"
                    status = await _ask(reader, writer, id_, body)
                    told.statuses[status] += 1
                    if status == 200:
                        told.ids.append(id_)
            except (OSError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

    await asyncio.gather(*(client(number) for number in range(clients)))


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, id_: str, body: bytes
) -> int:
    writer.write(
        b"POST /access/v1/evaluation HTTP/1.1\r\nhost: localhost\r\n"
        b"content-type: application/json\r\nx-request-id: %s\r\ncontent-length: %d\r\n\r\n%s"
        % (id_.encode(), len(body), body)
    )
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    length = next(line for line in lines if line.startswith("content-length:"))
    await reader.readexactly(int(length.partition(":")[2]))
    return int(lines[0].split()[1])
