"""The wording of what is wrong with suites: one function a problem."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluator.diagnostics import Diagnostic, Note, did_you_mean, shortened
from evaluator.policy.wording import choice, replacement, ticks
from evaluator.source import Span

__all__: list[str] = []  # every function here is for this package


# Files


def suite_name(span: Span, written: str, expected: str) -> Diagnostic:
    return Diagnostic(
        "EVL701",
        f"the suite is called `{written}`, but its pack and file make it `{expected}`",
        span,
        help=f"write `suite: {expected}`",
        fix=replacement(span, expected),
    )


def unused_file(span: Span, path: str, *, has_cases: bool) -> Diagnostic:
    if has_cases:
        folder = path[: path.rfind("/") + 1]
        stem = folder + path[len(folder) :].partition(".")[0]
        help_ = f"call it `{stem}.suite.yaml`: its cases would never be run"
        message = f"the file `{path}` has cases, but not the name of a suite"
        return Diagnostic("EVL702", message, span, help=help_)
    return Diagnostic(
        "EVL702",
        f"the file `{path}` is no suite, and no suite imports it",
        span,
        help="import its fixtures, or remove it; suites are called `*.suite.yaml`",
    )


def import_missing(span: Span, written: str, known: Iterable[str]) -> Diagnostic:
    help_, fix = choice(span, written, known, "add the file, or correct the name")
    message = f"there is no file of fixtures `{written}` to import"
    return Diagnostic("EVL703", message, span, help=help_, fix=fix)


def import_leaves_suites(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL703",
        f"the path `{written}` leads out of the pack's suites",
        span,
        help="name a file in the folder `suites`",
    )


def import_of_suite(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL703",
        f"`{written}` is a suite itself",
        span,
        help="move the fixtures that both use to a file of their own, and import that in both",
    )


def imported_twice(span: Span, written: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "EVL703",
        f"`{written}` is imported twice",
        span,
        help="remove one of the imports",
        notes=(Note("first imported here", first),),
    )


# Fixtures


def fixture_unknown(
    span: Span, kind: str, written: str, known: Iterable[str], elsewhere: str | None
) -> Diagnostic:
    """``elsewhere`` is a file with a fixture of this name that is not imported."""
    known = sorted(known)
    otherwise = f"`{kind}` has {ticks(known)}" if known else f"write it under `fixtures: {kind}:`"
    if elsewhere is not None:
        return Diagnostic(
            "EVL704",
            f"there is no fixture `{written}` among `{kind}`",
            span,
            help=f"`{elsewhere}` has one: import it",
        )
    help_, fix = choice(span, written, known, otherwise)
    message = f"there is no fixture `{written}` among `{kind}`"
    return Diagnostic("EVL704", message, span, help=help_, fix=fix)


def fixture_cycle(span: Span, names: Sequence[str]) -> Diagnostic:
    if len(names) == 1:
        message = f"the fixture `{names[0]}` extends itself"
    else:
        message = f"the fixtures {ticks(names)} extend one another"
    return Diagnostic("EVL705", message, span, help="let one of them begin on its own")


def path_unknown(span: Span, written: str, known: Iterable[str], *, extends: bool) -> Diagnostic:
    """``known`` are the paths beside the one that is not there."""
    if not extends:
        return Diagnostic(
            "EVL706",
            "there is nothing to take away from without `extends`",
            span,
            help="name the fixture that this one extends, or leave `without` out",
        )
    known = sorted(known)
    otherwise = f"there are {ticks(known)}" if known else "remove it"
    help_, fix = choice(span, written, known, otherwise)
    message = f"the fixture that is extended has no `{written}` to take away"
    return Diagnostic("EVL706", message, span, help=help_, fix=fix)


def fixture_clash(span: Span, kind: str, name: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "EVL707",
        f"`{kind}` has the fixture `{name}` twice: here and in another file",
        span,
        help="rename one of them",
        notes=(Note("the other one", first),),
    )


def fixture_unused(span: Span, kind: str, name: str) -> Diagnostic:
    return Diagnostic(
        "EVL708",
        f"the fixture `{name}` of `{kind}` is used by no case",
        span,
        help="use it, or remove it",
    )


# Requests and moments


def request_incomplete(span: Span, root: str, missing: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "EVL709",
        f"the {root} of the request has no {ticks(missing)}",
        span,
        help="write it here, or in the fixture that is extended",
    )


def moment_missing(span: Span) -> Diagnostic:
    return Diagnostic(
        "EVL710",
        "neither the case nor its suite says at which moment it is decided",
        span,
        help="write `now:` at the top of the suite, such as `now: 2026-03-03T09:00:00Z`",
    )


def moment_invalid(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL711",
        f"`{shortened(written)}` is no moment in RFC 3339",
        span,
        help="write date, time and offset, such as `2026-03-03T09:00:00Z`",
    )


def step_invalid(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL711",
        f"`{shortened(written)}` is neither an offset nor a moment",
        span,
        help="write an offset from `now` such as `+167h59m`, or a moment in RFC 3339",
    )


def step_out_of_range(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL711",
        f"`{shortened(written)}` leads out of the years 1 to 9999",
        span,
        help="write an offset nearer to `now`",
    )


def time_given(span: Span, place: Span | None) -> Diagnostic:
    return Diagnostic(
        "EVL722",
        "the moments of `at` count for nothing, since the request has a `context.time`",
        span,
        help="leave `time` out of the context",
        notes=(Note("the context", place),) if place else (),
    )


# Cases


def case_incomplete(span: Span, message: str, help_: str) -> Diagnostic:
    return Diagnostic("EVL712", message, span, help=help_)


def nothing_expected(span: Span) -> Diagnostic:
    return case_incomplete(
        span,
        "the case does not say what is expected",
        "write `expect: allow`, `expect: deny` or more of the decision; it would pass whatever "
        "the policies decide",
    )


def case_repeated(span: Span, name: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "EVL713",
        f"another case is called `{shortened(name, 60)}` too",
        span,
        help="give each case of a suite a name of its own",
        notes=(Note("the other one", first),),
    )


def combinations_unlisted(span: Span, missing: Sequence[str]) -> Diagnostic:
    what = "combination" if len(missing) == 1 else "combinations"
    return Diagnostic(
        "EVL714",
        f"nothing is expected of the {what} {ticks(missing, 4)}",
        span,
        help="add to `expect`, or write `default: deny` for all that are not listed",
    )


def combination_unknown(
    span: Span, written: str, dimension: str, members: Iterable[str], other: str | None
) -> Diagnostic:
    """``other`` is the dimension that has a member of this name."""
    members = list(members)
    if other is not None:
        help_ = f"it is one of `{other}`; here may stand {ticks(members)}, of `{dimension}`"
        fix = None
    else:
        help_, fix = choice(span, written, members, f"`{dimension}` has {ticks(members)}")
    message = f"`{shortened(written)}` is none of the matrix's `{dimension}`"
    return Diagnostic("EVL715", message, span, help=help_, fix=fix)


def member_repeated(span: Span, written: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "EVL715",
        f"`{shortened(written)}` stands in the matrix twice",
        span,
        help="remove one of them",
        notes=(Note("the other one", first),),
    )


def table_too_deep(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL715",
        f"`{shortened(written)}` is no part of an expectation",
        span,
        help="write `allow`, `deny`, or a mapping with `decision`; only a matrix has a table here, "
        "with a level for each dimension that has more than one member",
    )


# Expectations


def effect_unknown(span: Span, written: str) -> Diagnostic:
    if not written:
        return Diagnostic("EVL116", "nothing is expected", span, help="write `allow` or `deny`")
    help_, fix = choice(span, written, ["allow", "deny"], "write `allow` or `deny`")
    return Diagnostic("EVL117", f"`{shortened(written)}` is not allowed here", span, help_, fix=fix)


def expectation_is_list(span: Span) -> Diagnostic:
    return Diagnostic(
        "EVL116",
        "a list cannot be expected",
        span,
        help="write `allow`, `deny`, or a mapping with `decision`",
    )


def denial_without_rules(span: Span) -> Diagnostic:
    return Diagnostic(
        "EVL716",
        "which rules deny is not said",
        span,
        help="add `rules:` with their ids, or `contains: {rules: ...}` for some of them",
    )


def rule_unknown(span: Span, written: str, known: Iterable[str]) -> Diagnostic:
    help_, fix = choice(span, written, known, "name a rule of the packs, or a reserved id")
    return Diagnostic("EVL717", f"there is no rule `{written}`", span, help=help_, fix=fix)


def erring_unknown(span: Span, written: str, known: Iterable[str]) -> Diagnostic:
    help_, fix = choice(span, written, known, "name a rule, a remedy or an output of the packs")
    message = f"there is no rule, remedy or output `{written}`"
    return Diagnostic("EVL717", message, span, help=help_, fix=fix)


def remedy_unknown(
    span: Span, written: str, known: Iterable[str], rules: Sequence[str]
) -> Diagnostic:
    """``rules`` are those that it should be a remedy of; any if there are none."""
    known = sorted(known)
    of = f" of {ticks(rules)}" if rules else ""
    otherwise = f"there are {ticks(known)}" if known else "there are no remedies: remove it"
    guess = did_you_mean(written, known)
    fix = replacement(span, guess) if guess and span.text == written else None
    return Diagnostic(
        "EVL718",
        f"there is no remedy `{written}`{of}",
        span,
        help=f"did you mean `{guess}`?" if guess else otherwise,
        fix=fix,
    )


def remedy_changes_nothing(span: Span, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL718",
        f"the remedy `{written}` is not a change of the request that could be applied",
        span,
        help="take it out of `then`: only remedies with `sets` can be tried",
    )


def output_unknown(span: Span, written: str, known: Iterable[str]) -> Diagnostic:
    known = sorted(known)
    otherwise = f"there are {ticks(known)}" if known else "the packs have no outputs: remove it"
    help_, fix = choice(span, written, known, otherwise)
    return Diagnostic("EVL719", f"there is no output `{written}`", span, help=help_, fix=fix)


def description_unknown(span: Span, written: str, known: Iterable[str]) -> Diagnostic:
    known = sorted(known)
    otherwise = (
        f"there are descriptions of {ticks(known)}" if known else "no rule has one: remove it"
    )
    help_, fix = choice(span, written, known, otherwise)
    message = f"there is no rule `{written}` with a description"
    return Diagnostic("EVL717", message, span, help=help_, fix=fix)


def label_unknown(span: Span, written: str, known: Iterable[str]) -> Diagnostic:
    known = sorted(known)
    otherwise = "write the output, `/`, and the code"
    if not known:
        otherwise = "no output has codes with texts: remove it"
    help_, fix = choice(span, written, known, otherwise)
    message = f"there is no code with a text `{written}`"
    return Diagnostic("EVL719", message, span, help=help_, fix=fix)


def locale_unknown(span: Span, written: str, known: Sequence[str]) -> Diagnostic:
    help_, fix = choice(span, written, known, f"there are messages in {ticks(known)}")
    message = f"no message of the packs is in the language `{written}`"
    return Diagnostic("EVL720", message, span, help=help_, fix=fix)


def contradictory(span: Span, message: str, help_: str, other: Span | None = None) -> Diagnostic:
    notes = (Note("the other one", other),) if other is not None else ()
    return Diagnostic("EVL721", message, span, help=help_, notes=notes)
