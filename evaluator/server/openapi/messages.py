"""The JSON Schemas of the messages of the service, by the names that the document has for them.

Those of requests and decisions are made from the models that the library has for them; the others
are written down here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from evaluator.decision.schemas import INSTANT, generate
from evaluator.server.wire import PARTS, SEMANTICS

__all__ = ["REFERENCE", "messages"]

REFERENCE: Final = "#/components/schemas/"

Schema = Mapping[str, Any]


def messages() -> dict[str, Schema]:
    """The schemas."""
    request, decision = _definitions("request"), _definitions("decision")
    envelope = request.pop("Request")
    told = decision.pop("Decision")
    return {
        **request,
        **decision,
        "EvaluationRequest": envelope,
        "EvaluationsRequest": _evaluations_request(envelope["properties"]),
        "EvaluationAnswer": _object(
            "The answer to an evaluation.",
            {
                "decision": _of("boolean", "Whether it is allowed."),
                "context": _ref("DecisionContext"),
            },
        ),
        "DecisionContext": _context(told),
        "FailedEvaluation": _FAILED,
        "EvaluationsAnswer": _object(
            "The answers to the evaluations of a message, in their order. With semantics that end "
            "at an answer, those behind it are missing.",
            {"evaluations": _list({"anyOf": [_ref("EvaluationAnswer"), _ref("FailedEvaluation")]})},
        ),
        "EvaluationsResponse": {"anyOf": [_ref("EvaluationsAnswer"), _ref("EvaluationAnswer")]},
        "DecideAnswer": _with_id(told),
        "Page": _PAGE,
        "PageAnswer": _object(
            "Where the results go on.",
            {
                "next_token": _of("string", "What `token` takes for the next page; empty: none."),
                "count": {**_of("integer", "How many results there are here."), "minimum": 0},
            },
        ),
        **_searches(envelope["properties"]),
        "ExplainAnswer": _object(
            "A decision, and how each rule that was for the request came out.",
            {"decision": told, "rules": _list(_ref("RuleExplanation"))},
        ),
        "RuleExplanation": _RULE,
        "ExplanationNode": _NODE,
        "Packs": _object("The packs that answer.", {"packs": _list(_ref("PackDocument"))}),
        "Metadata": _METADATA,
        "Health": _object("The service runs.", {"status": {"const": "ok"}}),
        "Readiness": _READINESS,
        "Error": {"type": "string", "description": "What is wrong, in a sentence."},
    }


# Short forms


def _ref(name: str) -> Schema:
    return {"$ref": REFERENCE + name}


def _of(type_: str, description: str) -> dict[str, Any]:
    return {"type": type_, "description": description}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(
    description: str,
    properties: Mapping[str, Any],
    *,
    optional: tuple[str, ...] = (),
    open_: bool = False,
) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": open_,
    }


# From the models of the library


def _definitions(name: Any) -> dict[str, Any]:
    """A schema of ours and those that it refers to, by their names."""
    schema = generate(name)
    definitions = schema.pop("$defs")
    del schema["$schema"]
    title = {"request": "Request", "decision": "Decision"}[name]
    found: dict[str, Any] = _referring({**definitions, title: schema})
    return found


def _referring(schema: Any) -> Any:
    """With references into the document, and no titles, which say what the names say."""
    if isinstance(schema, list):
        return [_referring(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {}
    for key, value in schema.items():
        if key == "title" and isinstance(value, str):
            continue
        if key == "$ref":
            value = value.replace("#/$defs/", REFERENCE)
        found[key] = _referring(value)
    return found


_ID: Final = _of("string", "What the decision is called: `X-Request-ID`, in a batch with a number.")
_LOCALE: Final = _of("string", "The language that the texts are in, as `Accept-Language` has it.")
_ENDED_BY: Final = {
    "enum": list(SEMANTICS[1:]),
    "description": "The semantics by which no further evaluation was made.",
}
_IGNORED: Final = {
    "type": "array",
    "items": {"type": "string"},
    "description": "JSON pointers of what was in the request and did not count.",
}


def _with_id(decision: Mapping[str, Any]) -> Schema:
    properties = {**decision["properties"], "id": _ID, "ignored": _IGNORED}
    return {**decision, "properties": properties, "required": [*decision["required"], "id"]}


def _context(decision: Mapping[str, Any]) -> Schema:
    """What an answer says beside the decision itself, which AuthZEN has in another place."""
    whole = _with_id(decision)
    properties = {name: own for name, own in whole["properties"].items() if name != "decision"}
    return {
        **whole,
        "description": "The reasons, what would help, and until when that holds.",
        "properties": {
            **properties,
            "locale": _LOCALE,
            "reason_user": {
                "type": "object",
                "description": "Why it is denied, for the user, by the language that it is in.",
                "additionalProperties": {"type": "string"},
            },
            "ended_by": _ENDED_BY,
        },
        "required": [*(name for name in whole["required"] if name != "decision"), "locale"],
    }


# Batches


_FAILED: Final = _object(
    "The answer to an evaluation of a batch that is none.",
    {
        "decision": {"const": False},
        "context": _object(
            "What is wrong with it.",
            {
                "error": _object(
                    "The error.",
                    {
                        "status": _of("integer", "What the status would be of it alone."),
                        "message": _of("string", "What is wrong, in a sentence."),
                    },
                ),
                "ended_by": _ENDED_BY,
            },
            optional=("ended_by",),
        ),
    },
)


def _evaluations_request(parts: Mapping[str, Any]) -> Schema:
    """A batch: parts of requests, and defaults for what they leave out; or one request."""
    some = {
        name: {"type": "object", "additionalProperties": True, "description": description}
        for name, description in (
            ("subject", "Who asks, where an evaluation does not say."),
            ("action", "What is to be done, where an evaluation does not say."),
            ("resource", "What it is to be done to, where an evaluation does not say."),
        )
    }
    return {
        "type": "object",
        "description": "Several evaluations with what they have in common. Without any, it is a "
        "request for one.",
        "anyOf": [
            {
                "properties": {
                    **some,
                    "context": parts["context"],
                    "evaluations": {
                        "type": "array",
                        "minItems": 1,
                        "description": "The evaluations, each with the parts that are its own.",
                        "items": {
                            "type": "object",
                            "properties": {**some, "context": parts["context"]},
                        },
                    },
                    "options": {
                        "type": "object",
                        "description": "How they are answered.",
                        "properties": {
                            "evaluations_semantic": {
                                "enum": list(SEMANTICS),
                                "default": SEMANTICS[0],
                                "description": "Whether all are answered, or none behind the first "
                                "that is denied or permitted.",
                            }
                        },
                    },
                },
                "required": ["evaluations"],
            },
            {
                "allOf": [
                    _ref("EvaluationRequest"),
                    {"properties": {"evaluations": {"type": "array", "maxItems": 0}}},
                ]
            },
        ],
    }


# Searches


_PAGE: Final = _object(
    "Which part of the results.",
    {
        "token": _of("string", "`next_token` of the page before, with all else as it was."),
        "limit": {
            **_of("integer", "How many results the page has at most."),
            "minimum": 0,
        },
    },
    optional=("token", "limit"),
    open_=True,
)
_LOOKED_FOR: Final = {
    "subject": ("Subject", "The type that is looked for. An id does not count."),
    "resource": ("Resource", "The type that is looked for. An id does not count."),
    "action": ("Action", ""),
}


def _searches(parts: Mapping[str, Any]) -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    for kind, (name, description) in _LOOKED_FOR.items():
        properties = {part: parts[part] for part in PARTS if part != kind}
        if description:
            type_ = {"type": _of("string", "The type.")}
            properties[kind] = _object(description, type_, open_=True)
        properties["page"] = _ref("Page")
        found[f"{name}SearchRequest"] = _object(
            f"A search for every {kind} that the rest of the request is allowed for.",
            properties,
            optional=("context", "page"),
            open_=True,
        )
        keys = ("name",) if kind == "action" else ("type", "id")
        result = _object(f"A {kind} that is allowed.", {key: {"type": "string"} for key in keys})
        found[f"{name}SearchAnswer"] = _object(
            "A page of what was found.",
            {"results": _list(result), "page": _ref("PageAnswer")},
        )
    return found


# Explanations


_PLACE: Final = _of("object", "Where it stands: file, line, and perhaps column.")
_NODE: Final = _object(
    "A part of a condition.",
    {
        "text": _of("string", "The expression."),
        "value": {"type": ["string", "null"], "description": "Its value, as it is written."},
        "kind": {"enum": ["value", "error", "unknown", "skipped"]},
        "at": _PLACE,
        "matters": _of("boolean", "Whether another value would have changed anything."),
        "label": {"type": ["string", "null"], "description": "What it is to the whole."},
        "children": _list({"$ref": f"{REFERENCE}ExplanationNode"}),
    },
)
_RULE: Final = _object(
    "How a rule came out.",
    {
        "rule": _of("string", "The id of the rule."),
        "policy": _of("string", "The policy that it stands in."),
        "effect": _of("string", "What it does."),
        "mode": _of("string", "Whether it counts or is on trial."),
        "at": _PLACE,
        "state": {"enum": ["fired", "not fired", "error", "not in force", "not reached"]},
        "decisive": _of("boolean", "Whether it is among the reasons."),
        "condition": {"anyOf": [{"$ref": f"{REFERENCE}ExplanationNode"}, {"type": "null"}]},
    },
)


# What is told without being asked for a decision


_METADATA: Final = _object(
    "Where the endpoints are.",
    {
        name: {"type": "string", "format": "uri"}
        for name in (
            "policy_decision_point",
            "access_evaluation_endpoint",
            "access_evaluations_endpoint",
            "search_subject_endpoint",
            "search_resource_endpoint",
            "search_action_endpoint",
        )
    },
)


def _loading(description: str) -> dict[str, Any]:
    return _object(
        description,
        {
            "state": {"enum": ["loaded", "failed"]},
            "since": {"type": "string", "pattern": INSTANT, "description": "When that was."},
            "diagnostics": _list({"type": "object"}),
        },
        optional=("diagnostics",),
    )


_READINESS: Final = _object(
    "Whether the service answers, and how the parts are that it takes.",
    {
        "status": {"enum": ["ready", "not ready"]},
        "reload": _loading("How the last loading of changed policies went."),
        "access": _loading("How that of the policies of who may ask went."),
        "log": _object(
            "How the decision log is.",
            {
                "state": {"enum": ["written", "failing"]},
                "waiting": _of("integer", "How many records wait to be written."),
                "problem": _of("string", "Why the last ones could not be."),
            },
            optional=("problem",),
        ),
    },
    optional=("reload", "access", "log"),
)
