"""GPX, KML and GeoJSON read by real parsers: the right places, and no child in them."""

import json
from xml.etree import ElementTree

import gpxpy
import pytest

from planner.documents.route_files import gpx_bytes, kml_bytes, route_geojson_bytes
from tests.documents.route_papers import MARKUP, OFFICE, STAMP, hidden, sheet, stop

DAY = sheet(stop(1), hidden(2), stop(3, point=None), stop(4))
NAMES = ["出发/返回", "1 马家湾村", "4 马家湾村"]
PLACES = [OFFICE, stop(1).point, stop(4).point]
KML = {"k": "http://www.opengis.net/kml/2.2"}


def test_gpx():
    gpx = gpxpy.parse(gpx_bytes(DAY, STAMP).decode())
    assert [point.name for point in gpx.waypoints] == NAMES
    assert [(point.longitude, point.latitude) for point in gpx.waypoints] == PLACES
    assert [point.name for point in gpx.routes[0].points] == NAMES
    assert [len(part.points) for part in gpx.tracks[0].segments] == [2, 2, 2]
    assert STAMP.serial in str(gpx.description)


def test_kml():
    tree = ElementTree.fromstring(kml_bytes(DAY, STAMP))
    marks = tree.findall(".//k:Placemark", KML)
    assert [mark.findtext("k:name", "", KML) for mark in marks] == [*NAMES, "路段1", "路段2", "路段3"]
    coordinates = [mark.findtext("k:Point/k:coordinates", "", KML) for mark in marks[:3]]
    assert [tuple(map(float, item.split(",")[:2])) for item in coordinates] == PLACES


def test_geojson():
    told = json.loads(route_geojson_bytes(DAY, STAMP))
    stops = [item for item in told["features"] if item["properties"]["kind"] == "stop"]
    assert [item["properties"]["name"] for item in stops] == NAMES
    assert [tuple(item["geometry"]["coordinates"]) for item in stops] == PLACES
    assert (told["serial"], told["demo"]) == (STAMP.serial, True)


@pytest.mark.parametrize("write", [gpx_bytes, kml_bytes, route_geojson_bytes])
def test_no_child_phone_or_household_and_nothing_of_a_protection_case(write):
    text = write(DAY, STAMP).decode()
    for word in ("马小雨", "13895001234", '1f0c9a3b"', "3组", "马隐名", "隐村"):
        assert word not in text


@pytest.mark.parametrize("write", [gpx_bytes, kml_bytes, route_geojson_bytes])
def test_odd_texts_and_empty_days(write):
    odd = sheet(stop(1, village=MARKUP + "\x00𠀀"), visitor=MARKUP)
    content = write(odd, STAMP)
    if write is route_geojson_bytes:
        assert json.loads(content)["features"][1]["properties"]["name"].startswith(f"1 {MARKUP}")
    else:
        names = [
            item.text or "" for item in ElementTree.fromstring(content).iter() if item.tag.endswith("}name")
        ]
        assert [name for name in names if name.startswith(f"1 {MARKUP}") and name.endswith("𠀀")]
    assert write(sheet(start_point=None), STAMP)
