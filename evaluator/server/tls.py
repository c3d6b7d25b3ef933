"""TLS: the certificate that the service shows, loaded before it listens."""

from __future__ import annotations

import ssl

from evaluator.server.config.model import Tls

__all__ = ["TlsError", "server_context"]


class TlsError(Exception):
    """A certificate that cannot be shown; the text says why."""


def server_context(tls: Tls) -> ssl.SSLContext:
    """TLS 1.2 or newer with a certificate. Raises ``TlsError``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    for path, sign, what in (
        (tls.certificate, b" CERTIFICATE-----", "certificate"),
        (tls.key, b" PRIVATE KEY-----", "private key"),
    ):
        try:
            data = path.read_bytes()
        except OSError as error:
            raise TlsError(f"{path}: {error.strerror or error}") from None
        if sign not in data:  # of which OpenSSL says no more than "pem lib"
            raise TlsError(f"{path}: there is no {what} in it, as PEM has them")
    try:
        # Without a password here, OpenSSL would ask for one at the terminal.
        context.load_cert_chain(tls.certificate, tls.key, password=_no_password)
    except _PasswordError:
        raise TlsError(f"{tls.key}: the key has a password; store one without") from None
    except ssl.SSLError as error:
        reason = (error.reason or str(error)).replace("_", " ").lower()
        raise TlsError(f"{tls.certificate} and {tls.key} do not go together: {reason}") from None
    return context


class _PasswordError(Exception):
    pass


def _no_password() -> str:
    raise _PasswordError
