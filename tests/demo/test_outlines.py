import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import box

from planner.demo.county import County
from planner.demo.divisions import division_frame
from planner.demo.outlines import draw_outlines
from tests.demo.conftest import BORDER


def _metres(lon_lat: list[tuple[float, float]]) -> np.ndarray:
    points = gpd.GeoSeries.from_xy(*zip(*lon_lat, strict=True), crs=4490).to_crs(4544)
    return np.column_stack([points.x, points.y])


def test_two_places_halve_a_rectangle() -> None:
    county = box(106.0, 37.0, 106.2, 37.1)
    outlines = draw_outlines(county, _metres([(106.05, 37.05), (106.15, 37.05)]), np.array([0, 1]), 2)
    west, south, east, north = outlines[0].bounds
    assert (west, south, north) == (106.0, 37.0, 37.1)
    assert abs(east - 106.1) < 1e-3
    assert shapely.area(shapely.intersection(*outlines)) < 1e-12
    assert abs(shapely.area(outlines).sum() - county.area) < 1e-7


def test_one_township_has_the_whole_county() -> None:
    [outline] = draw_outlines(BORDER, _metres([(106.1, 37.1)]), np.array([0]), 1)
    assert outline.equals(BORDER)


def test_a_part_cut_off_goes_to_the_neighbour() -> None:
    # A U: the right arm is nearest to the place in the left arm only at its tip, which it cannot reach by land.
    u = box(106.0, 37.0, 106.3, 37.3).difference(box(106.1, 37.1, 106.2, 37.3))
    places = _metres([(106.09, 37.28), (106.28, 37.05)])
    outlines = draw_outlines(u, places, np.array([0, 1]), 2)
    assert [shape.geom_type for shape in outlines] == ["Polygon", "Polygon"]
    assert abs(shapely.area(outlines).sum() - u.area) < 1e-7
    assert shapely.contains_xy(outlines[1], 106.21, 37.29)


def test_outlines_partition_the_county_and_hold_their_villages(county: County) -> None:
    frame = division_frame(_upper(county), [county])
    outlines = frame[frame["code"].str.len() == 9].set_index("code")
    villages = frame[frame["code"].str.len() == 12]
    assert outlines.geometry.is_valid.all()
    assert shapely.coverage_is_valid(outlines.geometry.array)
    assert shapely.equals_exact(outlines.union_all().normalize(), BORDER.normalize(), 1e-6) or (
        outlines.union_all().symmetric_difference(BORDER).area < 1e-8
    )
    held = outlines.geometry.reindex(villages["parent"])
    assert shapely.contains(np.asarray(held.array), np.asarray(villages.geometry.array)).all()


def test_rows_are_sorted_and_generated_ones_say_so(county: County) -> None:
    frame = division_frame(_upper(county), [county])
    assert frame["code"].is_monotonic_increasing
    assert frame.crs.to_epsg() == 4490
    assert frame.columns.tolist() == ["code", "name", "parent", "origin", "geometry"]
    assert frame.set_index("code")["origin"]["640999"] == "真"
    assert (frame["origin"][frame["code"].str.len() > 6] == "示例").all()


def _upper(county: County) -> gpd.GeoDataFrame:
    rows = {"code": [county.code], "name": [county.name], "parent": [None], "origin": ["真"]}
    return gpd.GeoDataFrame(rows, geometry=[county.border], crs=4490)
