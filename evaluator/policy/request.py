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
    the epoch, None when the request leaves the moment to the evaluator's clock. ``sealed`` says
    that nobody else has ``raw``, so that it stays what it is.
    """

    raw: Mapping[str, Any]
    subject_type: str
    subject_id: str
    action_name: str
    resource_type: str
    resource_id: str
    time: int | None
    sealed: bool = False

    @classmethod
    def parse(
        cls,
        data: Mapping[str, Any] | str | bytes,
        *,
        name: str = "<request>",
        sealed: bool = False,
    ) -> Request:
        """A request out of a Mapping, or of JSON text, which ``name`` stands for in diagnostics.

        Whoever says that a Mapping is ``sealed`` does not change it any more. Raises
        ``RequestError`` with every problem of the envelope, or of the JSON.
        """
        text = data if isinstance(data, (str, bytes)) else None
        if isinstance(data, (str, bytes)):
            data = _from_json(data, name)
        if not isinstance(data, Mapping):
            raise _error([("", problems.not_an_object("", data))], text, name)
        found: list[_Problem] = []
        subject = _object(data, "subject", found)
        action = _object(data, "action", found)
        resource = _object(data, "resource", found)
        context = data.get("context", _EMPTY)
        if type(context) is not dict and not isinstance(context, Mapping):
            found.append(("/context", problems.not_an_object("/context", context)))
            context = _EMPTY
        request = cls(
            data,
            _text(subject, "subject", "type", found),
            _text(subject, "subject", "id", found),
            _text(action, "action", "name", found),
            _text(resource, "resource", "type", found),
            _text(resource, "resource", "id", found),
            _time(context["time"], found) if "time" in context else None,
            sealed,
        )
        _properties(subject, "subject", found)
        _properties(action, "action", found)
        _properties(resource, "resource", found)
        if found:
            raise _error(found, text, name)
        return request

    @property
    def arguments(self) -> tuple[Any, ...]:
        """Type and id of the subject, the action's name, those of the resource, the properties.

        What generated functions take, but for the moment (``program.reading.PARAMETERS``).
        """
        raw = self.raw
        return (
            self.subject_type,
            self.subject_id,
            self.action_name,
            self.resource_type,
            self.resource_id,
            raw["subject"].get("properties", _EMPTY),
            raw["action"].get("properties", _EMPTY),
            raw["resource"].get("properties", _EMPTY),
            raw.get("context", _EMPTY),
        )

    def entity(self, root: str) -> Mapping[str, Any]:
        """The properties of the subject, the action or the resource; of ``context``, itself."""
        raw = self.raw
        if root == "context":
            found: Any = raw.get("context", _EMPTY)
        else:
            found = raw[root].get("properties", _EMPTY)
        return found if type(found) is dict or isinstance(found, Mapping) else _EMPTY


_Problem = tuple[str, Diagnostic]
"""What is wrong with the envelope, and the JSON pointer of where."""


def _error(found: list[_Problem], text: str | bytes | None, name: str) -> RequestError:
    if text is None:
        return RequestError([problem for _, problem in found])
    from evaluator.policy.request_places import located

    return RequestError(located(found, text if isinstance(text, str) else text.decode(), name))


def _from_json(data: str | bytes, name: str) -> Any:
    from evaluator.documents.json_documents import load_json

    value, diagnostics = load_json(data, name=name)
    if diagnostics:
        raise RequestError(diagnostics)
    return value


# Nearly every request is made of plain dicts and texts, which are told at once; the abstract class
# takes ten times as long.


def _object(data: Mapping[str, Any], root: str, found: list[_Problem]) -> Mapping[str, Any] | None:
    value: Any = data.get(root)
    if type(value) is dict or isinstance(value, Mapping):
        return value
    pointer = f"/{root}"
    found.append(
        (
            pointer,
            problems.not_an_object(pointer, value) if root in data else problems.missing(pointer),
        )
    )
    return None


def _properties(entity: Mapping[str, Any] | None, root: str, found: list[_Problem]) -> None:
    if entity is not None:
        inner = entity.get("properties", _EMPTY)
        if type(inner) is not dict and not isinstance(inner, Mapping):
            pointer = f"/{root}/properties"
            found.append((pointer, problems.not_an_object(pointer, inner)))


def _text(entity: Mapping[str, Any] | None, root: str, key: str, found: list[_Problem]) -> str:
    if entity is None:
        return ""
    value = entity.get(key)
    if type(value) is str:
        return value
    if isinstance(value, str):
        return str.__str__(value)  # str() of a member of an Enum is its name
    pointer = f"/{root}/{key}"
    found.append(
        (
            pointer,
            problems.not_a_text(pointer, value) if key in entity else problems.missing(pointer),
        )
    )
    return ""


def _time(value: Any, found: list[_Problem]) -> int | None:
    if isinstance(value, str):
        instant = parse_instant(value)
        if instant is not None:
            return instant
    elif isinstance(value, (Timestamp, datetime)):
        converted = from_host(value)
        if isinstance(converted, Timestamp):
            return converted.nanoseconds
    found.append(("/context/time", problems.not_an_instant("/context/time", value)))
    return None
