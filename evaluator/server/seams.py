"""What the application asks of its surroundings: who may ask, what is logged, what is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:  # the playground, which decides nothing here, starts sooner
    from evaluator.decision.decision import Decision
    from evaluator.decision.parts import PackInfo
    from evaluator.policy.model import Effect

__all__ = [
    "EVERYBODY",
    "NOBODY_WATCHES",
    "NOT_LOGGED",
    "Access",
    "Caller",
    "Gist",
    "Headers",
    "Journal",
    "Made",
    "Observer",
    "Permission",
]

Permission = Literal["evaluate", "search", "explain", "metrics"]
Headers = Mapping[bytes, bytes]
"""The headers of a request by their names in lower case; the first where there are several."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. ``name`` is None where nobody has to say who they are.

    ``type`` tells names of different origin apart.
    """

    name: str | None = None
    type: Literal["api_key", "jwt", "anonymous"] = "anonymous"


class Access(Protocol):
    """Who may ask for what."""

    async def admit(self, headers: Headers, permission: Permission) -> Caller:
        """The caller. Raises ``Refusal``: 401 for one nobody knows, 403 for one who may not."""
        ...


@dataclass(frozen=True, slots=True)
class Gist:
    """A decision without its words: what is counted of it, and asked."""

    effect: Effect
    rule_ids: tuple[str, ...]
    packs: tuple[PackInfo, ...]
    rules_erred: bool
    locale: str

    @classmethod
    def of(cls, decision: Decision) -> Gist:
        return cls(
            decision.effect,
            decision.rule_ids,
            decision.packs,
            decision.rules_erred,
            decision.locale,
        )

    @property
    def allowed(self) -> bool:
        return self.effect == "allow"


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A decision that was made for a caller, with the request it was made on and its id.

    ``told`` is the decision as JSON data, as the caller is told it; it is not to be changed.
    """

    id: str
    request: Mapping[str, Any]
    decision: Gist
    told: Mapping[str, Any]
    caller: Caller


class Journal(Protocol):
    """Where decisions are written down."""

    async def write(self, made: Sequence[Made]) -> None:
        """Writes decisions down before they are told. Raises ``Refusal`` (503) if that fails."""
        ...


class Observer(Protocol):
    """Who counts and times."""

    def decided(self, made: Made, seconds: float) -> None:
        """A decision was made in so many seconds."""
        ...

    def answered(self, endpoint: str, status: int, seconds: float) -> None:
        """A request to an endpoint, a path that there is or "", was answered."""
        ...


class _Everybody:
    async def admit(self, headers: Headers, permission: Permission) -> Caller:
        return _ANONYMOUS


_ANONYMOUS = Caller()


class _NotLogged:
    async def write(self, made: Sequence[Made]) -> None:
        return None


class _NobodyWatches:
    def decided(self, made: Made, seconds: float) -> None:
        return None

    def answered(self, endpoint: str, status: int, seconds: float) -> None:
        return None


EVERYBODY: Access = _Everybody()
NOT_LOGGED: Journal = _NotLogged()
NOBODY_WATCHES: Observer = _NobodyWatches()
