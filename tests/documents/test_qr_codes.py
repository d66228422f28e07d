"""The QR codes read by another program than the one that wrote them, from the very page that is printed."""

import io
import re
from math import cos, hypot, radians

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from planner.documents.pdf import page_images
from planner.documents.qr_codes import amap_link, geo_link
from planner.documents.route_sheet import papers_data
from planner.model.coordinates import wgs84_from_gcj02
from tests.documents.route_papers import LONG, STAMP, hidden, sheet, stop


def away_m(found, point):
    """Metres between two lon/lat, on a sphere of 6371 km."""
    (lon, lat), (lon2, lat2) = found, point
    return 111_195 * hypot((lon - lon2) * cos(radians(lat)), lat - lat2)


def codes_on(sheets, **options):
    """What a reader finds on the pages, in no order."""
    pages = page_images("route_sheet", papers_data(sheets, [], STAMP, **options), dots_per_inch=200)
    return [
        code.text
        for page in pages
        for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(page)).convert("L"))
        if code.format == zxingcpp.BarcodeFormat.QRCode
    ]


@pytest.mark.parametrize("count", [1, 40])
def test_each_stop_has_a_code_that_leads_to_it(count):
    stops = [stop(order) for order in range(1, count + 1)]
    found = codes_on([sheet(*stops)])
    assert len(found) == count
    places = [tuple(map(float, text.removeprefix("geo:").split(",")))[::-1] for text in found]
    for item in stops:
        assert min(away_m(place, item.point) for place in places) < 5


def test_the_link_of_the_other_map_has_its_own_coordinates():
    stops = [stop(1), stop(2)]
    found = codes_on([sheet(*stops)], amap=True)
    assert len(found) == 2
    for text in found:
        lon, lat = map(float, text.partition("to=")[2].partition("&")[0].split(","))
        assert min(away_m((lon, lat), item.point) for item in stops) > 100
        [true] = wgs84_from_gcj02(np.array([[lon, lat]])).tolist()
        assert min(away_m(true, item.point) for item in stops) < 5
        assert "name" not in text
        assert "coordinate=gaode" in text


def test_no_code_for_a_protection_case_nor_without_a_place():
    named = stop(3, children=(LONG,))
    found = codes_on([sheet(hidden(1), stop(2, point=None), named)])
    assert found == [geo_link(named.point)]


@pytest.mark.parametrize("point", [(106.123456789, 38.987654321), (104.3, 35.2), (107.65, 39.4)])
def test_links_are_exact_to_a_metre(point):
    lat, lon = map(float, geo_link(point).removeprefix("geo:").split(","))
    assert away_m((lon, lat), point) < 1.5
    assert re.fullmatch(
        r"https://uri\.amap\.com/navigation\?to=[\d.]+,[\d.]+&mode=car&coordinate=gaode", amap_link(point)
    )
