"""``evaluator log``: what a decision log says, and whether it says what was written."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from evaluator.cli.logs import opened
from evaluator.cli.screens import Color, color_option, example, print_json, show
from evaluator.diagnostics import Severity
from evaluator.history.chain import SHORTEST_KEY, Sealer, key_of, read_head
from evaluator.history.verifying import Finding, Verification, first_link

__all__ = ["log"]

_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
_FORMAT = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print.",
)


@click.group(epilog=example("evaluator log verify decisions*.jsonl"))
def log() -> None:
    """Look into the decision logs that `evaluator serve --log` writes."""


@log.command(
    short_help="Find cuts, edits, gaps and moved records.",
    epilog=example("evaluator log verify decisions*.jsonl"),
)
@_FILES
@click.option(
    "--key", type=click.Path(path_type=Path), metavar="FILE", help="The key of sealed records."
)
@click.option(
    "--head",
    "heads",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A copy of a log's .head file: the log must have come so far. May be given again.",
)
@_FORMAT
@color_option
def verify(
    files: tuple[str, ...], key: Path | None, heads: tuple[Path, ...], format_: str, color: Color
) -> int:
    """Find cuts, edits, gaps and records that have been moved, by the hashes in a log.

    Name all files of the log, in any order; - is standard input. Where decisions.jsonl.head lies
    beside decisions.jsonl, the log must end no earlier than it says. The exit code is 1 if
    something is wrong.
    """
    sealer = Sealer(_key(key))
    verification = Verification(sealer)
    beside = [Path(f"{name}.head") for name in files if Path(f"{name}.head").is_file()]
    for path in (*heads, *beside):
        head = read_head(_bytes(path))
        if head is None:
            raise click.UsageError(f"{str(path)!r} is no head of a log.")
        verification.expect(head, str(path))
    shown: list[Finding] = []
    wrong = 0
    for finding in _findings(verification, files):
        wrong += finding.diagnostic.severity is Severity.ERROR
        if format_ == "text":
            from evaluator.render.log_text import finding_text

            show(finding_text(finding), color, wrap=False)
        else:
            shown.append(finding)
    if format_ == "json":
        from evaluator.render.log_json import verification_json

        print_json(verification_json(verification.chains, shown, wrong=wrong))
    else:
        from evaluator.render.log_text import summary_text

        summary = summary_text(verification.chains, wrong=wrong, is_keyed=sealer.is_keyed)
        show(summary, color, wrap=False)
    return int(wrong > 0)


@log.command(
    "show",
    short_help="Show decisions, a line each.",
    epilog=example("evaluator log show decisions.jsonl --effect deny"),
)
@_FILES
@click.option("--effect", type=click.Choice(["allow", "deny"]), help="Only these decisions.")
@click.option("--rule", metavar="ID", help="Only decisions with this rule among the reasons.")
@click.option("--caller", metavar="NAME", help="Only what this caller asked.")
@click.option("--id", "id_", metavar="ID", help="Only the decision with this id.")
@_FORMAT
@color_option
def show_log(
    files: tuple[str, ...],
    effect: str | None,
    rule: str | None,
    caller: str | None,
    id_: str | None,
    format_: str,
    color: Color,
) -> int:
    """Show decisions, a line each, or the records themselves as JSON Lines.

    Lines that are no records are passed over; `evaluator log verify` tells of them.
    """
    wanted = {"caller": caller, "id": id_}
    for name in files:
        for line, record in _records(name):
            if any(value not in (None, record.get(key)) for key, value in wanted.items()):
                continue
            if effect not in (None, record["decision"].get("decision")):
                continue
            if rule is not None and rule not in _rules(record):
                continue
            if format_ == "json":
                sys.stdout.write(line.decode("utf-8") + "\n")
            else:
                from evaluator.render.log_text import record_text

                show(record_text(record), color, wrap=False)
    return 0


def _findings(verification: Verification, files: Sequence[str]) -> Iterator[Finding]:
    for name in _in_order(files):
        with opened(name) as stream:
            yield from verification.read(stream, "<stdin>" if name == "-" else name)
    yield from verification.finish()


def _in_order(files: Sequence[str]) -> Sequence[str]:
    """Files by their first records: shells put names in an order that is not always that of time.

    Chains are in the order that they are first named in, and what has no record comes last.
    """
    chains: dict[str, int] = {}
    places: list[tuple[int, int, str]] = []
    for name in files:
        link = None
        if name != "-":
            with opened(name) as stream:
                link = first_link(stream)
        if link is None:
            places.append((sys.maxsize, len(places), name))
        else:
            chain = chains.setdefault(link.chain, len(chains))
            places.append((chain, link.number, name))
    return [name for *_, name in sorted(places, key=lambda place: place[:2])]


def _records(name: str) -> Iterator[tuple[bytes, dict[str, Any]]]:
    from evaluator.documents.json_documents import load_json

    with opened(name) as stream:
        for line in stream:
            value, _ = load_json(line)
            if isinstance(value, dict) and isinstance(value.get("decision"), dict):
                yield line.rstrip(b"\r\n"), value


def _rules(record: dict[str, Any]) -> set[Any]:
    reasons = record["decision"].get("reasons")
    return {str(reason.get("rule")) for reason in reasons or () if isinstance(reason, dict)}


def _key(path: Path | None) -> bytes | None:
    if path is None:
        return None
    key = key_of(_bytes(path))
    if key is None:
        raise click.UsageError(f"--key {str(path)!r} has fewer than {SHORTEST_KEY} characters.")
    return key


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{str(path)!r}: {error.strerror or error}.") from None
