"""The options of ``evaluator test`` that measure coverage, and the report that they ask for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import click

from evaluator.cli.screens import Color, console, show_diagnostics
from evaluator.cli.suites import Loaded
from evaluator.suites.model import Suite
from evaluator.suites.outcome import Place

if TYPE_CHECKING:
    from evaluator.suites.coverage.results import Coverage

__all__ = ["CoverageOptions", "coverage_options", "report_coverage"]

F = TypeVar("F", bound=Callable[..., Any])

_TEXT = "text"
_OPTIONS = (
    click.option(
        "--coverage", is_flag=True, help="Report which parts of the policies the steps show."
    ),
    click.option(
        "--coverage-format",
        type=click.Choice([_TEXT, "json", "lcov", "html"]),
        default=_TEXT,
        show_default=True,
        help="How to write the report.",
    ),
    click.option(
        "--coverage-output",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="Where to write the report: needed for all but text.",
    ),
    click.option(
        "--coverage-fail-under",
        type=click.FloatRange(0, 100),
        metavar="N",
        help="Exit with 1 if less than N per cent are shown.",
    ),
)


@dataclass(frozen=True, slots=True)
class CoverageOptions:
    """What is asked for: the format, the file to write (None: print it), the least per cent."""

    format_: str
    output: str | None
    fail_under: float | None


_NOTHING: Final = CoverageOptions(_TEXT, None, None)


def coverage_options(function: F) -> F:
    """``--coverage`` and what belongs to it, as one argument ``coverage`` (None: not asked for).

    Each of the other options turns it on.
    """

    @wraps(function)
    def with_coverage(
        *args: Any,
        coverage: bool,
        coverage_format: str,
        coverage_output: str | None,
        coverage_fail_under: float | None,
        **others: Any,
    ) -> Any:
        options = CoverageOptions(coverage_format, coverage_output, coverage_fail_under)
        if coverage_format != _TEXT and coverage_output is None:
            raise click.UsageError(
                f"--coverage-format {coverage_format} needs --coverage-output FILE."
            )
        asked = coverage or options != _NOTHING
        return function(*args, coverage=options if asked else None, **others)

    decorated: Any = with_coverage
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return cast("F", decorated)


def report_coverage(
    options: CoverageOptions, loaded: Loaded, chosen: Sequence[Place], color: Color, *, err: bool
) -> int:
    """Measures and reports; the exit code. ``err`` keeps standard output for something else."""
    from evaluator.render.coverage_words import total_line
    from evaluator.suites.coverage.measuring import measure

    coverage = measure(loaded.packs, _selected(loaded, chosen), unreachable=loaded.read.unreachable)
    folder = loaded.target.prefix
    show_diagnostics(coverage.diagnostics, color, folder=folder)
    if options.output is None:
        _print(coverage, color, folder, err=err)
    else:
        _write(options.output, _rendered(coverage, options.format_, folder))
        click.echo(f"coverage is written to {options.output}", err=err)
        click.echo(total_line(coverage), err=err)
    if coverage.diagnostics:
        return 2
    return 1 if options.fail_under is not None and _is_under(coverage, options.fail_under) else 0


def _waiting(color: Color) -> AbstractContextManager[object]:
    """A sign of life where somebody watches: with many gaps the search takes some seconds."""
    screen = console(color, err=True)
    if screen.is_terminal:
        return screen.status("Looking at what the steps show, and for what would show the rest")
    return nullcontext()


def _is_under(coverage: Coverage, percent: float) -> bool:
    # Not the rounded number: 99.6 % is under 99.8.
    return 100 * coverage.met < percent * coverage.total


def _selected(loaded: Loaded, chosen: Sequence[Place]) -> tuple[Suite, ...]:
    """The suites with the steps that were run."""
    run = {id(place.step) for place in chosen}
    return tuple(
        replace(
            suite,
            cases=tuple(
                replace(case, steps=tuple(step for step in case.steps if id(step) in run))
                for case in suite.cases
            ),
        )
        for suite in loaded.suites
    )


def _print(coverage: Coverage, color: Color, folder: str, *, err: bool) -> None:
    from evaluator.render.coverage_text import coverage_text

    screen = console(color, err=err)
    with screen.capture() as captured:
        # Cases to paste must not be cut where the screen ends.
        screen.print(coverage_text(coverage, width=screen.width, folder=folder), crop=False)
    lines = captured.get().removesuffix("\n").split("\n")
    stream = sys.stderr if err else sys.stdout
    stream.write("".join(line.rstrip(" ") + "\n" for line in lines))


def _rendered(coverage: Coverage, format_: str, folder: str) -> str:
    if format_ == "json":
        from evaluator.render.coverage_json import coverage_json

        return json.dumps(coverage_json(coverage, folder=folder), indent=2) + "\n"
    if format_ == "lcov":
        from evaluator.render.coverage_lcov import coverage_lcov

        return coverage_lcov(coverage, folder=folder)
    if format_ == "html":
        from evaluator.render.coverage_html import coverage_html

        return coverage_html(coverage, folder=folder)
    from rich.console import Console

    from evaluator.render.coverage_text import coverage_text

    plain = Console(width=100, no_color=True, markup=False, emoji=False, highlight=False)
    with plain.capture() as captured:
        plain.print(coverage_text(coverage, folder=folder), crop=False)
    return "".join(line.rstrip(" ") + "\n" for line in captured.get().splitlines())


def _write(path: str, text: str) -> None:
    try:
        # What is no text at all, half a character, is written as a question mark.
        Path(path).write_text(text, "utf-8", errors="replace", newline="\n")
    except OSError as error:
        raise click.UsageError(f"Cannot write {path!r}: {error.strerror}.") from None
