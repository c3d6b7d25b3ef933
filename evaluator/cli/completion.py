"""``evaluator completion``: the script that makes a shell complete our commands and options."""

from __future__ import annotations

import click

__all__ = ["completion"]

_HOW = {
    "bash": 'eval "$(evaluator completion bash)"   # in ~/.bashrc',
    "zsh": 'eval "$(evaluator completion zsh)"    # in ~/.zshrc',
    "fish": "evaluator completion fish | source     # in ~/.config/fish/config.fish",
}


@click.command(epilog="\b\n" + "\n".join(["Example:", *(f"  {line}" for line in _HOW.values())]))
@click.argument("shell", type=click.Choice(sorted(_HOW)))
def completion(shell: str) -> int:
    """Print the completion script of a shell, to be evaluated by it."""
    from click.shell_completion import get_completion_class

    from evaluator.cli import command

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(command, {}, "evaluator", "_EVALUATOR_COMPLETE").source())
    return 0
