"""Which overloads of a function a call may reach, from the types of its arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from evaluator.language.checking.inference import NEVER, Fit, fits, instantiate
from evaluator.language.functions.registry import Overload, Registry
from evaluator.language.types import (
    DYN,
    ERROR,
    STRING,
    EnumType,
    ListType,
    MapType,
    OptionalType,
    PrimitiveType,
    Type,
    TypeParameter,
)

__all__ = ["Resolution", "Resolver", "resolver_of"]

NO_ERRORS: Final[frozenset[str]] = frozenset()
_NO_OVERLOAD: Final = frozenset({"no_such_overload"})
_COST: Final = frozenset({"cost_exceeded"})
# Values of any two types can be compared: what is not known cannot fail.
_TOTAL: Final = frozenset({"_==_", "_!=_"})
_MAX_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a call comes to. ``certain`` is the one overload when types alone decide it.

    Otherwise the values do, at run time, and the call may find no overload.
    """

    result: Type
    errors: frozenset[str]
    certain: Overload | None


class Resolver:
    """Resolves the calls of the functions of one registry, remembering those of plain types."""

    def __init__(self, registry: Registry) -> None:
        self._functions = registry.names  # not the registry, which must be able to go
        self._candidates: dict[tuple[str, bool, int], tuple[Overload, ...]] = {}
        self._generic: dict[tuple[str, bool, int], bool] = {}
        self._known: dict[tuple[object, ...], Resolution | None] = {}
        self.namespaces: Final = frozenset(
            name.split(".", 1)[0] for name in registry.names if "." in name
        )

    def resolve(self, function: str, member: bool, arguments: list[Type]) -> Resolution | None:
        """How a call resolves; None when no overload takes these types."""
        place = (function, member, len(arguments))
        candidates = self._candidates.get(place)
        if candidates is None:
            candidates = self._find(place)
        if function in _TOTAL or not self._generic[place]:
            # A string out of a known set is like any string to those that ask for one.
            arguments = [STRING if type(type_) is EnumType else type_ for type_ in arguments]
        key = (*place, *arguments)
        known = self._known.get(key)
        if known is not None or key in self._known:
            return known
        resolution = _resolve(function, candidates, arguments)
        if len(self._known) < _MAX_REMEMBERED and all(map(_is_plain, arguments)):
            self._known[key] = resolution
        return resolution

    def _find(self, place: tuple[str, bool, int]) -> tuple[Overload, ...]:
        name, member, count = place
        function = self._functions.get(name)
        found = tuple(
            overload
            for overload in (function.overloads if function is not None else ())
            if overload.member is member and len(overload.parameters) == count
        )
        self._generic[place] = any(
            _is_generic(type_) for overload in found for type_ in overload.parameters
        )
        self._candidates[place] = found
        return found


def _resolve(
    function: str, candidates: tuple[Overload, ...], arguments: list[Type]
) -> Resolution | None:
    results: list[Type] = []
    errors = NO_ERRORS
    broken = ERROR in arguments
    for overload in candidates:
        bound: dict[str, Type] = {}
        fit = Fit.YES
        for parameter, argument in zip(overload.parameters, arguments, strict=True):
            fit = min(fit, fits(parameter, argument, bound))
            if fit is Fit.NO:
                break
        if fit is Fit.NO:
            continue
        result = instantiate(overload.result, bound, DYN if arguments else NEVER)
        kinds = overload.errors if overload.cost is None else overload.errors | _COST
        if (fit is Fit.YES or function in _TOTAL) and not results and not broken:
            return Resolution(result, kinds, overload)
        results.append(result)
        errors |= kinds
    if not results:
        return None
    first = results[0]
    if any(result != first for result in results):
        first = ERROR if broken else DYN
    return Resolution(first, errors | _NO_OVERLOAD, None)


def _is_generic(type_: Type) -> bool:
    """Whether it tells enums apart: it takes any type, or a part of it does."""
    if isinstance(type_, PrimitiveType):
        return False
    if isinstance(type_, (TypeParameter, EnumType)):
        return True
    if isinstance(type_, ListType):
        return _is_generic(type_.element)
    if isinstance(type_, MapType):
        return _is_generic(type_.key) or _is_generic(type_.value)
    return True


def _is_plain(type_: Type) -> bool:
    """Whether a type can be remembered: it is small and refers to no schema."""
    if isinstance(type_, PrimitiveType):
        return True
    if isinstance(type_, ListType):
        return isinstance(type_.element, PrimitiveType)
    if isinstance(type_, MapType):
        plain = isinstance(type_.key, PrimitiveType) and isinstance(type_.value, PrimitiveType)
        return plain and type_.keys is None
    return isinstance(type_, OptionalType) and isinstance(type_.value, PrimitiveType)


_RESOLVERS: WeakKeyDictionary[Registry, Resolver] = WeakKeyDictionary()


def resolver_of(registry: Registry) -> Resolver:
    """The resolver of a registry, made once."""
    resolver = _RESOLVERS.get(registry)
    if resolver is None:
        resolver = _RESOLVERS[registry] = Resolver(registry)
    return resolver
