"""The wording of what is wrong with rules, remedies, outputs and messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluator.diagnostics import Diagnostic, Note, Severity, did_you_mean
from evaluator.policy.wording import choice, replacement, ticks
from evaluator.source import Span

__all__: list[str] = []  # every function here is for this package


# Rules and what they are for


def applies_missing(span: Span, section: str) -> Diagnostic:
    return Diagnostic(
        "EVL425",
        f"the file has {section}, but does not say which requests they are for",
        span,
        help="add `applies_to` with `resource` and `actions`",
    )


def pattern_invalid(span: Span, written: str, problem: str) -> Diagnostic:
    return Diagnostic(
        "EVL423",
        f"the pattern `{written}` is not one: {problem}",
        span,
        help="`*` stands for one segment between colons, a final `**` for all that follow",
    )


def action_outside(span: Span, action: str, wider: Sequence[str]) -> Diagnostic:
    help_, fix = choice(span, action, wider, "add the action to `applies_to`, or take it out here")
    return Diagnostic(
        "EVL422",
        f"the file's `applies_to` does not cover the action `{action}`",
        span,
        help=help_,
        notes=(Note(f"its actions are {ticks(wider)}"),),
        fix=fix,
    )


def rule_repeated(span: Span, id_: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "EVL415",
        f"another rule has the id `{id_}` already",
        span,
        help="rule ids are unique in a pack: choose another one",
        notes=(Note("the other rule", first),),
    )


def not_an_instant(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL424",
        f"`{written}` is not an instant",
        span,
        help="write date, time and offset as in `2026-01-01T00:00:00Z` (RFC 3339)",
    )


def period_empty(span: Span) -> Diagnostic:
    return Diagnostic(
        "EVL424",
        "the rule would end before it begins",
        span,
        help="`until` must be later than `from`",
    )


def rule_implied(
    span: Span, id_: str, effect: str, earlier: tuple[str, Span], *, first_match: bool
) -> Diagnostic:
    name, place = earlier
    if first_match:
        message = f"`{id_}` never decides: `{name}` fires first, whenever this rule would"
        help_ = f"correct one of the conditions, put this rule before `{name}`, or remove it"
    else:
        verb = "allows" if effect == "allow" else "denies"
        message = f"`{id_}` is not needed: `{name}` {verb} whenever this rule does"
        help_ = "correct one of the conditions, or remove this rule"
    return Diagnostic("EVL437", message, span, help=help_, notes=(Note("the earlier rule", place),))


# Remedies


def remedy_repeated(span: Span, id_: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "EVL416",
        f"there is a remedy `{id_}` already",
        span,
        help="choose another id, or join the two",
        notes=(Note("the other one", first),),
    )


def shared_remedy_unknown(
    span: Span, id_: str, known: Sequence[str], elsewhere: Sequence[str]
) -> Diagnostic:
    if elsewhere:
        help_, fix = f"import {ticks(elsewhere)}, which has it", None
    else:
        otherwise = (
            f"shared remedies here are {ticks(known)}"
            if known
            else "define it under `remedies` of this file or of one that it imports"
        )
        help_, fix = choice(span, id_, known, otherwise)
    return Diagnostic("EVL417", f"there is no shared remedy `{id_}`", span, help=help_, fix=fix)


def remedy_path_root(span: Span, written: str, root: str, roots: Sequence[str]) -> Diagnostic:
    guess = did_you_mean(root, roots) if root not in roots else None
    if guess is not None:
        help_ = f"did you mean `{written.replace(root, guess, 1)}`?"
    else:
        help_ = f"attributes begin with {ticks(roots)} and a point"
    return Diagnostic("EVL418", f"`{written}` is not an attribute of the request", span, help=help_)


def remedy_path_shape(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL419",
        f"a remedy cannot set `{written}`",
        span,
        help="only whole attributes can be set, such as `context.effective`; no elements of lists",
    )


def remedy_path_fixed(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL419",
        f"a remedy cannot set `{written}`",
        span,
        help="ids and types say whom and what the request is about, which a remedy cannot change",
    )


def remedy_path_unknown(
    span: Span, path: Sequence[str], at: int, siblings: Sequence[str]
) -> Diagnostic:
    """``at`` is the part of the path that is not known, ``siblings`` what could stand there."""
    written = ".".join(path)
    before = ".".join(path[:at])
    guess = did_you_mean(path[at], siblings)
    fix = None
    if guess:
        whole = ".".join([*path[:at], guess, *path[at + 1 :]])
        help_ = f"did you mean `{whole}`?"
        fix = replacement(span, whole) if span.text == written else None
    elif siblings:
        help_ = f"`{before}` has {ticks(siblings)}; declare others in the request schema"
    else:
        help_ = f"`{before}` has no attributes that a remedy could set"
    return Diagnostic(
        "EVL418", f"the request has no attribute `{written}`", span, help=help_, fix=fix
    )


def remedy_value_type(span: Span, path: str, wanted: str, given: str) -> Diagnostic:
    return Diagnostic(
        "EVL306",
        f"`{path}` is of type `{wanted}`, but this is of type `{given}`",
        span,
        help=f"give an expression of type `{wanted}`, or `optional.none()` to remove the attribute",
    )


def remedy_value_unknown(span: Span, path: str, value: str, known: Sequence[str]) -> Diagnostic:
    guess = did_you_mean(value, known)
    help_ = f"did you mean `{guess}`?" if guess else f"it can be {ticks(known)}"
    return Diagnostic("EVL307", f"`{path}` cannot be `{value}`", span, help=help_)


# Outputs


def output_type_conflict(
    span: Span, name: str, type_: str, first: Span, expected: str
) -> Diagnostic:
    return Diagnostic(
        "EVL421",
        f"the output `{name}` is of type `{type_}` here and of type `{expected}` elsewhere",
        span,
        help="give all definitions of an output one type, or use two names",
        notes=(Note(f"of type `{expected}` here", first),),
    )


def labels_of_no_codes(span: Span, name: str, type_: str) -> Diagnostic:
    return Diagnostic(
        "EVL306",
        f"the output `{name}` has labels, but is of type `{type_}`",
        span,
        help="labels are for codes: make the value a string or a list of strings",
    )


def label_unknown(span: Span, code: str, codes: Iterable[str]) -> Diagnostic:
    help_, fix = choice(span, code, sorted(codes), "remove the label")
    return Diagnostic("EVL432", f"the value is never `{code}`", span, help=help_, fix=fix)


def label_missing(span: Span, name: str, codes: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "EVL432",
        f"the output `{name}` has no label for {ticks(codes)}",
        span,
        help="add the label, or people see the bare code",
    )


# Messages, languages and times


def template_unclosed(span: Span) -> Diagnostic:
    return Diagnostic(
        "EVL212",
        "the expression in the message is never closed",
        span,
        help="end it with `}`, or write `{{` for a brace",
    )


def template_stray_brace(span: Span) -> Diagnostic:
    return Diagnostic(
        "EVL212",
        "no expression begins before this brace",
        span,
        help="write `}}` for a brace",
    )


def template_empty(span: Span) -> Diagnostic:
    return Diagnostic(
        "EVL212",
        "there is no expression between the braces",
        span,
        help="write `{{}}` for braces",
    )


def not_renderable(span: Span, text: str, type_: str) -> Diagnostic:
    return Diagnostic(
        "EVL306",
        f"`{text}` is of type `{type_}`, which a message cannot put into words",
        span,
        help="use text, numbers, bools, times or lists of these",
    )


def date_style(span: Span, style: str, known: Sequence[str]) -> Diagnostic:
    guess = did_you_mean(style, known)
    help_ = f"did you mean `{guess}`?" if guess else f"styles are {ticks(known, 20)}"
    return Diagnostic("EVL306", f"`{style}` is not a style of dates", span, help=help_)


def plural_form(span: Span, form: str, known: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "EVL306",
        f"`{form}` is not a plural form",
        span,
        help=f"the forms are {ticks(known)}; each language uses some of them",
    )


def plural_without_other(span: Span) -> Diagnostic:
    return Diagnostic(
        "EVL306",
        "these forms lack `other`",
        span,
        help="add `other`, which every language has",
    )


def locale_unknown(span: Span, tag: str) -> Diagnostic:
    return Diagnostic(
        "EVL428",
        f"`{tag}` is not a language that we know",
        span,
        help="use a tag such as `en`, `da` or `da-DK`",
    )


def time_zone_unknown(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "EVL429",
        f"`{name}` is not a time zone",
        span,
        help="use a name such as `UTC` or `Europe/Copenhagen`",
    )


def translation_missing(span: Span, locales: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "EVL420",
        f"this text is not translated to {ticks(locales)}",
        span,
        help="add the translation; readers get the default language until then",
    )


def default_translation_missing(span: Span, locale: str) -> Diagnostic:
    return Diagnostic(
        "EVL420",
        f"this text lacks the pack's default language `{locale}`",
        span,
        help="add it: readers of other languages get it",
        severity=Severity.ERROR,
    )
