"""The wording of what is wrong with revisions and logs: one function a problem."""

from __future__ import annotations

from collections.abc import Iterable

from evaluator.diagnostics import Diagnostic, did_you_mean, shortened

__all__: list[str] = []  # every function here is for this package


# Revisions


def git_missing(written: str) -> Diagnostic:
    return Diagnostic(
        "EVL740",
        f"`{shortened(written)}` is a revision, and there is no command `git` to read it with",
        help="install git, or name a folder",
    )


def no_repository(folder: str, said: str) -> Diagnostic:
    told = f": git says `{shortened(said, 200)}`" if said else ""
    return Diagnostic(
        "EVL741",
        f"`{shortened(folder)}` is in no git repository that can be read{told}",
        help="run the command in the repository that has the revision, or name a folder",
    )


def revision_unknown(written: str, known: Iterable[str]) -> Diagnostic:
    guess = did_you_mean(written, known)
    return Diagnostic(
        "EVL742",
        f"there is no revision `{shortened(written)}` in the git repository",
        help=f"did you mean `{guess}`?"
        if guess is not None
        else "name a commit, a branch or a tag, as in `HEAD~1:policies`; a shallow clone has few",
    )


def folder_missing(revision: str, written: str, known: Iterable[str]) -> Diagnostic:
    guess = did_you_mean(written, known)
    return Diagnostic(
        "EVL743",
        f"there is no folder `{shortened(written, 80)}` in the revision `{shortened(revision)}`",
        help=f"did you mean `{revision}:{guess}`?"
        if guess is not None
        else "name a folder as seen from the top of the repository, or from here as `./policies`",
    )


def not_a_folder(revision: str, written: str) -> Diagnostic:
    return Diagnostic(
        "EVL743",
        f"`{shortened(written, 80)}` is a file in the revision `{shortened(revision)}`",
        help="name the folder of a pack, or of packs",
    )


def revision_unreadable(written: str, said: str) -> Diagnostic:
    return Diagnostic(
        "EVL744",
        f"git could not read `{shortened(written, 80)}`: `{shortened(said, 200)}`",
        help="see whether `git fsck` finds the repository sound",
    )


# Logs


def record_without_request(kind: str) -> Diagnostic:
    return Diagnostic(
        "EVL780",
        f"the record is {kind}, and has no request",
        help='write `{"request": ..., "decision": ..., "decided_at": ...}`, or a request alone',
    )


def record_too_long(most: int) -> Diagnostic:
    return Diagnostic(
        "EVL781",
        f"the line is longer than {most:,} bytes",
        help="write one record a line, each line ended by a line feed",
    )


def record_without_moment() -> Diagnostic:
    return Diagnostic(
        "EVL782",
        "the record does not say when it was decided",
        help="add `decided_at`, such as `2026-03-03T09:00:00Z`, or log `context.time`",
    )


def record_moment(written: object) -> Diagnostic:
    return Diagnostic(
        "EVL782",
        f"`decided_at` is no moment: `{shortened(str(written))}`",
        help="write a date and time with its offset, such as `2026-03-03T09:00:00Z`",
    )


def record_without_decision() -> Diagnostic:
    return Diagnostic(
        "EVL783",
        "the record has no decision to compare with",
        help="log what `evaluator decide --format json` prints as `decision`",
    )


def record_decision(field: str, expected: str) -> Diagnostic:
    return Diagnostic(
        "EVL783",
        f"`{field}` of the logged decision is not {expected}",
        help="log what `evaluator decide --format json` prints as `decision`",
    )


def log_unreadable(said: str) -> Diagnostic:
    return Diagnostic(
        "EVL784",
        f"the log cannot be read any further: {shortened(said, 200)}",
        help="see whether the file was cut off, or is compressed otherwise than its name says",
    )


# The chains of decision logs


def record_altered(number: int, *, is_keyed: bool) -> Diagnostic:
    other = ", or was sealed with another key" if is_keyed else ""
    return Diagnostic(
        "EVL830",
        f"record {number:,} is not as it was written{other}",
        help="take the line from a copy of the log, and find out who changed it",
    )


def record_replaced(number: int) -> Diagnostic:
    return Diagnostic(
        "EVL830",
        f"record {number:,} is not the one whose hash was noted",
        help="the log was written anew; take it from a copy, and find out who did that",
    )


def records_missing(first: int, last: int, place: str) -> Diagnostic:
    which = f"record {first:,} is" if first == last else f"records {first:,} to {last:,} are"
    return Diagnostic(
        "EVL831",
        f"{which} missing between `{place}` and this line",
        help="name all files of the log; if these are all, lines were cut out",
    )


def log_cut(number: int, last: int | None) -> Diagnostic:
    end = "has no record of its chain" if last is None else f"ends with record {last:,}"
    return Diagnostic(
        "EVL831",
        f"the log had come to record {number:,}, and {end}",
        help="name all files of the log; if these are all, its end was cut off",
    )


def record_moved(number: int, last: int, place: str) -> Diagnostic:
    return Diagnostic(
        "EVL832",
        f"record {number:,} stands behind record {last:,} of `{place}`",
        help="name each file once; if that was so, lines were moved or repeated",
    )


def record_unlinked(number: int) -> Diagnostic:
    return Diagnostic(
        "EVL833",
        f"record {number:,} does not follow from the record before it",
        help="one of the two was written by somebody else; compare with a copy of the log",
    )


def line_unchained() -> Diagnostic:
    return Diagnostic(
        "EVL834",
        "the line is no record of a chain",
        help="verify what `evaluator serve --log` wrote, byte for byte",
    )


def line_unfinished() -> Diagnostic:
    return Diagnostic(
        "EVL835",
        "the last line is not finished",
        help="nothing was told of this decision; `evaluator serve` cuts it off when it starts",
    )


def seal_of_another_kind(*, is_keyed: bool) -> Diagnostic:
    return Diagnostic(
        "EVL836",
        "the record was sealed without a key" if is_keyed else "the record was sealed with a key",
        help="leave --key out" if is_keyed else "name the file of the key with --key",
    )
