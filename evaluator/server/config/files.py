"""The format of the configuration file and of the file of API keys, as pydantic models.

Like the models of policy files they describe and are not instantiated: files are validated by the
schemas made from them, which editors show too.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evaluator.policy.file_parts import FilePart
from evaluator.server.config.model import (
    ALGORITHMS,
    LEEWAY,
    Configuration,
    Form,
    InsecurePublic,
)
from evaluator.server.log.settings import Durability, LogSettings

__all__ = ["KeysFile", "ServerFile"]

_DEFAULT = Configuration()
_LIMITS = _DEFAULT.limits
_LOG = LogSettings(None)


Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[list[Text], Field(min_length=1)]


class Tls(FilePart):
    """The certificate that the service shows."""

    certificate: Text = Field(
        title="Certificate",
        description="The file with the certificate and those that lead to a known one, in PEM.",
    )
    key: Text = Field(
        title="Key", description="The file with the private key, in PEM, without a password."
    )


class Listen(FilePart):
    """Where the service listens."""

    host: Text = Field(
        _DEFAULT.listen.host, title="Host", description="The address, or the name that has it."
    )
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        _DEFAULT.listen.port, title="Port", description="The port; 0 takes a free one."
    )
    workers: Annotated[int, Field(ge=1, le=256)] = Field(
        _DEFAULT.listen.workers,
        title="Workers",
        description="How many processes share the port: one a processor is a good number.",
    )
    tls: Tls | None = None
    insecure_public: Annotated[list[InsecurePublic], Field(min_length=1)] | None = Field(
        None,
        title="Insecure public",
        description=(
            "What an address that other machines reach may do without. Behind a proxy that ends "
            "TLS, `without-tls`."
        ),
    )


class Limits(FilePart):
    """What one request may ask for."""

    body: Annotated[int, Field(ge=1)] = Field(
        _LIMITS.body, title="Body", description="How many octets the body of a request may have."
    )
    evaluations: Annotated[int, Field(ge=1)] = Field(
        _LIMITS.evaluations, title="Evaluations", description="How many a batch may have."
    )
    results: Annotated[int, Field(ge=1)] = Field(
        _LIMITS.results, title="Results", description="How many a page of a search has at most."
    )
    candidates: Annotated[int, Field(ge=1)] = Field(
        _LIMITS.candidates,
        title="Candidates",
        description="How many entities are tried for a page of a search.",
    )
    seconds: Annotated[float, Field(gt=0, le=3600)] = Field(
        _LIMITS.seconds,
        title="Seconds",
        description="How long the body of a request may take to arrive.",
    )
    concurrent: Annotated[int, Field(ge=1)] = Field(
        _LIMITS.concurrent,
        title="Concurrent",
        description=(
            "How many requests a process works on at once, with those whose bodies are on their "
            "way; those beyond are answered with 503."
        ),
    )
    queue: Annotated[int, Field(ge=1)] = Field(
        _LIMITS.queue,
        title="Queue",
        description=(
            "How many requests that have come whole wait for a process; those beyond are answered "
            "with 503. More of them wait longer: 256 single decisions take less than 0.1 seconds."
        ),
    )
    remembered: Annotated[int, Field(ge=0)] = Field(
        _LIMITS.remembered,
        title="Remembered",
        description=(
            "How many answers a worker keeps, to tell them again while they hold; each takes about "
            "4 kB."
        ),
    )


class Jwt(FilePart):
    """Which tokens (RFC 7519) are good, signed by whom and for whom. `exp` and `sub` are needed."""

    jwks: Text = Field(
        title="JWKS",
        description=(
            "The key set of the issuer (RFC 7517): a file, or an https address. What tokens say of "
            "where to find keys counts for nothing."
        ),
        examples=["https://login.example/.well-known/jwks.json", "jwks.json"],
    )
    algorithms: Annotated[list[Literal[ALGORITHMS]], Field(min_length=1)] = Field(  # type: ignore[valid-type]  # one list, here and where tokens are verified
        title="Algorithms",
        description="The signatures that count. There are no others than with public keys.",
        examples=[["ES256"]],
    )
    audience: Texts | Text = Field(
        title="Audience", description="What `aud` has to be, or to contain one of: this service."
    )
    issuer: Texts | Text = Field(
        title="Issuer", description="What `iss` has to be, or one of several."
    )
    leeway: Annotated[float, Field(ge=0, le=300)] = Field(
        LEEWAY,
        title="Leeway",
        description="By how many seconds the clock of the issuer may differ.",
    )


class Access(FilePart):
    """Who may ask. Without `api_keys` and `jwt`, nobody has to say who they are."""

    api_keys: Text | None = Field(
        None, title="API keys", description="The file of API keys; see `evaluator serve --new-key`."
    )
    jwt: Jwt | None = None
    policy: Text | None = Field(
        None,
        title="Policy",
        description="The folder of a pack that says what callers may do, in place of ours.",
    )


class Reload(FilePart):
    """What happens when the files of policies change, and those of `access.policy`."""

    watch: bool = Field(
        _DEFAULT.reload.watch,
        title="Watch",
        description="Whether they are loaded anew, and take over if nothing is wrong with them.",
    )
    suites: bool = Field(
        _DEFAULT.reload.suites,
        title="Suites",
        description="Whether the suites of policies have to pass before they take over.",
    )


class Rotation(FilePart):
    """When a file of the log is full, and how many full ones are kept."""

    size: Annotated[int, Field(ge=1024)] = Field(
        _LOG.rotation.size, title="Size", description="The size of a full file, in bytes."
    )
    seconds: Annotated[float, Field(gt=0)] | None = Field(
        None, title="Seconds", description="For how long a file is written to."
    )
    keep: Annotated[int, Field(ge=0)] | None = Field(
        None, title="Keep", description="How many full files are kept; all if left out."
    )


class Mask(FilePart):
    """A part of requests that is not written down."""

    pointer: Text = Field(
        title="Pointer",
        description="Where it stands in a request (RFC 6901); `*` stands for any name or place.",
        examples=["/subject/properties/email"],
    )
    when: Text | None = Field(
        None,
        title="When",
        description=(
            "A CEL expression over `subject`, `action`, `resource` and `context`, as in policies. "
            "What cannot be evaluated hides."
        ),
        examples=['resource.type == "patient"'],
    )


class Log(FilePart):
    """The decision log, which `evaluator log verify` and `evaluator replay` read."""

    file: Text = Field(
        title="File",
        description="The file that records are appended to; `-` is the standard output.",
        examples=["/var/log/evaluator/decisions.jsonl"],
    )
    durability: Durability = Field(
        _LOG.durability,
        title="Durability",
        description=(
            "`strict` answers when the record is on disk, `buffered` puts records there after a "
            "moment."
        ),
    )
    interval: Annotated[float, Field(gt=0, le=60)] = Field(
        _LOG.interval,
        title="Interval",
        description="After how many seconds at most buffered records are on disk.",
    )
    queue: Annotated[int, Field(ge=1)] = Field(
        _LOG.queue,
        title="Queue",
        description="How many records may wait; beyond, requests are answered with 503.",
    )
    rotation: Rotation | None = None
    masks: Annotated[list[Mask], Field(min_length=1)] | None = Field(
        None, title="Masks", description="What of requests is not written down."
    )
    allows: Annotated[float, Field(ge=0, le=1)] = Field(
        _LOG.allows,
        title="Allows",
        description="The share of allowing decisions that is written down; denials always are.",
    )
    key: Text | None = Field(
        None,
        title="Key",
        description="The file of a secret that records are sealed with, 32 characters or more.",
    )


class ServerFile(FilePart):
    """The configuration of `evaluator serve`. Paths begin at the folder of this file."""

    listen: Listen | None = None
    policies: Text | None = Field(
        None,
        title="Policies",
        description="The folder of a pack, or of packs; `policies` in the current one if left out.",
    )
    functions: Text | None = Field(
        None,
        title="Functions",
        description="A mapping with the host functions, as `module:attribute`.",
    )
    entities: Text | None = Field(
        None,
        title="Entities",
        description="The file of the subjects, resources and actions that are known.",
    )
    public_url: Text | None = Field(
        None,
        title="Public URL",
        description="The address of the service as clients see it.",
        examples=["https://decisions.example"],
    )
    trust_client_time: bool = Field(
        _DEFAULT.trust_client_time,
        title="Trust client time",
        description="Whether a request's `context.time` says when it is.",
    )
    explain: bool = Field(
        _DEFAULT.explain, title="Explain", description="Whether `/v1/explain` is answered."
    )
    playground: bool = Field(
        _DEFAULT.playground,
        title="Playground",
        description=(
            "Whether there is a page at `/playground/` on which people see why something is "
            "denied, and try edits. Where other machines reach it, its address has a token."
        ),
    )
    limits: Limits | None = None
    allowed_hosts: Texts | None = Field(
        None,
        title="Allowed hosts",
        description=(
            "The names that clients may call the service by, besides that of `public_url` and "
            "those of the machine it listens to alone. `*.example.com` is any name below, `*` any."
        ),
        examples=[["decisions.internal"]],
    )
    access: Access | None = None
    reload: Reload | None = None
    log: Log | None = None
    events: Form = Field(
        _DEFAULT.events,
        title="Events",
        description=(
            "How the standard error says what happens to the service: `text`, or a line of `json` "
            "each. No more than where it listens is told otherwise."
        ),
    )


class Key(FilePart):
    """An API key, of which the file has no more than the hash."""

    name: Text = Field(
        title="Name",
        description="Who has the key. Several keys of one name are told apart by nobody.",
        examples=["orders"],
    )
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] = Field(
        title="SHA-256", description="The hash of the key, in 64 small hexadecimal digits."
    )
    expires: Text | None = Field(
        None,
        title="Expires",
        description="When the key ends, in RFC 3339.",
        examples=["2027-01-01T00:00:00Z"],
    )
    scopes: list[Text] | None = Field(
        None,
        title="Scopes",
        description=(
            "What the key is for: `evaluate`, `search`, `explain`, `metrics`; without this, to "
            "evaluate and to search."
        ),
        examples=[["evaluate", "explain"]],
    )


class KeysFile(FilePart):
    """The API keys of a service. It reads the file again when it changes."""

    keys: list[Key] = Field(title="Keys", description="The keys that count.")
