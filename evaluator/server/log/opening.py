"""Opening a decision log as settings ask for it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from evaluator.diagnostics import Diagnostic
from evaluator.history.chain import SHORTEST_KEY, Sealer, key_of
from evaluator.server.log import problems
from evaluator.server.log.chained_file import ChainedFile
from evaluator.server.log.chained_stream import ChainedStream
from evaluator.server.log.journal import DecisionLog, Sink
from evaluator.server.log.masking import read_masks
from evaluator.server.log.records import Records
from evaluator.server.log.sampling import Sample
from evaluator.server.log.settings import LogSettings
from evaluator.server.log.tails import NotOursError

__all__ = ["open_log"]

_STANDARD_OUTPUT: Final = 1


def open_log(
    settings: LogSettings, *, report: Callable[[str], None]
) -> tuple[DecisionLog | None, tuple[Diagnostic, ...]]:
    """The log, None if it cannot be; and errors, or warnings of what was found in the file.

    ``report`` hears later on, from another thread, when writing fails and when it works again.
    """
    found: list[Diagnostic] = []
    key, diagnostic = (None, None) if settings.key is None else _read_key(settings.key)
    if diagnostic is not None:
        found.append(diagnostic)
    masks, wrong = read_masks(settings.masks)
    found += wrong
    if found:
        return None, tuple(found)
    sink = _sink(settings, Sealer(key), found)
    if sink is None:
        return None, tuple(found)
    sample = None
    if settings.allows < 1:
        sample = Sample(settings.allows, key=key or secrets.token_bytes(32))
    log = DecisionLog(sink, Records(masks, sample), settings, report=report)
    return log, tuple(found)


def _sink(settings: LogSettings, sealer: Sealer, found: list[Diagnostic]) -> Sink | None:
    path = settings.file
    if path is None:
        return ChainedStream(_STANDARD_OUTPUT, sealer)
    try:
        return ChainedFile(path, sealer, settings.rotation, report=found.append)
    except NotOursError:
        found.append(problems.not_ours(path))
    except OSError as error:
        found.append(problems.cannot_be_written(path, error.strerror or str(error)))
    return None


def _read_key(path: Path) -> tuple[bytes | None, Diagnostic | None]:
    try:
        data = path.read_bytes()
    except OSError as error:
        return None, problems.key_unreadable(path, error.strerror or str(error))
    key = key_of(data)
    if key is None:
        return None, problems.key_weak(path, len(data.strip()), SHORTEST_KEY)
    return key, None
