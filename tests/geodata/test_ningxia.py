"""The shipped data of Ningxia: complete, consistent with each other, and as the catalog says."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter

import geopandas as gpd
import pandas as pd
import pytest
from pyproj import Geod

import geodata

METRIC = "EPSG:4544"
FILES = ("census_2020.csv", "counties.geojson", "divisions.csv", "township_points.csv")
COUNTIES = [
    "兴庆区",
    "西夏区",
    "金凤区",
    "永宁县",
    "贺兰县",
    "灵武市",
    "大武口区",
    "惠农区",
    "平罗县",
    "利通区",
    "红寺堡区",
    "盐池县",
    "同心县",
    "青铜峡市",
    "原州区",
    "西吉县",
    "隆德县",
    "泾源县",
    "彭阳县",
    "沙坡头区",
    "中宁县",
    "海原县",
]
PARENT_DIGITS = {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}


@pytest.fixture(scope="module")
def divisions() -> pd.DataFrame:
    return geodata.read_divisions()


@pytest.fixture(scope="module")
def counties() -> gpd.GeoDataFrame:
    return geodata.read_counties()


@pytest.fixture(scope="module")
def seats() -> gpd.GeoDataFrame:
    return geodata.read_township_points()


def kinds(divisions: pd.DataFrame, level: str) -> Counter[str]:
    return Counter(divisions.loc[divisions["level"] == level, "kind"])


def names_of_counties(divisions: pd.DataFrame) -> dict[str, str]:
    rows = divisions[divisions["level"] == "county"]
    return dict(zip(rows["code"], rows["name"], strict=True))


# Divisions


def test_every_division_is_there_once(divisions: pd.DataFrame) -> None:
    assert divisions["level"].value_counts().to_dict() == {
        "region": 1,
        "prefecture": 5,
        "county": 22,
        "township": 259,
        "village": 2912,
    }
    assert divisions["code"].is_unique
    assert divisions["code"].str.fullmatch("64[0-9]*").all()
    assert divisions["name"].str.strip().eq(divisions["name"]).all()
    assert divisions["name"].ne("").all()


def test_all_columns_are_text(divisions: pd.DataFrame) -> None:
    assert divisions.columns.tolist() == ["code", "name", "parent", "level", "kind"]
    assert {str(kind) for kind in divisions.dtypes} == {"str"}
    assert divisions.notna().all(axis=None)


def test_a_parent_is_the_start_of_the_code_and_comes_first(divisions: pd.DataFrame) -> None:
    seen = {""}
    for code, parent in zip(divisions["code"], divisions["parent"], strict=True):
        assert parent == code[: PARENT_DIGITS[len(code)]]
        assert parent in seen
        seen.add(code)


def test_the_level_is_the_length_of_the_code(divisions: pd.DataFrame) -> None:
    pairs = set(zip(divisions["level"], divisions["code"].str.len(), strict=True))
    assert pairs == {("region", 2), ("prefecture", 4), ("county", 6), ("township", 9), ("village", 12)}


def test_no_county_and_no_township_is_empty(divisions: pd.DataFrame) -> None:
    upper = divisions.loc[divisions["level"].ne("village"), "code"]
    assert set(upper) - set(divisions["parent"]) == set()


def test_kinds_are_counted(divisions: pd.DataFrame) -> None:
    assert kinds(divisions, "region") == {"自治区": 1}
    assert kinds(divisions, "prefecture") == {"地级市": 5}
    assert kinds(divisions, "county") == {"市辖区": 9, "县": 11, "县级市": 2}
    assert kinds(divisions, "township") == {"镇": 103, "乡": 90, "街道": 50, "其他": 16}
    assert kinds(divisions, "village") == {"村委会": 2214, "居委会": 657, "其他": 41}


def test_kinds_agree_with_names_where_names_tell(divisions: pd.DataFrame) -> None:
    by_code = divisions.set_index("code")
    for kind, ending in {
        "市辖区": "区",
        "县": "县",
        "县级市": "市",
        "镇": "镇",
        "乡": "乡",
        "街道": "街道",
    }.items():
        assert by_code.loc[by_code["kind"] == kind, "name"].str.endswith(ending).all()
    assert by_code.loc["640122400501", "name"] == "铁西村委会"  # of a state farm
    assert by_code.loc["640122400501", "kind"] == "其他"


def test_the_counties_are_those_of_ningxia(divisions: pd.DataFrame) -> None:
    assert list(names_of_counties(divisions).values()) == COUNTIES


# Borders


def test_borders_belong_to_the_counties(divisions: pd.DataFrame, counties: gpd.GeoDataFrame) -> None:
    named = dict(zip(counties["code"], counties["name"], strict=True))
    assert counties["code"].is_unique
    assert named == names_of_counties(divisions)


def test_borders_are_valid_polygons_in_cgcs2000(counties: gpd.GeoDataFrame) -> None:
    assert counties.crs == "EPSG:4490"
    assert set(counties.geom_type) <= {"Polygon", "MultiPolygon"}
    assert counties.is_valid.all()
    assert len(counties.get_coordinates()) == 2856


def test_longitude_comes_first(counties: gpd.GeoDataFrame) -> None:
    west, south, east, north = counties.total_bounds
    assert 104 < west < east < 108
    assert 35 < south < north < 40


def test_no_two_counties_overlap(counties: gpd.GeoDataFrame) -> None:
    shapes = counties.geometry.to_crs(METRIC).to_numpy()
    overlap_m2 = [
        one.intersection(other).area for place, one in enumerate(shapes) for other in shapes[place + 1 :]
    ]
    assert len(overlap_m2) == 22 * 21 / 2
    assert max(overlap_m2) < 1


def test_counties_leave_no_hole_in_the_region(counties: gpd.GeoDataFrame) -> None:
    whole = counties.geometry.to_crs(METRIC).union_all()
    holes = [ring for part in getattr(whole, "geoms", [whole]) for ring in part.interiors]
    assert holes == []


def test_the_area_is_that_of_ningxia(counties: gpd.GeoDataFrame) -> None:
    ellipsoid = Geod(ellps="GRS80")
    area_km2 = sum(ellipsoid.geometry_area_perimeter(shape)[0] for shape in counties.geometry) / 1e6
    assert area_km2 == pytest.approx(51_900, rel=0.01)  # positive: outer rings run counter-clockwise
    assert counties.to_crs(METRIC).area.sum() / 1e6 == pytest.approx(area_km2, rel=0.001)


# Census


def test_census_totals(divisions: pd.DataFrame) -> None:
    census = geodata.read_census()
    assert census["code"].is_unique
    assert dict(zip(census["code"], census["name"], strict=True)) == names_of_counties(divisions)
    assert census[["population", "population_0_14"]].sum().tolist() == [7_202_654, 1_468_004]
    assert census["population_0_14"].between(1, census["population"] - 1).all()
    yanchi = census[census["name"] == "盐池县"]
    assert yanchi.to_numpy().tolist() == [["640323", "盐池县", 159_209, 29_074]]


# Seats of townships


def test_seats_lie_in_the_county_of_their_township(
    divisions: pd.DataFrame, counties: gpd.GeoDataFrame, seats: gpd.GeoDataFrame
) -> None:
    assert seats.columns.tolist() == ["code", "name", "geometry"]
    assert seats.crs == counties.crs
    assert len(seats) == 46
    assert seats["code"].is_unique
    assert not seats.geometry.duplicated().any()
    townships = divisions[divisions["level"] == "township"].set_index("code")
    assert seats["name"].tolist() == townships.loc[seats["code"], "name"].tolist()
    borders = counties.set_index("code").loc[seats["code"].str[:6]].geometry
    assert borders.contains(seats.geometry, align=False).all()


def test_a_doubtful_seat_is_left_out(seats: gpd.GeoDataFrame) -> None:
    assert "海城镇" in set(seats["name"])  # its place is also called 三河, after another township
    assert not {"三河镇", "王洼镇"} & set(seats["name"])  # two places claim 王洼


# Catalog


def test_the_catalog_describes_every_file() -> None:
    catalog = geodata.catalog()
    assert sorted(catalog.keys() - {"credits"}) == list(FILES)
    for name in FILES:
        entry = catalog[name]
        content = geodata.path(name).read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["bytes"] == len(content)
        for field in ("title", "source", "licence", "date", "crs", "made_by"):
            assert str(entry[field]).strip(), (name, field)
    assert [catalog[name]["rows"] for name in FILES] == [22, 22, 3199, 46]
    assert catalog["counties.geojson"]["crs"] == "EPSG:4490"
    assert "没有写明" in catalog["counties.geojson"]["licence"]


def test_the_data_are_small() -> None:
    assert sum(geodata.path(name).stat().st_size for name in FILES) <= 3_000_000


def test_pages_credit_geonames() -> None:
    assert any("GeoNames" in line and "CC BY 4.0" in line for line in geodata.credits())


def test_an_unknown_file_is_refused_with_those_there_are() -> None:
    with pytest.raises(FileNotFoundError, match=r"“roads\.csv”.*counties\.geojson"):
        geodata.path("roads.csv")


def test_import_loads_nothing_heavy() -> None:
    code = "import sys, geodata; print({'pandas', 'geopandas', 'frykit', 'planner'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
