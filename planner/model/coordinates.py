"""GCJ-02 and BD-09, the two shifted coordinate systems of Chinese web maps, to and from true lon/lat.

Neither has an official publication. The formulas are the reconstruction that mapping libraries share:
GCJ-02 is a sum of sines in degrees on the Krasovsky 1940 ellipsoid (first published as "eviltransform",
2013), BD-09 a wobble of 3000π/180 per degree and a fixed step added to GCJ-02 (the first version of that
work had π in its place, 10 m off; later ones agree on 3000π/180). Their inverses have no closed form and
are found by iteration. CGCS2000 and WGS84 differ by under 1 m in Ningxia and are one here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_SEMI_MAJOR_M = 6_378_245.0
_ECCENTRICITY2 = 0.00669342162296594323
# Where the service shifts; outside it GCJ-02 is true lon/lat.
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271
_SETTLED_DEG = 1e-11
_MOST_STEPS = 50


def gcj02_from_wgs84(points: Floats) -> Floats:
    """True lon/lat in degrees, shape (n, 2), as GCJ-02 shows them; unchanged outside China."""
    lon, lat = points[:, 0], points[:, 1]
    east, north = _waves(lon - 105.0, lat - 35.0)
    radians = np.radians(lat)
    flattening = 1 - _ECCENTRICITY2 * np.sin(radians) ** 2
    meridian_m = _SEMI_MAJOR_M * (1 - _ECCENTRICITY2) / flattening**1.5
    parallel_m = _SEMI_MAJOR_M / np.sqrt(flattening) * np.cos(radians)
    shift = np.column_stack([np.degrees(east / parallel_m), np.degrees(north / meridian_m)])
    inside = (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)
    return np.where(inside[:, None], points + shift, points)


def wgs84_from_gcj02(points: Floats) -> Floats:
    """GCJ-02 lon/lat, shape (n, 2), as true lon/lat; the round trip is within a micrometre."""
    return _invert(gcj02_from_wgs84, points)


def bd09_from_gcj02(points: Floats) -> Floats:
    """GCJ-02 lon/lat, shape (n, 2), as BD-09 shows them."""
    lon, lat = points[:, 0], points[:, 1]
    wave = np.pi * 3000.0 / 180.0
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * wave)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * wave)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])


def gcj02_from_bd09(points: Floats) -> Floats:
    """BD-09 lon/lat, shape (n, 2), as GCJ-02."""
    return _invert(bd09_from_gcj02, points)


def bd09_from_wgs84(points: Floats) -> Floats:
    """True lon/lat, shape (n, 2), as BD-09 shows them."""
    return bd09_from_gcj02(gcj02_from_wgs84(points))


def wgs84_from_bd09(points: Floats) -> Floats:
    """BD-09 lon/lat, shape (n, 2), as true lon/lat."""
    return wgs84_from_gcj02(gcj02_from_bd09(points))


def _waves(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The shift east and north before scaling to the ellipsoid; x, y are degrees from (105, 35)."""
    sin, pi, root = np.sin, np.pi, np.sqrt(np.abs(x))
    common = (20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * root + common
    east += (20 * sin(pi * x) + 40 * sin(pi / 3 * x)) * 2 / 3
    east += (150 * sin(pi / 12 * x) + 300 * sin(pi / 30 * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * root + common
    north += (20 * sin(pi * y) + 40 * sin(pi / 3 * y)) * 2 / 3
    north += (160 * sin(pi / 12 * y) + 320 * sin(pi / 30 * y)) * 2 / 3
    return east, north


def _invert(forward: Callable[[Floats], Floats], targets: Floats) -> Floats:
    """The points that `forward` maps to `targets`: each step takes off the miss of the last."""
    points = targets.copy()
    for _ in range(_MOST_STEPS):
        miss = targets - forward(points)
        points = points + miss
        if not np.any(np.abs(miss) > _SETTLED_DEG):
            break
    return points
