"""Conditions that a policy writes as a tree of ``all``, ``any`` and ``none``, as one expression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal as OneOf

from evaluator.language.places import Place, Places
from evaluator.language.syntax import Call, Logical, Parsed

__all__ = ["combine"]


def combine(operator: OneOf["all", "any", "none"], parts: Sequence[Parsed], place: Place) -> Parsed:
    """Combine as ``all`` (``&&``), ``any`` (``||``) or ``none`` (``!(a || b)``), in order.

    The parts (one or more) were parsed with disjoint ids; ``place`` is where the node stands. A
    part that is a chain of the same operator stays a node of its own, to be shown as written.
    """
    places = Places.joined(part.places for part in parts)
    names = Places.joined(part.names for part in parts)
    next_id = max(part.next_id for part in parts)
    root = parts[0].root
    if len(parts) > 1:
        sign = "&&" if operator == "all" else "||"
        root = Logical(next_id, sign, tuple(part.root for part in parts))
        places.add(next_id, *place)
        next_id += 1
    if operator == "none":
        root = Call(next_id, "!_", None, (root,))
        places.add(next_id, *place)
        next_id += 1
    return Parsed(root, places, names, next_id)
