"""The wording of everything that loading finds wrong with a pack beside its expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evaluator.diagnostics import Diagnostic, Edit, Fix, Note, Severity, did_you_mean
from evaluator.source import Span

__all__: list[str] = []  # every function here is for this package


def _ticks(words: Iterable[str], most: int = 12) -> str:
    words = list(words)
    shown = ", ".join(f"`{word}`" for word in words[:most])
    return f"{shown} and {len(words) - most} more" if len(words) > most else shown


def _replacement(span: Span, word: str) -> Fix:
    return Fix(f"replace it with `{word}`", (Edit(span, word),))


def _choice(span: Span, word: str, known: Iterable[str], otherwise: str) -> tuple[str, Fix | None]:
    """Help that names the word probably meant, else ``otherwise``; and the fix where it is one."""
    guess = did_you_mean(word, known)
    if guess is None:
        return otherwise, None
    return f"did you mean `{guess}`?", _replacement(span, guess) if span.text == word else None


# Packs and their files


def files_unreadable(problem: str) -> Diagnostic:
    return Diagnostic(
        "EVL002", f"the folder cannot be read: {problem}", help="check its name and permissions"
    )


def no_packs() -> Diagnostic:
    return Diagnostic(
        "EVL401",
        "there is no pack here",
        help="name a folder that has a pack.yaml, or whose folders have one",
    )


def policy_without_pack(name: str, folder: str) -> Diagnostic:
    return Diagnostic(
        "EVL401",
        f"the policy file `{name}` belongs to no pack",
        help=f"list it in a `{folder}pack.yaml`, or move it out: its rules would be lost",
    )


def language_version(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL402",
        f"the format version `{written}` is not one that this evaluator reads",
        span,
        help="write `language: 1`, or use a newer evaluator",
    )


def pack_name_invalid(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "EVL412",
        f"`{name}` cannot be the name of a pack",
        span,
        help="use letters, digits, `-` and `_`, in one word or in several with points between them",
    )


def pack_name_repeated(span: Span, name: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "EVL433",
        f"another pack is called `{name}` too",
        span,
        help="give each pack a name of its own",
        notes=(Note("the other one", first),),
    )


def policy_name(span: Span, written: str, expected: str) -> Diagnostic:
    return Diagnostic(
        "EVL403",
        f"the policy is called `{written}`, but its pack and file make it `{expected}`",
        span,
        help=f"write `policy: {expected}`",
        fix=_replacement(span, expected),
    )


def unlisted(span: Span, path: str) -> Diagnostic:
    return Diagnostic(
        "EVL404",
        f"the file `{path}` is in the pack's folder, but not among its files",
        span,
        help=f"add `{path}` to `files`, or move it out of the folder: its rules would be lost",
    )


def listed_missing(span: Span, written: str, known: Iterable[str]) -> Diagnostic:
    help_, fix = _choice(span, written, known, "add the file, or take it off the list")
    return Diagnostic("EVL405", f"the pack has no file `{written}`", span, help=help_, fix=fix)


def listed_twice(span: Span, written: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "EVL435",
        f"the file `{written}` is listed twice",
        span,
        help="take one of them off the list",
        notes=(Note("first listed here", first),),
    )


def same_stem(span: Span, written: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "EVL435",
        f"`{written}` and `{first.text}` would be policies of one name",
        span,
        help="rename one of the files",
        notes=(Note("the other one", first),),
    )


def path_leaves_pack(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL406",
        f"the path `{written}` leads out of the pack's folder",
        span,
        help="a pack is a closed folder: use a relative path to a file inside it",
    )


def schema_missing(span: Span, written: str, known: Iterable[str]) -> Diagnostic:
    help_, fix = _choice(span, written, known, "add the file, or correct its name")
    return Diagnostic(
        "EVL405", f"the pack has no request schema `{written}`", span, help=help_, fix=fix
    )


# Imports and names


def import_missing(span: Span, written: str, known: Sequence[str]) -> Diagnostic:
    otherwise = f"the files of the pack are {_ticks(known)}" if known else "correct the name"
    help_, fix = _choice(span, written, known, otherwise)
    return Diagnostic(
        "EVL407", f"there is no file `{written}` to import", span, help=help_, fix=fix
    )


def import_not_listed(span: Span, path: str) -> Diagnostic:
    return Diagnostic(
        "EVL434",
        f"the file `{path}` is imported, but not among the pack's files",
        span,
        help=f"add `{path}` to `files` in pack.yaml",
    )


def import_cycle(span: Span, circle: Sequence[str]) -> Diagnostic:
    if len(circle) == 2:
        message = f"`{circle[0]}` imports itself"
    else:
        message = f"these files import each other: {' -> '.join(f'`{name}`' for name in circle)}"
    return Diagnostic(
        "EVL408",
        message,
        span,
        help="move what both need into a file that imports neither",
    )


def imported_twice(span: Span, written: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "EVL409",
        f"`{written}` is imported twice",
        span,
        help="remove one of the imports",
        notes=(Note("first imported here", first),),
    )


def import_unused(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL409", f"nothing of `{written}` is used here", span, help="remove the import"
    )


def name_clash(span: Span, name: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "EVL410",
        f"`{name}` is defined twice",
        span,
        help="constants, tables and variables share one namespace: rename one of them",
        notes=(Note("first defined here", first),),
    )


def import_clash(span: Span, name: str, known: Span, imported: Span) -> Diagnostic:
    return Diagnostic(
        "EVL410",
        f"the import brings `{name}`, which is defined already",
        span,
        help="rename one of them",
        notes=(Note("defined here", known), Note("and in the imported file", imported)),
    )


def name_reserved(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "EVL411",
        f"`{name}` is a word of the expression language, a function or a part of the request",
        span,
        help="choose another name",
    )


def name_invalid(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "EVL412",
        f"`{name}` cannot be used as a name in expressions",
        span,
        help="use letters, digits and `_`, and do not begin with a digit",
    )


def id_invalid(span: Span, id_: str) -> Diagnostic:
    return Diagnostic(
        "EVL412",
        f"`{id_}` cannot be an id",
        span,
        help="use letters, digits, `-`, `_` and points",
    )


def rule_id_reserved(span: Span, id_: str) -> Diagnostic:
    return Diagnostic(
        "EVL411",
        f"decisions use the id `{id_}` for a reason of their own",
        span,
        help="choose another id",
    )


def definition_cycle(span: Span, names: Sequence[str], spans: Sequence[Span]) -> Diagnostic:
    if len(names) == 1:
        message = f"`{names[0]}` uses itself"
    else:
        message = f"`{names[0]}` uses itself, through {_ticks(names[1:])}"
    notes = tuple(
        Note(f"`{name}` is here", span) for name, span in zip(names[1:], spans[1:], strict=True)
    )
    return Diagnostic(
        "EVL413", message, span, help="definitions may not depend on themselves", notes=notes
    )


def unused_definition(span: Span, kind: str, name: str) -> Diagnostic:
    return Diagnostic("EVL414", f"the {kind} `{name}` is not used", span, help="remove it")


def constant_not_constant(span: Span, name: str, used: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "EVL427",
        f"the constant `{name}` depends on {_ticks(used)}",
        span,
        help="constants are made of constants and tables; make it a variable",
    )


def constant_error(span: Span, name: str, message: str) -> Diagnostic:
    return Diagnostic(
        "EVL427",
        f"the constant `{name}` has no value: {message}",
        span,
        help="constants are evaluated when the pack is loaded; correct the expression",
    )


# Tables


def table_mixed(span: Span, type_: str, first: Span, expected: str) -> Diagnostic:
    if {type_, expected} == {"int", "double"}:
        help_ = "write all numbers with a point, or none of them"
    else:
        help_ = "give all values of one list or mapping one type"
    return Diagnostic(
        "EVL426",
        f"a value of type `{type_}` stands beside values of type `{expected}`",
        span,
        help=help_,
        notes=(Note(f"this has the type `{expected}`", first),),
    )


def table_null(span: Span) -> Diagnostic:
    return Diagnostic(
        "EVL426", "a table cannot hold null", span, help="give a value, or leave the entry out"
    )


def table_number(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL426",
        f"`{written}` is not a number that expressions can hold",
        span,
        help="ints have 64 bits, and doubles are finite",
    )


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
    help_, fix = _choice(span, action, wider, "add the action to `applies_to`, or take it out here")
    return Diagnostic(
        "EVL422",
        f"the file's `applies_to` does not cover the action `{action}`",
        span,
        help=help_,
        notes=(Note(f"its actions are {_ticks(wider)}"),),
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
        help_, fix = f"import {_ticks(elsewhere)}, which has it", None
    else:
        otherwise = (
            f"shared remedies here are {_ticks(known)}"
            if known
            else "define it under `remedies` of this file or of one that it imports"
        )
        help_, fix = _choice(span, id_, known, otherwise)
    return Diagnostic("EVL417", f"there is no shared remedy `{id_}`", span, help=help_, fix=fix)


def remedy_path_root(span: Span, written: str, root: str, roots: Sequence[str]) -> Diagnostic:
    guess = did_you_mean(root, roots) if root not in roots else None
    if guess is not None:
        help_ = f"did you mean `{written.replace(root, guess, 1)}`?"
    else:
        help_ = f"attributes begin with {_ticks(roots)} and a point"
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
        fix = _replacement(span, whole) if span.text == written else None
    elif siblings:
        help_ = f"`{before}` has {_ticks(siblings)}; declare others in the request schema"
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
    help_ = f"did you mean `{guess}`?" if guess else f"it can be {_ticks(known)}"
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
    help_, fix = _choice(span, code, sorted(codes), "remove the label")
    return Diagnostic("EVL432", f"the value is never `{code}`", span, help=help_, fix=fix)


def label_missing(span: Span, name: str, codes: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "EVL432",
        f"the output `{name}` has no label for {_ticks(codes)}",
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
    help_ = f"did you mean `{guess}`?" if guess else f"styles are {_ticks(known, 20)}"
    return Diagnostic("EVL306", f"`{style}` is not a style of dates", span, help=help_)


def plural_form(span: Span, form: str, known: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "EVL306",
        f"`{form}` is not a plural form",
        span,
        help=f"the forms are {_ticks(known)}; each language uses some of them",
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
        f"this text is not translated to {_ticks(locales)}",
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


# Host functions


def host_function_missing(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "EVL430",
        f"the application does not provide the function `{name}`",
        span,
        help=f'pass it: `load(..., functions={{"{name}": ...}})`',
    )


def host_function_undeclared(name: str, declared: Iterable[str]) -> Diagnostic:
    guess = did_you_mean(name, declared)
    return Diagnostic(
        "EVL436",
        f"the application provides a function `{name}` that no pack declares",
        help=f"did you mean `{guess}`?" if guess else "declare it under `functions` in pack.yaml",
    )


def host_function_reserved(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "EVL431",
        f"`{name}` is a function or a word of the expression language already",
        span,
        help="choose another name",
    )


def signature_syntax(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL431",
        f"`{written}` is not a signature",
        span,
        help="write the types as in `(string, int) -> bool`",
    )


def signature_type(span: Span, problem: str) -> Diagnostic:
    return Diagnostic(
        "EVL431",
        problem,
        span,
        help="types are `int`, `string`, `list(string)`, `map(string, int)`, `optional(int)`, ...",
    )


def error_kind_unknown(span: Span, written: str, known: Mapping[str, str]) -> Diagnostic:
    help_, fix = _choice(span, written, known, f"the kinds are {_ticks(known, 20)}")
    return Diagnostic("EVL431", f"there is no error kind `{written}`", span, help=help_, fix=fix)
