"""Opening a decision log as settings ask for it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evaluator.diagnostics import Diagnostic
from evaluator.history.chain import SHORTEST_KEY, Sealer, key_of
from evaluator.server.access.watching import SetupError
from evaluator.server.log import problems
from evaluator.server.log.chained_stream import ChainedStream
from evaluator.server.log.journal import DecisionLog, Sink
from evaluator.server.log.masking import Masks, read_masks
from evaluator.server.log.records import Records
from evaluator.server.log.sampling import Sample
from evaluator.server.log.settings import LogSettings
from evaluator.server.log.tails import NotOursError, SealedOtherwiseError

__all__ = ["look_at_log", "open_log"]

_STANDARD_OUTPUT: Final = 1


class _Ear:
    """Gathers what is found while a log is opened, and passes on what is found later."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.report: Callable[[str], None] | None = None

    def hear(self, diagnostic: Diagnostic) -> None:
        if self.report is None:
            self.found.append(diagnostic)
        else:
            self.report(diagnostic.message)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    sink: Sink
    masks: Masks
    sample: Sample | None


def open_log(
    settings: LogSettings,
    *,
    report: Callable[[str], None],
    wrote: Callable[[int], None] = lambda count: None,
) -> DecisionLog:
    """The log, in the process that writes it. Raises ``SetupError``.

    ``report`` hears later on, from another thread, when writing fails and when it works again, and
    of lines that another process has left unfinished; ``wrote`` how many records were written at
    once.
    """
    ear = _Ear()
    parts = _open(settings, ear)
    ear.report = report
    records = Records(parts.masks, parts.sample)
    return DecisionLog(parts.sink, records, settings, report=report, wrote=wrote)


def look_at_log(settings: LogSettings) -> tuple[Diagnostic, ...]:
    """Looks whether the log can be opened, puts its end in order, and lets go of it.

    Warnings of what was found there. Raises ``SetupError``.
    """
    ear = _Ear()
    _open(settings, ear).sink.close()
    return tuple(ear.found)


def _open(settings: LogSettings, ear: _Ear) -> _Parts:
    key, diagnostic = (None, None) if settings.key is None else _read_key(settings.key)
    masks, wrong = read_masks(settings.masks)
    found = (*wrong, *(() if diagnostic is None else (diagnostic,)))
    sink = None if found else _sink(settings, Sealer(key), ear)
    if sink is None:
        raise SetupError((*found, *ear.found))
    sample = None
    if settings.allows < 1:
        sample = Sample(settings.allows, key=key or secrets.token_bytes(32))
    return _Parts(sink, masks, sample)


def _sink(settings: LogSettings, sealer: Sealer, ear: _Ear) -> Sink | None:
    path = settings.file
    if path is None:
        return ChainedStream(_STANDARD_OUTPUT, sealer)
    try:
        from evaluator.server.log.chained_file import ChainedFile
    except ModuleNotFoundError as error:
        if error.name != "fcntl":  # with which those who write take turns
            raise
        ear.hear(problems.no_locks(path))
        return None
    try:
        return ChainedFile(path, sealer, settings.rotation, report=ear.hear)
    except NotOursError:
        ear.hear(problems.not_ours(path))
    except SealedOtherwiseError:
        ear.hear(problems.sealed_otherwise(path, is_keyed=sealer.is_keyed))
    except OSError as error:
        ear.hear(problems.cannot_be_written(path, error.strerror or str(error)))
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
