"""The format of pack.yaml and of policy files, as pydantic models: the source of the JSON Schemas.

Editors show the titles, descriptions and examples below while somebody writes a policy. Files are
validated by the schemas made from these models and then linked from their nodes, which know where
they stand; the models themselves are not instantiated on the way.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from evaluator.policy.file_parts import (
    Expression,
    FilePart,
    Id,
    Localized,
    PatternList,
    PlainText,
)

__all__ = ["PackFile", "PolicyFile"]


class Source(FilePart):
    """Where the rules come from, so that a reader finds the text that they follow."""

    title: str | None = Field(None, title="Title", description="The title of the document.")
    section: str | None = Field(None, title="Section", description="The section of the document.")
    facts: list[int] | None = Field(
        None,
        title="Facts",
        description="The numbers of the facts or clauses that this follows.",
        examples=[[13, 14]],
        min_length=1,
    )


class AppliesTo(FilePart):
    """Which requests the file's rules and outputs are for."""

    resource: PatternList = Field(
        title="Resource types",
        description=(
            "The resource type or types, `resource.type` of the request; patterns are allowed."
        ),
        examples=["subscription"],
    )
    actions: PatternList = Field(
        title="Actions",
        description="The action or actions, `action.name` of the request; patterns are allowed.",
        examples=[["buy_licenses", "remove_licenses"]],
    )


class Conditions(FilePart):
    """A tree of conditions: exactly one of `all`, `any` and `none`; they nest."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    all: Annotated[list[Condition], Field(min_length=1)] | None = Field(
        None, title="All of", description="Holds if every one of these does."
    )
    any: Annotated[list[Condition], Field(min_length=1)] | None = Field(
        None, title="Any of", description="Holds if at least one of these does."
    )
    none: Annotated[list[Condition], Field(min_length=1)] | None = Field(
        None, title="None of", description="Holds if not a single one of these does."
    )


Condition = TypeAliasType(
    "Condition",
    Annotated[
        Conditions | Expression,
        Field(
            title="Condition",
            description=(
                "An expression that is true or false, or a tree of `all`, `any` and `none`."
            ),
            examples=['context.effective == "now"', {"all": ["is_mca", "!is_prepaid"]}],
        ),
    ],
)


class Effective(FilePart):
    """When a rule is in force. Outside this time it is as if it were not there."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    from_: str | None = Field(
        None,
        alias="from",
        title="From",
        description="The first instant at which the rule is in force, in RFC 3339.",
        examples=["2026-01-01T00:00:00Z"],
    )
    until: str | None = Field(
        None,
        title="Until",
        description="The first instant at which the rule is in force no longer, in RFC 3339.",
        examples=["2027-01-01T00:00:00Z"],
    )


class Remedy(FilePart):
    """Something that a person could do about a denial."""

    id: Id = Field(
        title="Id",
        description="The name of the remedy in decisions, unique in its rule.",
        examples=["schedule-for-renewal"],
    )
    source: Source | None = Field(None, title="Source")
    when: Condition | None = Field(
        None, title="When", description="The remedy is offered only if this condition holds."
    )
    message: Localized = Field(
        title="Message", description="What to do, for the person who was denied."
    )
    description: Localized | None = Field(
        None, title="Description", description="More about it, where the message is not enough."
    )
    sets: dict[str, Expression] | None = Field(
        None,
        title="Sets",
        description=(
            "The change of the request that the remedy stands for: attributes, spelt as "
            "expressions spell them, with expressions for their new values. All are evaluated on "
            "the original request; `optional.none()` removes an attribute. The evaluator then "
            "verifies that the changed request gets rid of the reason."
        ),
        examples=[{"context.effective": '"renewal"'}],
        min_length=1,
    )


class UseRemedy(FilePart):
    """A remedy of an imported file, or of this one's own `remedies`."""

    use: Id = Field(
        title="Use",
        description="The id of a shared remedy.",
        examples=["contact-reseller"],
    )
    when: Condition | None = Field(
        None,
        title="When",
        description="Offered here only if this condition holds, besides the remedy's own.",
    )


class Rule(FilePart):
    """A rule: under a condition it allows or denies, and says why."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"effect": {"const": "deny"}}, "required": ["effect"]},
            "then": {"required": ["reason"]},
        }
    )

    id: Id = Field(
        title="Id",
        description="The name of the rule in decisions, unique in the pack.",
        examples=["reduction-window-closed"],
    )
    effect: Literal["allow", "deny"] = Field(
        title="Effect", description="What the rule says when its condition holds."
    )
    source: Source | None = Field(None, title="Source")
    actions: PatternList | None = Field(
        None,
        title="Actions",
        description="Narrows the file's `applies_to.actions`; costs nothing when deciding.",
        examples=[["remove_licenses"]],
    )
    mode: Literal["enforce", "report"] | None = Field(
        None,
        title="Mode",
        description=(
            "`report` is for a rule on trial: decisions list it under `notices`, and it changes "
            "nothing. `enforce` is the usual."
        ),
    )
    effective: Effective | None = Field(None, title="Effective")
    when: Condition | None = Field(
        None,
        title="When",
        description=(
            "The condition: an expression, or a tree of `all`, `any` and `none`. Without one the "
            "rule always fires. What it establishes holds in the messages and remedies of the "
            "rule."
        ),
    )
    reason: Localized | None = Field(
        None,
        title="Reason",
        description="Why, in words for the person who asked. Deny rules must have one.",
    )
    description: Localized | None = Field(
        None, title="Description", description="How a person recognises that this is the case."
    )
    remedies: list[UseRemedy | Remedy] | None = Field(
        None, title="Remedies", description="What would help, the most useful first.", min_length=1
    )


class Output(FilePart):
    """Something that a decision tells besides its effect."""

    title: PlainText | None = Field(None, title="Title", description="What the output is called.")
    source: Source | None = Field(None, title="Source")
    on: list[Literal["allow", "deny"]] | Literal["allow", "deny"] | None = Field(
        None,
        title="On",
        description="With which effects the output is given; `[allow]` if this is left out.",
        examples=[["allow", "deny"]],
        min_length=1,
    )
    actions: PatternList | None = Field(
        None, title="Actions", description="Narrows the file's `applies_to.actions`."
    )
    when: Condition | None = Field(
        None, title="When", description="The output is given only if this condition holds."
    )
    value: Expression = Field(
        title="Value", description="What is given. `optional.none()` leaves the output out."
    )
    labels: dict[str, Localized] | None = Field(
        None,
        title="Labels",
        description=(
            "Texts for the codes that the value is or lists: the output is then a list of code "
            "and text."
        ),
        examples=[{"next-invoice": {"en": "The change is on your next invoice."}}],
        min_length=1,
    )


class PolicyFile(FilePart):
    """A policy file: what it is for, names it defines, rules with their reasons, outputs."""

    policy: str = Field(
        title="Policy",
        description=(
            "The name of the policy: the pack's name, a point, the file's name without `.yaml`."
        ),
        examples=["licenses.reduction-window"],
    )
    title: PlainText | None = Field(None, title="Title", description="What the file is about.")
    source: Source | None = Field(None, title="Source")
    applies_to: AppliesTo | None = Field(None, title="Applies to")
    imports: list[str] | None = Field(
        None,
        title="Imports",
        description=(
            "Files of the pack whose constants, tables, variables and remedies are used here, by "
            "their bare names. What they import themselves is not passed on."
        ),
        examples=[["common.yaml"]],
        min_length=1,
    )
    constants: dict[str, Expression] | None = Field(
        None,
        title="Constants",
        description=(
            "Named values: expressions over other constants, evaluated when the pack is loaded."
        ),
        examples=[{"reduction_window": 'duration("168h")'}],
    )
    tables: dict[str, Any] | None = Field(
        None,
        title="Tables",
        description=(
            "Named plain data: values, lists and mappings. Numbers with a point are doubles, "
            "others ints; a list or mapping holds values of one type."
        ),
        examples=[{"manager_roles": {"MCA": ["billing_account_owner"], "MOSA": []}}],
    )
    variables: dict[str, Expression] | None = Field(
        None,
        title="Variables",
        description=(
            "Named expressions, evaluated when they are first needed and at most once in a "
            "decision."
        ),
        examples=[{"is_prepaid": 'resource.purchase_channel == "prepaid"'}],
    )
    rules: list[Rule] | None = Field(
        None, title="Rules", description="The rules, in the order in which reasons are reported."
    )
    remedies: list[Remedy] | None = Field(
        None,
        title="Shared remedies",
        description=(
            "Remedies that rules of this file, and of files that import it, take with `use`."
        ),
    )
    outputs: (
        dict[str, Annotated[list[Output], Field(title="Definitions", min_length=1)] | Output] | None
    ) = Field(
        None,
        title="Outputs",
        description=(
            "Outputs by name. A list holds several definitions of one output: the first that "
            "applies wins."
        ),
    )


class HostFunction(FilePart):
    """A function that the host application provides when it loads the pack."""

    signature: str = Field(
        title="Signature",
        description="Types of the arguments and of the result.",
        examples=["(string, int) -> bool"],
    )
    errors: list[str] | None = Field(
        None,
        title="Errors",
        description=(
            "Further kinds of errors that the function may end in; `host_function`, for whatever "
            "it raises, is always one."
        ),
        examples=[["invalid_argument"]],
    )
    description: str | None = Field(
        None, title="Description", description="What the function is for."
    )


class Titles(FilePart):
    """What people call things where decisions are shown. No decision depends on it."""

    types: dict[str, PlainText] | None = Field(
        None,
        title="Resource types",
        description="Titles of resource types.",
        examples=[{"subscription": {"en": "Subscription", "da": "Abonnement"}}],
    )
    actions: dict[str, PlainText] | None = Field(
        None,
        title="Actions",
        description="Titles of actions, as a button has them.",
        examples=[{"remove_licenses": {"en": "Remove licences", "da": "Fjern licenser"}}],
    )
    attributes: dict[str, PlainText] | None = Field(
        None,
        title="Attributes",
        description=(
            "Titles of attributes, spelt as expressions spell them; those of the items of a list "
            "without an index."
        ),
        examples=[{"resource.lots.added_at": {"en": "Added", "da": "Tilføjet"}}],
    )
    values: dict[str, Annotated[dict[str, PlainText], Field(title="Titles by value")]] | None = (
        Field(
            None,
            title="Values",
            description=(
                "Titles of the values that attributes can have, by attribute, then by the member "
                "of its `enum`. Of a list, those of its items."
            ),
            examples=[{"resource.payment_method": {"card": {"en": "Card", "da": "Kort"}}}],
        )
    )


class PackFile(FilePart):
    """pack.yaml: what a pack of policies is called, which files it has and how it decides."""

    language: Literal[1] = Field(
        title="Language", description="The version of the format that the pack is written in: 1."
    )
    name: str = Field(
        title="Name",
        description=(
            "The name of the pack: lowercase words joined with `-`, or several with points."
        ),
        examples=["licenses"],
    )
    version: str | float = Field(
        title="Version",
        description="The version of the pack, as decisions quote it.",
        examples=["1.0.0"],
    )
    title: PlainText | None = Field(None, title="Title", description="What the pack is about.")
    request: (
        Annotated[dict[str, str], Field(title="Schemas by action", min_length=1)] | str | None
    ) = Field(
        None,
        title="Request schema",
        description=(
            "The JSON Schema of the requests that the pack decides: one file of the pack for all "
            "actions, or a mapping from actions (patterns are allowed, the first that matches "
            "counts) to files. With it every attribute that an expression reads is checked."
        ),
        examples=["request.schema.json"],
    )
    files: list[str] = Field(
        title="Files",
        description=(
            "The policy files of the pack, imported ones included. Their order is the order of "
            "reasons."
        ),
        examples=[["common.yaml", "roles.yaml"]],
        min_length=1,
    )
    combining: Literal["deny_overrides", "allow_overrides", "first_match"] | None = Field(
        None,
        title="Combining",
        description=(
            "How the rules that fire become one decision. `deny_overrides`, the usual: any denial"
            " denies, and all of them are reported. `allow_overrides`: anything that allows, "
            "allows. `first_match`: the first rule in the order of the files that fires decides "
            "alone."
        ),
    )
    default_locale: str | None = Field(
        None,
        title="Default locale",
        description=(
            "The language of texts without one, and the one to fall back to; `en` if left out."
        ),
        examples=["en"],
    )
    time_zone: str | None = Field(
        None,
        title="Time zone",
        description="The time zone of dates in messages; `UTC` if left out.",
        examples=["Europe/Copenhagen"],
    )
    functions: dict[str, HostFunction] | None = Field(
        None,
        title="Host functions",
        description=(
            "Functions that the host application provides, by the name that expressions use."
        ),
    )
    titles: Titles | None = Field(
        None,
        title="Titles",
        description="What people call the types, actions, attributes and values of requests.",
    )
