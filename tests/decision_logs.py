"""Small decision logs: made, harmed, opened and verified."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from evaluator.diagnostics import Diagnostic
from evaluator.history.chain import Head, Link, Sealer
from evaluator.history.verifying import Finding, Verification

__all__ = ["KEY", "chained", "found_at_start", "verified"]

KEY = b"k" * 32


def chained(
    count: int, key: bytes | None = None, *, chain: str = "0" * 16, first: str = "1"
) -> list[bytes]:
    """The lines of a chain; ``first`` is the id in the first of them."""
    sealer = Sealer(key)
    link = Link(chain)
    lines = []
    for number in range(1, count + 1):
        id_ = first if number == 1 else str(number)
        members = f'"written_at":"2026-03-03T09:00:00Z","id":"{id_}"'
        line, link = sealer.seal(link, members.encode())
        lines.append(line)
    return lines


def verified(
    lines: Sequence[bytes], *, key: bytes | None = None, head: Head | None = None
) -> list[Finding]:
    """What is wrong with a log of these lines."""
    verification = Verification(Sealer(key))
    if head is not None:
        verification.expect(head, "log.head")
    found = list(verification.read(BytesIO(b"".join(lines)), "log"))
    return [*found, *verification.finish()]


def found_at_start(
    prepare: Callable[[Path], object], *, key: bytes | None = None, mask: str | None = None
) -> Sequence[Diagnostic]:
    """What is found when a log is opened after something was done to its file."""
    from evaluator.server.access.watching import SetupError
    from evaluator.server.log.opening import look_at_log
    from evaluator.server.log.settings import LogSettings, MaskSetting

    with TemporaryDirectory() as folder:
        path = Path(folder) / "logs" / "decisions.jsonl"
        path.parent.mkdir()
        prepare(path)
        secret = None
        if key is not None:
            secret = Path(folder) / "key"
            secret.write_bytes(key)
        masks = () if mask is None else (MaskSetting(mask),)
        try:
            return look_at_log(LogSettings(path, key=secret, masks=masks))
        except SetupError as error:
            return error.diagnostics
