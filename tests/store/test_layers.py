"""Layers written and read back: days, knowledge, scope, places, origins."""

from datetime import UTC, date, datetime

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from planner.errors import InputError
from planner.model.layers import DEMAND, DIVISIONS, INSTITUTION_STATES, INSTITUTIONS, STORE_CRS, Layer, column
from planner.store.reads import (
    counts,
    first_data_day,
    has_demo_rows,
    import_log,
    newest_data_day,
    read_layer,
    read_tree,
)
from planner.store.scope import EVERYTHING, scope_of
from planner.store.writes import data_version, save_demand, save_divisions, save_institutions
from tests.store.conftest import (
    COUNTY,
    DAY_2018,
    DAY_2020,
    OTHER,
    VILLAGE,
    demand_rows,
    division_rows,
    institution_rows,
    source,
    state_rows,
)


def read(workspace, layer, day=DAY_2020, scope=EVERYTHING, **settings):
    frame = read_layer(workspace, layer, scope, as_of=day, **settings)
    assert layer.check(frame) is frame
    return frame


@pytest.mark.parametrize("layer", [DIVISIONS, DEMAND, INSTITUTIONS, INSTITUTION_STATES])
def test_an_empty_workspace_has_empty_layers(workspace, layer):
    assert len(read(workspace, layer)) == 0


def test_a_layer_that_is_not_imported_is_refused(workspace):
    other = Layer("other", "别的", {"code": column(str, "代码")})
    with pytest.raises(InputError, match="不是导入的"):
        read_layer(workspace, other, EVERYTHING, as_of=DAY_2020)


def test_divisions_come_back_in_metres(workspace, tree_rows):
    save_divisions(workspace, tree_rows, source(DAY_2020))
    frame = read(workspace, DIVISIONS)
    assert frame["code"].tolist() == sorted(tree_rows["code"])
    assert frame.set_index("code")["level"].loc[["64", COUNTY, VILLAGE]].tolist() == [2, 6, 12]
    point = gpd.GeoSeries([Point(106.2, 38.4)], crs=STORE_CRS).to_crs(4544).iloc[0]
    assert frame.set_index("code").geometry[VILLAGE].distance(point) < 0.001
    assert frame.set_index("code").geometry.isna()[OTHER]
    assert pd.isna(frame.set_index("code")["parent"]["64"])


def test_a_scope_sees_its_area_and_what_holds_it(workspace, tree_rows):
    save_divisions(workspace, tree_rows, source())
    scope = scope_of([COUNTY])
    assert read(workspace, DIVISIONS, scope=scope)["code"].tolist() == [
        "64",
        "6401",
        COUNTY,
        "640101001",
        VILLAGE,
    ]
    tree = read_tree(workspace, scope, as_of=DAY_2020)
    assert list(tree.predecessors(COUNTY)) == ["6401"]
    assert OTHER not in tree
    save_demand(
        workspace,
        demand_rows((VILLAGE, "0-6", "家庭困境", None, 2), (OTHER, "0-6", "家庭困境", None, 3)),
        source(),
    )
    assert read(workspace, DEMAND, scope=scope)["village"].tolist() == [VILLAGE]
    assert len(read(workspace, DEMAND, scope=scope_of(["650000"]))) == 0


def test_a_top_row_may_lack_its_parent(workspace):
    save_divisions(workspace, division_rows((COUNTY, "甲县", "6401", None)), source())
    assert list(read_tree(workspace, EVERYTHING, as_of=DAY_2020).nodes) == [COUNTY]


def test_a_change_holds_from_its_day(workspace, tree_rows):
    save_divisions(workspace, tree_rows, source(DAY_2018))
    save_divisions(workspace, division_rows((COUNTY, "甲市", "6401", None)), source(DAY_2020))

    def name(day):
        return read_tree(workspace, EVERYTHING, as_of=day).nodes[COUNTY]["name"]

    assert (name(date(2015, 1, 1)), name(DAY_2018), name(DAY_2020)) == ("甲县", "甲县", "甲市")


def test_a_file_without_a_day_takes_the_place_of_the_newest(workspace, tree_rows):
    save_divisions(workspace, tree_rows, source(DAY_2018))
    save_divisions(workspace, division_rows((COUNTY, "甲市", "6401", None)), source())
    assert read_tree(workspace, EVERYTHING, as_of=DAY_2018).nodes[COUNTY]["name"] == "甲市"


def test_what_was_known_can_be_asked(workspace, tree_rows):
    save_divisions(workspace, tree_rows, source())
    then = datetime.now(UTC)
    save_divisions(workspace, division_rows((COUNTY, "甲市", "6401", None)), source())
    names = read(workspace, DIVISIONS, known_at=then).set_index("code")["name"]
    assert names[COUNTY] == "甲县"
    assert len(read(workspace, DIVISIONS, known_at=datetime(2000, 1, 1, tzinfo=UTC))) == 0


def test_a_row_without_a_place_keeps_the_known_one(workspace, tree_rows):
    save_divisions(workspace, tree_rows.assign(origin="示例"), source())
    save_divisions(workspace, division_rows((VILLAGE, "远村", "640101001", None)), source())
    row = read(workspace, DIVISIONS).set_index("code").loc[VILLAGE]
    assert (row["name"], row["origin"]) == ("远村", "示例")
    assert row.geometry is not None
    save_divisions(workspace, division_rows((VILLAGE, "远村", "640101001", (106.3, 38.5))), source())
    row = read(workspace, DIVISIONS).set_index("code").loc[VILLAGE]
    assert row["origin"] == "文件.csv"


def test_demand_is_replaced_village_by_village(workspace, tree_rows):
    save_divisions(workspace, tree_rows, source())
    first = demand_rows(
        (VILLAGE, "0-6", "家庭困境", None, 2),
        (VILLAGE, "7-14", "自身困境", "康复", 3),
        (OTHER, "0-6", "家庭困境", None, 5),
    )
    save_demand(workspace, first, source(DAY_2018))
    save_demand(workspace, demand_rows((VILLAGE, "0-6", "家庭困境", None, 1)), source(DAY_2020))
    assert read(workspace, DEMAND, DAY_2018)["children"].tolist() == [2, 3, 5]
    frame = read(workspace, DEMAND)
    assert frame["children"].tolist() == [1, 5]
    assert frame.geometry.isna().tolist() == [False, True]
    assert frame["need"].isna().all()


def test_institutions_have_the_state_of_the_day(workspace):
    rows = institution_rows(
        ("jg-1", "甲中心", COUNTY, 20, (106.2, 38.4)), ("jg-2", "乙中心", "640102", None, None)
    )
    states = state_rows(
        ("jg-1", None, "在建", "2019-06-01"),
        ("jg-1", "2019-06-01", "运营", None),
        ("jg-2", "2020-01-01", "停用", None),
    )
    save_institutions(workspace, rows, states, source(DAY_2020))
    assert read(workspace, INSTITUTIONS)["state"].tolist() == ["运营", "停用"]
    earlier = read(workspace, INSTITUTIONS, DAY_2018)
    assert earlier["state"].tolist()[0] == "在建"
    assert pd.isna(earlier["state"].tolist()[1])
    assert pd.isna(earlier["beds"].tolist()[1])
    history = read(workspace, INSTITUTION_STATES)
    assert history["state"].tolist() == ["在建", "运营", "停用"]
    assert history["planned_opening"].tolist()[0] == pd.Timestamp("2019-06-01")


def test_a_history_is_replaced_whole_and_institutions_are_not_cut(workspace):
    save_institutions(
        workspace,
        institution_rows(("jg-1", "甲中心", COUNTY, 20, (106.2, 38.4))),
        state_rows(("jg-1", "2019-06-01", "运营", None)),
        source(DAY_2020),
    )
    then = datetime.now(UTC)
    save_institutions(
        workspace,
        institution_rows(("jg-1", "甲中心", COUNTY, 30, None)),
        state_rows(("jg-1", "2019-07-01", "运营", None)),
        source(DAY_2020),
    )
    frame = read(workspace, INSTITUTIONS, scope=scope_of(["640102"]))
    assert frame["beds"].tolist() == [30]
    assert frame.geometry.notna().all()
    assert read(workspace, INSTITUTION_STATES)["since"].tolist() == [pd.Timestamp("2019-07-01")]
    known = read(workspace, INSTITUTION_STATES, known_at=then)
    assert known["since"].tolist() == [pd.Timestamp("2019-06-01")]


def test_columns_that_no_table_has_are_refused(workspace):
    with pytest.raises(KeyError, match="phone"):
        save_demand(workspace, demand_rows((VILLAGE, "0-6", "家庭困境", None, 1)).assign(phone="1"), source())
    assert data_version(workspace) == "0"


def test_days_of_the_data(workspace, tree_rows):
    assert newest_data_day(workspace) == date.today()
    assert first_data_day(workspace, DEMAND) is None
    save_divisions(workspace, tree_rows, source())
    assert newest_data_day(workspace) == date.today()
    save_demand(workspace, demand_rows((VILLAGE, "0-6", "家庭困境", None, 1)), source(DAY_2020))
    save_demand(workspace, demand_rows((OTHER, "0-6", "家庭困境", None, 1)), source(DAY_2018))
    assert newest_data_day(workspace) == DAY_2020
    assert first_data_day(workspace, DEMAND) == DAY_2018
    assert first_data_day(workspace, INSTITUTION_STATES) is None


def test_what_the_workspace_holds(workspace, tree_rows):
    assert counts(workspace) == {"县(市、区)": 0, "乡镇(街道)": 0, "村(居)": 0, "机构": 0, "困境儿童": 0}
    before = data_version(workspace)
    save_divisions(workspace, tree_rows, source(DAY_2018, 8))
    save_demand(workspace, demand_rows((VILLAGE, "0-6", "家庭困境", None, 4)), source(DAY_2020))
    assert data_version(workspace) != before
    assert counts(workspace) == {"县(市、区)": 2, "乡镇(街道)": 2, "村(居)": 2, "机构": 0, "困境儿童": 4}
    log = import_log(workspace)
    assert log["内容"].tolist() == ["困境儿童需求", "行政区划"]
    assert log["读取"].tolist() == [1, 8]
    assert log["数据截至日"].tolist() == ["2020-12-31", "2018-12-31"]


def test_generated_rows_are_known_until_replaced(workspace, tree_rows):
    assert not has_demo_rows(workspace)
    save_divisions(workspace, tree_rows.assign(origin="示例"), source())
    assert has_demo_rows(workspace)
    save_divisions(workspace, tree_rows.assign(geometry=Point(106.2, 38.4)), source())
    assert not has_demo_rows(workspace)


def test_whether_rows_were_generated_is_asked_of_a_day(workspace, tree_rows):
    save_divisions(workspace, tree_rows.assign(origin="示例"), source(DAY_2018))
    then = datetime.now(UTC)
    save_divisions(workspace, tree_rows.assign(geometry=Point(106.2, 38.4)), source(DAY_2020))
    assert not has_demo_rows(workspace)
    assert has_demo_rows(workspace, as_of=DAY_2018)
    assert has_demo_rows(workspace, as_of=DAY_2020, known_at=then)
