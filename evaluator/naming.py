"""Host functions that a command or a configuration names: ``module:attribute``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["NotNamedError", "named_mapping"]


class NotNamedError(Exception):
    """There is no mapping of that name; the text says why, as what follows the option."""


def named_mapping(name: str) -> Mapping[str, Callable[..., Any]]:
    """The mapping of functions by name that ``module:attribute`` names.

    The module is imported; one in the current folder is found, as ``python -m`` finds it.
    """
    module, _, attribute = name.partition(":")
    if not attribute:
        raise NotNamedError(f"takes MODULE:ATTRIBUTE, the name of a mapping, not {name!r}")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        found = getattr(import_module(module), attribute)
    except Exception as error:  # noqa: BLE001  # whatever the module raises
        raise NotNamedError(f"{name}: {type(error).__name__}: {error}") from None
    if not isinstance(found, Mapping):
        raise NotNamedError(f"{name} is no mapping of names to functions")
    return found
