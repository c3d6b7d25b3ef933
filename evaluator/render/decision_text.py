"""A decision for a terminal: the verdict, each reason with what helps, outputs, until when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evaluator.decision import Decision, Notice, Problem, Reason, Remedy
from evaluator.decision.formatting import formatter
from evaluator.decision.messages import known_locale
from evaluator.errors import RequestError
from evaluator.language.printer import print_value
from evaluator.language.values import Duration, Map, from_host
from evaluator.policy.request import Request
from evaluator.render.escape import visible
from evaluator.render.words import Words, words

__all__ = ["decision_text"]

_WIDEST: Final = 110
"""Lines longer than that are hard to read, however wide the terminal is."""


def decision_text(decision: Decision, request: Request | None = None) -> RenderableType:
    """The screen of a decision in its own locale. Remedies that set something are verified."""
    return Constrain(Group(*_parts(decision, request, words(decision.locale))), _WIDEST)


def _parts(decision: Decision, request: Request | None, say: Words) -> Iterator[RenderableType]:
    yield _headline(decision, request, say)
    for reason in decision.reasons:
        yield _reason(decision, reason, say)
    if decision.outputs:
        yield Text(say["outputs"], "bold")
        yield _outputs(decision)
    yield from _notices(decision.notices, say)
    yield from _errors(decision.errors, say)
    yield _validity(decision, say)


def _headline(decision: Decision, request: Request | None, say: Words) -> Text:
    style = "bold green" if decision.allowed else "bold red"
    text = Text(("✓ " if decision.allowed else "✗ ") + say[decision.effect], style)
    if request is not None:
        asked = say["asked"].format(
            subject=f"{request.subject_type} {request.subject_id}",
            action=request.action_name,
            resource=f"{request.resource_type} {request.resource_id}",
        )
        text.append(f"  {visible(asked)}", "default")
    return text


def _reason(decision: Decision, reason: Reason, say: Words) -> RenderableType:
    head = Text("• ")
    head.append(visible(reason.rule), "bold")
    if reason.kind == "indeterminate":
        head.append("  ?", "bold red")
    if reason.at is not None:
        head.append(f"  {reason.at}", "dim")
    parts: list[RenderableType] = [head, _indented(_prose(reason.message))]
    if reason.description:
        parts.append(_indented(_prose(reason.description, "dim")))
    if reason.error is not None and reason.error.at is not None:
        parts.append(_indented(Text(f"{reason.error.kind} {reason.error.at}", "red")))
    if reason.remedies:
        grid = Table.grid(padding=(0, 1), pad_edge=False)
        grid.add_column(no_wrap=True, justify="right")
        grid.add_column(ratio=1)
        for number, remedy in enumerate(reason.remedies):
            label = "→" if number else f"{say['helps']} →"
            grid.add_row(Text(label, "bold"), _remedy(decision, remedy, say))
        parts.append(_indented(grid))
    return Group(*parts)


def _remedy(decision: Decision, remedy: Remedy, say: Words) -> Text:
    text = _prose(remedy.message)
    text.append(f"  [{visible(remedy.id)}]", "dim")
    if remedy.sets:
        changes = ", ".join(f"{_path(at)} = {_json(value)}" for at, value in remedy.sets.items())
        text.append("\n" + visible(changes), "cyan")
        text.append("  ")
        text.append_text(_verification(decision, remedy, say))
    return text


def _path(pointer: str) -> str:
    """A JSON pointer into a request as expressions, policies and ``--set`` spell it."""
    root, *parts = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    if root != "context" and parts[:1] == ["properties"]:
        del parts[0]
    return ".".join([root, *parts]) if all(map(str.isidentifier, parts)) else pointer


def _verification(decision: Decision, remedy: Remedy, say: Words) -> Text:
    try:
        found = decision.verify(remedy)
    except RequestError:  # frozen: nothing can be tried
        return Text()
    if not found.verified or found.decision is None:
        return Text(say["not_verified"].format(problem=visible(found.problem or "")), "red")
    if found.decision.allowed:
        return Text(say["verified"], "green")
    rules = ", ".join(found.decision.rule_ids)
    return Text(say["verified_denied"].format(rules=visible(rules)), "magenta")


def _outputs(decision: Decision) -> RenderableType:
    """Short values two by two, then lists of texts; an empty list says nothing here."""
    say = words(decision.locale)
    short: list[Text] = []
    long = Table.grid(padding=(0, 2), pad_edge=False)
    long.add_column(no_wrap=True)
    long.add_column(ratio=1, overflow="fold")
    for name, value in decision.outputs.items():
        label = Text(f"  {visible(name)}", "cyan")
        shown = _output(value, say)
        if isinstance(shown, Text) and "text" not in (value if isinstance(value, dict) else ()):
            short += [label, shown]
        elif value:
            long.add_row(label, shown)
    pairs = Table.grid(padding=(0, 2), pad_edge=False)
    for _ in range(2):
        pairs.add_column(no_wrap=True)
        pairs.add_column(overflow="fold")
    for at in range(0, len(short), 4):
        pairs.add_row(*short[at : at + 4])
    return Group(*(grid for grid in (pairs, long) if grid.row_count))


def _output(value: Any, say: Words) -> RenderableType:
    if isinstance(value, list):
        if any(isinstance(item, dict) and "text" in item for item in value):
            numbered = len(value) > 1
            if not numbered:
                return Group(_told(value[0]))
            return Group(
                *(_bulleted(f"{number}.", _told(item), 0) for number, item in enumerate(value, 1))
            )
        return Text(", ".join(visible(_plain(item, say)) for item in value) or "-")
    return _told(value) if isinstance(value, dict) else Text(visible(_plain(value, say)))


def _told(item: Any) -> Text:
    if isinstance(item, dict) and "text" in item:
        return _prose(str(item["text"]))
    return Text(visible(_json(item)))


def _plain(value: Any, say: Words) -> str:
    if isinstance(value, bool):
        return say["yes" if value else "no"]
    return value if isinstance(value, str) else str(value)


def _json(value: Any) -> str:
    if isinstance(value, (dict, list)):
        converted = from_host(value)
        return print_value(converted) if isinstance(converted, (Map, list)) else str(value)
    return print_value(value)


def _notices(notices: tuple[Notice, ...], say: Words) -> Iterator[RenderableType]:
    if notices:
        yield Text(say["notices"], "bold")
    for notice in notices:
        text = Text()
        text.append(visible(notice.rule), "bold magenta")
        text.append(f" ({notice.effect})  {notice.at}  ", "dim")
        text.append_text(_prose(notice.message))
        yield _bulleted("•", text, 2)


def _errors(errors: tuple[Problem, ...], say: Words) -> Iterator[RenderableType]:
    if errors:
        yield Text(say["errors"], "bold red")
    for error in errors:
        names = " / ".join(name for name in (error.rule, error.remedy, error.output) if name)
        text = Text()
        text.append(visible(names), "bold")
        text.append(f"  {error.kind}: {visible(error.message)}")
        if error.at is not None:
            text.append(f"  {error.at}:{error.at.column}", "dim")
        yield _bulleted("•", text, 2)


def _validity(decision: Decision, say: Words) -> Text:
    until = decision.valid_until
    if until is None:
        return Text(say["valid_always"], "dim")
    if until == decision.decided_at:
        return Text(say["valid_never"], "magenta")
    seconds = (until.nanoseconds - decision.decided_at.nanoseconds) // 10**9
    # The leading units are enough beside the exact instant.
    coarse = seconds - seconds % (3600 if seconds > 172_800 else 60 if seconds > 3600 else 1)
    told = say["at_once"]
    if coarse:
        told = formatter(known_locale(decision.locale, "en"), "UTC").text(Duration(coarse * 10**9))
    return Text(say["valid_until"].format(instant=until, words=told))


def _prose(text: str, style: str = "") -> Text:
    """A text that someone wrote for people; its line breaks are meant."""
    return Text(visible(text.strip("\n"), keep="\n"), style)


def _indented(renderable: RenderableType) -> Padding:
    return Padding(renderable, (0, 0, 0, 2), expand=False)


def _bulleted(bullet: str, text: Text, indent: int) -> RenderableType:
    """A text behind a bullet, wrapped lines under its beginning."""
    grid = Table.grid(padding=(0, 1), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1)
    grid.add_row(Text(bullet, "dim"), text)
    return Padding(grid, (0, 0, 0, indent), expand=False)
