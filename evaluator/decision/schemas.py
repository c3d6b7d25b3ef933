"""The published JSON Schemas of what goes in and comes out: the request envelope and the decision.

``python -m evaluator.decision.schemas FOLDER...`` writes them anew after a change of the models. At
run time nothing reads them: ``wire`` fills the shape, a test holds the two together.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from evaluator.policy.published_schemas import DIALECT, write_schemas

__all__ = [
    "FORMATS",
    "INSTANT",
    "DecisionDocument",
    "RequestEnvelope",
    "generate",
    "tidied",
    "write",
]

Format = Literal["decision", "request"]
FORMATS: Final[tuple[Format, ...]] = ("decision", "request")


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Open(BaseModel):
    model_config = ConfigDict(extra="allow")


class _Line(_Closed):
    """Where a rule stands."""

    file: str = Field(description="The file, relative to the folder that was loaded.")
    line: int = Field(ge=1, description="The line, from 1.")


class _Place(_Line):
    """Where an error arose."""

    column: int = Field(ge=1, description="The column, from 1, in code points.")


class _Cause(_Closed):
    """An error of evaluation."""

    kind: str = Field(description="The kind of error, such as invalid_attribute.")
    message: str = Field(description="The error in words, for the owner of the rules.")
    at: _Place | None = Field(description="The sub-expression that failed, where that is known.")


class _Problem(_Cause):
    """Something besides the effect that could not be evaluated."""

    policy: str = Field(description="The policy that it stands in.")
    rule: str | None = Field(None, description="The rule, when it was one or a part of one.")
    remedy: str | None = Field(None, description="The remedy, when it was one.")
    output: str | None = Field(None, description="The output, when it was one.")


class _RemedyDocument(_Closed):
    """What would help."""

    id: str = Field(description="The id of the remedy, unique in its rule.")
    message: str = Field(description="What to do, in the locale asked for.")
    sets: dict[str, Any] = Field(
        description="The change of the request that the remedy stands for: new values by JSON "
        "pointer; null removes. Empty when the remedy is no change of the request."
    )


class _ReasonDocument(_Closed):
    """A rule that decided, or a reserved id of kind default."""

    rule: str = Field(description="The id of the rule, or of the default.")
    policy: str | None = Field(description="The policy that the rule stands in.")
    kind: Literal["allow", "deny", "indeterminate", "default"] = Field(
        description="The rule's effect; indeterminate when it could not be evaluated; default when "
        "no rule decided."
    )
    message: str = Field(description="The reason, in the locale asked for.")
    description: str | None = Field(description="How to recognise it.")
    remedies: list[_RemedyDocument] = Field(description="What would help, in order.")
    at: _Line | None = Field(description="Where the rule stands.")
    error: _Cause | None = Field(None, description="The error, for kind indeterminate only.")


class _NoticeDocument(_Closed):
    """A rule on trial, which decides nothing."""

    rule: str = Field(description="The id of the rule.")
    policy: str = Field(description="The policy that it stands in.")
    effect: Literal["allow", "deny"] = Field(description="What the rule would do.")
    kind: Literal["allow", "deny", "indeterminate"] = Field(description="How it came out.")
    message: str = Field(description="The reason, in the locale asked for.")
    at: _Line = Field(description="Where the rule stands.")
    error: _Cause | None = Field(None, description="The error, for kind indeterminate only.")


class _PackDocument(_Closed):
    """A pack that had a say."""

    name: str = Field(description="The name of the pack.")
    version: str = Field(description="Its version.")
    digest: str = Field(
        pattern="^sha256:[0-9a-f]{64}$", description="The digest of every file of it."
    )


INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.(\d{3}|\d{6}|\d{9}))?Z$"
"""What moments look like: RFC 3339 in UTC."""


class DecisionDocument(_Closed):
    """A decision: allow or deny, every reason, what would help, and until when that holds."""

    schema_: Literal[1] = Field(alias="schema", description="The version of this format.")
    decision: Literal["allow", "deny"] = Field(description="The effect.")
    reasons: list[_ReasonDocument] = Field(
        min_length=1, description="On allow the allow rules that fired, on deny what denied."
    )
    outputs: dict[str, Any] = Field(
        description="The outputs by name. Codes with texts are objects of code and text; "
        "timestamps RFC 3339 in UTC, durations seconds with an s."
    )
    valid_until: str | None = Field(
        pattern=INSTANT,
        description="The first instant at which the same request may be decided otherwise; null "
        "when time cannot change the decision, decided_at when nothing can be said.",
    )
    notices: list[_NoticeDocument] = Field(description="What rules on trial would have said.")
    errors: list[_Problem] = Field(
        description="Allow rules, remedies, outputs and parts of messages that could not be "
        "evaluated."
    )
    packs: list[_PackDocument] = Field(description="The packs that had a say.")
    decided_at: str = Field(pattern=INSTANT, description="The moment that the decision is for.")
    now_from: Literal["request", "clock"] = Field(
        description="Whether that moment is context.time or the evaluator's clock."
    )


class _Subject(_Open):
    """Who asks."""

    type: str = Field(description="The type of the subject, such as user.")
    id: str = Field(description="Its id, unique among those of the type.")
    properties: dict[str, Any] = Field(
        {}, description="Its attributes; expressions see them as subject.name."
    )


class _Action(_Open):
    """What is to be done."""

    name: str = Field(description="The name of the action.")
    properties: dict[str, Any] = Field(
        {}, description="Its attributes; expressions see them as action.name."
    )


class _Resource(_Open):
    """What it is to be done to."""

    type: str = Field(description="The type of the resource; policies apply to types.")
    id: str = Field(description="Its id, unique among those of the type.")
    properties: dict[str, Any] = Field(
        {}, description="Its attributes; expressions see them as resource.name."
    )


class RequestEnvelope(_Open):
    """A request of AuthZEN 1.0, whether a subject may do something to a resource.

    What is in the properties and the context is up to the request schema of the pack.
    """

    subject: _Subject
    action: _Action
    resource: _Resource
    context: dict[str, Any] = Field(
        {},
        description="The circumstances. context.time is the moment to decide for, RFC 3339 with "
        "its offset; without it the evaluator's clock tells it.",
    )


def generate(name: Format) -> dict[str, Any]:
    """The schema of a format made from its model."""
    model = DecisionDocument if name == "decision" else RequestEnvelope
    schema: dict[str, Any] = tidied(model.model_json_schema(by_alias=True))
    title = "A decision" if name == "decision" else "A request"
    return {"$schema": DIALECT, **schema, "title": title}


def tidied(schema: Any) -> Any:
    """Without the leading underscores of our class names, and null defaults of what is left out."""
    if isinstance(schema, list):
        return [tidied(item) for item in schema]
    if isinstance(schema, str):
        return schema.replace("#/$defs/_", "#/$defs/")
    if not isinstance(schema, dict):
        return schema
    if "default" in schema and schema["default"] is None:
        schema = {key: value for key, value in schema.items() if key != "default"}
    found = {key.lstrip("_"): tidied(value) for key, value in schema.items()}
    if isinstance(found.get("title"), str):
        found["title"] = found["title"].lstrip("_")
    return found


def write(*folders: str) -> None:
    """Write the schemas into some folders that exist."""
    write_schemas(FORMATS, generate, folders)


if __name__ == "__main__":
    import sys

    write(*sys.argv[1:])
