"""The institutions file: counties, jurisdictions, dated states out of several rows."""

import re
from datetime import date, datetime

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from planner.errors import InputError
from planner.ledger import LedgerError, read_institutions
from planner.model.institutions import institution_id

HEADER = ["名称", "类型", "状态", "状态日期", "所在县"]
KIND = "未成年人保护机构"


@pytest.fixture
def read(tree, polygons, villages):
    def reader(path, **options):
        return read_institutions(
            path, **{"tree": tree, "polygons": polygons, "villages": villages, **options}
        )

    return reader


def problems(caught):
    return [str(problem) for problem in caught.value.problems]


def notices(checked):
    return [str(notice) for notice in checked.notices]


def history(checked):
    since = [None if pd.isna(day) else day.date() for day in checked.states["since"]]
    return list(zip(checked.states["state"], since, strict=True))


def test_an_institution_with_every_column(write_xlsx, read):
    header = [
        *HEADER,
        "级别",
        "地址",
        "床位",
        "工作人员",
        "服务内容",
        "辖区",
        "经纬度",
        "坐标系",
        "计划投用",
        "负责人",
        "电话",
    ]
    row = [
        "盐池县未保中心",
        "未保中心",
        "在建",
        "2018.3.1",
        "盐池",
        "县级",
        "盐池县城",
        20,
        "５",
        "康复,临时监护",
        "盐池县、同心",
    ]
    checked = read(
        write_xlsx([header, [*row, "107.2,37.4", "WGS84", datetime(2020, 6, 30), "某某", "0953-1"]])
    )
    frame = checked.frame
    assert ",".join(frame.columns) == (
        "id,name,kind,tier,county,jurisdiction,services,address,beds,staff,origin,geometry"
    )
    assert frame.crs.to_epsg() == 4490
    assert frame.iloc[0].drop("geometry").to_dict() == {
        "id": institution_id(KIND, "盐池县未保中心", "640323"),
        "name": "盐池县未保中心",
        "kind": KIND,
        "tier": "县",
        "county": "640323",
        "jurisdiction": "640323、640324",
        "services": "康复、临时监护",
        "address": "盐池县城",
        "beds": 20.0,
        "staff": 5.0,
        "origin": "表.xlsx",
    }
    assert frame.geometry[0].distance(Point(107.2, 37.4)) < 1e-7
    assert history(checked) == [("在建", date(2018, 3, 1))]
    assert checked.states["planned_opening"].tolist() == [pd.Timestamp("2020-06-30")]
    assert {str(checked.states[name].dtype) for name in ("since", "planned_opening")} == {"datetime64[s]"}
    assert "负责人、电话属于个人信息,没有保存" in notices(checked)
    assert "某某" not in frame.to_csv() + "".join(notices(checked))


def test_several_rows_are_one_history(write_csv, read):
    rows = [
        [*HEADER, "床位"],
        ["盐池县未保中心", KIND, "运营", "2019-06-01", "盐池县", "20"],
        ["盐池县未保中心", KIND, "在建", "2017年5月1日", "", ""],
        ["盐池县未保中心 ", KIND, "停用", "2021/1/1", "640323", "20"],
        ["盐池县未保中心", KIND, "停用", "2021/1/1", "640323", "20"],
        ["盐池县未保中心", "儿童之家", "运营", "", "盐池县", ""],
    ]
    checked = read(write_csv(rows))
    assert checked.frame["kind"].tolist() == [KIND, "儿童之家"]
    assert checked.frame["beds"].fillna(-1).tolist() == [20, -1]
    assert history(checked) == [
        ("在建", date(2017, 5, 1)),
        ("运营", date(2019, 6, 1)),
        ("停用", date(2021, 1, 1)),
        ("运营", None),
    ]
    assert checked.states["institution"].nunique() == 2
    assert checked.read == checked.accepted + checked.skipped == 5


def test_opening_and_closing_days(write_csv, read):
    rows = [
        ["名称", "类型", "状态", "投用日期", "停用日期", "所在县"],
        ["甲", KIND, "运营", "2018-01-01", "2020-01-01", "盐池县"],
        ["乙", KIND, "在建", "2019-01-01", "", "盐池县"],
        ["丙", KIND, "", "2019-01-01", "", "盐池县"],
    ]
    assert history(read(write_csv(rows))) == [
        ("运营", date(2018, 1, 1)),
        ("停用", date(2020, 1, 1)),
        ("在建", None),
        ("运营", date(2019, 1, 1)),
        ("运营", date(2019, 1, 1)),
    ]


def test_the_county_is_found_by_the_first_hint_that_gives_one(write_csv, read):
    header = ["名称", "类型", "状态", "区划代码", "所在县", "辖区", "地址", "经度", "纬度", "坐标系"]
    rows = [
        header,
        ["按村代码", KIND, "运营", "640323101201", "", "", "", "", "", ""],
        ["按补零代码", KIND, "运营", "640324000000", "", "", "", "", "", ""],
        ["按县名", KIND, "运营", "", "同心县", "", "", "", "", ""],
        ["按位置", KIND, "运营", "", "", "同心", "同心县某路", 107.2, 37.4, "WGS84"],
        ["按辖区", KIND, "运营", "", "", "同心", "盐池县某路", "", "", ""],
        ["按地址", KIND, "运营", "", "", "", "宁夏吴忠市盐池县某路", "", "", ""],
    ]
    checked = read(write_csv(rows))
    assert checked.frame["county"].tolist() == ["640323", "640324", "640324", "640323", "640324", "640323"]


def test_the_nearest_village_is_the_last_resort_and_told(write_csv, read):
    rows = [["名称", "类型", "状态", "经度", "纬度"], ["远处", KIND, "运营", 107.52, 37.5]]
    checked = read(write_csv(rows), polygons=None, crs="WGS84")
    assert checked.frame["county"].tolist() == ["640323"]
    assert "第2行:没有写所在县,按最近的村所在的县计,请核对" in notices(checked)
    with pytest.raises(LedgerError, match="不知道“远处”在哪个县"):
        read(write_csv(rows), polygons=None, villages=None, crs="WGS84")


def test_without_any_hint_the_row_is_rejected(write_csv, read):
    with pytest.raises(LedgerError) as caught:
        read(write_csv([HEADER, ["某中心", KIND, "运营", "", ""], ["别处", KIND, "运营", "", "吴忠市"]]))
    assert problems(caught) == [
        "第2行 所在县(E列):不知道“某中心”在哪个县。请填“所在县”或“区划代码”,或经纬度",
        "第3行 所在县(E列):没有叫“吴忠市”的县(市、区)。请填已导入的县(市、区)名称或代码",
    ]


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("", None),
        ("盐池县", "640323"),
        ("盐池、同心县", "640323、640324"),
        ("640324;640323", "640324、640323"),
        ("吴忠市", "640323、640324"),
        ("吴忠,盐池", "640323、640324"),
        ("6403", "640323、640324"),
        ("宁夏回族自治区", "640323、640324"),
        ("640324000000", "640324"),
        ("大水坑镇", None),
        ("本县", None),
        ("640323101", None),
    ],
)
def test_jurisdictions(write_csv, read, written, codes):
    checked = read(write_csv([[*HEADER, "辖区", "级别"], ["甲", KIND, "运营", "", "盐池县", written, "市"]]))
    assert checked.frame["jurisdiction"].fillna("").tolist() == [codes or ""]


def test_an_unknown_area_is_named_with_the_nearest(write_csv, read):
    with pytest.raises(LedgerError) as caught:
        read(write_csv([[*HEADER, "辖区"], ["甲", KIND, "运营", "", "盐池县", "盐驰县、豫海镇"]]))
    assert problems(caught) == [
        "第2行 辖区(F列):辖区中的“盐驰县”不在已导入的区划中。是否为“盐池县”?请填已导入的县(市、区)名称或代码",
        "第2行 辖区(F列):辖区中的“豫海镇”不在已导入的区划中。请填已导入的县(市、区)名称或代码",
    ]


def test_rows_that_contradict_each_other(write_csv, read):
    rows = [
        [*HEADER, "床位", "地址"],
        ["甲", KIND, "运营", "2019-06-01", "盐池县", "20", "一号"],
        ["甲", KIND, "停用", "2019-06-01", "盐池县", "20", "一号"],
        ["甲", KIND, "在建", "2018-06-01", "盐池县", "30", "二号"],
    ]
    with pytest.raises(LedgerError) as caught:
        read(write_csv(rows))
    assert problems(caught) == [
        "第3行 状态(C列):与第2行矛盾:2019-06-01既是运营又是停用。请核对状态和日期",
        "第4行 地址(G列):与第2行同一机构的地址不同。同一机构各行应一致,只有状态和日期可以不同",
        "第4行 床位(F列):与第2行同一机构的床位不同。同一机构各行应一致,只有状态和日期可以不同",
    ]
    assert caught.value.read == caught.value.accepted + caught.value.rejected + caught.value.skipped


def test_faults_of_single_cells(write_csv, read):
    rows = [
        [*HEADER, "床位", "级别", "停用日期", "投用日期"],
        ["", KIND, "运营", "", "盐池县", "", "", "", ""],
        ["乙", "养老院", "开着", "2012年3月", "盐池县", "若干", "国家", "12/3/5", ""],
        ["丙", KIND, "", "", "盐池县", "", "", "", ""],
        ["丁", KIND, "运营", "", "盐池县", "", "", "2018-01-01", "2019-01-01"],
        ["戊", KIND, "运营", "", "640399", "", "", "", ""],
    ]
    with pytest.raises(LedgerError) as caught:
        read(write_csv(rows))
    told = problems(caught)
    assert told[0] == "第2行 名称(A列):没有填写。请填机构名称"
    assert [item.split(":")[0] for item in told[1:7]] == [
        "第3行 类型(B列)",
        "第3行 级别(G列)",
        "第3行 床位(F列)",
        "第3行 状态(C列)",
        "第3行 状态日期(D列)",
        "第3行 停用日期(H列)",
    ]
    assert told[5] == "第3行 状态日期(D列):“2012年3月”没有写到日。请补全年月日,如2012-03-05"
    assert told[7].startswith("第4行 状态(C列):没有填写状态")
    assert told[8].startswith("第5行 状态(C列):停用日期2018-01-01不晚于投用日期2019-01-01")
    assert told[9].startswith("第6行 所在县(E列):县代码“640399”不在已导入的区划中")


def test_a_place_in_another_county_is_told(write_csv, read):
    rows = [[*HEADER, "经度", "纬度"], ["甲", KIND, "运营", "", "盐池县", 106.2, 37.5]]
    with pytest.raises(LedgerError, match=re.escape("第2行 经度(F列):坐标(106.2000, 37.5000)在盐池县界外")):
        read(write_csv(rows), crs="WGS84")


def test_an_undated_operating_row_before_building_is_told(write_csv, read):
    rows = [HEADER, ["甲", KIND, "运营", "", "盐池县"], ["甲", KIND, "在建", "2018-01-01", "盐池县"]]
    assert any("按自始计" in notice for notice in notices(read(write_csv(rows))))


def test_merged_cells_of_a_history(write_xlsx, read):
    def merge(book):
        for column in "ABE":
            book.active.merge_cells(f"{column}2:{column}3")

    rows = [HEADER, ["甲", KIND, "在建", datetime(2018, 1, 1), "盐池县"], [None, None, "运营", 43831, None]]
    checked = read(write_xlsx(rows, edit=merge))
    assert len(checked.frame) == 1
    assert history(checked) == [("在建", date(2018, 1, 1)), ("运营", date(2020, 1, 1))]


def test_geopackage_in_metres(tmp_path, read):
    path = tmp_path / "机构.gpkg"
    frame = gpd.GeoDataFrame(
        {"名称": ["甲"], "类型": [KIND], "状态": ["运营"]}, geometry=[Point(107.2, 37.4)], crs=4490
    )
    frame.to_crs(4544).to_file(path)
    checked = read(path)
    assert checked.frame["county"].tolist() == ["640323"]
    assert checked.frame.geometry[0].distance(Point(107.2, 37.4)) < 1e-7


def test_files_without_a_state_column(write_csv, read):
    with pytest.raises(InputError, match="缺少表头“状态”"):
        read(write_csv([["名称", "类型"], ["甲", KIND]]))


def test_the_id_is_the_same_wherever_it_is_made():
    assert institution_id(KIND, "甲", "640323") == institution_id(KIND, "甲", "640323")
    assert institution_id(KIND, "甲", "640323") != institution_id(KIND, "甲", "640324")
    assert len(institution_id(KIND, "甲", "640323")) == 13


@pytest.mark.parametrize("served", ["本县、同心县", "全县;同心县", "大水坑镇、同心县"])
def test_the_own_county_in_words_stays_in_the_jurisdiction(write_xlsx, read, served):
    rows = [[*HEADER, "辖区"], ["盐池县未保中心", KIND, "运营", "2019-01-01", "盐池县", served]]
    assert read(write_xlsx(rows)).frame["jurisdiction"].tolist() == ["640323、640324"]


def test_brackets_and_spaces_do_not_make_another_institution():
    plain = institution_id(KIND, "盐池县未保中心(一)", "640323")
    assert institution_id(KIND, "盐池县 未保中心\uff08一\uff09", "640323") == plain
    assert institution_id(KIND, "盐池县未保中心(二)", "640323") != plain
