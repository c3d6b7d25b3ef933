"""The format of suites and of fixture files, as pydantic models: the source of the JSON Schema.

Like the models of policy files they describe and are not instantiated: files are validated by the
schema made from them, and what they hold is linked from nodes, which know where they stand.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel
from typing_extensions import TypeAliasType

from evaluator.policy.file_parts import FilePart, PlainText, in_words

__all__ = ["SuiteFormat"]


Name = Annotated[str, Field(min_length=1)]
Names = Annotated[list[Name], Field(min_length=1)]
Ids = Annotated[list[Name], Field()]
Extends = Annotated[
    Name,
    Field(
        title="Extends",
        description=(
            "The fixture of the same kind that this one begins with. Mappings are merged, at every "
            "depth; anything else replaces what the fixture has."
        ),
        examples=["mca"],
    ),
]
Without = Annotated[
    list[Name],
    Field(
        title="Without",
        description="What is taken out of the fixture that is extended, by its path.",
        examples=[["properties.csp_partner"]],
        min_length=1,
    ),
]
Instant = Annotated[str, Field(min_length=1)]


class Entity(FilePart):
    """A subject or a resource, as AuthZEN requests have it."""

    extends: Extends | None = None
    without: Without | None = None
    type: Name | None = Field(None, title="Type", description="The type, such as `user`.")
    id: str | None = Field(None, title="Id", description="The id, such as `ann`.")
    properties: dict[str, Any] | None = Field(
        None, title="Properties", description="What policies read of it."
    )


class Action(FilePart):
    """An action, as AuthZEN requests have it."""

    extends: Extends | None = None
    without: Without | None = None
    name: Name | None = Field(None, title="Name", description="The name of the action.")
    properties: dict[str, Any] | None = Field(
        None, title="Properties", description="What policies read of it."
    )


class Context(BaseModel):
    """The context of a request: any attributes, besides `extends` and `without`."""

    model_config = ConfigDict(extra="allow", frozen=True, model_title_generator=in_words)

    extends: Extends | None = None
    without: Without | None = None


class Fixtures(FilePart):
    """Named parts of requests, for the cases of this suite or of those that import the file."""

    subjects: dict[str, Entity] | None = Field(
        None, title="Subjects", description="Subjects by name."
    )
    resources: dict[str, Entity] | None = Field(
        None, title="Resources", description="Resources by name."
    )
    actions: dict[str, Action] | None = Field(
        None,
        title="Actions",
        description="Actions by name, needed for those with properties only.",
    )
    contexts: dict[str, Context] | None = Field(
        None, title="Contexts", description="Contexts by name."
    )


class Request(FilePart):
    """The request of a case: fixtures by name, or mappings, which may extend fixtures."""

    subject: Entity | Name = Field(
        title="Subject",
        description="Who asks: a fixture of `subjects`, or a mapping that may extend one.",
    )
    action: Action | Name = Field(
        title="Action",
        description="What the subject wants to do: the name of the action, or a fixture of it.",
    )
    resource: Entity | Name = Field(
        title="Resource",
        description="With what: a fixture of `resources`, or a mapping that may extend one.",
    )
    context: Context | Name | None = Field(
        None,
        title="Context",
        description="A fixture of `contexts`, or a mapping that may extend one.",
    )


class Matrix(FilePart):
    """Combinations of fixtures, each of which is a request with an expectation of its own."""

    subjects: Names = Field(title="Subjects", description="Fixtures of `subjects`.")
    resources: Names = Field(title="Resources", description="Fixtures of `resources`.")
    actions: Names = Field(title="Actions", description="Names of actions, or fixtures of them.")
    contexts: Names | None = Field(
        None, title="Contexts", description="Fixtures of `contexts`; no context if left out."
    )


class MessageParts(FilePart):
    """Texts that a message has in it."""

    contains: Names | Name = Field(
        title="Contains", description="A text that the message has in it, or several."
    )


Texts = Annotated[
    dict[str, MessageParts | str],
    Field(
        title="Texts in a language",
        description="The whole text by its name, or what it `contains`.",
        min_length=1,
    ),
]


class Contains(FilePart):
    """What is compared in part: what is written must be there, in this order, beside others."""

    rules: Names | None = Field(None, title="Rules", description="Some of the rules.")
    remedies: Names | None = Field(None, title="Remedies", description="Some of the remedies.")
    notices: Names | None = Field(None, title="Notices", description="Some of the notices.")
    errors: Names | None = Field(None, title="Errors", description="Some of what erred.")
    outputs: dict[str, Any] | None = Field(
        None,
        title="Outputs",
        description="Outputs by name: keys that a mapping, or items that a list has.",
        min_length=1,
    )


class Expectation(FilePart):
    """What a decision must be. What is a list of ids is compared exactly and in order."""

    decision: Literal["allow", "deny"] = Field(
        title="Decision", description="Whether the request is allowed."
    )
    rules: Ids | None = Field(
        None,
        title="Rules",
        description="The ids of the rules that decided. A denial needs it; see also `contains`.",
        examples=[["reduction-window-closed"]],
    )
    remedies: Ids | None = Field(
        None,
        title="Remedies",
        description="The ids of the remedies that are offered; none if this is left out.",
        examples=[["schedule-for-renewal"]],
    )
    outputs: dict[str, Any] | None = Field(
        None,
        title="Outputs",
        description=(
            "Outputs by name, as JSON has them. A code that has a text may be given alone. "
            "Others are not compared."
        ),
        examples=[{"removable_quantity": 0}],
        min_length=1,
    )
    absent: Names | None = Field(
        None,
        title="Absent",
        description="Outputs that must not be there.",
        examples=[["invoice"]],
    )
    valid_until: Instant | None = Field(
        title="Valid until",
        description="Until when the decision holds, in RFC 3339; null is for ever.",
        examples=["2026-03-27T00:00:00Z"],
        default_factory=lambda: None,  # so that null stays a value, other than absence
    )
    notices: Ids | None = Field(
        None,
        title="Notices",
        description="The ids of the rules on trial that fire; none if this is left out.",
    )
    errors: Ids | None = Field(
        None,
        title="Errors",
        description=(
            "The ids of the rules, remedies and outputs that could not be evaluated; none if this "
            "is left out."
        ),
    )
    messages: Annotated[dict[str, Texts], Field(min_length=1)] | None = Field(
        None,
        title="Messages",
        description=(
            "Messages by language, then by rule, or by rule and remedy with `/` between: the whole "
            "text, or what it `contains`."
        ),
        examples=[{"en": {"credit-check-pending": "A credit check is pending."}}],
    )
    descriptions: Annotated[dict[str, Texts], Field(min_length=1)] | None = Field(
        None,
        title="Descriptions",
        description=(
            "How to recognise that a rule applies, by language, then by rule: the whole text, or "
            "what it `contains`."
        ),
        examples=[{"en": {"trial-subscription": {"contains": "Trial"}}}],
    )
    labels: Annotated[dict[str, Texts], Field(min_length=1)] | None = Field(
        None,
        title="Labels",
        description=(
            "The texts of codes, by language, then by output and code with `/` between: the whole "
            "text, or what it `contains`."
        ),
        examples=[{"en": {"invoice/next-invoice": "The change is on your next invoice."}}],
    )
    contains: Contains | None = Field(
        None,
        title="Contains",
        description="In place of the fields of these names: compared in part.",
    )
    then: dict[str, Expect] | None = Field(
        None,
        title="Then",
        description="What is decided once a remedy has been applied, by the id of the remedy.",
        examples=[{"schedule-for-renewal": "allow"}],
        min_length=1,
    )


Expect = TypeAliasType(
    "Expect",
    Annotated[
        Literal["allow", "deny"] | Expectation,
        Field(
            title="Expectation",
            description="`allow` or `deny`, or a mapping that says more of the decision.",
            examples=["allow", {"decision": "deny", "rules": ["trial-subscription"]}],
        ),
    ],
)
Table = TypeAliasType(  # type: ignore[misc]  # it holds itself
    "Table",
    Annotated[
        Expect | dict[str, "Table"],  # type: ignore[misc]
        Field(
            title="Table of expectations",
            description=(
                "An expectation; in a matrix also expectations by the members of its dimensions, "
                "those with more than one, in the order they are written. What stands above the "
                "last level holds for all below."
            ),
        ),
    ],
)


class Case(FilePart):
    """A request, or a matrix of requests, with what must be decided."""

    name: Name = Field(
        title="Name",
        description="What the case shows, in words.",
        examples=["a removal after the window"],
    )
    facts: Annotated[list[int], Field(min_length=1)] | None = Field(
        None,
        title="Facts",
        description="The numbers of the facts of the policies' source that the case shows.",
        examples=[[13, 60]],
    )
    now: Instant | None = Field(
        None, title="Now", description="The moment of the decision, in place of the suite's."
    )
    request: Request | None = None
    matrix: Matrix | None = None
    expect: Table | None = None
    at: Annotated[dict[str, Expect], Field(min_length=1)] | None = Field(
        None,
        title="At",
        description=(
            "In place of `expect`: expectations by instants, which are offsets from `now` or in "
            "RFC 3339."
        ),
        examples=[{"+168h": "allow", "+168h1ns": "deny"}],
    )
    default: Expect | None = Field(
        None,
        title="Default",
        description="Of a matrix: what is expected of the combinations that `expect` leaves out.",
    )


class Unreachable(FilePart):
    """A part of the policies that no request can show, and why: coverage does not ask for it."""

    rule: Name = Field(title="Rule", description="The id of the rule.")
    condition: Name | None = Field(
        None,
        title="Condition",
        description="The part of the rule's condition, as it is written; else the whole rule.",
    )
    because: Name = Field(title="Because", description="Why no request can show it.")


class FixturesFile(FilePart):
    """Fixtures that several suites import."""

    fixtures: Fixtures


class SuiteFile(FilePart):
    """A suite: cases that policies must decide as they say."""

    suite: str = Field(
        title="Suite",
        description=(
            "The name of the suite: the pack's name, a point, the file's name without "
            "`.suite.yaml`."
        ),
        examples=["licenses.reduction-window"],
    )
    title: PlainText | None = Field(None, title="Title", description="What the suite is about.")
    now: Instant | None = Field(
        None,
        title="Now",
        description=(
            "The moment of all decisions, in RFC 3339; a case may have its own. A `time` in the "
            "context of a request counts instead of it."
        ),
        examples=["2026-03-03T09:00:00Z"],
    )
    imports: Names | None = Field(
        None,
        title="Imports",
        description="Files with fixtures, from the folder that the suite lies in.",
        examples=[["fixtures.yaml"]],
    )
    fixtures: Fixtures | None = None
    cases: Annotated[list[Case], Field(min_length=1)] = Field(
        title="Cases", description="The cases, in the order in which they are run."
    )
    unreachable: Annotated[list[Unreachable], Field(min_length=1)] | None = Field(
        None,
        title="Unreachable",
        description="What no request can show, so that coverage does not ask for it.",
    )


class SuiteFormat(RootModel[SuiteFile | FixturesFile]):
    """A suite of a pack, or a file with fixtures for suites."""
