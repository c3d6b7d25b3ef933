"""``open``: what there is to play with: the files, the packs, their scenarios and schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

import evaluator
from evaluator.language.values import Timestamp
from evaluator.policy.model import Pack, Titles
from evaluator.server.playground.answering.asking import Asked
from evaluator.server.playground.answering.checking import problems
from evaluator.server.playground.answering.instants import timeless
from evaluator.server.playground.answering.scenarios import named, scenario_id
from evaluator.server.playground.answering.schemas import resolved
from evaluator.server.playground.answering.starting import start
from evaluator.server.playground.answering.telling import texts
from evaluator.server.playground.answering.workspace import Loaded, Workspace
from evaluator.suites.outcome import Place

__all__ = ["open_", "pack_folder"]

_NO_NAMES: Final = Titles({}, {}, {}, {})


def open_(workspace: Workspace, asked: Asked) -> dict[str, Any]:
    """``OpenAnswer``."""
    edited = workspace.loaded(asked.edits)
    shown = edited if edited.loads else workspace.base
    bounds = workspace.bounds
    return {
        "files": list(_files(workspace)),
        "packs": [_pack(pack, shown) for pack in shown.packs],
        "diagnostics": problems(edited, asked.edits),
        "limits": {
            "editBytes": bounds.edits,
            "requestBytes": bounds.request,
            "files": bounds.files,
        },
        "version": evaluator.__version__,
    }


def _files(workspace: Workspace) -> Iterator[dict[str, Any]]:
    names = {pack_folder(pack): pack.name for pack in workspace.base.packs}
    for name, content in sorted(workspace.files.items(), key=lambda item: _rank(item[0])):
        folder = workspace.folder_of(name)
        if folder is None or not workspace.editable(name):
            continue
        yield {
            "name": name,
            "text": content.decode("utf-8", "replace"),
            "kind": _kind(name.removeprefix(folder)),
            "pack": names.get(folder, folder.rstrip("/")),
        }


def _rank(name: str) -> tuple[Any, ...]:
    folder, _, last = name.rpartition("/")
    return folder, last != "pack.yaml", last.endswith(".json"), last


def _kind(path: str) -> str:
    if path == "pack.yaml":
        return "pack"
    if path.startswith("suites/"):
        return "suite"
    if path.endswith(".json"):
        return "schema"
    return "policy" if "/" not in path else "other"


def pack_folder(pack: Pack) -> str:
    """The folder of a pack, "" or with a final ``/``."""
    return next(
        (name.removesuffix("pack.yaml") for name in pack.files if name.endswith("pack.yaml")), ""
    )


def _pack(pack: Pack, shown: Loaded) -> dict[str, Any]:
    found = [place for place in shown.scenarios if place.suite.pack == pack.name]
    known = f"start of {pack.name}"
    if known not in shown.kept:
        shown.kept[known] = start(shown, found)
    first = shown.kept[known]
    return {
        "name": pack.name,
        "folder": pack_folder(pack),
        "version": pack.version,
        "digest": pack.digest,
        "title": texts(pack.title),
        "defaultLocale": pack.default_locale,
        "locales": list(pack.locales),
        "timeZone": pack.time_zone,
        "types": _types(pack),
        "titles": _titles(pack),
        "names": asdict(pack.titles or _NO_NAMES),
        "schemas": _schemas(pack, shown),
        "scenarios": [_scenario(place, shown) for place in found],
        "start": None if first is None else scenario_id(first),
    }


def _titles(pack: Pack) -> dict[str, dict[str, str]]:
    """What people call policies, by full name, and outputs, by their name after ``outputs.``."""
    found = {policy.name: texts(policy.title) for policy in pack.policies if policy.title}
    for variant in pack.variants:
        for output in variant.outputs:
            if output.title is not None:
                found.setdefault(f"outputs.{output.name}", texts(output.title))
    return found


def _types(pack: Pack) -> list[dict[str, Any]]:
    """The resource types that rules spell out, with the actions, in the order they are written."""
    found: dict[str, dict[str, None]] = {}
    for variant in pack.variants:
        for rule in variant.rules:
            for resource in rule.applies.resources.texts:
                if "*" not in resource:
                    actions = found.setdefault(resource, {})
                    actions.update(
                        dict.fromkeys(one for one in rule.applies.actions.texts if "*" not in one)
                    )
    return [{"name": name, "actions": list(actions)} for name, actions in found.items()]


def _schemas(pack: Pack, shown: Loaded) -> dict[str, Any]:
    """The request schema of each action that has one of its own; under "" that of all others."""
    folder = pack_folder(pack)
    found: dict[str, Any] = {}
    for variant in pack.variants:
        name = f"{folder}{variant.request_type.name}"
        schema: Any = {}
        if name in pack.files:
            schema = resolved(json.loads(shown.files.read(name)))
        for action in variant.actions.texts:
            if "*" not in action:
                found.setdefault(action, schema)
        if variant.actions.has_wildcard:
            for type_ in _types(pack):
                for action in type_["actions"]:
                    if variant.actions.matches(action) and "**" not in variant.actions.texts:
                        found.setdefault(action, schema)
        if "**" in variant.actions.texts:
            found.setdefault("", schema)
    return found


def _scenario(place: Place, shown: Loaded) -> dict[str, Any]:
    question, suite = place.step.question, place.suite
    request, now = timeless(question.request, question.now)
    return {
        "id": scenario_id(place),
        "suite": suite.name,
        "suiteTitle": dict(suite.title),
        **named(place),
        "request": request,
        "now": str(Timestamp(now)),
        "decision": place.step.expectation.effect,
        "at": shown.places.of(place.step.span),
    }
