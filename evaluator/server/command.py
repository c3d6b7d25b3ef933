"""``evaluator serve``: the service, started from the command line."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, get_args

import click

import evaluator
from evaluator.server.config.model import Access, Configuration, Form, InsecurePublic, Reload, Tls
from evaluator.server.log.settings import Durability, LogSettings
from evaluator.server.requirements import NotThereError, check_workers, needing_extra

if TYPE_CHECKING:
    import ssl

    from evaluator.diagnostics import Diagnostic
    from evaluator.server.access.admission import Admission
    from evaluator.server.app import Application
    from evaluator.server.entities import Entities
    from evaluator.server.events import Log
    from evaluator.server.log.journal import DecisionLog
    from evaluator.server.metrics.measuring import Measuring
    from evaluator.server.playground.mounting import Mount

__all__ = ["serve"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DEFAULT = Configuration()
Functions = Mapping[str, Callable[..., Any]] | None


@click.command(epilog="\b\nExample:\n  evaluator serve -p policies --port 8181")
@click.option(
    "-p",
    "--policies",
    type=click.Path(path_type=Path),
    show_default=str(_DEFAULT.policies),
    metavar="FOLDER",
    help="The folder of a pack, or of packs.",
)
@click.option(
    "--config",
    type=_FILE,
    metavar="FILE",
    help="All of these settings and more, as YAML; the command line counts before it.",
)
@click.option("--host", show_default=_DEFAULT.listen.host, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    show_default=str(_DEFAULT.listen.port),
    help="The port; 0 takes a free one.",
)
@click.option(
    "--entities",
    type=_FILE,
    metavar="FILE",
    help=(
        "The subjects, resources and actions that are known: as JSON, YAML or SQLite, "
        "or as YAML with queries to any database. Of JSON, a million are read in 15 seconds; "
        "beyond, take a database."
    ),
)
@click.option("--public-url", metavar="URL", help="The address of the service as clients see it.")
@click.option(
    "--trust-client-time",
    is_flag=True,
    default=None,
    help="Decide for the context.time of requests. Without it the service's clock counts.",
)
@click.option("--explain", is_flag=True, default=None, help="Answer /v1/explain too.")
@click.option(
    "--playground",
    is_flag=True,
    default=None,
    help="Have a page at /playground/ on which people try edits of the policies.",
)
@click.option("--functions", metavar="MODULE:ATTRIBUTE", help="A mapping with the host functions.")
@click.option("--api-keys", type=_FILE, metavar="FILE", help="The keys of those who may ask.")
@click.option("--tls-certificate", type=_FILE, metavar="FILE", help="The certificate, as PEM.")
@click.option("--tls-key", type=_FILE, metavar="FILE", help="Its private key, as PEM.")
@click.option(
    "--allowed-host",
    "allowed_hosts",
    multiple=True,
    metavar="NAME",
    help="A name that clients call the service by; may be given again.",
)
@click.option(
    "--insecure-public",
    multiple=True,
    type=click.Choice(get_args(InsecurePublic)),
    help="Listen where other machines reach it all the same; may be given again.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    show_default=str(_DEFAULT.listen.workers),
    help="How many processes answer, at one port.",
)
@click.option(
    "--reload/--no-reload",
    default=None,
    help="Load the policies anew when their files change, which is so unless told.",
)
@click.option(
    "--reload-suites",
    is_flag=True,
    default=None,
    help="Let policies answer only if their suites pass; those from before go on.",
)
@click.option(
    "--events",
    type=click.Choice(get_args(Form)),
    show_default=_DEFAULT.events,
    help="How the standard error says what happens to the service.",
)
@click.option(
    "--log",
    metavar="FILE",
    help="Write each decision down, with its request; - is standard output.",
)
@click.option(
    "--durability",
    type=click.Choice(get_args(Durability)),
    help="Answer when the record is on disk (strict), or before (buffered, unless told).",
)
@click.option(
    "--new-key",
    metavar="NAME",
    help="Make an API key for somebody, print it with its line for the file, and do no more.",
)
@click.option("--openapi", is_flag=True, help="Print the OpenAPI document, and do no more.")
def serve(new_key: str | None, openapi: bool, config: Path | None, **options: Any) -> int:
    """Answer requests for decisions over HTTP, as AuthZEN 1.0 has it.

    Listens on this machine alone unless told otherwise, and elsewhere only with TLS and for callers
    who say who they are. Stops at Ctrl-C or SIGTERM, when the requests that have come are answered.
    """
    if new_key is not None:
        _print_key(new_key)
        return 0
    if openapi:
        from evaluator.server.openapi.document import published

        click.echo(published(), nl=False)
        return 0
    try:
        with needing_extra():
            return _serve(config, options)
    except NotThereError as error:
        raise click.UsageError(str(error)) from None


def _serve(config: Path | None, options: Mapping[str, Any]) -> int:
    from evaluator.server.events import log_to
    from evaluator.server.running import CannotListenError, Serving, run

    if sys.stderr is None:  # closed by whoever started us
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # while we live
    configuration = _configuration(config, options)
    listen = configuration.listen
    check_workers(listen.workers)
    log = log_to(sys.stderr, configuration.events, colours=sys.stderr.isatty())
    mount = _playground(configuration)
    serving = Serving(
        host=listen.host,
        port=listen.port,
        tls=_tls(configuration),
        workers=listen.workers,
        limits=configuration.limits,
        log=log,
        playground=None if mount is None else mount.path,
    )
    try:
        return run(_making(configuration, log, mount), serving)
    except CannotListenError as error:
        raise click.UsageError(f"{error}.") from None


def _print_key(name: str) -> None:
    from evaluator.server.access.keys import digest_of, file_line, new_key

    if not name.strip() or not name.isprintable():
        raise click.UsageError("--new-key: say whose key it is, in letters that can be seen.")
    key = new_key()
    click.echo(f"The key of {name}, which is shown this once:\n\n  {key}\n")
    click.echo("The line for the file of keys, which needs no more than its hash:\n")
    click.echo(f"  {file_line(name, digest_of(key))}")


# The configuration: what the file says, and before it the command line


def _configuration(file: Path | None, options: Mapping[str, Any]) -> Configuration:
    base = _DEFAULT
    if file is not None:
        from evaluator.server.config.reading import read_configuration

        read, diagnostics = read_configuration(file)
        if read is None:
            _fail(diagnostics)
        base = read
    certificate, key = options["tls_certificate"], options["tls_key"]
    if (certificate is None) != (key is None):
        raise click.UsageError("--tls-certificate and --tls-key are given together.")
    found = replace(
        base,
        **_given(
            options,
            "policies",
            "entities",
            "public_url",
            "trust_client_time",
            "explain",
            "playground",
            "functions",
            "allowed_hosts",
            "events",
        ),
        listen=replace(
            base.listen,
            **_given(options, "host", "port", "workers"),
            tls=base.listen.tls if certificate is None else Tls(certificate, key),
            insecure_public=base.listen.insecure_public | set(options["insecure_public"]),
        ),
        access=replace(base.access, **_given(options, "api_keys")),
        reload=_reload(base.reload, options),
        log=_log(base.log, options),
    )
    _check(found)
    return found


def _reload(base: Reload, options: Mapping[str, Any]) -> Reload:
    watch, suites = options["reload"], options["reload_suites"]
    if suites and watch is False:
        raise click.UsageError("--reload-suites is of reloading, which --no-reload leaves out.")
    return Reload(
        watch=base.watch if watch is None else watch,
        suites=base.suites if suites is None else suites,
    )


def _log(base: LogSettings | None, options: Mapping[str, Any]) -> LogSettings | None:
    if options["log"] == "":
        raise click.UsageError("--log: say which file, or - for standard output.")
    if options["log"] is not None:
        file = None if options["log"] == "-" else Path(options["log"])
        base = LogSettings(file) if base is None else replace(base, file=file)
    if base is None:
        if options["durability"] is not None:
            raise click.UsageError("--durability is of a log: name its file with --log.")
        return None
    found = replace(base, **_given(options, "durability"))
    if found.file is None and found.durability == "strict":
        raise click.UsageError(
            "A strict log needs a file: nobody knows when standard output is on a disk."
        )
    return found


def _given(options: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: options[name] for name in names if options[name] not in (None, ())}


def _check(configuration: Configuration) -> None:
    from evaluator.server.config.hosts import is_host_pattern
    from evaluator.server.config.reading import public_url_problem
    from evaluator.server.exposure import objection

    url = configuration.public_url
    problem = None if url is None else public_url_problem(url, None)
    if problem is not None:
        raise click.UsageError(f"--public-url: {problem.message}; {problem.help}.")
    for host in configuration.allowed_hosts:
        if not is_host_pattern(host):
            raise click.UsageError(f"--allowed-host: {host!r} is not the name of a host.")
    objected = objection(configuration.listen, configuration.access)
    if objected is not None:
        raise click.UsageError(objected)


# What the service is made of


def _making(
    configuration: Configuration, log: Log, mount: Mount | None
) -> Callable[[Measuring], Application]:
    """What makes the application in each worker, of parts that all have.

    Whatever starts threads or opens files to write to is made there, not here.
    """
    from evaluator.server.app import Application
    from evaluator.server.config.hosts import is_loopback
    from evaluator.server.following import follow, follow_access
    from evaluator.server.hosts import Hosts
    from evaluator.server.seams import NOT_LOGGED
    from evaluator.server.settings import Settings
    from evaluator.server.tracing import Spans, current_tracer
    from evaluator.server.watching import look

    folder = configuration.policies
    functions = _host_functions(configuration.functions)
    seen = look(folder)
    policies = _policies(folder, functions).warm()
    entities, follow_entities = _entities(configuration, log)
    public_url = configuration.public_url
    settings = Settings(
        public_url=public_url.rstrip("/") if public_url else None,
        trust_client_time=configuration.trust_client_time,
        explains=configuration.explain,
        limits=configuration.limits,
    )
    hosts = Hosts(
        configuration.allowed_hosts,
        public_url=public_url,
        local=is_loopback(configuration.listen.host),
    )
    key = secrets.token_bytes(32)
    access = _admission(configuration.access, log)
    _look_at_log(configuration.log)

    def make(measuring: Measuring) -> Application:
        tracer = current_tracer()
        journal = _journal(configuration.log, log.warning, measuring)
        app = Application(
            policies,
            settings,
            key=key,
            entities=entities,
            access=access,
            hosts=hosts,
            journal=NOT_LOGGED if journal is None else journal,
            observer=measuring if tracer is None else Spans(tracer, measuring),
        )
        if journal is not None:
            app.keep(journal)
            app.readiness.add("log", journal.condition)
            measuring.watch("log_queue", lambda: float(journal.depth))
            measuring.watch("log_failed", lambda: float(journal.problem is not None))
        follow_entities(app)
        if mount is not None:
            mount.put(app, hosts)
        own = configuration.access.policy
        if configuration.reload.watch and own is not None:
            follow_access(app, access, own, measuring=measuring, log=log)
        if configuration.reload.watch:
            follow(
                app,
                folder,
                seen=seen,
                functions=functions,
                suites=configuration.reload.suites,
                measuring=measuring,
                log=log,
            )
        return app

    return make


def _playground(configuration: Configuration) -> Mount | None:
    """The playground that is to be part of the service."""
    if not configuration.playground:
        return None
    from evaluator.server.playground.assets import MissingPageError
    from evaluator.server.playground.mounting import Mount

    listen = configuration.listen
    try:
        return Mount.of(configuration.policies, listen.host, 2 if listen.workers == 1 else 1)
    except MissingPageError as error:
        raise click.UsageError(f"--playground: {error}.") from None


def _look_at_log(settings: LogSettings | None) -> None:
    """Looks once, before there are workers, whether they can write the log."""
    if settings is None:
        return
    from evaluator.server.access.watching import SetupError
    from evaluator.server.log.opening import look_at_log

    try:
        _tell(look_at_log(settings))
    except SetupError as error:
        _fail(error.diagnostics)


def _entities(
    configuration: Configuration, log: Log
) -> tuple[Entities, Callable[[Application], None]]:
    """The entities of searches, and what lets an application follow their file."""
    from evaluator.server.entities import NO_ENTITIES
    from evaluator.server.sources.following import follow_entities, open_entities, telling
    from evaluator.server.watching import look_at_file

    path = configuration.entities
    if path is None:
        return NO_ENTITIES, lambda _: None
    seen = look_at_file(path)
    entities, diagnostics = open_entities(path, report=telling(log))
    if entities is None:
        _fail(diagnostics)
    if not configuration.reload.watch:
        return entities, lambda _: None
    return entities, lambda app: follow_entities(app, path, seen=seen, log=log)


def _journal(
    settings: LogSettings | None, report: Callable[[str], None], measuring: Measuring
) -> DecisionLog | None:
    if settings is None:
        return None
    from evaluator.server.log.opening import open_log

    records, writes = measuring.counter("log_records"), measuring.counter("log_writes")

    def wrote(count: int) -> None:
        records(count)
        writes(1)

    return open_log(settings, report=report, wrote=wrote)


def _admission(access: Access, log: Log) -> Admission:
    from evaluator.server.access.building import admission
    from evaluator.server.access.watching import SetupError

    def report(diagnostics: Sequence[Diagnostic]) -> None:
        told = [str(item) for item in diagnostics]
        log.error("keys not loaded; those from before count", diagnostics=told)

    try:
        return admission(access, report)
    except SetupError as error:
        _fail(error.diagnostics, folder="" if error.folder is None else f"{error.folder}/")


def _tls(configuration: Configuration) -> ssl.SSLContext | None:
    from evaluator.server.tls import TlsError, server_context

    tls = configuration.listen.tls
    try:
        return None if tls is None else server_context(tls)
    except TlsError as error:
        raise click.UsageError(f"{error}.") from None


def _policies(folder: Path, functions: Functions) -> evaluator.PolicySet:
    if not folder.is_dir():
        raise click.UsageError(f"There is no folder {str(folder)!r}; name the policies with -p.")
    try:
        return evaluator.load(folder, functions=functions)
    except evaluator.PolicyError as error:
        _fail(error.diagnostics, folder="" if str(folder) == "." else f"{folder.as_posix()}/")


def _host_functions(name: str | None) -> Functions:
    from evaluator.naming import NotNamedError, named_mapping

    try:
        return None if name is None else named_mapping(name)
    except NotNamedError as error:
        raise click.UsageError(f"--functions {error}") from None


def _fail(diagnostics: Sequence[Diagnostic], *, folder: str = "") -> NoReturn:
    _tell(diagnostics, folder=folder)
    raise click.exceptions.Exit(2)


def _tell(diagnostics: Sequence[Diagnostic], *, folder: str = "") -> None:
    from rich.console import Console

    from evaluator.render.diagnostics_text import diagnostic_text

    screen = Console(stderr=True, markup=False, emoji=False, highlight=False)
    for diagnostic in diagnostics:
        with screen.capture() as captured:
            screen.print(
                diagnostic_text(diagnostic, width=screen.width, folder=folder), soft_wrap=True
            )
        sys.stderr.write(captured.get())
