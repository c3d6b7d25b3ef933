"""The messages of the AuthZEN Authorization API 1.0: what is asked, and how decisions answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from evaluator.server.answers import Refusal
from evaluator.server.seams import Gist

__all__ = [
    "PARTS",
    "SEMANTICS",
    "Semantic",
    "answer_of",
    "check_defaults",
    "failed",
    "merged",
    "requests_of",
    "semantic_of",
    "timed",
]

PARTS: Final = ("subject", "action", "resource", "context")
# What an evaluation of a batch takes from the defaults even where it has the entity itself.
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "subject": ("type", "id"),
    "action": ("name",),
    "resource": ("type", "id"),
}
Semantic = str
SEMANTICS: Final = ("execute_all", "deny_on_first_deny", "permit_on_first_permit")
_TIME_IGNORED: Final = "/context/time"
_MINUTE: Final = re.compile(r"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d)([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def semantic_of(body: Mapping[str, Any]) -> Semantic:
    """What ``options.evaluations_semantic`` asks for (section "Evaluations semantics")."""
    options = body.get("options", {})
    if not isinstance(options, Mapping):
        raise Refusal(400, "options is not an object")
    semantic = options.get("evaluations_semantic", SEMANTICS[0])
    if semantic not in SEMANTICS:
        raise Refusal(400, f"options.evaluations_semantic is none of {', '.join(SEMANTICS)}")
    return str(semantic)


def check_defaults(body: Mapping[str, Any]) -> None:
    """Raises ``Refusal`` for defaults of a batch that no evaluation could take; null is none."""
    given = {part: body[part] for part in PARTS if body.get(part) is not None}
    wrong = [part for part, value in given.items() if not isinstance(value, Mapping)]
    if wrong:
        raise Refusal(400, "; ".join(f"{part} is not an object" for part in wrong))


def merged(defaults: Mapping[str, Any], evaluation: Mapping[str, Any]) -> dict[str, Any]:
    """An evaluation of a batch with the defaults of the batch (section "Default values").

    An entity of the evaluation takes the place of the default whole, but for the type, id or name
    that it does not have.
    """
    found = {part: defaults[part] for part in PARTS if part in defaults}
    for part in PARTS:
        if part not in evaluation:
            continue
        own, default = evaluation[part], defaults.get(part)
        if isinstance(own, Mapping) and isinstance(default, Mapping):
            needed = _NEEDED.get(part, ())
            taken = {key: default[key] for key in needed if key in default and key not in own}
            own = {**taken, **own}
        found[part] = own
    return found


def requests_of(body: Any) -> list[Mapping[str, Any]]:
    """The requests of a batch with its defaults, or the one that it is; none of what is neither."""
    if not isinstance(body, Mapping):
        return []
    evaluations = body.get("evaluations")
    if not evaluations or not isinstance(evaluations, list):
        return [body]
    return [merged(body, one) for one in evaluations if isinstance(one, Mapping)]


def timed(
    request: Mapping[str, Any], *, trusted: bool
) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """A request with its ``context.time`` if that is trusted, and the pointers of what was not.

    The moments of AuthZEN's own examples have no seconds, which those of RFC 3339 have: 0.
    """
    context = request.get("context")
    if not isinstance(context, Mapping) or "time" not in context:
        return request, ()
    if not trusted:
        kept = {key: value for key, value in context.items() if key != "time"}
        return {**request, "context": kept}, (_TIME_IGNORED,)
    found = isinstance(context["time"], str) and _MINUTE.fullmatch(context["time"])
    if not found:
        return request, ()
    return {**request, "context": {**context, "time": f"{found[1]}:00{found[2]}"}}, ()


def answer_of(
    decision: Gist,
    told: Mapping[str, Any],
    locale: str | None,
    id_: str,
    ignored: tuple[str, ...],
) -> dict[str, Any]:
    """The answer to an evaluation: the decision, and in its ``context`` what it tells besides.

    ``told`` is the decision as ``schemas/decision.schema.json`` describes it. ``context`` is that
    without ``decision``, with an ``id``, the ``locale`` of its texts, the pointers that were
    ``ignored``, and the texts for the user as AuthZEN has them.
    """
    spoken = locale or decision.locale
    context: dict[str, Any] = {"id": id_, **told, "locale": spoken}
    del context["decision"]
    if not decision.allowed:
        texts = " ".join(reason["message"] for reason in told["reasons"])
        context["reason_user"] = {spoken: texts}
    if ignored:
        context["ignored"] = list(ignored)
    return {"decision": decision.allowed, "context": context}


def failed(message: str, *, status: int = 400) -> dict[str, Any]:
    """The answer to an evaluation of a batch that is none (section "Errors")."""
    return {"decision": False, "context": {"error": {"status": status, "message": message}}}
