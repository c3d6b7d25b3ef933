"""Masking: what of a request is not written down, by JSON pointer and by condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from evaluator.diagnostics import Diagnostic
from evaluator.errors import EvaluationError, PolicyError
from evaluator.expression import Expression
from evaluator.history.log import MASK
from evaluator.server.log import problems
from evaluator.server.log.settings import MaskSetting

__all__ = ["MASK", "Masks", "condition_problems", "pointer_problem", "read_masks"]

_ENTITIES: Final = ("subject", "action", "resource")
_NAMES: Final = (*_ENTITIES, "context")
_TYPES: Final = dict.fromkeys(_NAMES, "dyn")
_ANY: Final = "*"
# A shorter text would be found in words that have nothing to do with it.
_SHORTEST: Final = 3
# Where a decision has words and values that come from requests; all else are the policies' own.
_REPEATING: Final = frozenset({"description", "message", "outputs", "sets"})


@dataclass(frozen=True, slots=True, eq=False)
class _Mask:
    path: tuple[str, ...]
    when: Expression | None

    def holds(self, variables: Mapping[str, Any]) -> bool:
        """Whether the mask is put on. A condition without an answer hides rather than shows."""
        if self.when is None:
            return True
        try:
            return self.when.evaluate(variables) is not False
        except EvaluationError:
            return True


class Masks:
    """The masks that are put on the requests of a log, and on what decisions repeat of them."""

    __slots__ = ("_conditional", "_masks")

    def __init__(self, masks: Sequence[_Mask]) -> None:
        self._masks = tuple(masks)
        self._conditional = any(mask.when is not None for mask in masks)

    def __bool__(self) -> bool:
        return bool(self._masks)

    def put_on(
        self, request: Mapping[str, Any], decision: Mapping[str, Any]
    ) -> tuple[Mapping[str, Any], Mapping[str, Any], list[str]]:
        """A request and a decision with masks, and the JSON pointers of what they cover.

        Texts that are masked in the request are masked wherever the decision has them too.
        """
        variables = _variables(request) if self._conditional else {}
        hidden: set[str] = set()
        found: dict[str, None] = {}
        masked: Any = request
        for mask in self._masks:
            if mask.holds(variables):
                masked = _masked(masked, mask.path, "", found, hidden)
        texts = sorted(
            (text for text in hidden if len(text) >= _SHORTEST and text not in MASK),
            key=lambda text: (-len(text), text),
        )
        return masked, _without(decision, texts) if texts else decision, list(found)


def read_masks(settings: Sequence[MaskSetting]) -> tuple[Masks, tuple[Diagnostic, ...]]:
    """The masks that settings ask for, and what is wrong with those that are left out."""
    masks = []
    found: list[Diagnostic] = []
    for setting in settings:
        wrong = pointer_problem(setting.pointer)
        if setting.when is not None:
            wrong += condition_problems(setting.when)
        found += wrong
        if not wrong:
            when = None if setting.when is None else Expression(setting.when, _TYPES)
            masks.append(_Mask(_path(setting.pointer)[0], when))
    return Masks(masks), tuple(found)


def pointer_problem(pointer: str) -> tuple[Diagnostic, ...]:
    """What is wrong with the pointer of a mask, if anything."""
    diagnostic = _path(pointer)[1]
    return () if diagnostic is None else (diagnostic,)


def condition_problems(text: str) -> tuple[Diagnostic, ...]:
    """What is wrong with the condition of a mask."""
    try:
        Expression(text, _TYPES)
    except PolicyError as error:
        return error.diagnostics
    return ()


def _path(pointer: str) -> tuple[tuple[str, ...], Diagnostic | None]:
    start, *segments = pointer.split("/")
    if start or not segments or "" in segments:
        return (), problems.mask_pointer(pointer)
    path = tuple(segment.replace("~1", "/").replace("~0", "~") for segment in segments)
    if path[0] not in _NAMES:
        return (), problems.mask_root(pointer, path[0])
    if len(path) == 1 or (path[0] in _ENTITIES and path[1:] in (("properties",), (_ANY,))):
        return (), problems.mask_whole(pointer)
    return path, None


def _variables(request: Mapping[str, Any]) -> dict[str, Any]:
    """The names that conditions have: those of policies, ``subject.email`` of properties too."""
    found: dict[str, Any] = {"context": request.get("context", {})}
    for name in _ENTITIES:
        entity = request[name]
        own = {key: entity[key] for key in ("type", "id", "name") if key in entity}
        found[name] = {**entity.get("properties", {}), **own}
    return found


def _masked(
    value: Any, path: tuple[str, ...], at: str, found: dict[str, None], hidden: set[str]
) -> Any:
    """A copy with a mask on what a path leads to; what is not there needs none."""
    if not path:
        if value != MASK:
            hidden.update(_texts(value))
        found[at] = None
        return MASK
    name, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        names = list(value) if name == _ANY else [name] if name in value else []
        changed = {
            key: _masked(value[key], rest, f"{at}/{_escaped(key)}", found, hidden) for key in names
        }
        return {**value, **changed} if changed else value
    if isinstance(value, list):
        items = list(value)
        for index, item in enumerate(value):
            if name in (_ANY, str(index)):
                items[index] = _masked(item, rest, f"{at}/{index}", found, hidden)
        return items
    return value


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _without(value: Any, texts: Sequence[str], *, repeats: bool = False) -> Any:
    if isinstance(value, str):
        if repeats:
            for text in texts:
                value = value.replace(text, MASK)
        return value
    if isinstance(value, Mapping):
        return {
            key: _without(item, texts, repeats=repeats or key in _REPEATING)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_without(item, texts, repeats=repeats) for item in value]
    return value
