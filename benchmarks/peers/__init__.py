"""The twelve rules in other engines: one module each, with ``PACKAGE`` and ``load()``.

``load()`` gives a function from a request to its answer; what can be made ready beforehand is.
Each is written the way that was fastest of those that its documentation offers: all rules in one
compiled expression where there is one, and only what the rules read handed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from benchmarks.twelve_rules import Answer

__all__ = ["PACKAGES", "Peer", "found"]

Decide = Callable[[Mapping[str, Any]], Answer]

_MODULES: Final = {
    "datalogic-py": "datalogic",
    "zen-engine": "zen",
    "common-expression-language": "common_expression",
    "cel-expr-python": "cel_expr",
    "cedarpy": "cedar",
    "cel-python": "cel_python",
}
PACKAGES: Final = tuple(_MODULES)
_NOT_TO_BE_HAD: Final = {"regorus": "skipped: it is not on PyPI"}


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine by the name of its package, and the twelve rules in it."""

    package: str
    decide: Decide


def found() -> tuple[list[Peer], dict[str, str]]:
    """The peers that are installed, and why each of the others is left out, in a line."""
    peers: list[Peer] = []
    skipped = dict(_NOT_TO_BE_HAD)
    for package, module in _MODULES.items():
        try:
            peers.append(Peer(package, import_module(f"benchmarks.peers.{module}").load()))
        except ImportError as error:
            skipped[package] = f"skipped: {error}; pip install '.[bench]' has it"
    return peers, skipped
