import os
import socket

import pytest

from planner.store.reads import import_log
from planner.store.tables import REVISION
from planner.store.workspace import open_workspace

DIVISIONS = """区划代码,名称,上级代码,经度,纬度,坐标系
64,示例自治区,,,,
6401,示例市,64,,,
640101,甲县,6401,,,
640101001,甲一镇,640101,,,
640101001001,近村,640101001,106.2,38.4,WGS84
640101001002,远村,640101001,106.3,38.5,WGS84
"""
INSTITUTIONS = """名称,类型,级别,状态,起始日期,经度,纬度,坐标系,辖区,床位
甲县未成年人保护中心,未成年人保护机构,县,运营,2018-06-01,106.2,38.4,WGS84,甲县,20
"""
DEMAND = """区划代码,年龄段,类别,需求,人数
640101001001,0-6,家庭困境,,4
640101001002,7-14,自身困境,康复,3
"""


@pytest.fixture
def files(tmp_path):
    for name, text in (("divisions", DIVISIONS), ("institutions", INSTITUTIONS), ("demand", DEMAND)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_from_nothing_to_a_result(planner, files):
    folder = files / "workspace"
    assert planner("init", folder).code == 0
    for kind in ("divisions", "institutions", "demand"):
        path = files / f"{kind}.csv"
        done = planner("import", kind, path, "--workspace", folder, "--as-of", "2020-12-31", "--json")
        assert done.code == 0, done.err
        record = done.json
        assert (record["kind"], record["file"]) == (kind, f"{kind}.csv")
        assert record["read"] == record["accepted"] + record["skipped"]
    metrics = planner("run", "coverage-gaps", "--workspace", folder, "--json").json["metrics"]
    assert metrics["counties_total"]["value"] == 1
    assert metrics["counties_covered"]["value"] == 1
    assert metrics["children_total"]["value"] == 7


@pytest.mark.parametrize("kind", ["divisions", "institutions", "demand"])
def test_the_same_file_twice_is_told_to_change_nothing(planner, files, kind):
    folder = files / "workspace"
    planner("init", folder)
    for name in dict.fromkeys(("divisions", kind)):
        planner("import", name, files / f"{name}.csv", "--workspace", folder)
    again = planner("import", kind, files / f"{kind}.csv", "--workspace", folder, "--json").json
    assert (again["accepted"], again["skipped"], again["unchanged"]) == (0, again["read"], again["read"])
    told = planner("import", kind, files / f"{kind}.csv", "--workspace", folder).out
    assert f"接受0行,跳过{again['read']}行(其中未变{again['read']}行)" in told
    assert "没有变化" in told


def test_a_bad_row_is_told_with_its_place_and_nothing_is_written(planner, files):
    folder = files / "workspace"
    planner("init", folder)
    planner("import", "divisions", files / "divisions.csv", "--workspace", folder)
    (files / "demand.csv").write_text(DEMAND.replace(",4", ",四个").replace("康复", "吃饭"), encoding="utf-8")
    refused = planner("import", "demand", files / "demand.csv", "--workspace", folder, "--json")
    assert (refused.code, refused.out) == (2, "")
    assert "第2行" in refused.err
    assert "第3行" in refused.err
    (files / "demand.csv").write_text(DEMAND, encoding="utf-8")
    assert "接受2行" in planner("import", "demand", files / "demand.csv", "--workspace", folder).out


def test_what_cannot_be_imported_is_told(planner, files):
    folder = files / "workspace"
    planner("init", folder)
    absent = planner("import", "demand", files / "absent.csv", "--workspace", folder)
    assert absent.code == 2
    assert "absent.csv" in absent.err
    unknown = planner("import", "people", files / "demand.csv", "--workspace", folder)
    assert unknown.code == 2
    assert "divisions" in unknown.err
    unplaced = planner("import", "divisions", files / "divisions.csv")
    assert unplaced.code == 2
    assert "--workspace" in unplaced.err


def test_a_workspace_is_not_made_twice(planner, files):
    folder = files / "workspace"
    assert planner("init", folder).code == 0
    again = planner("init", folder)
    assert again.code == 2
    assert "“workspace”已有内容" in again.err
    assert str(folder) not in again.err


def test_upgrade_leaves_a_new_workspace_as_it_is(planner, files):
    folder = files / "workspace"
    planner("init", folder)
    done = planner("upgrade", "--workspace", folder)
    assert (done.code, done.out) == (0, f"已是第{REVISION}版,不用升级\n")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_serve_names_a_port_that_is_taken(planner, files, host):
    folder = files / "workspace"
    planner("init", folder)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = planner("serve", "--workspace", folder, "--host", host, "--port", port)
    assert (refused.code, refused.out) == (2, "")
    assert f"端口{port}已被别的程序占用" in refused.err
    assert "--port" in refused.err


@pytest.mark.parametrize("kind", ["divisions", "ledger"])
def test_a_file_named_in_gbk_is_told_and_kept_as_it_reads(planner, files, kind):
    folder = files / "workspace"
    planner("init", folder)
    path = files / os.fsdecode("区划.csv".encode("gbk"))
    absent = planner("import", kind, path, "--workspace", folder)
    assert absent.code == 2
    assert "区划.csv" in absent.err
    path.write_text(DIVISIONS, encoding="utf-8")
    done = planner("import", kind, path, "--workspace", folder, "--json")
    if kind == "divisions":
        assert done.json["file"] == "区划.csv"
        assert import_log(open_workspace(folder))["文件"].tolist() == ["区划.csv"]
    else:
        assert "文件“区划.csv”的表头不全" in done.err


def test_serve_stays_on_this_machine(planner, files):
    folder = files / "workspace"
    planner("init", folder)
    refused = planner("serve", "--workspace", folder, "--host", "0.0.0.0")
    assert (refused.code, refused.out) == (2, "")
    assert "127.0.0.1" in refused.err
    port = planner("serve", "--workspace", folder, "--port", "99999")
    assert port.code == 2
    assert "0到65535" in port.err
    absent = planner("serve", "--workspace", files / "absent")
    assert absent.code == 2
