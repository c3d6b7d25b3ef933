"""The options that ``decide`` and ``explain`` share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from evaluator.cli.screens import color_option

__all__ = ["request_options"]

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.argument(
        "requests", nargs=-1, type=click.Path(), metavar="[REQUEST.json|REQUESTS.jsonl|-]..."
    ),
    click.option(
        "-p",
        "--policies",
        "path",
        type=click.Path(),
        default="policies",
        show_default=True,
        metavar="FOLDER",
        help="The folder of a pack, or of packs.",
    ),
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="PATH=VALUE",
        help="Change the request first: context.new_quantity=75. May be given several times.",
    ),
    click.option(
        "--now", metavar="INSTANT", help="The moment to decide for, in place of context.time."
    ),
    click.option("--locale", metavar="TAG", help="The locale of messages, such as da."),
    click.option(
        "--functions", metavar="MODULE:ATTRIBUTE", help="A mapping with the host functions."
    ),
    click.option(
        "--cache",
        type=click.Path(),
        metavar="FOLDER",
        help="Keep the policies there as they were loaded, and load them from there the next time.",
    ),
    click.option(
        "--format",
        "format_",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How to print.",
    ),
    click.option("--exit-code", is_flag=True, help="Exit with 1 when a decision is deny."),
    color_option,
)


def request_options(function: F) -> F:
    """Requests, policies, changes of the request, the moment, locale and format."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function
