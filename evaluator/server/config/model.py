"""How a service is configured, whether a file or the command line says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from evaluator.server.log.settings import LogSettings
from evaluator.server.settings import Limits

__all__ = [
    "ALGORITHMS",
    "LEEWAY",
    "Access",
    "Configuration",
    "Form",
    "InsecurePublic",
    "JwtAccess",
    "Listen",
    "Reload",
    "Tls",
]

Form = Literal["text", "json"]
"""How the standard error says what happens to a service: in lines to read, or as JSON."""
InsecurePublic = Literal["without-tls", "without-authentication"]
"""What the owner of a service has said that a public address may do without."""

# None with a shared secret: who can verify such a token can make one, and a public key taken for
# the secret is the best-known attack on tokens.
ALGORITHMS: Final = (
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "PS256",
    "PS384",
    "PS512",
    "RS256",
    "RS384",
    "RS512",
)
LEEWAY: Final = 30.0


@dataclass(frozen=True, slots=True)
class Tls:
    """The files of a certificate and of its private key, both in PEM."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Listen:
    """Where a service listens, in how many processes, and what it may do without there."""

    host: str = "127.0.0.1"
    port: int = 8181
    workers: int = 1
    tls: Tls | None = None
    insecure_public: frozenset[InsecurePublic] = frozenset()


@dataclass(frozen=True, slots=True)
class JwtAccess:
    """Which tokens are good. ``jwks`` is a file or a URL; ``leeway`` is in seconds."""

    jwks: Path | str
    algorithms: tuple[str, ...]
    audience: tuple[str, ...]
    issuer: tuple[str, ...]
    leeway: float = LEEWAY


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask: the file of API keys, tokens, and the folder of the pack that says for what."""

    api_keys: Path | None = None
    jwt: JwtAccess | None = None
    policy: Path | None = None

    @property
    def authenticates(self) -> bool:
        """Whether callers have to say who they are."""
        return self.api_keys is not None or self.jwt is not None


@dataclass(frozen=True, slots=True)
class Reload:
    """Whether policies are loaded anew when their files change, and only if their suites pass."""

    watch: bool = True
    suites: bool = False


@dataclass(frozen=True, slots=True)
class Configuration:
    """All that can be configured; what is not is as ``evaluator serve`` has it by itself."""

    listen: Listen = Listen()
    policies: Path = Path("policies")
    functions: str | None = None
    entities: Path | None = None
    public_url: str | None = None
    trust_client_time: bool = False
    explain: bool = False
    playground: bool = False
    limits: Limits = field(default_factory=Limits)
    allowed_hosts: tuple[str, ...] = ()
    access: Access = Access()
    reload: Reload = Reload()
    log: LogSettings | None = None
    events: Form = "text"
