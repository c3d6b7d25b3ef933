"""Whether two objects are made of the same parts, joined in the same way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from evaluator.language.checker import Checked, Declaration
from evaluator.language.functions.registry import Registry
from evaluator.language.values import Map
from evaluator.policy.model import Variant
from evaluator.policy.request_types import RequestType
from evaluator.source import Fragment, Source

__all__ = ["assert_alike"]

_OF_CHECKED = [field.name for field in fields(Checked) if field.name != "parsed"]
_PLAIN = (type(None), bool, int, float, str, bytes)


def assert_alike(left: Any, right: Any) -> None:
    """Asserts it; what is one object in two places on one side is so on the other."""
    partners: dict[int, Any] = {}
    seen: set[tuple[int, int]] = set()
    waiting = [("", left, right)]
    while waiting:
        place, one, other = waiting.pop()
        if isinstance(one, _PLAIN):
            assert type(one) is type(other), place
            assert one == other or one != one, place  # NaN is like NaN
            continue
        equality: Any = type(one).__eq__
        if equality is object.__eq__:
            assert partners.setdefault(id(one), other) is other, f"{place} is two objects"
            assert partners.setdefault(-id(other), one) is one, f"{place} is one object"
        if (id(one), id(other)) not in seen:
            seen.add((id(one), id(other)))
            waiting.extend(_pairs(place, one, other))


def _pairs(place: str, one: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:
    place = f"{place}/{type(one).__name__}"
    if isinstance(one, (set, frozenset)):
        assert type(one) is type(other), place
        yield from _zipped(place, sorted(one, key=_order), sorted(other, key=_order))
    elif isinstance(one, (Mapping, Map)):
        assert list(one) == list(other), place
        yield from _zipped(place, *([value for _, value in x.items()] for x in (one, other)))
    elif isinstance(one, Sequence):
        assert isinstance(other, Sequence), place
        yield from _zipped(place, one, other)
    elif isinstance(one, Registry):
        assert list(one.names) == list(other.names), place
        assert [f.overloads[0].result for f in one] == [f.overloads[0].result for f in other]
    elif isinstance(one, Source):
        assert (one.name, one.text) == (other.name, other.text), place
    elif isinstance(one, Fragment):
        for name in ("text", "source", "segments", "end"):
            yield f"{place}.{name}", getattr(one, name), getattr(other, name)
    elif isinstance(one, Checked):
        # Of the tree as it was parsed, the resolved one stands in the place.
        for name in ("places", "names", "next_id"):
            yield f"{place}.{name}", getattr(one.parsed, name), getattr(other.parsed, name)
        for name in _OF_CHECKED:
            yield f"{place}.{name}", getattr(one, name), getattr(other, name)
    elif isinstance(one, RequestType):
        assert one.name == other.name, place
        yield f"{place}.roots", one.roots, other.roots
    else:
        assert type(one) is type(other), place
        if not is_dataclass(one):
            assert one == other, place
            return
        for field in fields(one):
            if not (isinstance(one, Variant) and field.name == "lookup"):
                name = field.name
                yield f"{place}.{name}", getattr(one, name), getattr(other, name)


def _zipped(place: str, one: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:
    assert len(one) == len(other), place
    yield from ((f"{place}[{at}]", *pair) for at, pair in enumerate(zip(one, other, strict=True)))


def _order(item: Any) -> str:
    """A text that is the same for what is alike."""
    if isinstance(item, tuple):
        return f"({','.join(map(_order, item))})"
    if isinstance(item, Declaration):
        return f"{item.kind} {item.type} {item.span}"
    return repr(item)
