"""What the formats of our files have in common: how their models are made, and kinds of texts."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

__all__ = [
    "Expression",
    "FilePart",
    "Id",
    "Localized",
    "Pattern",
    "PatternList",
    "PlainText",
    "in_words",
]


def in_words(model: type[Any]) -> str:
    """The title of a model: ``AppliesTo`` in words."""
    words = "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in model.__name__)
    return words.strip().capitalize()


class FilePart(BaseModel):
    """A mapping in a file, in which no other keys than the declared ones may stand."""

    model_config = ConfigDict(extra="forbid", frozen=True, model_title_generator=in_words)


Expression = TypeAliasType(
    "Expression",
    Annotated[
        str | bool | int | float | None,
        Field(
            title="Expression",
            description=(
                "An expression in CEL. It is read from the text as it is written, whatever YAML "
                "would make of it. Quote it, or put it under `|`, when it begins with a quote or "
                "`!`, or contains `: ` or ` #`."
            ),
            examples=['resource.purchase_channel == "prepaid"', "open_lots.size() == 0"],
        ),
    ],
)
Message = TypeAliasType(
    "Message",
    Annotated[
        str,
        Field(
            title="Message",
            description=(
                "Text for people. `{expression}` is replaced by a value, formatted for the "
                "language; `{{` and `}}` are braces. Besides all functions there are "
                '`date(timestamp, style, zone)` and `plural(number, {"one": ..., "other": ...})`.'
            ),
            examples=["The term ends on {resource.term_end}."],
        ),
    ],
)
Localized = TypeAliasType(
    "Localized",
    Annotated[
        Annotated[
            dict[str, Message],
            Field(
                title="Message by language",
                description=(
                    "Locale tags such as `en`, `da` or `da-DK`, each with the message in it."
                ),
                min_length=1,
            ),
        ]
        | Message,
        Field(
            title="Localised message",
            description=(
                "A message by language, or one text, which is in the pack's default language."
            ),
            examples=[{"en": "A credit check is pending.", "da": "En kreditkontrol er i gang."}],
        ),
    ],
)
PlainText = TypeAliasType(
    "PlainText",
    Annotated[
        Annotated[dict[str, str], Field(title="Text by language", min_length=1)] | str,
        Field(
            title="Title",
            description=(
                "A short plain text by language, or one text, which is in the pack's default "
                "language. Braces mean nothing in it."
            ),
            examples=[{"en": "Who may buy", "da": "Hvem der må købe"}],
        ),
    ],
)
Pattern = TypeAliasType(
    "Pattern",
    Annotated[
        str,
        Field(
            title="Name or pattern",
            description=(
                "A name. `*` stands for one whole segment between colons, a final `**` for all "
                "that follow."
            ),
            examples=["subscription", "billing:*", "**"],
            min_length=1,
        ),
    ],
)
PatternList = TypeAliasType(
    "PatternList",
    Annotated[
        Annotated[list[Pattern], Field(title="Names or patterns", min_length=1)] | Pattern,
        Field(title="Names or patterns", description="One name or pattern, or a list of them."),
    ],
)
Id = Annotated[str, Field(min_length=1)]
