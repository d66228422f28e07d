"""QR codes that lead a phone to a place, and tell nothing else.

`geo:` is RFC 5870 and WGS84, to five decimals (about a metre). The Amap link follows the vendor's URI API for
navigation, whose coordinates are GCJ-02.
"""

from __future__ import annotations

import io

import numpy as np
import segno

from planner.model.coordinates import gcj02_from_wgs84
from planner.model.route_sheets import LonLat

_DECIMALS = 5
_QUIET = 4  # modules that the standard asks for around a code


def geo_link(point: LonLat) -> str:
    """The place as `geo:latitude,longitude`."""
    lon, lat = point
    return f"geo:{lat:.{_DECIMALS}f},{lon:.{_DECIMALS}f}"


def amap_link(point: LonLat) -> str:
    """A link that opens Amap with the way to the place by car; without the name of anybody or anything."""
    lon, lat = gcj02_from_wgs84(np.array([point]))[0].tolist()
    to = f"{lon:.{_DECIMALS}f},{lat:.{_DECIMALS}f}"
    return f"https://uri.amap.com/navigation?to={to}&mode=car&coordinate=gaode"


def qr_svg(text: str) -> str:
    """The text as a QR code (error level M), an SVG with the quiet zone."""
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False, boost_error=False)
    code.save(drawn, kind="svg", border=_QUIET, xmldecl=False, light="#fff", omitsize=True)
    return drawn.getvalue().decode()
