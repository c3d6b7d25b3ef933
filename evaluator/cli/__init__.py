"""The command line: ``evaluator COMMAND``, each command a module of this package."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

import evaluator
import evaluator.diagnostics
from evaluator.cli.screens import example

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["command", "main"]

# Commands by module and one line of help: each is imported when it is run, not to list it.
_COMMANDS = {
    "check": ("evaluator.cli.check", "Find every problem of the packs in some folders."),
    "completion": ("evaluator.cli.completion", "Print the completion script of a shell."),
    "decide": ("evaluator.cli.decide", "Decide requests."),
    "diff": ("evaluator.cli.diff", "Show what two versions of policies decide differently."),
    "eval": ("evaluator.cli.evaluate", "Evaluate one expression."),
    "explain": (
        "evaluator.cli.explain",
        "Decide a request and show why, expression by expression.",
    ),
    "functions": (
        "evaluator.cli.functions",
        "Look up a function, operator or macro of expressions.",
    ),
    "init": ("evaluator.cli.init", "Write a small, complete pack to begin with."),
    "log": ("evaluator.cli.log", "Verify and show decision logs."),
    "mutate": (
        "evaluator.cli.mutate",
        "Change policies a little and see whether their suites notice.",
    ),
    "replay": ("evaluator.cli.replay", "Decide logged requests again."),
    "test": ("evaluator.cli.test", "Run the suites of packs."),
}


class _Lazy(click.Group):
    """A group whose commands are modules, imported when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*_COMMANDS, *_elsewhere()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            found = _elsewhere().get(cmd_name)
            return None if found is None else found.load()
        module = import_module(_COMMANDS[cmd_name][0])
        found = getattr(module, "evaluate" if cmd_name == "eval" else cmd_name)
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx) if args and args[0] not in _COMMANDS else _COMMANDS
        if args and args[0] not in known and not args[0].startswith("-"):
            guess = evaluator.diagnostics.did_you_mean(args[0], known)
            hint = f" Did you mean {guess}?" if guess else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # before click turns it into 1, the answer no
            raise click.exceptions.Exit(_closed()) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        lines = {name: text for name, (_, text) in _COMMANDS.items()}
        for name, found in _elsewhere().items():
            lines[name] = found.load().get_short_help_str(80)
        with formatter.section("Commands"):
            formatter.write_dl(sorted(lines.items()))


def _elsewhere() -> dict[str, EntryPoint]:
    """Commands that other rooms, and other distributions, bring."""
    from importlib.metadata import entry_points

    return {found.name: found for found in entry_points(group="evaluator.commands")}


@click.command(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=example("evaluator decide -p policies request.json"),
)
@click.version_option(evaluator.__version__, prog_name="evaluator")
def command() -> None:
    """Decisions with reasons and remedies, from YAML policies."""


def main(args: Sequence[str] | None = None) -> Any:
    """Run the command line and exit: 0 fine, 1 the answer is negative, 2 bad usage or bad input."""
    for stream in (sys.stdout, sys.stderr):
        # Text of policies and requests must not fail on a terminal that cannot show it.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        code = command.main(args, prog_name="evaluator", standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort):
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except BrokenPipeError:
        code = _closed()
    except Exception as error:  # noqa: BLE001  # a person gets a line, never a traceback
        click.echo(f"evaluator failed: {type(error).__name__}: {error}", err=True)
        click.echo("This is a fault of evaluator itself; please report it.", err=True)
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


def _closed() -> int:
    """The exit code when the reader of a pipe has gone, as shells tell it: 128 + SIGPIPE."""
    # What is still buffered must not complain at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 141
