"""A dependency for FastAPI that lets a path operation run only if the policies allow it."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, FastAPI
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket, WebSocketState

from evaluator.decision.decision import Decision
from evaluator.decision.interface import AnyDecision
from evaluator.errors import Denied, ServiceError
from evaluator.integrations.asgi import ProblemResponse, accept_language
from evaluator.integrations.deciding import Decider
from evaluator.integrations.policies import AsyncPolicies, Policies
from evaluator.integrations.problem_details import ProblemDetails, denied, undecided

__all__ = ["Requires", "install"]

_log = logging.getLogger(__name__)

Dependency = Callable[..., Any]
"""What FastAPI takes in ``Depends``: sync or async, with parameters and dependencies of its own."""

_F = TypeVar("_F", bound=Callable[..., Any])
_STATE: Final = "evaluator_decider"


def install(app: FastAPI, policies: Policies | AsyncPolicies) -> None:
    """Lets an application decide by policies, or by a client of a service.

    Denials, also those that ``policies.require`` raises in a path operation, are answered with 403
    and the problem details of RFC 9457, decisions that could not be had with 503. Called again, it
    puts other policies in their place.
    """
    setattr(app.state, _STATE, Decider(policies))

    async def on_denied(connection: HTTPConnection, error: Exception) -> Any:
        assert isinstance(error, Denied)
        locale = None
        if isinstance(error.decision, Decision):  # others come in one locale
            locale = _decider(connection).locale(accept_language(connection.scope))
        return _response(connection, denied(error.decision, locale=locale))

    async def on_failure(connection: HTTPConnection, error: Exception) -> Any:
        assert isinstance(error, ServiceError)
        _log.warning("no decision: %s", error)
        return _response(connection, undecided(error))

    app.add_exception_handler(Denied, on_denied)
    app.add_exception_handler(ServiceError, on_failure)


class Requires:
    """Makes dependencies that require an action on a resource to be allowed.

    ``subject`` is a dependency that returns the subject, ``{"type": ..., "id": ...,
    "properties": ...}``; ``context`` one that returns the context of every request, if there is
    any. What they raise is raised, a 401 for one: the path operation does not run.
    """

    def __init__(self, *, subject: Dependency, context: Dependency | None = None) -> None:
        self._subject = subject
        self._context = context

    def __call__(
        self,
        action: str,
        *,
        resource: str | Dependency,
        id: str = "id",
        context: Dependency | None = None,
    ) -> Callable[..., Coroutine[Any, Any, AnyDecision]]:
        """A dependency whose value is the decision; of a denial it raises ``Denied``.

        ``resource`` is a type, whose id is the parameter ``id`` of the path, or a dependency that
        returns the resource as AuthZEN has it. ``context`` stands in place of the common one.
        """
        found = _from_path(resource, id) if isinstance(resource, str) else resource
        around = context or self._context or _nothing

        async def required(
            connection: HTTPConnection, subject: Any, resource: Any, context: Any
        ) -> AnyDecision:
            request = {"subject": subject, "action": {"name": action}, "resource": resource}
            if context is not None:
                request["context"] = context
            decision: AnyDecision = await _decider(connection).decide(
                request, accept_language(connection.scope)
            )
            if not decision.allowed:
                raise Denied(decision)
            return decision

        return _depending(required, subject=self._subject, resource=found, context=around)


def _decider(connection: HTTPConnection) -> Decider:
    found = getattr(connection.app.state, _STATE, None)
    if not isinstance(found, Decider):
        raise LookupError("no policies: call `install(app, policies)` first")
    return found


def _depending(function: _F, **dependencies: Dependency) -> _F:
    """A function whose parameters of these names are what dependencies return.

    Which ones they are is known here only, where annotations that are texts could not name them.
    """
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(function).parameters.items():
        annotation: Any = HTTPConnection
        if name in dependencies:
            annotation = Annotated[Any, Depends(dependencies[name])]
        parameters.append(parameter.replace(annotation=annotation))
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # FastAPI reads it
    return function


def _from_path(type_: str, parameter: str) -> Dependency:
    async def resource(connection: HTTPConnection) -> Mapping[str, Any]:
        if parameter not in connection.path_params:
            raise LookupError(f"the path has no parameter `{parameter}`")
        return {"type": type_, "id": str(connection.path_params[parameter])}

    return resource


async def _nothing() -> None:
    return None


def _response(connection: HTTPConnection, problem: ProblemDetails) -> ProblemResponse:
    is_open = (
        isinstance(connection, WebSocket)
        and connection.application_state is WebSocketState.CONNECTED
    )
    return ProblemResponse(problem, open=is_open)
