"""What is asked of the server below: whether a body has arrived."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import pytest
from uvicorn.protocols.http.h11_impl import RequestResponseCycle

from evaluator.server.http import has_arrived


@pytest.mark.parametrize("more", [True, False])
def test_uvicorn_knows_whether_a_body_has_arrived(more: bool) -> None:
    cycle = RequestResponseCycle.__new__(RequestResponseCycle)
    cycle.more_body = more
    assert has_arrived(cycle.receive) is not more


def test_of_another_server_nothing_is_assumed() -> None:
    async def receive() -> MutableMapping[str, Any]:
        return {}

    assert not has_arrived(receive)
