"""Who asks, and whether the pack of the service's callers lets them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from evaluator.engine import PolicySet
from evaluator.server.access.credentials import credential_of, unauthorized
from evaluator.server.access.keys import KeyRing
from evaluator.server.access.tokens import Tokens, scopes_of
from evaluator.server.access.watching import Watched
from evaluator.server.answers import Refusal
from evaluator.server.seams import Caller, Headers, Permission
from evaluator.server.watching import Look

__all__ = ["Admission"]

_SERVICE: Final = {"type": "service", "id": "evaluator"}
_ANONYMOUS: Final = Caller()
_ANYBODY: Final = {"type": "anonymous", "id": "anonymous", "properties": {"name": "anonymous"}}


class Admission:
    """Admits callers: by their key or token where there are such, and by what policies say.

    ``policies`` decide requests whose subject is the caller: of type ``api_key``, ``jwt`` or
    ``anonymous``, with ``name``, ``scopes`` where they are known, and the ``claims`` of a token;
    the action is what the caller wants to do, the resource ``service/evaluator``.
    """

    def __init__(
        self,
        policies: PolicySet,
        *,
        keys: Watched[KeyRing] | None = None,
        tokens: Tokens | None = None,
        seen: Look = MappingProxyType({}),
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._policies = policies
        self.seen = seen
        """What the files of the policies looked like before they were loaded."""
        self._keys = keys
        self._tokens = tokens
        self._clock = clock

    @property
    def policies(self) -> PolicySet:
        """The policies that admit."""
        return self._policies

    def replace(self, policies: PolicySet) -> None:
        """Lets other policies admit from now on."""
        self._policies = policies

    async def admit(self, headers: Headers, permission: Permission) -> Caller:
        """The caller; see ``seams.Access``."""
        caller, subject = await self._identify(headers)
        request = {"subject": subject, "action": {"name": permission}, "resource": _SERVICE}
        policies = self._policies
        if not policies.allowed(request):
            reasons = policies.decide(request).reasons
            raise Refusal(
                403,
                " ".join(reason.message for reason in reasons),
                {"www-authenticate": 'Bearer realm="evaluator", error="insufficient_scope"'},
            )
        return caller

    async def _identify(self, headers: Headers) -> tuple[Caller, Mapping[str, Any]]:
        if self._keys is None and self._tokens is None:
            return _ANONYMOUS, _ANYBODY
        credential = credential_of(headers)
        # A token is three texts with points between them; no key that we make has a point.
        if self._tokens is not None and credential.kind == "bearer" and "." in credential.text:
            return _by_claims(await self._tokens.claims(credential.text))
        return self._by_key(credential.text)

    def _by_key(self, text: str) -> tuple[Caller, Mapping[str, Any]]:
        if self._keys is None:
            raise unauthorized("that is no token")
        key = self._keys.value().find(text)
        if key is None:
            raise unauthorized("nobody has that key")
        if key.expires is not None and key.expires <= self._clock():
            raise unauthorized("the key has expired")
        properties: dict[str, Any] = {"name": key.name}
        if key.scopes is not None:
            properties["scopes"] = key.scopes
        subject = {"type": "api_key", "id": key.name, "properties": properties}
        return Caller(key.name, "api_key"), subject


def _by_claims(claims: Mapping[str, Any]) -> tuple[Caller, Mapping[str, Any]]:
    name = claims["sub"]
    properties: dict[str, Any] = {"name": name, "claims": claims}
    scopes = scopes_of(claims)
    if scopes is not None:
        properties["scopes"] = scopes
    return Caller(name, "jwt"), {"type": "jwt", "id": name, "properties": properties}
