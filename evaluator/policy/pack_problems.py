"""The wording of what is wrong with packs, their files, imports, names and host functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evaluator.diagnostics import Diagnostic, Note, did_you_mean
from evaluator.policy.wording import choice, replacement, ticks
from evaluator.source import Span

__all__: list[str] = []  # every function here is for this package


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
        fix=replacement(span, expected),
    )


def unlisted(span: Span, path: str) -> Diagnostic:
    return Diagnostic(
        "EVL404",
        f"the file `{path}` is in the pack's folder, but not among its files",
        span,
        help=f"add `{path}` to `files`, or move it out of the folder: its rules would be lost",
    )


def listed_missing(span: Span, written: str, known: Iterable[str]) -> Diagnostic:
    help_, fix = choice(span, written, known, "add the file, or take it off the list")
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
    help_, fix = choice(span, written, known, "add the file, or correct its name")
    return Diagnostic(
        "EVL405", f"the pack has no request schema `{written}`", span, help=help_, fix=fix
    )


# Imports and names


def import_missing(span: Span, written: str, known: Sequence[str]) -> Diagnostic:
    otherwise = f"the files of the pack are {ticks(known)}" if known else "correct the name"
    help_, fix = choice(span, written, known, otherwise)
    return Diagnostic(
        "EVL407", f"there is no file `{written}` to import", span, help=help_, fix=fix
    )


def import_not_listed(span: Span, path: str, files: Span) -> Diagnostic:
    return Diagnostic(
        "EVL434",
        f"the file `{path}` is imported, but not among the pack's files",
        span,
        help=f"add `{path}` to `files` in pack.yaml",
        notes=(Note("the pack's files are listed here", files),),
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
        message = f"`{names[0]}` uses itself, through {ticks(names[1:])}"
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
        f"the constant `{name}` depends on {ticks(used)}",
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


# Titles


def title_unknown(span: Span, kind: str, name: str, known: Sequence[str]) -> Diagnostic:
    """``kind`` is what it would be the title of, such as "the action"."""
    otherwise = f"the policies are for {ticks(known)}" if known else "take the title out"
    help_, fix = choice(span, name, known, otherwise)
    return Diagnostic("EVL438", f"no policy is for {kind} `{name}`", span, help=help_, fix=fix)


def title_attribute_unknown(
    span: Span, path: Sequence[str], at: int, siblings: Sequence[str]
) -> Diagnostic:
    """``at`` is the part of the path that is not known, ``siblings`` what could stand there."""
    message = f"the request schema has no attribute `{'.'.join(path)}`"
    guess = did_you_mean(path[at], siblings)
    fix = None
    if guess is not None:
        whole = ".".join([*path[:at], guess, *path[at + 1 :]])
        help_ = f"did you mean `{whole}`?"
        fix = replacement(span, whole) if span.text == ".".join(path) else None
    elif at == 0:
        help_ = f"attributes begin with {ticks(siblings)} and a point"
    elif siblings:
        help_ = f"`{'.'.join(path[:at])}` has {ticks(siblings)}"
    else:
        help_ = f"`{'.'.join(path[:at])}` has no attributes"
    return Diagnostic("EVL438", message, span, help=help_, fix=fix)


def title_without_enum(span: Span, attribute: str) -> Diagnostic:
    return Diagnostic(
        "EVL438",
        f"the values of `{attribute}` are no choice of names",
        span,
        help="only values of an `enum` of texts in the request schema have titles",
    )


def title_value_unknown(span: Span, attribute: str, value: str, known: Sequence[str]) -> Diagnostic:
    help_, fix = choice(span, value, known, f"its values are {ticks(known)}")
    return Diagnostic("EVL438", f"`{attribute}` is never `{value}`", span, help=help_, fix=fix)


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
    help_, fix = choice(span, written, known, f"the kinds are {ticks(known, 20)}")
    return Diagnostic("EVL431", f"there is no error kind `{written}`", span, help=help_, fix=fix)
