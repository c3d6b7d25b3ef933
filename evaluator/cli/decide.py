"""``evaluator decide``: decisions on requests from files or a stream."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

import evaluator
from evaluator.cli.changes import Change, changes_of, with_changes
from evaluator.cli.inputs import Input, inputs, load_policies
from evaluator.cli.options import request_options
from evaluator.cli.screens import Color, example, fail, print_json, show, show_diagnostics
from evaluator.render.escape import visible

__all__ = ["decide"]


@click.command(
    epilog=example("evaluator decide -p policies request.json --set context.new_quantity=75")
)
@click.option(
    "--unknown",
    multiple=True,
    metavar="PATH",
    help="An attribute that is not known, resource.total or all of context: the answer is then"
    " allow, deny, or what it depends on. May be given several times.",
)
@click.option(
    "--log",
    "log",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Append a line for each decision, its request with it, which `evaluator replay` reads.",
)
@request_options
def decide(
    requests: tuple[str, ...],
    path: str,
    settings: tuple[str, ...],
    now: str | None,
    locale: str | None,
    functions: str | None,
    cache: str | None,
    format_: str,
    exit_code: bool,
    color: Color,
    unknown: tuple[str, ...],
    log: str | None,
) -> int:
    """Decide requests, in AuthZEN's JSON.

    A file holds one request; one ending in .jsonl, and standard input, may hold one a line, and
    then a decision a line comes out. A line that is no JSON is denied, and the exit code is 2.
    """
    if log is not None and unknown:
        raise click.UsageError("--log is for decisions; with --unknown there may be none.")
    policies = load_policies(path, functions, locale, color, cache=cache)
    changes = changes_of(settings, now, policies.packs)
    code = 0
    several = len(requests) > 1
    for number, given in enumerate(inputs(requests, whole=format_ == "text")):
        if given.diagnostics and not given.streamed:
            fail(given.diagnostics, color)
        if given.diagnostics:
            show_diagnostics(given.diagnostics, color)
            code = 2
        partial = _partial(policies, given, changes, unknown, color) if unknown else None
        if partial is not None:
            code = max(code, int(exit_code and not partial.allowed))
            if format_ == "json":
                print_json(partial.to_dict(), compact=given.streamed or several)
            elif given.streamed:
                click.echo(f"{partial.effect or 'depends'}\t{' '.join(partial.depends_on)}")
            else:
                from evaluator.render.partial_text import partial_text

                if number:
                    click.echo()
                show(partial_text(partial, parsed(with_changes(given.value, changes))), color)
            continue
        decision = _decision(policies, given, changes, color)
        request = with_changes(given.value, changes)
        if log is not None and isinstance(request, dict):
            _append(log, request, decision)
        if exit_code and not decision.allowed:
            code = code or 1
        if format_ == "json":
            print_json(decision.to_dict(), compact=given.streamed or several)
        elif given.streamed:
            rules = " ".join(visible(rule) for rule in decision.rule_ids)
            click.echo(f"{decision.effect}\t{rules}")
        else:
            from evaluator.render.decision_text import decision_text

            if number:
                click.echo()
            show(decision_text(decision, parsed(with_changes(given.value, changes))), color)
        sys.stdout.flush()  # whoever sent a line may be waiting for its answer
    return code


def _decision(
    policies: evaluator.PolicySet, given: Input, changes: tuple[Change, ...], color: Color
) -> evaluator.Decision:
    """The decision; of a damaged line one that denies, so that lines stay in step."""
    if given.diagnostics:
        return policies.refuse(evaluator.RequestError(given.diagnostics))
    try:
        return policies.decide(with_changes(given.value, changes))
    except evaluator.RequestError as error:  # not even an object
        if not given.streamed:
            fail(given.located(error), color)
        return policies.refuse(error)


def _append(log: str, request: dict[str, Any], decision: evaluator.Decision) -> None:
    """Adds a record to a log, in one piece."""
    from evaluator.history.log import record

    text = json.dumps(record(request, decision.to_dict()), separators=(",", ":"))
    try:
        with Path(log).open("ab") as stream:
            stream.write(text.encode("ascii") + b"\n")
    except OSError as error:
        raise click.UsageError(f"--log {log!r}: {error.strerror or error}.") from None


def _partial(
    policies: evaluator.PolicySet,
    given: Input,
    changes: tuple[Change, ...],
    unknown: tuple[str, ...],
    color: Color,
) -> evaluator.PartialDecision | None:
    """The partial decision; None for a line without a request, which is denied as any other is."""
    try:
        return policies.decide_partial(with_changes(given.value, changes), unknown)
    except evaluator.RequestError as error:
        if not given.streamed or any(one.code == "EVL610" for one in error.diagnostics):
            fail(given.located(error), color)
        return None


def parsed(raw: object) -> evaluator.Request | None:
    """The request, for its headline; None of a broken one."""
    try:
        return evaluator.Request.parse(raw) if isinstance(raw, dict) else None
    except evaluator.RequestError:
        return None
