"""``evaluator serve``: the service, started from the command line."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import click

import evaluator

__all__ = ["serve"]


@click.command(epilog="\b\nExample:\n  evaluator serve -p policies --port 8181")
@click.option(
    "-p",
    "--policies",
    "path",
    default="policies",
    show_default=True,
    metavar="FOLDER",
    help="The folder of a pack, or of packs.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8181, show_default=True, help="The port; 0 takes a free one.")
@click.option(
    "--entities",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The subjects, resources and actions that searches look through, as JSON or YAML.",
)
@click.option("--public-url", metavar="URL", help="The address of the service as clients see it.")
@click.option(
    "--trust-client-time",
    is_flag=True,
    help="Decide for the context.time of requests. Without it the service's clock counts.",
)
@click.option("--explain", "explains", is_flag=True, help="Answer /v1/explain too.")
@click.option("--functions", metavar="MODULE:ATTRIBUTE", help="A mapping with the host functions.")
def serve(
    path: str,
    host: str,
    port: int,
    entities: Path | None,
    public_url: str | None,
    trust_client_time: bool,
    explains: bool,
    functions: str | None,
) -> int:
    """Answer requests for decisions over HTTP, as AuthZEN 1.0 has it.

    Listens on this machine alone unless told otherwise. Stops at Ctrl-C or SIGTERM, when the
    requests that have come are answered.
    """
    try:
        from evaluator.server.running import CannotListenError, run
    except ImportError as error:
        raise click.UsageError(
            f"serve needs a package that is not installed ({error.name}): "
            "pip install 'policy-evaluator[server]'"
        ) from None
    from evaluator.server.app import Application
    from evaluator.server.entities import NO_ENTITIES
    from evaluator.server.entity_files import read_entities
    from evaluator.server.settings import Settings

    policies = _policies(path, functions)
    known = NO_ENTITIES
    if entities is not None:
        found, diagnostics = read_entities(entities.read_bytes(), str(entities))
        if found is None:
            _fail(diagnostics)
        known = found
    settings = Settings(
        public_url=public_url.rstrip("/") if public_url else None,
        trust_client_time=trust_client_time,
        explains=explains,
    )
    app = Application(policies.warm(), settings, key=secrets.token_bytes(32), entities=known)
    try:
        return run(app, host=host, port=port)
    except CannotListenError as error:
        raise click.UsageError(f"{error}.") from None


def _policies(path: str, functions: str | None) -> evaluator.PolicySet:
    folder = Path(path)
    if not folder.is_dir():
        raise click.UsageError(f"There is no folder {path!r}; name the policies with -p.")
    try:
        return evaluator.load(folder, functions=_host_functions(functions))
    except evaluator.PolicyError as error:
        _fail(error.diagnostics, folder="" if path == "." else f"{folder.as_posix()}/")


def _host_functions(name: str | None) -> Mapping[str, Callable[..., Any]] | None:
    from evaluator.naming import NotNamedError, named_mapping

    try:
        return None if name is None else named_mapping(name)
    except NotNamedError as error:
        raise click.UsageError(f"--functions {error}") from None


def _fail(diagnostics: Any, *, folder: str = "") -> NoReturn:
    from rich.console import Console

    from evaluator.render.diagnostics_text import diagnostic_text

    screen = Console(stderr=True, markup=False, emoji=False, highlight=False)
    for diagnostic in diagnostics:
        with screen.capture() as captured:
            screen.print(
                diagnostic_text(diagnostic, width=screen.width, folder=folder), soft_wrap=True
            )
        sys.stderr.write(captured.get())
    raise click.exceptions.Exit(2)
