"""``evaluator eval``: the value of one expression."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

import evaluator
from evaluator.cli.changes import changes_of, with_changes
from evaluator.cli.inputs import inputs, load_policies
from evaluator.cli.screens import (
    Color,
    color_option,
    example,
    fail,
    print_json,
    show,
    show_diagnostics,
)
from evaluator.diagnostics import Severity, did_you_mean
from evaluator.language.budget import Budget
from evaluator.language.checker import Checked, check
from evaluator.language.parser import parse
from evaluator.language.tokens import is_identifier
from evaluator.language.values import ErrorValue, from_host, to_json
from evaluator.policy.expressions import free_names
from evaluator.policy.model import Pack, Variant
from evaluator.policy.request import Request
from evaluator.policy.request_types import ROOTS
from evaluator.program.index import Index
from evaluator.program.settings import (
    Setting,
    bare_setting,
    pack_setting,
    policies_of,
    reads_request,
)
from evaluator.source import Fragment, Span

__all__ = ["evaluate"]

_RESERVED = (*ROOTS, "now")
_NO_REQUEST = {
    "subject": {"type": "", "id": ""},
    "action": {"name": ""},
    "resource": {"type": "", "id": ""},
}


@click.command(
    "eval",
    epilog=example("evaluator eval 'roles.exists(r, r == \"owner\")' --var roles='[\"owner\"]'"),
)
@click.argument("expression", metavar="EXPRESSION")
@click.option(
    "--var",
    "variables",
    multiple=True,
    metavar="NAME=JSON",
    help="A variable of the expression: n=3, roles='[\"owner\"]'. May be given several times.",
)
@click.option(
    "--request",
    "request_file",
    type=click.Path(),
    metavar="FILE",
    help="The request that attributes are read from; - is standard input.",
)
@click.option(
    "-p",
    "--policies",
    "path",
    type=click.Path(),
    metavar="FOLDER",
    help="Use the names, functions and request type of the pack there; of several packs, the one "
    "that the request, or else the expression, is about.",
)
@click.option("--policy", metavar="NAME", help="Use the names that this policy of the pack sees.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change the request first: resource.total=5. May be given several times.",
)
@click.option("--now", metavar="INSTANT", help="The moment that `now` stands for.")
@click.option("--functions", metavar="MODULE:ATTRIBUTE", help="A mapping with the host functions.")
@click.option("--type-only", is_flag=True, help="Check it, and show its type and errors only.")
@click.option("--explain", "explained", is_flag=True, help="Show the value of every part.")
@click.option("--cost", is_flag=True, help="Show how much of the budget it took.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@color_option
def evaluate(
    expression: str,
    variables: tuple[str, ...],
    request_file: str | None,
    path: str | None,
    policy: str | None,
    settings: tuple[str, ...],
    now: str | None,
    functions: str | None,
    type_only: bool,
    explained: bool,
    cost: bool,
    format_: str,
    color: Color,
) -> int:
    """Evaluate EXPRESSION against variables, a request, or a request and a pack.

    EXPRESSION is read from standard input when it is -. Exits with 1 when it ends in an error.
    """
    text = sys.stdin.read() if expression == "-" else expression
    given = _variables(variables)
    packs = () if path is None else load_policies(path, functions, None, color).packs
    request = _request(request_file, settings, now, packs, color)
    setting = _setting(text, given, request, packs, policy)
    checked = _checked(text, setting, color)
    if type_only:
        _show_type(checked, format_)
        return 0
    if request is None and reads_request(checked, setting.scope):
        raise click.UsageError(
            "The expression reads the request: name one with --request, or ask for --type-only."
        )
    outcome = _outcome(checked, setting, request, now, explained)
    if format_ == "json":
        print_json(_json(outcome, cost=cost))
    else:
        _show(outcome, color, cost=cost)
    return 1 if isinstance(outcome.value, ErrorValue) else 0


# Input


def _variables(given: Sequence[str]) -> dict[str, Any]:
    from evaluator.documents.json_documents import load_json

    found: dict[str, Any] = {}
    for one in given:
        name, equals, text = one.partition("=")
        name = name.strip()
        if not equals or not is_identifier(name):
            raise click.UsageError(f"--var takes NAME=JSON, as in n=3, not {one!r}.")
        if name in _RESERVED:
            raise click.UsageError(f"--var {name}: the name stands for a part of every expression.")
        value, diagnostics = load_json(text, name=f"--var {name}")
        if diagnostics:
            quoted = f" A text is quoted: {name}='\"{text}\"'." if text.isalpha() else ""
            raise click.UsageError(
                f"--var {name}: this is no JSON: {diagnostics[0].message}.{quoted}"
            )
        converted = from_host(value, name)
        if isinstance(converted, ErrorValue):
            raise click.UsageError(f"--var {name}: {converted.message}.")
        if name in found:
            raise click.UsageError(f"--var {name} is given twice.")
        found[name] = converted
    return found


def _request(
    file: str | None,
    settings: tuple[str, ...],
    now: str | None,
    packs: Sequence[Pack],
    color: Color,
) -> Request | None:
    changes = changes_of(settings, now, packs)
    if file is None:
        if settings:
            raise click.UsageError("--set changes a request: name one with --request.")
        return None
    (given, *more) = inputs((file,), whole=True)
    if given.diagnostics:
        fail(given.diagnostics, color)
    if more:
        raise click.UsageError(f"{file!r} holds several requests; --request takes one.")
    try:
        return Request.parse(with_changes(given.value, changes))
    except evaluator.RequestError as error:
        fail(given.located(error), color)


def _setting(
    text: str,
    variables: Mapping[str, Any],
    request: Request | None,
    packs: Sequence[Pack],
    policy: str | None,
) -> Setting:
    if not packs:
        if policy is not None:
            raise click.UsageError("--policy names a policy of a pack: name the pack with -p.")
        return bare_setting(variables, request=request is not None)
    if policy is not None:
        listed = [one.name for pack in packs for one in pack.policies]
        if policy not in listed:
            guess = did_you_mean(policy, listed)
            hint = f" Did you mean {guess}?" if guess else ""
            raise click.UsageError(f"There is no policy {policy!r}.{hint}")
        packs = [pack for pack in packs if any(one.name == policy for one in pack.policies)]
    pack = _pack(text, variables, request, packs)
    variant = _variant(pack, request)
    known = policies_of(variant)
    if policy is not None and policy not in known:
        raise click.UsageError(
            f"{policy} has no rules and outputs for the request; name a policy that imports it:"
            f" {', '.join(known)}."
        )
    setting = pack_setting(pack, variant, policy, variables)
    for name in variables:
        if name in setting.hidden:
            raise click.UsageError(f"--var {name}: the pack defines this name; take another.")
    return setting


def _pack(
    text: str, variables: Mapping[str, Any], request: Request | None, packs: Sequence[Pack]
) -> Pack:
    """The pack that is meant: that of the request, or the only one that knows the expression."""
    if len(packs) > 1 and request is not None:
        found = Index(packs).find(request.resource_type, request.action_name)
        packs = [one.pack for one in found] or packs
    if len(packs) > 1:
        packs = [pack for pack in packs if _is_known(text, variables, pack)] or packs
    if len(packs) > 1:
        names = ", ".join(pack.name for pack in packs)
        raise click.UsageError(f"There are several packs, {names}: name the folder of one with -p.")
    return packs[0]


def _is_known(text: str, variables: Mapping[str, Any], pack: Pack) -> bool:
    try:
        parsed = parse(Fragment.whole(text))
    except evaluator.PolicyError:
        return False
    setting = pack_setting(pack, pack.variants[0], None, variables)
    known = check(parsed, setting.environment).diagnostics
    return setting.ambiguous.keys().isdisjoint(free_names(parsed.root)) and not any(
        item.severity is Severity.ERROR for item in known
    )


def _variant(pack: Pack, request: Request | None) -> Variant:
    if request is None:
        if len(pack.variants) > 1:
            raise click.UsageError(
                "The pack has several types of requests: name a request with --request."
            )
        return pack.variants[0]
    return next(one for one in pack.variants if one.actions.matches(request.action_name))


def _checked(text: str, setting: Setting, color: Color) -> Checked:
    try:
        parsed = parse(Fragment.whole(text))
    except evaluator.PolicyError as error:
        fail(error.diagnostics, color)
    for name in sorted(free_names(parsed.root) & setting.ambiguous.keys()):
        policies = ", ".join(setting.ambiguous[name])
        raise click.UsageError(
            f"{name} means different things in {policies}: choose one with --policy."
        )
    checked = check(parsed, setting.environment)
    if any(item.severity is Severity.ERROR for item in checked.diagnostics):
        fail(checked.diagnostics, color)
    show_diagnostics(checked.diagnostics, color)
    return checked


# Evaluation


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What an expression came to; ``tree`` explains it where that was asked for."""

    value: Any
    type: str
    span: Span | None
    budget: Budget
    tree: Any


def _outcome(
    checked: Checked, setting: Setting, request: Request | None, now: str | None, explained: bool
) -> _Outcome:
    from evaluator.decision.explanation import Recorder, explain_expression
    from evaluator.language.instants import parse_instant
    from evaluator.program.evaluation import Evaluation

    recorder = Recorder() if explained else None
    moment = parse_instant(now) if now is not None else None
    if moment is None:
        moment = time.time_ns() if request is None or request.time is None else request.time
    request = request or Request.parse(_NO_REQUEST)
    budget = Budget()
    evaluation = Evaluation(setting.pack, setting.variant, request, moment, tracer=recorder)
    value = evaluation.value(checked, setting.scope, budget=budget)
    span = None
    if isinstance(value, ErrorValue):
        origin = (value.origin or checked).parsed
        span = origin.span(value.id if value.id in origin.places else origin.root)
    tree = explain_expression(checked, setting.scope, recorder) if recorder else None
    return _Outcome(value, str(checked.type), span, budget, tree)


# Output


def _show_type(checked: Checked, format_: str) -> None:
    from evaluator.language.values import ERROR_KINDS

    kinds = sorted(checked.errors)
    if format_ == "json":
        print_json({"type": str(checked.type), "errors": kinds})
        return
    click.echo(str(checked.type))
    for kind in kinds:
        click.echo(f"  may end in {kind}: {ERROR_KINDS[kind]}")


def _show(outcome: _Outcome, color: Color, *, cost: bool) -> None:
    from evaluator.render.expression_text import error_text, tree_text, value_text

    if outcome.tree is not None:
        show(tree_text(outcome.tree), color)
    if isinstance(outcome.value, ErrorValue):
        show(error_text(outcome.value, outcome.span), color)
    elif outcome.tree is None:
        show(value_text(outcome.value), color)
    if cost:
        click.echo(f"cost {outcome.budget.spent:,} of {outcome.budget.limit:,}")


def _json(outcome: _Outcome, *, cost: bool) -> dict[str, Any]:
    data: dict[str, Any]
    value = outcome.value
    if isinstance(value, ErrorValue):
        place = outcome.span.position if outcome.span else None
        at = place and {"line": place.line, "column": place.column}
        data = {"error": {"kind": value.kind, "message": value.message, "at": at}}
    else:
        data = {"value": to_json(value), "type": outcome.type}
    if cost:
        data["cost"] = outcome.budget.spent
    if outcome.tree is not None:
        data["tree"] = outcome.tree.to_dict()
    return data
