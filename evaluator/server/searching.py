"""The Search APIs: which subjects, resources or actions a decision would allow.

A result is what ``decide`` allows, no more and no less: each candidate is put into the request
and decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from evaluator.engine import PolicySet
from evaluator.errors import RequestError
from evaluator.policy.request import Request
from evaluator.server import wire
from evaluator.server.answers import Refusal, refusal_of
from evaluator.server.completing import completed
from evaluator.server.entities import Entities, Kind
from evaluator.server.paging import Pages, Turn
from evaluator.server.settings import Settings

__all__ = ["Search", "search_actions", "search_entities"]

_ANY: Final = "-"  # stands for the id or name that is looked for while the rest is checked


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """What a search takes: the policies, the entities, the tokens of pages."""

    policies: PolicySet
    settings: Settings
    entities: Entities
    pages: Pages


def search_entities(search: Search, kind: Kind, body: Any) -> dict[str, Any]:
    """The subjects or resources of a type that the rest of the request is allowed for.

    An id that the request gives for what is looked for is ignored, and so are its properties:
    those of the candidates count. The other has those that are known of it, unless it says its own.
    """
    body = _object(body)
    wanted = body.get(kind)
    if not isinstance(wanted, Mapping) or not isinstance(wanted.get("type"), str):
        raise Refusal(400, f"/{kind}/type is missing, or not a text")
    type_ = wanted["type"]
    asked = _checked(search, body, {kind: {"type": type_, "id": _ANY, "properties": {}}})
    page = _page(search, kind, asked, body)
    request = completed(asked, search.entities.find)
    candidates = (
        (entity.id, {**request, kind: entity.to_dict()})
        for entity in search.entities.of(kind, type_, page.turn.after)
    )
    found, token = _allowed(search, candidates, page)
    return _results([{"type": type_, "id": id_} for id_ in found], token)


def search_actions(search: Search, body: Any) -> dict[str, Any]:
    """The actions that the subject may do to the resource: of those that anybody spells out."""
    body = _object(body)
    asked = _checked(search, body, {"action": {"name": _ANY}})
    page = _page(search, "action", asked, body)
    request = completed(asked, search.entities.find)
    names = {
        *search.entities.actions(),
        *search.policies.action_names(request["resource"]["type"]),
    }
    candidates = (
        (name, {**request, "action": {"name": name}})
        for name in sorted(names)
        if page.turn.after is None or name > page.turn.after
    )
    found, token = _allowed(search, candidates, page)
    return _results([{"name": name} for name in found], token)


@dataclass(frozen=True, slots=True)
class _Page:
    """Where a page begins, how many results it has at most, and what its token is for."""

    turn: Turn
    limit: int
    search: Any


def _allowed(
    search: Search, candidates: Iterable[tuple[str, Mapping[str, Any]]], page: _Page
) -> tuple[list[str], str]:
    """The ids or names of a page, and the token for the next; "" when there is none."""
    most = search.settings.limits.candidates
    found: list[str] = []
    last = page.turn.after
    for number, (id_, request) in enumerate(candidates):
        if number == most:
            return found, search.pages.token(page.search, Turn(last, page.turn.limit))
        if search.policies.allowed(request):
            if len(found) == page.limit:
                return found, search.pages.token(page.search, Turn(last, page.turn.limit))
            found.append(id_)
        last = id_
    return found, ""


def _object(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, Mapping):
        raise Refusal(400, "the request is not an object")
    return body


def _checked(
    search: Search, body: Mapping[str, Any], wanted: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The request of each decision, with something in the place of what is looked for."""
    request: Mapping[str, Any] = {
        **{part: body[part] for part in wire.PARTS if part in body},
        **wanted,
    }
    request, _ = wire.timed(request, trusted=search.settings.trust_client_time)
    try:
        Request.parse(request)
    except RequestError as error:
        raise refusal_of(error.diagnostics) from None
    return request


def _page(search: Search, kind: str, request: Mapping[str, Any], body: Mapping[str, Any]) -> _Page:
    page = body.get("page", {})
    if not isinstance(page, Mapping):
        raise Refusal(400, "page is not an object")
    limit = _limit(page)
    asked = [kind, search.entities.version, request]
    token = page.get("token", page.get("next_token", ""))
    if not isinstance(token, str):
        raise Refusal(400, "page.token is not a text")
    turn = search.pages.turn(asked, token) if token else Turn(limit=limit or None)
    if limit is None:
        limit = turn.limit
    elif turn.limit is not None and limit != turn.limit:
        raise Refusal(400, "page.limit is not that of the pages before")
    most = search.settings.limits.results
    return _Page(turn, most if limit is None else min(limit, most), asked)


def _limit(page: Mapping[str, Any]) -> int | None:
    if "limit" not in page:
        return None
    limit = page["limit"]
    if isinstance(limit, float) and limit.is_integer():
        limit = int(limit)  # JSON has one kind of numbers
    if type(limit) is not int or limit < 0:
        raise Refusal(400, "page.limit is no integer from 0 on")
    return limit


def _results(results: list[dict[str, Any]], token: str) -> dict[str, Any]:
    # In this order, a client knows how many there are before it has read them.
    return {"page": {"next_token": token, "count": len(results)}, "results": results}
