"""Asks a service without holding up an event loop, and goes on when there is none.

python async_client.py http://127.0.0.1:8181    # what `evaluator serve -p library` serves
"""

import asyncio
import sys

from evaluator import ServiceError
from evaluator.integrations.client import AsyncClient


def borrowing(id_: str) -> dict[str, object]:
    """The request to borrow a book."""
    return {
        "subject": {"type": "user", "id": "ann"},
        "action": {"name": "borrow"},
        "resource": {"type": "book", "id": id_},
    }


async def main(url: str) -> None:
    """Decides ten requests at once, over connections that are kept."""
    async with AsyncClient(url, timeout=2) as client:
        try:
            found = await asyncio.gather(
                *(client.allowed(borrowing(f"book-{number}")) for number in range(10))
            )
            print(f"{sum(found)} of {len(found)} may be borrowed")
        except ServiceError as error:
            print(f"no decision: {error}")

    # Who would rather say no than handle an error says so; the reason tells what happened.
    async with AsyncClient(url, timeout=2, on_failure="deny") as client:
        decision = await client.decide(borrowing("dune"))
        print(decision.effect, *decision.rule_ids)


asyncio.run(main(sys.argv[1]))
