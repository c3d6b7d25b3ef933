"""``evaluator functions``: the reference of functions, operators and macros."""

from __future__ import annotations

import click

from evaluator.cli.screens import Color, color_option, example, print_json, show

__all__ = ["functions"]


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from evaluator.language.functions import catalogue

    return sorted({name for name in catalogue.names() if name.startswith(incomplete)})


@click.command(
    epilog=example("evaluator functions substring"),
    # An operator such as - or -_ is a name here, not an option.
    context_settings={"ignore_unknown_options": True},
)
@click.argument("name", required=False, shell_complete=_complete)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@color_option
def functions(name: str | None, format_: str, color: Color) -> int:
    """Look up a function, operator or macro of expressions.

    Without a NAME all are listed. A NAME is a function (size, math.greatest), an operator (+, in,
    ?:), a macro (exists), a namespace (math) or a family (strings).
    """
    from evaluator.diagnostics import did_you_mean
    from evaluator.language.functions import catalogue

    found = () if name is None else catalogue.find(name)
    listed = () if found else (catalogue.entries() if name is None else catalogue.members(name))
    if not found and not listed:
        guess = did_you_mean(name or "", dict.fromkeys(catalogue.names()))
        hint = f" Did you mean {guess}?" if guess else " `evaluator functions` lists all there are."
        raise click.UsageError(f"There is no function, operator or macro {name!r}.{hint}")
    if format_ == "json":
        from evaluator.render.functions_json import functions_json

        print_json(functions_json(found or listed))
    else:
        from evaluator.render.functions_text import functions_list, functions_text

        show(functions_text(found) if found else functions_list(listed), color)
    return 0
