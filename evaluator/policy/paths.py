"""Paths as packs write them: relative, with ``/``, and never out of the pack's folder."""

from __future__ import annotations

__all__ = ["folder_of", "resolve", "stem"]


def resolve(folder: str, path: str) -> str | None:
    """The name, from the pack's folder, of what ``path`` means in one of its folders.

    ``folder`` is "" or ends with ``/``. None when the path is absolute, empty or leads out.
    """
    if not path or path.startswith("/") or "\\" in path or ":" in path or "\0" in path:
        return None
    parts: list[str] = []
    for part in (folder + path).split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            return None
    return "/".join(parts) or None


def folder_of(name: str) -> str:
    """The folder of a file with its final ``/``, "" where there is none."""
    return name[: name.rfind("/") + 1]


def stem(name: str) -> str:
    """The name of a file without folder and extension."""
    base = name[name.rfind("/") + 1 :]
    return base[: base.rfind(".")] if "." in base[1:] else base
