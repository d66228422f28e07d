"""A day's route for a phone or a map program: GPX, KML and GeoJSON, all WGS84.

They tell places by the order of the stop and the village, never a child, a household, a phone or a grade; discreet
stops are not in them.
"""

from __future__ import annotations

import json

import simplekml
from gpxpy.gpx import GPX, GPXRoute, GPXRoutePoint, GPXTrack, GPXTrackPoint, GPXTrackSegment, GPXWaypoint

from planner.documents.geojson import DECIMALS
from planner.documents.stamp import Stamp
from planner.model.route_sheets import LonLat, RouteSheet, SheetStop, told_stops
from planner.model.sheet_text import writable

START = "出发/返回"
_CREATOR = "困境儿童保障一张图"


def gpx_bytes(sheet: RouteSheet, stamp: Stamp) -> bytes:
    """GPX 1.1: a waypoint for each stop, the stops as a route, the way by road as a track of one segment a leg."""
    gpx = GPX()
    gpx.creator = _CREATOR
    gpx.name = title_of(sheet)
    gpx.description = _about(stamp)
    named = _named(sheet)
    gpx.waypoints = [GPXWaypoint(lat, lon, name=name) for name, (lon, lat) in named]
    gpx.routes = [GPXRoute(name=gpx.name)]
    gpx.routes[0].points = [GPXRoutePoint(lat, lon, name=name) for name, (lon, lat) in named]
    gpx.tracks = [GPXTrack(name=gpx.name)]
    gpx.tracks[0].segments = [
        GPXTrackSegment([GPXTrackPoint(lat, lon) for lon, lat in map(_rounded, way)]) for way in sheet.ways
    ]
    return str(gpx.to_xml(version="1.1")).encode()


def kml_bytes(sheet: RouteSheet, stamp: Stamp) -> bytes:
    """KML 2.2: the same places, and a line for each leg."""
    kml = simplekml.Kml(name=title_of(sheet), description=_about(stamp))
    for name, point in _named(sheet):
        kml.newpoint(name=name, coords=[point])
    for number, way in enumerate(sheet.ways, start=1):
        kml.newlinestring(name=f"路段{number}", coords=[_rounded(point) for point in way])
    return str(kml.kml(format=False)).encode()


def route_geojson_bytes(sheet: RouteSheet, stamp: Stamp) -> bytes:
    """GeoJSON (RFC 7946): the stops as points, the legs as lines; foreign members say where it comes from."""
    places = [_feature("Point", list(point), {"kind": "stop", "name": name}) for name, point in _named(sheet)]
    legs = [
        _feature("LineString", [list(_rounded(point)) for point in way], {"kind": "leg", "name": str(number)})
        for number, way in enumerate(sheet.ways, start=1)
    ]
    told = {
        "type": "FeatureCollection",
        "title": title_of(sheet),
        "serial": stamp.serial,
        "notice": stamp.notice,
        "demo": stamp.demo,
        "features": [*places, *legs],
    }
    return json.dumps(told, ensure_ascii=False, allow_nan=False).encode()


def title_of(sheet: RouteSheet) -> str:
    """What a route is called: the visitor and the day."""
    return writable(f"走访路线 {sheet.visitor} {sheet.day.isoformat()}")


def _about(stamp: Stamp) -> str:
    return writable(f"{stamp.mark_text} {stamp.notice}")


def _named(sheet: RouteSheet) -> list[tuple[str, LonLat]]:
    start = [] if sheet.start_point is None else [(START, _rounded(sheet.start_point))]
    return start + [(_name(stop), _rounded(stop.point)) for stop in told_stops(sheet) if stop.point]


def _name(stop: SheetStop) -> str:
    return writable(f"{stop.order} {stop.village}".strip())


def _rounded(point: LonLat) -> LonLat:
    return round(point[0], DECIMALS), round(point[1], DECIMALS)


def _feature(kind: str, coordinates: object, properties: dict[str, str]) -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
