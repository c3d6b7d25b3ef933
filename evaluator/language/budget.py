"""The cost budget of an evaluation: how much work its loops and size-dependent functions may do."""

from __future__ import annotations

from typing import Final

from evaluator.language.values import ErrorValue

__all__ = ["DEFAULT_BUDGET", "Budget", "BudgetExceededError"]

DEFAULT_BUDGET: Final = 100_000
"""Units that one expression may spend: turns of loops, elements and code points touched."""


class BudgetExceededError(Exception):
    """Raised inside an evaluation when the budget is spent; it ends as ``cost_exceeded``.

    ``error`` is the error of a variable whose own evaluation ended so, None otherwise. As an
    exception it passes by ``||`` and the like, which absorb errors.
    """

    def __init__(self, error: ErrorValue | None = None) -> None:
        super().__init__(error)
        self.error = error


class Budget:
    """Counts units down. One budget serves one evaluation."""

    __slots__ = ("left", "limit")

    def __init__(self, limit: int = DEFAULT_BUDGET) -> None:
        self.limit = limit
        self.left = limit

    @property
    def spent(self) -> int:
        return self.limit - self.left

    def spend(self, units: int) -> None:
        self.left -= units
        if self.left < 0:
            raise BudgetExceededError
