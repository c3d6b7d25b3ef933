"""Bad expressions in Markdown with what is said of them.

``python -m tests.language.bad_expressions`` writes down anew what is said; read the difference.
"""

from __future__ import annotations

from pathlib import Path

from evaluator.errors import PolicyError
from evaluator.language.parser import parse
from evaluator.source import Fragment
from tests.documents.cases import Case, described, read_cases, write_cases

__all__ = ["CASES", "Case", "said_of", "said_of_fragment"]

_FILE = str(Path(__file__).with_name("bad_expressions.md"))
CASES = tuple(read_cases(_FILE))


def said_of(text: str) -> str:
    """What is said of a text, the empty string if it is an expression."""
    return said_of_fragment(Fragment.whole(text))


def said_of_fragment(fragment: Fragment) -> str:
    try:
        parse(fragment)
    except PolicyError as error:
        return described(error.diagnostics)
    return ""


if __name__ == "__main__":
    write_cases(_FILE, "cel", said_of)
