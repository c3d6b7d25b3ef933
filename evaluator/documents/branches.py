"""Which of several schemas a value was meant for, when it satisfies none of them.

After ``best_match`` of jsonschema, but all problems with the likeliest branch are kept, and where
two branches are as likely, none is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

__all__ = ["chosen", "expected_types", "is_own", "mixed_keys"]

_CHOICES = ("anyOf", "oneOf")
_ORDER = ("expression", "string", "integer", "number", "boolean", "array", "object", "null")


def chosen(error: ValidationError) -> list[list[ValidationError]] | None:
    """The errors of the likeliest branches of a failed ``anyOf`` or ``oneOf``, by branch.

    No branch: the value has a type that none of them takes. Several: they are as likely. None:
    the value satisfies more than one branch of a ``oneOf``.
    """
    if not error.context:
        return None
    branches: dict[int, list[ValidationError]] = {}
    for item in error.context:
        branches.setdefault(int(item.relative_schema_path[0]), []).append(item)
    possible = [branch for branch in branches.values() if not _has_other_type(branch)]
    if not possible:
        return []
    least = min(_distance(branch) for branch in possible)
    return [branch for branch in possible if _distance(branch) == least]


def is_own(error: ValidationError) -> bool:
    """Whether an error is one of the value that was to satisfy the branch, not of a part of it."""
    return not error.relative_path


def _has_other_type(branch: Iterable[ValidationError]) -> bool:
    for error in branch:
        if is_own(error) and error.validator == "type":
            return True
        if is_own(error) and error.validator in _CHOICES and chosen(error) == []:
            return True
    return False


def _distance(branch: Sequence[ValidationError]) -> tuple[int, int]:
    return sum(is_own(error) for error in branch), len(branch)


def expected_types(errors: Iterable[ValidationError]) -> list[str]:
    """The JSON types that these errors ask for.

    "expression" is among them where a schema has that title.
    """
    found: set[str] = set()
    for error in errors:
        if error.validator == "type":
            types = error.validator_value
            found.update([types] if isinstance(types, str) else types)  # type: ignore[arg-type]
            if isinstance(error.schema, Mapping) and error.schema.get("title") == "Expression":
                found.add("expression")
        elif error.validator in _CHOICES:
            found.update(expected_types(filter(is_own, error.context or ())))
    return [name for name in _ORDER if name in found]


def mixed_keys(error: ValidationError) -> list[str]:
    """Keys of which a value has several, though each belongs to a branch of its own."""
    branches = error.validator_value
    schemas = [branch for branch in branches if isinstance(branch, Mapping)]  # type: ignore[union-attr]
    keys = {key for schema in schemas for key in schema.get("required", ())}
    present = error.instance if isinstance(error.instance, Mapping) else {}
    return sorted(key for key in keys if key in present)
