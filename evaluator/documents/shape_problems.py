"""The wording of what is wrong with the shape of a document: one function a problem.

The code is the caller's, as a policy file and a request schema are told apart by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluator.diagnostics import Diagnostic, Edit, Fix, Note, did_you_mean
from evaluator.documents.problems import quoted, shown
from evaluator.source import Span

__all__: list[str] = []  # every function here is for this package

_MOST_LISTED = 12


def _listed(words: Sequence[str], last: str = "or") -> str:
    words = [f"`{word}`" for word in words]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _replacement(span: Span, word: str) -> Fix:
    return Fix(f"replace it with `{word}`", (Edit(span, word),))


def unknown_key(code: str, span: Span, key: str, known: Iterable[str]) -> Diagnostic:
    known = sorted(known)
    guess = did_you_mean(key, known)
    fix = None
    if guess is not None:
        help_ = f"did you mean `{guess}`?"
        fix = _replacement(span, guess) if span.text == key else None
    elif 0 < len(known) <= _MOST_LISTED:
        help_ = f"here may stand {_listed(known)}"
    else:
        help_ = "remove it"
    return Diagnostic(code, f"the key {shown(key)} is not known here", span, help_, fix=fix)


def missing_key(code: str, span: Span, key: str, description: str | None) -> Diagnostic:
    help_ = f"add `{key}:`, {description[:1].lower()}{description[1:]}" if description else None
    message = f"the key `{key}` is missing"
    return Diagnostic(code, message, span, (help_ or f"add `{key}:`").rstrip("."))


def no_value(code: str, span: Span, what: str, expected: str) -> Diagnostic:
    return Diagnostic(code, f"{what} has no value", span, f"write {expected}, or remove it")


def read_as(code: str, span: Span, what: str, kind: str) -> Diagnostic:
    """A plain scalar that should be a text, but reads as something else."""
    cure = quoted(span.text).replace("'", '"')
    message = f"{what} must be a text, but {shown(span.text)} is {kind}"
    fix = Fix("quote it", (Edit(span, cure),))
    return Diagnostic(code, message, span, f"quote it: {cure}", fix=fix)


def wrong_type(
    code: str, span: Span, what: str, expected: str, found: str, description: str | None
) -> Diagnostic:
    message = f"{what} must be {expected}, not {found}"
    meant = f": {description[:1].lower()}{description[1:]}" if description else ""
    return Diagnostic(code, message, span, f"write {expected}{meant}")


def not_one_key(code: str, span: Span, what: str, keys: Sequence[str]) -> Diagnostic:
    message = f"{what} must have exactly one key"
    return Diagnostic(code, message, span, f"write {_listed(keys)}" if keys else None)


def not_allowed(code: str, span: Span, value: str, allowed: Sequence[str]) -> Diagnostic:
    """A value that is none of those listed."""
    guess = did_you_mean(value, allowed)
    help_ = f"did you mean `{guess}`? " if guess is not None else ""
    if len(allowed) <= _MOST_LISTED:
        help_ += f"write {_listed(allowed)}"
    fix = _replacement(span, guess) if guess is not None and span.text == value else None
    message = f"{shown(value)} is not allowed here"
    return Diagnostic(code, message, span, help_.strip() or None, fix=fix)


def out_of_bounds(code: str, span: Span, what: str, bound: str) -> Diagnostic:
    """``bound`` completes a sentence: "must be at least 1"."""
    return Diagnostic(code, f"{what} {bound}", span)


def empty(code: str, span: Span, what: str, kind: str) -> Diagnostic:
    return Diagnostic(
        code, f"{what} is an empty {kind}", span, "write something in it, or remove it"
    )


def wrong_form(code: str, span: Span, what: str, form: str, description: str | None) -> Diagnostic:
    message = f"{what} is not of the form `{form}`"
    return Diagnostic(code, message, span, description)


def repeated(code: str, span: Span, first: Span) -> Diagnostic:
    message = f"{shown(span.text)} stands in this list a second time"
    return Diagnostic(code, message, span, "remove it", (Note("it stands here first", first),))


def no_shape(code: str, span: Span, what: str, shapes: Sequence[str]) -> Diagnostic:
    """A mapping that is like several allowed ones, but like none of them enough to say which."""
    message = f"{what} has not the keys of any shape that is allowed here"
    return Diagnostic(code, message, span, f"write {' or '.join(shapes)}" if shapes else None)


def several_shapes(code: str, span: Span, what: str, keys: Sequence[str]) -> Diagnostic:
    message = f"{what} mixes shapes that exclude each other"
    help_ = f"write one of {_listed(keys)}" if len(keys) > 1 else None
    return Diagnostic(code, message, span, help_)


def refused(code: str, span: Span, what: str, description: str | None) -> Diagnostic:
    """A value that breaks a rule of the schema for which there are no better words."""
    return Diagnostic(code, f"{what} is not allowed here", span, description)
