"""The overview map of a day on paper: the way, the start, and the stops by their order, readable without colour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from planner.model.crs import to_metres
from planner.model.route_sheets import LonLat, RouteSheet, number_ranges, told_stops

Floats = npt.NDArray[np.float64]

_WIDTH, _HEIGHT, _MARGIN = 1000.0, 620.0, 46.0
_LEAST_M = 500.0  # a day in one place is not blown up to the page
_BESIDE = 34.0  # numbers nearer to each other are written together
_FONT_SIZE = 24
_STEPS = (1, 2, 5)


def route_svg(sheet: RouteSheet, *, font: str) -> str:
    """The day as SVG, north up, 1000 by 620; empty of all but the frame where no place may be told."""
    stops = told_stops(sheet)
    points = [stop.point for stop in stops if stop.point is not None]
    start = [] if sheet.start_point is None else [sheet.start_point]
    every = np.array([*start, *points, *(place for way in sheet.ways for place in way)])
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}">'
    frame = f'<rect x="1" y="1" width="{_WIDTH - 2:.0f}" height="{_HEIGHT - 2:.0f}" fill="#fff" stroke="#222" stroke-width="2"/>'
    if not len(every):
        return f"{head}{frame}</svg>"
    page = _Page(every)
    parts = [frame, *(_way(page.place(way)) for way in sheet.ways)]
    if start:
        x, y = page.place(start)[0].tolist()
        parts.append(f'<rect x="{x - 14:.1f}" y="{y - 14:.1f}" width="28" height="28" fill="#222"/>')
    if points:
        places = page.place(points)
        orders = [stop.order for stop in stops]
        parts += [_number(places[group], [orders[i] for i in group], font) for group in _groups(places)]
    return f"{head}{''.join(parts)}{page.bar(font)}</svg>"


class _Page:
    """Where a place lies on the drawing: metres (EPSG:4544) about the middle, at one scale."""

    def __init__(self, lonlat: Floats) -> None:
        places_m = _metres(lonlat)
        low, high = places_m.min(axis=0), places_m.max(axis=0)
        self.middle_m = (low + high) / 2
        span_m = np.maximum(high - low, _LEAST_M)
        self.per_m = float(min((_WIDTH - 2 * _MARGIN) / span_m[0], (_HEIGHT - 2 * _MARGIN) / span_m[1]))

    def place(self, lonlat: Sequence[LonLat]) -> Floats:
        """Places on the drawing, shape (n, 2), from lon/lat."""
        across = (_metres(np.array(lonlat)) - self.middle_m) * self.per_m
        return np.column_stack([_WIDTH / 2 + across[:, 0], _HEIGHT / 2 - across[:, 1]])

    def bar(self, font: str) -> str:
        """A scale bar of a round length, at most a fifth of the width."""
        most_m = _WIDTH / 5 / self.per_m
        power = 10 ** int(np.floor(np.log10(most_m)))
        length_m = power * max(step for step in _STEPS if step * power <= most_m)
        words = f"{length_m / 1000:g} 公里" if length_m >= 1000 else f"{length_m} 米"
        right, y = _WIDTH - 20, _HEIGHT - 18
        left = right - length_m * self.per_m
        return (
            f'<path d="M{left:.1f} {y - 8}v8H{right:.1f}v-8" fill="none" stroke="#222" stroke-width="2"/>'
            + _words((left + right) / 2, y - 6, words, font, size=24)
        )


def _metres(lonlat: Floats) -> Floats:
    return np.column_stack(to_metres().transform(lonlat[:, 0], lonlat[:, 1]))


def _way(points: Floats) -> str:
    """A leg with an arrow half way."""
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist())
    line = f'<path d="{path}" fill="none" stroke="#555" stroke-width="3.5" stroke-linejoin="round"/>'
    return line + _arrow(points)


def _arrow(points: Floats) -> str:
    steps = np.diff(points, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    gone = np.cumsum(lengths)
    if not len(gone) or gone[-1] < 2 * _BESIDE:
        return ""
    at = int(np.searchsorted(gone, gone[-1] / 2))
    along = steps[at] / lengths[at]
    x, y = points[at + 1] - along * (gone[at] - gone[-1] / 2)
    (u, v), (p, q) = along * 11, np.array([-along[1], along[0]]) * 8
    corners = ((x + u, y + v), (x - u + p, y - v + q), (x - u - p, y - v - q))
    return f'<path d="M{"L".join(f"{a:.1f} {b:.1f}" for a, b in corners)}z" fill="#222"/>'


def _groups(places: Floats) -> list[list[int]]:
    """The stops whose numbers would cover each other, taken together; in the order of the first of each."""
    groups: list[list[int]] = []
    for index, place in enumerate(places):
        near = (group for group in groups if np.hypot(*(places[group[0]] - place)) < _BESIDE)
        group = next(near, None)
        if group is None:
            groups.append([index])
        else:
            group.append(index)
    return groups


def _number(places: Floats, orders: Sequence[int], font: str) -> str:
    x, y = places[0].tolist()
    words = number_ranges(orders)
    half = max(17.0, 7.5 * len(words) + 9)
    x = min(max(x, half + 3), _WIDTH - half - 3)
    box = f'<rect x="{x - half:.1f}" y="{y - 17:.1f}" width="{2 * half:.1f}" height="34" rx="17" fill="#fff" stroke="#222" stroke-width="2.5"/>'
    return box + _words(x, y + 8.5, words, font, size=_FONT_SIZE)


def _words(x: float, y: float, words: str, font: str, *, size: int) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-family="{font}" font-size="{size}" text-anchor="middle">{words}</text>'
