"""How decisions are written down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

__all__ = ["Durability", "LogSettings", "MaskSetting", "Rotation"]

Durability = Literal["buffered", "strict"]


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a file is full, and what becomes of it.

    ``size`` is in bytes and ``seconds`` the time since its first record; ``keep`` is how many full
    files are left, None for all.
    """

    size: int = 256 * 1024 * 1024
    seconds: float | None = None
    keep: int | None = None


@dataclass(frozen=True, slots=True)
class MaskSetting:
    """A part of requests that is not written down: its JSON pointer, and a CEL condition."""

    pointer: str
    when: str | None = None


@dataclass(frozen=True, slots=True)
class LogSettings:
    """A decision log.

    ``file`` is None for standard output. ``strict`` answers when the record is on disk;
    ``buffered`` puts records there every ``interval`` seconds. ``queue`` is how many records may
    wait. ``allows`` is the share of allowing decisions that is written down, from 0 to 1; denials
    always are. ``key`` is the file of the secret that records are sealed with.
    """

    file: Path | None
    durability: Durability = "buffered"
    interval: float = 0.2
    queue: int = 10_000
    rotation: Rotation = Rotation()
    masks: tuple[MaskSetting, ...] = ()
    allows: float = 1.0
    key: Path | None = None
