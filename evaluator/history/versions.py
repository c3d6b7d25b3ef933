"""A version of policies that is compared: its packs, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.decision.decision import Decision
from evaluator.engine import PolicySet
from evaluator.history.answers import Answer, answer_of
from evaluator.history.definitions import Definition, Key, definitions
from evaluator.policy.model import Effect, Pack
from evaluator.source import Files
from evaluator.suites.model import Question

__all__ = ["Version"]


class Version:
    """Packs and the files they were loaded from. Not to be shared between threads.

    ``name`` is what a person calls the version, ``prefix`` what stands before the names of its
    files when they are shown. ``locale`` is that of the words of answers, ``interpret`` as
    ``evaluator.load`` has it.
    """

    def __init__(
        self,
        name: str,
        files: Files,
        packs: Sequence[Pack],
        *,
        prefix: str = "",
        locale: str | None = None,
        interpret: bool = False,
    ) -> None:
        self.name = name
        self.files = files
        self.packs = tuple(packs)
        self.prefix = prefix
        self._now = 0
        self._policies = PolicySet(
            self.packs, clock=lambda: self._now, locale=locale, interpret=interpret
        )
        self._definitions: dict[Key, Definition] | None = None

    @property
    def definitions(self) -> dict[Key, Definition]:
        """What the packs define."""
        if self._definitions is None:
            self._definitions = definitions(self.packs, self.files)
        return self._definitions

    def decide(self, question: Question) -> Decision:
        """The decision on a question, at its moment."""
        self._now = question.now
        return self._policies.decide(question.request)

    def answer(self, question: Question, *, validity: bool = True) -> Answer:
        """What is compared of the decision on a question; see ``answer_of``."""
        return answer_of(self.decide(question), validity=validity)

    def effect(self, question: Question) -> Effect:
        """Allow or deny, which is soon known."""
        self._now = question.now
        return self._policies.effect_and_ids(question.request)[0]
