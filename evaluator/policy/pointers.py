"""JSON pointers (RFC 6901) of attributes in the AuthZEN request."""

from __future__ import annotations

from typing import Final

__all__ = ["ENVELOPE", "Path", "below", "pointer"]

Path = tuple[str, ...]

ENVELOPE: Final[dict[tuple[str, Path], str]] = {
    ("subject", ("type",)): "subject_type",
    ("subject", ("id",)): "subject_id",
    ("action", ("name",)): "action_name",
    ("resource", ("type",)): "resource_type",
    ("resource", ("id",)): "resource_id",
}
"""The attributes that come from the envelope, whatever the properties say, by field of Request."""


def pointer(root: str, path: Path) -> str:
    """The pointer of an attribute: ``/resource/properties/total``, ``/action/name``."""
    place = f"/{root}"
    if root != "context" and (root, path) not in ENVELOPE:
        place += "/properties"
    for part in path:
        place = below(place, part)
    return place


def below(place: str, part: object) -> str:
    """The pointer of a member or an item of what another pointer leads to."""
    text = str(part)
    if "~" in text or "/" in text:
        text = text.replace("~", "~0").replace("/", "~1")
    return f"{place}/{text}"
