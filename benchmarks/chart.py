"""A chart of curves on two logarithmic scales, as SVG that is readable on light and on dark."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final

__all__ = ["log_log"]

Point = tuple[float, float]

_WIDTH: Final = 760
_HEIGHT: Final = 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 190, 56, 52
_LABEL_HEIGHT: Final = 17
_STYLE: Final = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #52514e; }
  .title { font-size: 15px; font-weight: 600; fill: #0b0b0b; }
  .label { fill: #0b0b0b; }
  .surface { fill: #fcfcfb; }
  .grid { stroke: #e4e3df; stroke-width: 1; }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
  .s0 { stroke: #2a78d6; } .s1 { stroke: #eb6834; } .s2 { stroke: #1baf7a; }
  .s3 { stroke: #4a3aa7; }
  .m { stroke: #fcfcfb; stroke-width: 2; }
  .f0 { fill: #2a78d6; } .f1 { fill: #eb6834; } .f2 { fill: #1baf7a; } .f3 { fill: #4a3aa7; }
  @media (prefers-color-scheme: dark) {
    text { fill: #c3c2b7; }
    .title, .label { fill: #ffffff; }
    .surface { fill: #1a1a19; }
    .grid { stroke: #383835; }
    .s0 { stroke: #3987e5; } .s1 { stroke: #d95926; } .s2 { stroke: #199e70; }
    .s3 { stroke: #9085e9; }
    .m { stroke: #1a1a19; }
    .f0 { fill: #3987e5; } .f1 { fill: #d95926; } .f2 { fill: #199e70; } .f3 { fill: #9085e9; }
  }
"""


def log_log(
    title: str,
    x_title: str,
    curves: Mapping[str, Sequence[Point]],
    x_label: Callable[[float], str],
    y_label: Callable[[float], str],
) -> str:
    """Up to four curves of positive points, with their names; grid lines at decades."""
    points = [point for curve in curves.values() for point in curve]
    x_place = _scale([x for x, _ in points], _LEFT, _WIDTH - _RIGHT)
    y_place = _scale([y for _, y in points], _HEIGHT - _BOTTOM, _TOP)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
            f' aria-label="{escape(title)}">'
        ),
        f"<style>{_STYLE}</style>",
        f'<rect class="surface" width="{_WIDTH}" height="{_HEIGHT}" rx="6"/>',
        f'<text class="title" x="20" y="30">{escape(title)}</text>',
        *_x_axis(points, x_place, x_label),
        *_y_axis(points, y_place, y_label),
        (
            f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 12}" text-anchor="middle">'
            f"{escape(x_title)}</text>"
        ),
    ]
    for number, curve in enumerate(curves.values()):
        parts += _curve(number, [(x_place(x), y_place(y)) for x, y in curve])
    parts += _names({name: (x_place(c[-1][0]), y_place(c[-1][1])) for name, c in curves.items()})
    return "\n".join((*parts, "</svg>", ""))


def _decades(values: Sequence[float]) -> range:
    """The powers of ten between which all values lie."""
    low = math.floor(math.log10(min(values)))
    return range(low, max(low + 1, math.ceil(math.log10(max(values)) - 1e-9)) + 1)


def _scale(values: Sequence[float], start: float, end: float) -> Callable[[float], float]:
    decades = _decades(values)
    length = decades[-1] - decades[0]
    return lambda value: start + (math.log10(value) - decades[0]) / length * (end - start)


def _x_axis(
    points: Sequence[Point], place: Callable[[float], float], label: Callable[[float], str]
) -> list[str]:
    parts: list[str] = []
    for decade in _decades([x for x, _ in points]):
        x = place(10.0**decade)
        parts.append(
            f'<line class="grid" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_HEIGHT - _BOTTOM}"/>'
        )
        parts.append(
            f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">'
            f"{escape(label(10.0**decade))}</text>"
        )
    return parts


def _y_axis(
    points: Sequence[Point], place: Callable[[float], float], label: Callable[[float], str]
) -> list[str]:
    parts: list[str] = []
    for decade in _decades([y for _, y in points]):
        y = place(10.0**decade)
        parts.append(
            f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}"/>'
        )
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
            f"{escape(label(10.0**decade))}</text>"
        )
    return parts


def _curve(number: int, places: Sequence[Point]) -> list[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return [
        f'<polyline class="line s{number}" points="{path}"/>',
        *(f'<circle class="m f{number}" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>' for x, y in places),
    ]


def _names(ends: Mapping[str, Point]) -> list[str]:
    """Each name beside the end of its curve, moved up where two would touch."""
    parts: list[str] = []
    taken: list[Point] = []
    for name, (x, y) in sorted(ends.items(), key=lambda item: -item[1][1]):
        above = [its for at, its in taken if abs(at - x) < 120]
        y = min(y, min(above, default=math.inf) - _LABEL_HEIGHT)
        taken.append((x, y))
        parts.append(f'<text class="label" x="{x + 11:.1f}" y="{y + 4:.1f}">{escape(name)}</text>')
    return parts
