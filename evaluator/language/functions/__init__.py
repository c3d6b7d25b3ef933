"""The functions of the language, a file a family, and the registry of all of them."""

from evaluator.language.functions import (
    arithmetic,
    bits,
    comparison,
    conversions,
    encoders,
    formatting,
    lists,
    maths,
    network,
    optionals,
    regexes,
    rounding,
    sets,
    strings,
    times,
)
from evaluator.language.functions.registry import Example, Function, Overload, Registry

__all__ = ["STANDARD", "Example", "Function", "Overload", "Registry"]

STANDARD = Registry(
    function
    for family in (
        arithmetic,
        comparison,
        conversions,
        strings,
        formatting,
        regexes,
        encoders,
        times,
        lists,
        maths,
        optionals,
        network,
        sets,
        rounding,
        bits,
    )
    for function in family.FUNCTIONS
)
