"""The published JSON Schema of the records in decision logs.

``python -m evaluator.history.schemas FOLDER...`` writes it anew after a change of the model. At run
time nothing reads it.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from evaluator.decision.schemas import INSTANT, DecisionDocument, RequestEnvelope, tidied
from evaluator.policy.published_schemas import DIALECT, write_schemas
from evaluator.policy.published_schemas import tidied as without_nulls

__all__ = ["DecisionRecord", "generate", "write"]

_HASH: Final = "^(hmac-)?sha256:[0-9a-f]{64}$"


class DecisionRecord(BaseModel):
    """A line of a decision log, its members in this order and without blanks between them."""

    model_config = ConfigDict(extra="forbid")

    schema_: Literal[1] = Field(alias="schema", description="The version of this format.")
    chain: str = Field(
        pattern="^[0-9a-f]{16}$", description="Which chain the record is of: a log, as a rule."
    )
    number: int = Field(ge=1, description="The number of the record in its chain, from 1.")
    written_at: str = Field(pattern=INSTANT, description="When it was written, by the clock.")
    id: str = Field(
        description="The id of the request, of a batch with the place in it; X-Request-ID if sent."
    )
    caller: str | None = Field(description="Who asked; null where nobody has to say who they are.")
    caller_type: Literal["api_key", "jwt", "anonymous"] | None = Field(
        None,
        description="Where the name is from: of a key's entry in the file of keys, or `sub` of a "
        "token. One name may be of both, and then is not the same caller.",
    )
    decided_at: str = Field(pattern=INSTANT, description="The moment that the decision is for.")
    request: RequestEnvelope
    decision: DecisionDocument
    masked: list[str] | None = Field(
        None,
        description="The JSON pointers of what in the request is not what was sent; it is not in "
        "the texts of the decision either.",
    )
    sampled: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="The share of such decisions that is written down, where that is not all.",
    )
    previous: str | None = Field(
        pattern=_HASH, description="The hash of the record before; null in the first."
    )
    hash: str = Field(
        pattern=_HASH,
        description="The SHA-256 of the bytes of the line before this member and its comma, or "
        "their HMAC.",
    )


def generate() -> dict[str, Any]:
    """The schema, made from the model."""
    schema: dict[str, Any] = tidied(without_nulls(DecisionRecord.model_json_schema(by_alias=True)))
    return {"$schema": DIALECT, **schema, "title": "A record of a decision log"}


def write(*folders: str) -> None:
    """Write the schema into some folders that exist."""
    write_schemas(["decision-log"], lambda _: generate(), folders)


if __name__ == "__main__":
    import sys

    write(*sys.argv[1:])
