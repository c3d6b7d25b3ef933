"""Which books may Ann borrow? Asks policies in this process, or a service.

python client.py                          # policies in this process
python client.py http://127.0.0.1:8181    # what `evaluator serve -p library` serves
"""

import sys
from pathlib import Path

import evaluator
from evaluator.integrations.client import Client
from evaluator.integrations.policies import Policies

BOOKS = {"dune": {}, "emma": {"on_loan": True}, "atlas": {"reading_room": True}}


def report(policies: Policies) -> None:
    """Prints a line for each book. It does not know who decides."""
    requests = [
        {
            "subject": {"type": "user", "id": "ann"},
            "action": {"name": "borrow"},
            "resource": {"type": "book", "id": id_, "properties": properties},
        }
        for id_, properties in BOOKS.items()
    ]
    # A client sends them in one message.
    for id_, decision in zip(BOOKS, policies.decide_many(requests, locale="en"), strict=True):
        helps = " or ".join(remedy.message for remedy in decision.remedies)
        why = " ".join(reason.message for reason in decision.reasons)
        print(f"{id_}: {decision.effect}" + ("" if decision.allowed else f". {why} {helps}"))


if len(sys.argv) > 1:
    with Client(sys.argv[1]) as client:
        report(client)
else:
    report(evaluator.load(Path(__file__).with_name("library")))
