"""Decision logs for a terminal: what verification found, and records, a line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group as Screen
from rich.console import RenderableType
from rich.text import Text

from evaluator.diagnostics import Severity
from evaluator.history.verifying import Chain, Finding
from evaluator.render.escape import visible

__all__ = ["finding_text", "record_text", "summary_text"]

_EFFECTS = {"allow": "green", "deny": "red"}


def finding_text(finding: Finding) -> RenderableType:
    """One finding, its place first so that it can be clicked on."""
    diagnostic = finding.diagnostic
    is_error = diagnostic.severity is Severity.ERROR
    text = Text(f"{visible(finding.place)}: ", "bold")
    text.append(f"{diagnostic.severity}[{diagnostic.code}]", "red" if is_error else "yellow")
    text.append(f": {visible(diagnostic.message)}")
    text.append(f"\n  = help: {visible(diagnostic.help or '')}", "dim")
    return text


def summary_text(chains: Mapping[str, Chain], *, wrong: int, is_keyed: bool) -> RenderableType:
    """What was read, and whether it is whole. ``wrong`` counts what is not."""
    if not chains:
        return Text("There are no records.", "yellow")
    lines: list[Text] = []
    for name, chain in chains.items():
        last = chain.last
        lines.append(Text(f"Chain {name}: {_records(chain.count)}, {_range(chain)}."))
        lines.append(Text(f"  ends with {last.hash}", "dim"))
        if chain.first > 1:
            before = _range_words(1, chain.first - 1)
            verb = "is" if chain.first == 2 else "are"
            lines.append(Text(f"  {before} {verb} older and not in these files", "yellow"))
    if wrong:
        lines.append(Text(f"{_problems(wrong)} found.", "bold red"))
    else:
        lines.append(Text("Nothing is missing, changed or moved.", "bold green"))
        if not is_keyed:
            advice = "Who can write every file could make it so: keep the last hash elsewhere."
            lines.append(Text(advice, "dim"))
    return Screen(*lines)


def record_text(record: Mapping[str, Any]) -> RenderableType:
    """A record on one line: its number, moment, effect, rules, and who asked for what."""
    decision = _mapping(record.get("decision"))
    request = _mapping(record.get("request"))
    effect = str(decision.get("decision", "?"))
    text = Text(f"{record.get('number', ''):>6} ", "dim")
    text.append(f"{_shown(record.get('decided_at'))} ")
    text.append(f"{visible(effect):<5}", _EFFECTS.get(effect, ""))
    text.append(f" {' '.join(_rules(decision))}")
    parts = [
        _entity(request.get("subject")),
        _shown(_mapping(request.get("action")).get("name")),
        _entity(request.get("resource")),
    ]
    text.append(f"  {' · '.join(parts)}", "dim")
    caller = record.get("caller")
    if caller is not None:
        text.append(f"  for {_shown(caller)}", "dim")
    return text


def _rules(decision: Mapping[str, Any]) -> Iterable[str]:
    reasons = decision.get("reasons")
    for reason in reasons if isinstance(reasons, list) else ():
        yield _shown(_mapping(reason).get("rule"))


def _entity(value: Any) -> str:
    entity = _mapping(value)
    return f"{_shown(entity.get('type'))} {_shown(entity.get('id'))}"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _shown(value: Any) -> str:
    return "?" if value is None else visible(str(value))


def _range(chain: Chain) -> str:
    return _range_words(chain.first, chain.last.number)


def _range_words(first: int, last: int) -> str:
    return f"number {first:,}" if first == last else f"numbers {first:,} to {last:,}"


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count:,} records"


def _problems(count: int) -> str:
    return "1 problem was" if count == 1 else f"{count:,} problems were"
