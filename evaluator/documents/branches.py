"""Which of several schemas a value was meant for, when it satisfies none of them.

After ``best_match`` of jsonschema, but all problems with the likeliest branch are kept, and where
two branches are as likely, none is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

__all__ = ["chosen", "expected_types", "mixed_keys"]

_CHOICES = ("anyOf", "oneOf")
_ORDER = ("string", "integer", "number", "boolean", "array", "object", "null")


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


def _is_own(error: ValidationError) -> bool:
    """Whether an error is one of the value that was to satisfy the branch, not of a part of it."""
    return not error.relative_path


def _has_other_type(branch: Iterable[ValidationError]) -> bool:
    for error in branch:
        if _is_own(error) and error.validator == "type":
            return True
        if _is_own(error) and error.validator in _CHOICES and chosen(error) == []:
            return True
    return False


def _distance(branch: Sequence[ValidationError]) -> tuple[int, int]:
    return sum(_is_own(error) for error in branch), len(branch)


def expected_types(errors: Iterable[ValidationError]) -> list[str]:
    """The JSON types that branches take, "expression" among them where a schema has that title."""
    found: set[str] = set()
    for error in errors:
        if not _is_own(error) and error.parent is not None:
            continue
        ...
    return [name for name in (*_ORDER, "expression") if name in found]
