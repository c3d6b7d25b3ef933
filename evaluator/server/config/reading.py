"""The configuration file read: to a configuration, or to every problem that it has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from evaluator.diagnostics import Diagnostic, Diagnostics, Severity
from evaluator.documents.composing import compose
from evaluator.documents.nodes import Node, Scalar, to_python
from evaluator.documents.reading import decode
from evaluator.documents.validating import validate
from evaluator.policy.reading import child, items, scalar
from evaluator.server.config import problems
from evaluator.server.config.hosts import is_host_pattern, is_loopback
from evaluator.server.config.model import (
    Access,
    Configuration,
    JwtAccess,
    Listen,
    Reload,
    Tls,
)
from evaluator.server.config.paths import missing_file, missing_folder, read_bytes
from evaluator.server.config.schemas import Format, published
from evaluator.server.log.masking import condition_problems, pointer_problem
from evaluator.server.log.settings import LogSettings, MaskSetting, Rotation
from evaluator.server.settings import Limits
from evaluator.source import Span

__all__ = ["is_url", "key_set_problem", "public_url_problem", "read_configuration", "read_document"]

# Where paths stand in the file, and whether they are of files.
_PATHS: Final[tuple[tuple[tuple[str, ...], bool], ...]] = (
    (("policies",), False),
    (("entities",), True),
    (("listen", "tls", "certificate"), True),
    (("listen", "tls", "key"), True),
    (("access", "api_keys"), True),
    (("access", "jwt", "jwks"), True),
    (("access", "policy"), False),
    (("log", "key"), True),
)
_NUMBERS: Final = (
    ("limits", "seconds"),
    ("access", "jwt", "leeway"),
    ("log", "interval"),
    ("log", "allows"),
    ("log", "rotation", "seconds"),
)


def read_configuration(path: Path) -> tuple[Configuration | None, tuple[Diagnostic, ...]]:
    """The configuration in a file, or None and what is wrong with it. Never raises."""
    data = read_bytes(path, str(path))
    if isinstance(data, Diagnostic):
        return None, (data,)
    root, found = read_document(data, str(path), "server")
    if root is None:
        return None, found
    diagnostics = Diagnostics()
    diagnostics.extend(found)
    _check(root, path.parent, diagnostics)
    told = diagnostics.sorted()
    if any(item.severity is Severity.ERROR for item in told):
        return None, told
    return _configuration(to_python(root), path.parent), told


def read_document(
    data: bytes, name: str, format_: Format
) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """A YAML document of a format, and what is wrong with its text and shape.

    The root is there as far as it can be guessed, to look for further problems.
    """
    source = decode(data, name)
    if isinstance(source, Diagnostic):
        return None, (source,)
    document = compose(source)
    found = list(document.diagnostics)
    if document.root is not None and not document.has_errors:
        found += validate(document.root, published(format_))
    return document.root, tuple(found)


# What the shape does not tell


def _check(root: Node, folder: Path, diagnostics: Diagnostics) -> None:
    for steps, is_file in _PATHS:
        node = _at(root, steps)
        if node is None or is_url(node.text):
            continue
        missing = missing_file if is_file else missing_folder
        _add(diagnostics, missing(folder / node.text, node.text, node.span))
    jwks = _at(root, ("access", "jwt", "jwks"))
    if jwks is not None and is_url(jwks.text):
        _add(diagnostics, key_set_problem(jwks.text, jwks.span))
    public = _at(root, ("public_url",))
    if public is not None:
        _add(diagnostics, public_url_problem(public.text, public.span))
    for steps in _NUMBERS:
        number = _at(root, steps, float)
        if number is not None and math.isnan(cast("float", number.value)):
            diagnostics.add(problems.no_number(number.span))  # schemas have no word against it
    for name in map(scalar, items(child(root, "allowed_hosts"))):
        if name is not None and not is_host_pattern(name.text):
            diagnostics.add(problems.host(name.span, name.text))
    for mask in items(child(child(root, "log"), "masks")):
        pointer, when = scalar(child(mask, "pointer")), scalar(child(mask, "when"))
        if pointer is not None:
            diagnostics.extend(_located(pointer_problem(pointer.text), pointer))
        if when is not None:
            diagnostics.extend(_located(condition_problems(when.text), when))


def _located(found: Iterable[Diagnostic], node: Scalar) -> Iterator[Diagnostic]:
    return (replace(diagnostic, span=node.span, notes=(), fix=None) for diagnostic in found)


def _at(root: Node, steps: tuple[str, ...], kind: type = str) -> Scalar | None:
    node: Node | None = root
    for step in steps:
        node = child(node, step)
    return node if isinstance(node, Scalar) and isinstance(node.value, kind) else None


def _add(diagnostics: Diagnostics, problem: Diagnostic | None) -> None:
    if problem is not None:
        diagnostics.add(problem)


def is_url(text: str) -> bool:
    """Whether a text is an address and not a path: it has a scheme."""
    return "://" in text


def public_url_problem(url: str, at: Span | None) -> Diagnostic | None:
    """What is wrong with the address of a service."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return problems.public_url(at, url)
    plain = "@" not in parts.netloc and not parts.query and not parts.fragment
    clean = url.isascii() and url.isprintable() and " " not in url
    return None if whole and plain and clean else problems.public_url(at, url)


def key_set_problem(url: str, at: Span | None) -> Diagnostic | None:
    """What is wrong with the address of a key set: TLS is needed but on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    except ValueError:
        return problems.plain_http(at, url)
    return None if safe and host else problems.plain_http(at, url)


# From data of the right shape


def _configuration(data: Mapping[str, Any], folder: Path) -> Configuration:
    default = Configuration()
    return Configuration(
        listen=_listen(data.get("listen", {}), folder),
        policies=folder / data["policies"] if "policies" in data else default.policies,
        functions=data.get("functions"),
        entities=_path(data, "entities", folder),
        public_url=data.get("public_url"),
        trust_client_time=data.get("trust_client_time", default.trust_client_time),
        explain=data.get("explain", default.explain),
        playground=data.get("playground", default.playground),
        limits=Limits(**data.get("limits", {})),
        allowed_hosts=tuple(data.get("allowed_hosts", ())),
        access=_access(data.get("access", {}), folder),
        reload=Reload(**data.get("reload", {})),
        log=_log(data["log"], folder) if "log" in data else None,
        events=data.get("events", default.events),
    )


def _listen(data: Mapping[str, Any], folder: Path) -> Listen:
    default = Listen()
    tls = data.get("tls")
    return Listen(
        host=data.get("host", default.host),
        port=data.get("port", default.port),
        workers=data.get("workers", default.workers),
        tls=None if tls is None else Tls(folder / tls["certificate"], folder / tls["key"]),
        insecure_public=frozenset(data.get("insecure_public", ())),
    )


def _access(data: Mapping[str, Any], folder: Path) -> Access:
    jwt = data.get("jwt")
    return Access(
        api_keys=_path(data, "api_keys", folder),
        jwt=None if jwt is None else _jwt(jwt, folder),
        policy=_path(data, "policy", folder),
    )


def _jwt(data: Mapping[str, Any], folder: Path) -> JwtAccess:
    jwks = data["jwks"]
    default = JwtAccess("", (), (), ())
    return JwtAccess(
        jwks=jwks if is_url(jwks) else folder / jwks,
        algorithms=tuple(dict.fromkeys(data["algorithms"])),
        audience=_several(data["audience"]),
        issuer=_several(data["issuer"]),
        leeway=data.get("leeway", default.leeway),
    )


def _log(data: Mapping[str, Any], folder: Path) -> LogSettings:
    others = {
        key: data[key] for key in ("durability", "interval", "queue", "allows") if key in data
    }
    return LogSettings(
        file=None if data["file"] == "-" else folder / data["file"],
        rotation=Rotation(**data.get("rotation", {})),
        masks=tuple(MaskSetting(**mask) for mask in data.get("masks", ())),
        key=_path(data, "key", folder),
        **others,
    )


def _several(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(cast("list[str]", value))


def _path(data: Mapping[str, Any], key: str, folder: Path) -> Path | None:
    return folder / data[key] if key in data else None
