"""The access to a service, as it is configured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from evaluator.engine import PolicySet, load
from evaluator.errors import PolicyError
from evaluator.server.access.admission import Admission
from evaluator.server.access.key_files import read_keys
from evaluator.server.access.watching import Report, SetupError, Watched
from evaluator.server.config.model import Access, JwtAccess
from evaluator.server.watching import look

if TYPE_CHECKING:
    from evaluator.server.access.tokens import Tokens

__all__ = ["POLICY", "admission"]

POLICY: Final = Path(__file__).parents[1] / "access_policy"
"""The folder of the pack that says what callers may do where the owner has none of their own."""


def admission(access: Access, report: Report) -> Admission:
    """Who may ask a service. Raises ``SetupError`` with what is wrong with its files.

    ``report`` is given what is wrong with later versions of them.
    """
    keys = tokens = None
    if access.api_keys is not None:
        keys = Watched(access.api_keys, read_keys, report)
    if access.jwt is not None:
        tokens = _tokens(access.jwt, report)
    folder = access.policy or POLICY
    seen = look(folder)
    return Admission(_policies(folder), keys=keys, tokens=tokens, seen=seen)


def _tokens(jwt: JwtAccess, report: Report) -> Tokens:
    # Here, since a service without tokens need not load what verifies them.
    from evaluator.server.access.key_sources import FileKeys, UrlKeys
    from evaluator.server.access.tokens import Tokens

    if isinstance(jwt.jwks, str):
        return Tokens(jwt, UrlKeys(jwt.jwks, jwt.algorithms, report))
    return Tokens(jwt, FileKeys(jwt.jwks, jwt.algorithms, report))


def _policies(folder: Path) -> PolicySet:
    try:
        return load(folder).warm()
    except PolicyError as error:
        raise SetupError(error.diagnostics, folder) from None
