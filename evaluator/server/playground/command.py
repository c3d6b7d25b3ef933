"""``evaluator playground``: the playground, started from the command line."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from evaluator.server.playground.app import Playground

__all__ = ["playground"]

_GRACE: Final = 2  # seconds to answer what has come when it is told to stop
_CONNECTIONS: Final = 512
_QUEUE: Final = 256
_SECONDS: Final = 10.0  # that a client may take to send the head of a request
_EVERYWHERE: Final = ("0.0.0.0", "::")  # told apart, not listened to


@click.command(epilog="\b\nExample:\n  evaluator playground -p policies --open")
@click.option(
    "-p",
    "--policies",
    type=click.Path(path_type=Path),
    default=Path("policies"),
    show_default=True,
    metavar="FOLDER",
    help="The folder of a pack, or of packs. Nothing in it is changed.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8282,
    show_default=True,
    help="The port; 0 takes a free one.",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in a browser.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="How many processes evaluate policies.",
)
@click.option(
    "--allowed-host",
    "allowed_hosts",
    multiple=True,
    metavar="NAME",
    help="A name that browsers call this machine by; may be given again.",
)
@click.option(
    "--insecure-public",
    multiple=True,
    type=click.Choice(["without-tls"]),
    help="Listen where other machines reach it all the same.",
)
@click.option(
    "--assets",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    hidden=True,
    help="The folder of a page that was built elsewhere.",
)
def playground(
    policies: Path,
    host: str,
    port: int,
    opens: bool,
    workers: int,
    allowed_hosts: tuple[str, ...],
    insecure_public: tuple[str, ...],
    assets: Path | None,
) -> int:
    """Show why a request is denied, on a page on which policies can be edited.

    Edits stay in the browser; nothing is written. Policies are evaluated by processes of their own,
    within limits of time and memory, and never compiled. Listens on this machine alone unless told
    otherwise; elsewhere the address of the page has a token in it. Stops at Ctrl-C or SIGTERM.
    """
    try:
        from evaluator.server.running import CannotListenError, bound
    except ImportError as error:
        raise click.UsageError(
            f"playground needs a package that is not installed ({error.name}): "
            "pip install 'policy-evaluator[server]'"
        ) from None
    from evaluator.server.config.hosts import is_host_pattern, is_loopback
    from evaluator.server.playground.assets import PUBLISHED, MissingPageError, read_assets
    from evaluator.server.playground.guarding import new_token

    if not policies.is_dir():
        raise click.UsageError(f"There is no folder {str(policies)!r}; name the policies with -p.")
    for name in allowed_hosts:
        if not is_host_pattern(name):
            raise click.UsageError(f"--allowed-host: {name!r} is not the name of a host.")
    local = is_loopback(host)
    if not local and "without-tls" not in insecure_public:
        raise click.UsageError(
            f"Other machines reach {host}, which would be without TLS. Let the service serve the "
            "page with TLS (evaluator serve --playground --tls-certificate FILE --tls-key FILE), "
            "or say that it is meant: --insecure-public without-tls."
        )
    try:
        page = read_assets(assets or PUBLISHED)
        listener = bound(host, port)
    except (CannotListenError, MissingPageError) as error:
        raise click.UsageError(f"{error}.") from None
    token = None if local else new_token()
    from evaluator.server.playground.mounting import make

    app = make(policies, page, token=token, local=local, hosts=allowed_hosts, workers=workers)
    url = _url(host, listener.getsockname()[1], token)
    sys.stderr.write(f"evaluator playground: {url}\n")
    sys.stderr.flush()
    return _serve(app, listener, url if opens else None)


def _url(host: str, port: int, token: str | None) -> str:
    shown = "localhost" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/" + (f"?token={token}" if token else "")


def _serve(app: Playground, listener: socket.socket, opened: str | None) -> int:
    import uvicorn

    from evaluator.server.connections import Guard, Sweeper
    from evaluator.server.events import forward, log_to
    from evaluator.server.lifespan import background

    config = uvicorn.Config(
        app,
        http=Guard(_CONNECTIONS, _QUEUE).protocol(),
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="error",
        access_log=False,
        # These three would be taken from the environment, and from what clients say of a proxy.
        workers=1,
        proxy_headers=False,
        forwarded_allow_ips=[],
        server_header=False,
        timeout_keep_alive=30,
        h11_max_incomplete_event_size=32 * 1024,
        timeout_graceful_shutdown=_GRACE,
    )
    forward(log_to(sys.stderr, colours=sys.stderr.isatty()))
    server = uvicorn.Server(config)
    app.keep(background(Sweeper(server.server_state, _SECONDS).run))
    if opened is not None and _has_screen(os.environ):
        # What opens a browser may wait for it, and it waits for us.
        threading.Thread(target=webbrowser.open, args=(opened,), daemon=True).start()
    # uvicorn ends by the signal that has ended it. To be told to stop is no failure.
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    server.run(sockets=[listener])
    return 0 if server.started else 1


def _has_screen(environment: Mapping[str, str]) -> bool:
    """Whether a browser would have a window; without one, it would take the terminal."""
    if sys.platform in ("darwin", "win32"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
