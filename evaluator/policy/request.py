"""The request envelope: subject, action, resource and context, as AuthZEN 1.0 has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from evaluator.diagnostics import Diagnostic
from evaluator.errors import RequestError
from evaluator.language.instants import parse_instant
from evaluator.language.values import Timestamp, from_host
from evaluator.policy import request_problems as problems

__all__ = ["Request"]

_EMPTY: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A request whose envelope is in order. Its properties are verified when they are read.

    ``raw`` is what was given, kept by reference. ``time`` is ``context.time`` in nanoseconds since
    the epoch, None when the request leaves the moment to the evaluator's clock.
    """

    raw: Mapping[str, Any]
    subject_type: str
    subject_id: str
    action_name: str
    resource_type: str
    resource_id: str
    time: int | None

    @classmethod
    def parse(cls, data: Mapping[str, Any] | str | bytes, *, name: str = "<request>") -> Request:
        """A request out of a Mapping, or of JSON text, which ``name`` stands for in diagnostics.

        Raises ``RequestError`` with every problem of the envelope, or of the JSON.
        """
        if isinstance(data, (str, bytes)):
            data = _from_json(data, name)
        if not isinstance(data, Mapping):
            raise RequestError([problems.not_an_object("", data)])
        found: list[Diagnostic] = []
        subject = _object(data, "subject", found)
        action = _object(data, "action", found)
        resource = _object(data, "resource", found)
        context = data.get("context", _EMPTY)
        if not isinstance(context, Mapping):
            found.append(problems.not_an_object("/context", context))
            context = _EMPTY
        request = cls(
            data,
            _text(subject, "subject", "type", found),
            _text(subject, "subject", "id", found),
            _text(action, "action", "name", found),
            _text(resource, "resource", "type", found),
            _text(resource, "resource", "id", found),
            _time(context, found),
        )
        for root, entity in (("subject", subject), ("action", action), ("resource", resource)):
            if entity is not None:
                inner = entity.get("properties", _EMPTY)
                if not isinstance(inner, Mapping):
                    found.append(problems.not_an_object(f"/{root}/properties", inner))
        if found:
            raise RequestError(found)
        return request

    def entity(self, root: str) -> Mapping[str, Any]:
        """The properties of the subject, the action or the resource; of ``context``, itself."""
        if root == "context":
            found: Any = self.raw.get("context", _EMPTY)
        else:
            found = self.raw[root].get("properties", _EMPTY)
        return found if isinstance(found, Mapping) else _EMPTY


def _from_json(data: str | bytes, name: str) -> Any:
    from evaluator.documents.json_documents import load_json

    value, diagnostics = load_json(data, name=name)
    if diagnostics:
        raise RequestError(diagnostics)
    return value


def _object(
    data: Mapping[str, Any], root: str, found: list[Diagnostic]
) -> Mapping[str, Any] | None:
    value = data.get(root)
    if isinstance(value, Mapping):
        return value
    if value is None and root not in data:
        found.append(problems.missing(f"/{root}"))
    else:
        found.append(problems.not_an_object(f"/{root}", value))
    return None


def _text(entity: Mapping[str, Any] | None, root: str, key: str, found: list[Diagnostic]) -> str:
    if entity is None:
        return ""
    value = entity.get(key)
    if isinstance(value, str):
        return value
    pointer = f"/{root}/{key}"
    found.append(
        problems.not_a_text(pointer, value) if key in entity else problems.missing(pointer)
    )
    return ""


def _time(context: Mapping[str, Any], found: list[Diagnostic]) -> int | None:
    if "time" not in context:
        return None
    value = context["time"]
    if isinstance(value, str):
        instant = parse_instant(value)
        if instant is not None:
            return instant
    elif isinstance(value, (Timestamp, datetime)):
        converted = from_host(value)
        if isinstance(converted, Timestamp):
            return converted.nanoseconds
    found.append(problems.not_an_instant("/context/time", value))
    return None
