"""The service as an ASGI application: which paths there are, and who answers them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit

from evaluator.decision.languages import locale_of
from evaluator.decision.messages import pack_locales
from evaluator.engine import PolicySet
from evaluator.errors import RequestError
from evaluator.policy.request import Request
from evaluator.server.answers import Answer, Refusal, refusal_of, too_busy
from evaluator.server.completing import Find, completed, found_for
from evaluator.server.entities import NO_ENTITIES, Entities, Kind
from evaluator.server.evaluating import Evaluation
from evaluator.server.hosts import Hosts, refuse_repeated, refuse_two_lengths
from evaluator.server.http import (
    ClientGoneError,
    Receive,
    Scope,
    Send,
    check_content_type,
    headers_of,
    json_of,
    origin_form,
    read_body,
    request_id,
    respond,
)
from evaluator.server.lifespan import Resident, live
from evaluator.server.openapi.document import published
from evaluator.server.paging import Pages
from evaluator.server.readiness import Readiness
from evaluator.server.remembering import Memory
from evaluator.server.seams import (
    EVERYBODY,
    NOBODY_WATCHES,
    NOT_LOGGED,
    Access,
    Caller,
    Gist,
    Headers,
    Journal,
    Made,
    Observer,
    Permission,
)
from evaluator.server.searching import Search, search_actions, search_entities
from evaluator.server.settings import Settings
from evaluator.server.wire import requests_of, timed

__all__ = ["Application"]

# Searches and decisions take turns, so each search that goes on makes decisions wait longer. No
# more than one is needed but where a database keeps it waiting.
_SEARCHES: Final = 2
_LOOKUPS: Final = 4  # for each there is a connection to the database
_LOGGER: Final = logging.getLogger(__name__)
_API: Final = "/access/v1"
_METADATA: Final = "/.well-known/authzen-configuration"
_METADATA_HOLDS: Final = 3600  # seconds
# What it takes to be told something without asking for a decision; all else is told to anybody.
_PERMISSIONS: Final[Mapping[str, Permission]] = {"/v1/packs": "evaluate", "/metrics": "metrics"}
# Whoever watches over a service asks by whatever address it has at the moment.
_ANY_HOST: Final = frozenset({"/healthz", "/readyz"})
_ENDPOINTS: Final[Mapping[str, str]] = {
    "access_evaluation_endpoint": f"{_API}/evaluation",
    "access_evaluations_endpoint": f"{_API}/evaluations",
    "search_subject_endpoint": f"{_API}/search/subject",
    "search_resource_endpoint": f"{_API}/search/resource",
    "search_action_endpoint": f"{_API}/search/action",
}


App = Callable[[Scope, Receive, Send], Awaitable[None]]
"""An application, as ASGI 3 has it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A request that has been admitted: its JSON text, who asks, under which id."""

    text: bytes
    headers: Headers
    caller: Caller
    id: str

    @property
    def body(self) -> Any:
        """What the text stands for. Raises ``Refusal`` for what is no JSON."""
        return json_of(self.text)


@dataclass(frozen=True, slots=True, eq=False)
class _Route:
    """Who answers a POST, and what it takes to be allowed to ask."""

    permission: Permission
    answer: Callable[[_Asked], Awaitable[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class _Loaded:
    """The policies that answer, the locales of their texts, and what they have answered."""

    policies: PolicySet
    locales: tuple[str, ...]
    memory: Memory

    @classmethod
    def of(cls, policies: PolicySet, settings: Settings) -> _Loaded:
        memory = Memory(policies, entries=settings.limits.remembered)
        return cls(policies, pack_locales(policies.packs), memory)


class Application:
    """Decisions by one set of policies at a time; ``replace`` puts another in its place at once.

    A request is answered by the set that was there when it came. ``key`` signs the tokens of pages:
    services behind one address share it. ``hosts`` are the names that it is asked by, None for any.
    """

    def __init__(
        self,
        policies: PolicySet,
        settings: Settings,
        *,
        key: bytes,
        entities: Entities = NO_ENTITIES,
        access: Access = EVERYBODY,
        hosts: Hosts | None = None,
        journal: Journal = NOT_LOGGED,
        observer: Observer = NOBODY_WATCHES,
    ) -> None:
        self._settings = settings
        self._entities = entities
        self._access = access
        self._hosts = hosts
        self._journal = journal
        self._observer = observer
        self._pages = Pages(key)
        self._loaded = _Loaded.of(policies, settings)
        self._posts = {
            f"{_API}/evaluation": _Route("evaluate", self._evaluation),
            f"{_API}/evaluations": _Route("evaluate", self._evaluations),
            "/v1/decide": _Route("evaluate", self._decide),
            f"{_API}/search/subject": _Route("search", lambda it: self._entities_of("subject", it)),
            f"{_API}/search/resource": _Route(
                "search", lambda it: self._entities_of("resource", it)
            ),
            f"{_API}/search/action": _Route("search", self._actions),
        }
        if settings.explains:
            self._posts["/v1/explain"] = _Route("explain", self._explain)
        self.readiness = Readiness()
        """What ``/readyz`` tells."""
        self._residents: list[Resident] = []
        self._mounted: tuple[str, App] | None = None
        self._searches = ThreadPoolExecutor(_SEARCHES, "search")
        self._searching = 0
        self._lookups = ThreadPoolExecutor(_LOOKUPS, "lookup")
        self._gets: dict[str, Callable[[Scope, Headers], Any]] = {
            _METADATA: self._metadata,
            "/v1/packs": self._packs,
            "/openapi.json": lambda *_: Answer(200, published()),
            "/healthz": lambda *_: {"status": "ok"},
            "/readyz": lambda *_: self.readiness.answer(),
        }
        if settings.public_url is not None:  # whose path goes behind the well-known one
            self._gets[_METADATA + urlsplit(settings.public_url).path] = self._metadata

    @property
    def policies(self) -> PolicySet:
        """The policies that answer."""
        return self._loaded.policies

    def replace(self, policies: PolicySet) -> None:
        """Lets other policies answer from now on."""
        self._loaded = _Loaded.of(policies, self._settings)

    def replace_entities(self, entities: Entities) -> None:
        """Lets other entities be those that are known from now on."""
        self._entities = entities

    def tell(self, path: str, told: Callable[[], Any]) -> None:
        """Answers a GET of a path with what ``told`` returns: JSON data, or an ``Answer``."""
        self._gets[path] = lambda *_: told()

    def mount(self, prefix: str, app: App) -> None:
        """Lets another application answer at a path and all below it, in place of any before."""
        self._mounted = (prefix, app)

    def keep(self, resident: Resident) -> None:
        """Enters a context when the service starts, and leaves it when all is answered."""
        self._residents.append(resident)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, as ASGI 3 has it."""
        if scope["type"] == "lifespan":
            await live(self._residents, receive, send)
            return
        if scope["type"] != "http":
            return
        if not scope["path"].startswith("/"):
            scope = origin_form(scope)
        if self._mounted is not None and _is_below(scope["path"], self._mounted[0]):
            await self._mounted[1](scope, receive, send)
            return
        began = perf_counter()
        headers = headers_of(scope)
        id_ = request_id(headers)
        try:
            answer = await self._answer(scope, headers, receive, id_)
        except Refusal as refusal:
            answer = refusal.answer
        except ClientGoneError:
            return
        except Exception:
            _LOGGER.exception("a request could not be answered")
            answer = Answer(500, "the service failed to answer; its log says where")
        await respond(send, answer, id_)
        path = scope["path"]
        endpoint = path if path in self._posts or path in self._gets else ""
        self._observer.answered(endpoint, answer.status, perf_counter() - began)

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive, id_: str) -> Answer:
        path, method = scope["path"], scope["method"]
        if len(headers) != len(scope["headers"]):
            refuse_repeated(scope["headers"])
        if b"transfer-encoding" in headers:
            refuse_two_lengths(headers)
        if self._hosts is not None and path not in _ANY_HOST:
            self._hosts.check(headers)
        if b"%2f" in scope.get("raw_path", b"").lower():  # a part of a name, no end of one
            raise Refusal(404, "there is nothing at an address with %2F")
        route = self._posts.get(path)
        if route is not None:
            if method != "POST":
                raise Refusal(405, f"{path} takes POST", {"allow": "POST"})
            caller = await self._access.admit(headers, route.permission)
            text = await read_body(headers, receive, self._settings.limits)
            check_content_type(headers)
            return Answer(200, await route.answer(_Asked(text, headers, caller, id_)))
        get = self._gets.get(path)
        if get is None:
            raise Refusal(404, f"there is nothing at {path[:200]}")
        if method not in ("GET", "HEAD"):
            raise Refusal(405, f"{path} takes GET", {"allow": "GET, HEAD"})
        permission = _PERMISSIONS.get(path)
        if permission is not None:
            await self._access.admit(headers, permission)
        told = get(scope, headers)
        return told if isinstance(told, Answer) else Answer(200, told)

    # Decisions

    def _begin(self, asked: _Asked) -> Evaluation:
        loaded = self._loaded
        locale = None
        accepted = asked.headers.get(b"accept-language")
        if accepted is not None:
            locale = locale_of(accepted.decode("latin-1"), loaded.locales)
        return Evaluation(
            loaded.policies,
            loaded.memory,
            self._settings,
            self._observer,
            locale,
            asked.id,
            asked.caller,
        )

    async def _evaluation(self, asked: _Asked) -> Any:
        evaluation = self._begin(asked)
        if self._entities is NO_ENTITIES:
            answer = evaluation.one(asked.text, lambda: asked.body)
        else:
            body = asked.body
            evaluation.find = await self._finder(lambda: [body])
            answer = evaluation.one(asked.text, lambda: body)
        await self._journal.write(evaluation.made)
        return answer

    async def _evaluations(self, asked: _Asked) -> Any:
        evaluation = self._begin(asked)
        body = asked.body
        if self._entities is not NO_ENTITIES:
            most = self._settings.limits.evaluations
            evaluation.find = await self._finder(lambda: requests_of(body)[:most])
        answer = evaluation.several(asked.text, body)
        await self._journal.write(evaluation.made)
        return answer

    async def _decide(self, asked: _Asked) -> Any:
        answer = await self._evaluation(asked)
        context = answer["context"]
        del context["locale"]
        context.pop("reason_user", None)
        return {"decision": "allow" if answer["decision"] else "deny", **context}

    async def _explain(self, asked: _Asked) -> Any:
        request = asked.body
        if not isinstance(request, Mapping):
            raise Refusal(400, "the request is not an object")
        request, _ = timed(request, trusted=self._settings.trust_client_time)
        if self._entities is not NO_ENTITIES:
            request = completed(request, await self._finder(lambda: [asked.body]))
        try:
            Request.parse(request)
        except RequestError as error:
            raise refusal_of(error.diagnostics) from None
        evaluation = self._begin(asked)
        explanation = evaluation.policies.explain(request, locale=evaluation.locale)
        told = explanation.to_dict()
        decision = explanation.decision
        made = Made(asked.id, request, Gist.of(decision), told["decision"], asked.caller)
        await self._journal.write([made])
        return told

    async def _finder(self, requests: Callable[[], Sequence[Any]]) -> Find:
        """What completes requests. Other decisions do not wait for a database."""
        entities = self._entities
        if not entities.waits:
            return entities.find
        wanted = [request for request in requests() if isinstance(request, Mapping)]
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._lookups, found_for, entities, wanted)

    # Searches, which may go through many entities: decisions do not wait for them.

    async def _entities_of(self, kind: Kind, asked: _Asked) -> Any:
        return await self._aside(search_entities, self._search(), kind, asked.body)

    async def _actions(self, asked: _Asked) -> Any:
        return await self._aside(search_actions, self._search(), asked.body)

    async def _aside(self, search: Callable[..., Any], *arguments: Any) -> Any:
        if self._searching >= max(1, self._settings.limits.queue // 2):
            raise too_busy()  # there is to be room for decisions in the queue
        self._searching += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._searches, search, *arguments)
        finally:
            self._searching -= 1

    def _search(self) -> Search:
        return Search(self._loaded.policies, self._settings, self._entities, self._pages)

    # What is told without being asked for a decision

    def _metadata(self, scope: Scope, headers: Headers) -> Any:
        base = self._settings.public_url or _address(scope, headers)
        endpoints = {name: base + path for name, path in _ENDPOINTS.items()}
        told = {"policy_decision_point": base, **endpoints}
        return Answer(200, told, {"cache-control": f"max-age={_METADATA_HOLDS}"})

    def _packs(self, scope: Scope, headers: Headers) -> Any:
        return {
            "packs": [
                {"name": pack.name, "version": pack.version, "digest": pack.digest}
                for pack in self._loaded.policies.packs
            ]
        }


def _is_below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def _address(scope: Scope, headers: Headers) -> str:
    """The address that a client has asked."""
    host = headers.get(b"host", b"localhost")
    return f"{scope['scheme']}://{host.decode('latin-1')}"
