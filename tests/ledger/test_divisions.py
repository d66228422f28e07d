"""The divisions file: codes, parents, points and polygons, all or nothing."""

import re

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point, Polygon, box

from planner.errors import InputError
from planner.ledger import LedgerError, read_divisions
from planner.model.coordinates import bd09_from_wgs84, gcj02_from_wgs84
from planner.model.divisions import build_tree

CANARY = "`${document.title='x'}</script><img src=x onerror=document.title='x'>"
HEADER = ["区划代码", "名称", "上级代码", "经度", "纬度", "坐标系"]
COUNTY = ["640323", "盐池县", "6403", "", "", ""]
TOWNSHIP = ["640323101", "大水坑镇", "640323", "", "", ""]
PLACE = np.array([[107.2, 37.4]])


def village(code="640323101201", name="新建村委会", parent="640323101", lon=107.2, lat=37.4, crs="WGS84"):
    return [code, name, parent, lon, lat, crs]


def problems(caught):
    return [str(problem) for problem in caught.value.problems]


def notices(checked):
    return [str(notice) for notice in checked.notices]


def metres_off(frame, code="640323101201"):
    point = frame.set_index("code").geometry[code]
    return float(np.abs(np.array(point.coords[0]) - PLACE[0]).max()) * 111_320


def test_a_county_with_its_villages(write_csv):
    checked = read_divisions(write_csv([HEADER, COUNTY, TOWNSHIP, village()]))
    frame = checked.frame
    assert frame.columns.tolist() == ["code", "name", "parent", "origin", "geometry"]
    assert frame.crs.to_epsg() == 4490
    assert frame["code"].tolist() == ["640323", "640323101", "640323101201"]
    assert frame["parent"].isna().tolist() == [True, False, False]  # 6403 is not in the file
    assert set(frame["origin"]) == {"表.csv"}
    assert frame.geometry.isna().tolist() == [True, True, False]
    assert metres_off(frame) < 0.01
    assert (checked.read, checked.accepted, checked.skipped) == (3, 3, 0)
    assert len(build_tree(frame)) == 3


def test_numbers_padded_codes_blank_parents_and_title_row(write_xlsx):
    rows = [
        ["区划表", None, None],
        ["区划代码", "名称", "上级代码"],
        [640000000000, "宁夏", None],
        [640300000000.0, "吴忠市", None],
        ["640323000000", "盐池县", ""],
        [640323101000, "大水坑镇", 640323000000],
        [640323101201.0, CANARY, None],
    ]
    checked = read_divisions(write_xlsx(rows))
    assert checked.frame["code"].tolist() == ["64", "6403", "640323", "640323101", "640323101201"]
    assert checked.frame["parent"].fillna("").tolist() == ["", "64", "6403", "640323", "640323101"]
    assert checked.frame["name"].iloc[-1] == CANARY
    told = "区划代码(A列):补零的区划代码按级别读作短代码,如640500000000读作6405(第3、4、5、6行)"
    assert told in notices(checked)


def test_a_parent_skipped_in_the_file_is_the_next_one_up(write_csv):
    checked = read_divisions(write_csv([HEADER[:2], ["64", "宁夏"], ["640323", "盐池县"]]))
    assert checked.frame["parent"].fillna("").tolist() == ["", "64"]


def test_every_bad_row_is_told_and_nothing_is_given(write_csv):
    rows = [
        HEADER,
        COUNTY,
        ["六四", "甲", "", "", "", ""],
        ["", "乙", "", "", "", ""],
        ["640323101", "", "640323", "", "", ""],
        ["640323102", "丙镇", "640324", "", "", ""],
        ["640324100", "丁镇", "640324", "", "", ""],
        ["640325100", "戊镇", "", "", "", ""],
        ["640323", "另一个盐池县", "6403", "", "", ""],
    ]
    with pytest.raises(LedgerError) as caught:
        read_divisions(write_csv(rows))
    assert problems(caught) == [
        "第3行 区划代码(A列):“六四”不是区划代码。代码应为2、4、6、9或12位数字",
        "第4行 区划代码(A列):没有填写。请填区划代码",
        "第5行 名称(B列):没有填写。请填区划名称",
        "第6行 上级代码(C列):“640324”不是“640323102”的上级。应为“640323”,或更正区划代码",
        "第7行 上级代码(C列):上级“640324”不在区划表中。请补上该上级一行,或更正代码",
        "第8行 区划代码(A列):“640325100”的上级不在区划表中。请补上它的上级一行,或更正代码",
        "第9行 区划代码(A列):“640323”与第2行重复而内容不同。请只留一行",
    ]
    assert (caught.value.read, caught.value.accepted, caught.value.rejected) == (8, 1, 7)
    assert "读到8行,7行不能导入,全部没有写入" in str(caught.value)


def test_the_same_row_twice_is_skipped(write_csv):
    checked = read_divisions(write_csv([HEADER, COUNTY, COUNTY]))
    assert (checked.read, checked.accepted, checked.skipped) == (2, 1, 1)
    assert "第3行:与第2行完全相同,只取一次" in notices(checked)


def test_what_the_tree_knows_may_be_left_out(write_csv, tree):
    checked = read_divisions(
        write_csv([["区划代码", "经度", "纬度"], ["640323101201", 107.2, 37.4]]), crs="WGS84", tree=tree
    )
    assert checked.frame[["name", "parent"]].values.tolist() == [["新建村委会", "640323101"]]


def test_villages_whose_township_nobody_knows_are_tops_with_a_notice(write_csv):
    checked = read_divisions(write_csv([HEADER, village()]))
    assert checked.frame["parent"].isna().all()
    assert "第2行:上级不在区划表中,按最上一级导入" in notices(checked)


@pytest.mark.parametrize(
    ("crs", "shown"),
    [
        ("WGS84", PLACE),
        ("CGCS2000", PLACE),
        ("wgs-84", PLACE),
        ("EPSG:4326", PLACE),
        ("GCJ-02", gcj02_from_wgs84(PLACE)),
        ("高德", gcj02_from_wgs84(PLACE)),
        ("BD-09", bd09_from_wgs84(PLACE)),
    ],
)
def test_each_row_or_the_file_names_its_crs(write_csv, crs, shown):
    lon, lat = shown[0]
    by_row = read_divisions(write_csv([HEADER, village(lon=repr(float(lon)), lat=repr(float(lat)), crs=crs)]))
    by_file = read_divisions(
        write_csv([HEADER, village(lon=repr(float(lon)), lat=repr(float(lat)), crs="")]), crs=crs
    )
    assert metres_off(by_row.frame) < 0.01
    assert metres_off(by_file.frame) < 0.01


def test_a_file_without_crs_is_asked_once(write_csv):
    rows = [HEADER, TOWNSHIP, village(crs=""), village("640323101202", crs="")]
    with pytest.raises(LedgerError) as caught:
        read_divisions(write_csv(rows))
    assert len(caught.value.problems) == 1
    assert "有坐标但没有说明坐标系(第3、4行)。请用 --crs 指定(WGS84、CGCS2000、GCJ-02、BD-09" in str(
        caught.value
    )
    assert caught.value.rejected == 2


@pytest.mark.parametrize("crs", ["月球", "EPSG:99999", "4214", "EPSG:4610"])
def test_unknown_and_inexact_crs_are_refused(write_csv, crs):
    with pytest.raises(InputError) as caught:
        read_divisions(write_csv([HEADER, village(crs="")]), crs=crs)
    assert caught.value.fix
    with pytest.raises(LedgerError, match="坐标系\\(F列\\)"):
        read_divisions(write_csv([HEADER, village(crs=crs)]))


def test_swapped_coordinates_are_put_right_and_told(write_csv):
    checked = read_divisions(write_csv([HEADER, village(lon=37.4, lat=107.2)]))
    assert metres_off(checked.frame) < 0.01
    assert "第2行 经度(D列):经度和纬度写反了,已对调" in notices(checked)


def test_degrees_minutes_seconds_and_one_column(write_csv):
    dms = read_divisions(write_csv([HEADER, village(lon="107°12′00″", lat="北纬37度24分")]))
    one = read_divisions(
        write_csv([["区划代码", "名称", "经纬度"], ["640323101201", "新建村", "107.2，37.4"]]), crs="WGS84"
    )
    assert metres_off(dms.frame) < 0.01
    assert metres_off(one.frame) < 0.01


@pytest.mark.parametrize(
    ("lon", "lat", "told"),
    [
        (116.4, 39.9, "经度(D列):坐标(116.4000, 39.9000)不在宁夏范围内"),
        (0, 0, "经度(D列):坐标(0.0000, 0.0000)不在中国范围内"),
        (107.2, "", "纬度(E列):只填了经纬度中的一个"),
        ("东边", 37.4, "经度(D列):“东边”不是经纬度"),
        (500000, 4100000, "经度(D列):坐标(500000, 4100000)像是米而不是经纬度"),
    ],
)
def test_places_that_cannot_be(write_csv, lon, lat, told):
    with pytest.raises(LedgerError) as caught:
        read_divisions(write_csv([HEADER, village(lon=lon, lat=lat)]))
    assert problems(caught)[0].startswith(f"第2行 {told}")


def test_a_village_outside_its_county_is_told(write_csv, polygons):
    with pytest.raises(
        LedgerError, match=re.escape("第3行 经度(D列):坐标(106.5000, 37.4000)在盐池县界外44.3公里")
    ):
        read_divisions(write_csv([HEADER, COUNTY, village(lon=106.5)]), polygons=polygons)


def test_a_village_just_over_the_generalised_border_is_accepted(write_csv, polygons):
    checked = read_divisions(write_csv([HEADER, village(lon=106.99)]), polygons=polygons)
    assert any("略出县界" in notice for notice in notices(checked))


@pytest.mark.parametrize("crs", [4490, 4326, 4544, 3857])
def test_geopackage_in_any_crs(tmp_path, crs):
    path = tmp_path / "区划.gpkg"
    frame = gpd.GeoDataFrame(
        {"区划代码": ["640323", "640323101"], "名称": ["盐池县", "大水坑镇"]},
        geometry=[box(107, 37, 107.7, 38), box(107.1, 37.1, 107.3, 37.3)],
        crs=4490,
    )
    frame.to_crs(crs).to_file(path)
    checked = read_divisions(path)
    assert checked.frame.crs.to_epsg() == 4490
    for read, true in zip(checked.frame.geometry, frame.geometry, strict=True):
        assert read.hausdorff_distance(true) * 111_320 < 0.1


def test_geojson_without_crs_is_asked_and_with_option_read(tmp_path):
    path = tmp_path / "县.geojson"
    frame = gpd.GeoDataFrame({"区划代码": ["640323"], "名称": ["盐池县"]}, geometry=[box(107, 37, 107.7, 38)])
    path.write_text(frame.to_json(), encoding="utf-8")
    with pytest.raises(LedgerError, match=r"--crs 指定") as caught:
        read_divisions(path)
    assert "行号为要素序号" in str(caught.value)
    assert read_divisions(path, crs="CGCS2000").frame.geometry[0].equals(box(107, 37, 107.7, 38))


def test_the_option_goes_before_the_crs_of_the_file(tmp_path):
    path = tmp_path / "村.gpkg"
    shown = gcj02_from_wgs84(PLACE)[0]
    frame = gpd.GeoDataFrame(
        {"区划代码": ["640323101201"], "名称": ["新建村"]}, geometry=[Point(shown)], crs=4326
    )
    frame.to_file(path)
    checked = read_divisions(path, crs="GCJ-02")
    assert metres_off(checked.frame) < 0.01
    assert any("按指定的GCJ-02读取" in notice for notice in notices(checked))


def test_shapes_that_do_not_fit_their_level(tmp_path):
    path = tmp_path / "区划.gpkg"
    bowtie = Polygon([(107, 37), (107.5, 37.5), (107.5, 37), (107, 37.5)])
    gpd.GeoDataFrame(
        {"区划代码": ["640323", "640323101", "640323101201"], "名称": ["盐池县", "大水坑镇", "新建村"]},
        geometry=[bowtie, Point(107.1, 37.15), box(107.05, 37.1, 107.08, 37.3)],
        crs=4490,
    ).to_file(path)
    checked = read_divisions(path)
    county, township, point = checked.frame.geometry
    assert county.is_valid
    assert township is None
    assert isinstance(point, Point)
    told = "".join(notices(checked))
    for word in ("已修复", "这里的点没有采用", "取面内一点"):
        assert word in told


def test_a_line_is_no_division(tmp_path):
    path = tmp_path / "线.gpkg"
    gpd.GeoDataFrame(
        {"区划代码": ["640323"], "名称": ["盐池县"]},
        geometry=[LineString([(107, 37), (107.5, 37)])],
        crs=4490,
    ).to_file(path)
    with pytest.raises(LedgerError, match="既不是点也不是面"):
        read_divisions(path)


def test_a_county_drawn_in_another_province_is_told(tmp_path):
    path = tmp_path / "县.gpkg"
    frame = gpd.GeoDataFrame(
        {"区划代码": ["640323"], "名称": ["盐池县"]}, geometry=[box(116, 39, 117, 40)], crs=4490
    )
    frame.to_file(path)
    with pytest.raises(LedgerError, match=r"第1行 几何:坐标.*不在宁夏范围内"):
        read_divisions(path)


@pytest.mark.parametrize(
    "codes", [["640999001"], ["640999001", "640999001001"], ["640323999", "640999001001"]]
)
def test_a_place_of_no_known_county_is_refused(write_csv, tree, codes):
    rows = [["区划代码", "名称"], *([code, "某地"] for code in codes)]
    with pytest.raises(LedgerError) as caught:
        read_divisions(write_csv(rows), tree=tree)
    assert "的上级不在区划表中" in problems(caught)[0]
    assert "640999001" in problems(caught)[0]
