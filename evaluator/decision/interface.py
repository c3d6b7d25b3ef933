"""What every decision can be asked, whoever made it: this process, or a service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from evaluator.decision.parts import Notice, PackInfo, Problem, Reason, Remedy
from evaluator.language.values import Timestamp
from evaluator.policy.model import Effect

__all__ = ["AnyDecision"]


class AnyDecision(Protocol):
    """A decision, to be read. ``Decision`` says what each part means."""

    @property
    def effect(self) -> Effect: ...

    @property
    def allowed(self) -> bool: ...

    @property
    def rule_ids(self) -> tuple[str, ...]: ...

    @property
    def reasons(self) -> tuple[Reason, ...]: ...

    @property
    def remedies(self) -> tuple[Remedy, ...]: ...

    @property
    def outputs(self) -> Mapping[str, Any]: ...

    @property
    def valid_until(self) -> Timestamp | None: ...

    @property
    def notices(self) -> tuple[Notice, ...]: ...

    @property
    def errors(self) -> tuple[Problem, ...]: ...

    @property
    def packs(self) -> tuple[PackInfo, ...]: ...

    @property
    def decided_at(self) -> Timestamp: ...

    @property
    def locale(self) -> str: ...

    def to_dict(self, locale: str | None = None) -> dict[str, Any]: ...
