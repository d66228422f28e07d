"""`planner import roads` and `planner roads …`."""

import pytest

from tests.jobs.test_roads import HELSINKI, roads

__all__ = ["roads"]


def test_import_for_people_and_for_programs(planner, folder, roads):
    told = planner("import", "roads", roads, "--workspace", folder)
    assert told.code == 0, told.err
    assert "已导入道路:读取2条,接受2条,跳过0条" in told.out
    assert "路网:4个路口,3个路段,6个行车方向,36.0公里" in told.out
    assert "村离路:" in told.out
    record = planner("import", "roads", roads, "--workspace", folder, "--json").json
    assert (record["read"], record["written"]) == (2, False)
    assert record["network"]["nodes"] == 4
    assert record["network"]["noding"]["joined_after"] == pytest.approx(1)
    assert [item["title"] for item in record["distances"]] == ["村", "机构"]


def test_helsinki_is_imported_from_its_extract(planner, folder):
    record = planner("import", "roads", HELSINKI, "--workspace", folder, "--json").json
    assert record["read"] == record["accepted"] + sum(record["skipped"].values()) == 2650
    assert record["network"]["nodes"] == 901


def test_a_road_is_closed_shown_and_opened(planner, folder, roads):
    assert "没有道路" in planner("roads", "show", "--workspace", folder).err
    planner("import", "roads", roads, "--workspace", folder)
    closed = planner("roads", "close", "--name", "村路", "--reason", "修路", "--workspace", folder)
    assert closed.out == "已封闭1个路段\n"
    shown = planner("roads", "show", "--workspace", folder, "--json").json
    assert shown["edges"] == [{"edge": 2, "name": "村路", "class": "机耕路", "km": 8.0, "closed": True}]
    assert "路段2  村路  机耕路  8.0公里  封闭" in planner("roads", "show", "--workspace", folder).out
    assert planner("roads", "open", "2", "--workspace", folder).out == "已恢复1个路段\n"
    assert planner("roads", "open", "2", "--workspace", folder).out == "这些路段原已恢复,没有变化\n"


def test_a_speed_is_changed_with_its_source(planner, folder):
    assert planner("roads", "speeds", "set", "县道", "硬化", "35", "--workspace", folder).code == 2
    done = planner("roads", "speeds", "set", "县道", "paved", "35", "--source", "实测", "--workspace", folder)
    assert done.out == "已改:县道 硬化 35 km/h,下次运行起用\n"
    rows = planner("roads", "speeds", "show", "--workspace", folder, "--json").json["speeds"]
    row = next(row for row in rows if (row["class"], row["surface"]) == ("secondary", "paved"))
    assert (row["kmh"], row["source"]) == (35, "实测")
    assert (
        "县道(secondary)  硬化(paved)  35 km/h  实测"
        in planner("roads", "speeds", "show", "--workspace", folder).out
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "roads", "none.gpkg"),
        ("roads", "close", "x"),
        ("roads", "close", "-1"),
        ("roads", "speeds", "set", "县道", "硬化", "0", "--source", "实测"),
        ("roads", "speeds", "set", "空道", "硬化", "30", "--source", "实测"),
    ],
)
def test_what_cannot_be_done_is_told(planner, folder, arguments):
    refused = planner(*arguments, "--workspace", folder)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err


def test_a_tolerance_that_is_none_is_told(planner, folder, roads):
    refused = planner("import", "roads", roads, "--tolerance", "很近", "--workspace", folder)
    assert "请填0到1000的米数" in refused.err
