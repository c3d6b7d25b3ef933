"""The policies of this repository as a workspace, and questions about them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from evaluator.server.playground.answering.asking import Asked
from evaluator.server.playground.answering.endpoints import ENDPOINTS
from evaluator.server.playground.answering.workspace import Workspace
from evaluator.server.playground.files import read_files

__all__ = ["POLICIES", "ask", "closed", "pack", "start", "text_of", "workspace"]

POLICIES: Final = Path(__file__).parents[3] / "policies"


@cache
def workspace() -> Workspace:
    """The licence and expense packs, as they are on disk."""
    return Workspace(read_files(POLICIES))


def ask(
    endpoint: str,
    *,
    edits: Mapping[str, str] | None = None,
    locale: str = "en",
    of: Workspace | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """The answer to a question, by the repository's policies or others."""
    asked = Asked(edits or {}, locale, {"edits": edits or {}, "locale": locale, **fields})
    return ENDPOINTS[endpoint](of or workspace(), asked)


@cache
def opened() -> dict[str, Any]:
    """What ``open`` answers."""
    return ask("open")


def pack(name: str) -> dict[str, Any]:
    """What is told of a pack."""
    found: dict[str, Any] = next(one for one in opened()["packs"] if one["name"] == name)
    return found


def start(name: str) -> dict[str, Any]:
    """The scenario of a pack that is shown first."""
    known = pack(name)
    found: dict[str, Any] = next(one for one in known["scenarios"] if one["id"] == known["start"])
    return found


def closed() -> dict[str, Any]:
    """A scenario of the licence pack: licences are to be removed, an hour too late."""
    known = pack("licenses")["scenarios"]
    found: dict[str, Any] = next(one for one in known if one["id"].endswith("included [+169h]"))
    return found


def text_of(file: str) -> str:
    """A file as it is on disk."""
    found: str = next(one["text"] for one in opened()["files"] if one["name"] == file)
    return found
