"""Request and answer pairs for a service that speaks AuthZEN, and whether it answers so."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["Ask", "Case", "failure_of", "read_cases", "run"]

Ask = Callable[[str, str, Any], tuple[int, Any]]
"""Sends a request, (method, path, JSON), and gives the status and the JSON of the answer."""

_BOOLEAN: Final = "<boolean>"
_TOKEN: Final = "<next_token from previous response>"


@dataclass(frozen=True, slots=True)
class Case:
    """One pair. ``body`` is what the answer must hold; None where any of the kind will do."""

    name: str
    method: str
    path: str
    request: Any
    status: int
    body: Any


def read_cases(file: Path) -> list[Case]:
    """The pairs of a file: an array of objects with ``request``, ``expect_status`` and so on."""
    return [
        Case(
            f"{entry['id']} {entry.get('title', '')} ({entry.get('label', '')})",
            entry.get("method", "POST"),
            entry["path"],
            entry.get("request"),
            entry.get("expect_status", 200),
            _body(entry.get("expect_body")),
        )
        for entry in json.loads(file.read_text("utf-8"))
    ]


def _body(expected: Any) -> Any:
    """What is expected; a text is JSON with ``<boolean>`` where either will do."""
    if not isinstance(expected, str):
        return expected
    text = expected.replace(_BOOLEAN, f'"{_BOOLEAN}"').replace("<context>", "{}")
    return json.loads(text)


def run(cases: list[Case], ask: Ask) -> list[tuple[Case, str | None]]:
    """Each case with what is wrong with its answer, or None; in order, as pages follow pages."""
    found = []
    token = ""
    for case in cases:
        request = case.request
        if isinstance(request, dict) and request.get("page", {}).get("token") == _TOKEN:
            request = {**request, "page": {"token": token}}
        status, body = ask(case.method, case.path, request)
        found.append((case, failure_of(case, status, body)))
        page = body.get("page") if isinstance(body, dict) else None
        token = page.get("next_token", "") if isinstance(page, dict) else ""
    return found


def failure_of(case: Case, status: int, body: Any) -> str | None:
    """What is wrong with an answer, in words."""
    if status != case.status:
        return f"the status is {status}, not {case.status}: {body!r}"
    if status != 200:
        return None
    if not isinstance(body, dict):
        return f"the answer is no object: {body!r}"
    shape = _search_failure(case, body) if "/search/" in case.path else None
    if shape is not None or case.body is None:
        return shape
    return _difference(case.body, body, "")


def _search_failure(case: Case, body: Mapping[str, Any]) -> str | None:
    results = body.get("results")
    if not isinstance(results, list):
        return "there is no array `results`"
    kind = case.path.rpartition("/")[2]
    for result in results:
        keys = ("name",) if kind == "action" else ("type", "id")
        if not isinstance(result, dict) or not all(
            isinstance(result.get(key), str) for key in keys
        ):
            return f"a result is not an entity: {result!r}"
        if kind != "action" and result["type"] != case.request[kind]["type"]:
            return f"a result is of another type: {result!r}"
    page = body.get("page", {"next_token": ""})
    if not isinstance(page, dict) or not isinstance(page.get("next_token"), str):
        return f"`page` has no text `next_token`: {page!r}"
    limit = (case.request.get("page") or {}).get("limit")
    if limit is not None and len(results) > limit:
        return f"there are {len(results)} results on a page of {limit}"
    return None


def _difference(expected: Any, found: Any, place: str) -> str | None:
    """Where an answer has not what is expected; what it has besides does not matter."""
    if expected == _BOOLEAN:
        return None if isinstance(found, bool) else f"{place} is no boolean: {found!r}"
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            return f"{place} is no object: {found!r}"
        for key, value in expected.items():
            if key not in found:
                return f"{place}/{key} is missing"
            difference = _difference(value, found[key], f"{place}/{key}")
            if difference is not None:
                return difference
        return None
    if isinstance(expected, list):
        if not isinstance(found, list):
            return f"{place} is no array: {found!r}"
        if place == "/results" and expected:
            missing = [item for item in expected if item not in found]
            return f"{place} does not have {missing!r}: {found!r}" if missing else None
        if len(found) != len(expected):
            return f"{place} has {len(found)} members, not {len(expected)}"
        for number, item in enumerate(expected):
            difference = _difference(item, found[number], f"{place}/{number}")
            if difference is not None:
                return difference
        return None
    same = type(expected) is type(found) and expected == found
    return None if same else f"{place} is {found!r}, not {expected!r}"
