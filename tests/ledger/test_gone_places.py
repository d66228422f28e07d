"""Places that are no more: told what became of them, and followed where that is certain."""

from datetime import date

import pandas as pd
import pytest

from planner.ledger.places import PlaceFault, places_of
from planner.model.divisions import build_tree
from planner.model.regrouping import Recode, Regrouping, Successor

DAY, LATER = date(2020, 6, 1), date(2021, 6, 1)
ROWS = [
    ("640324", "同心县", None),
    ("640324101", "河西镇", "640324"),
    ("640324101201", "马家湾村", "640324101"),
    ("640324101203", "石塘村", "640324101"),
    ("640324102", "丁塘镇", "640324"),
    ("640324102201", "金家井村", "640324102"),
    ("640324102202", "长乐村", "640324102"),
]
MA, SHI, JIN, LE = "640324101201", "640324101203", "640324102201", "640324102202"
OLD, OLDER, TOWN, OF_TOWN = "640324101202", "640324101204", "640324103", "640324103201"


def places(*successors):
    tree = build_tree(pd.DataFrame(ROWS, columns=["code", "name", "parent"]))
    tree.graph["successors"] = successors
    return places_of(tree, "640324")


MERGED = places(Successor(OLD, "新庄村", MA, DAY, renames_groups=True))


def fault_of(known, *cells):
    with pytest.raises(PlaceFault) as caught:
        known.find(*cells)
    return caught.value


@pytest.mark.parametrize("village", ["新庄", "新庄村", "新庄村委会", "河西镇新庄村", OLD])
def test_a_merged_village_is_followed(village):
    area = MERGED.find("河西镇", village, "三组")
    assert (area.code, area.group, area.outside) == (MA, "新庄3组", False)
    assert area.change == "“新庄村”自2020-06-01起并入马家湾村"


def test_its_group_may_stand_in_the_same_cell():
    assert MERGED.find("河西镇", "新庄村3组").group == "新庄3组"


def test_what_is_there_today_goes_first():
    assert MERGED.find("河西镇", "马家湾").change is None
    again = places(Successor(OLD, "石塘村", MA, DAY))
    assert (again.find("河西镇", "石塘村").code, again.find("河西镇", "石塘村").change) == (SHI, None)


def test_another_township_has_no_such_village():
    assert fault_of(MERGED, "丁塘镇", "新庄村").code == "E-VILLAGE-UNKNOWN"


def test_it_is_followed_through_every_change_since():
    twice = places(
        Successor(OLDER, "上庄村", OLD, DAY, renames_groups=True),
        Successor(OLD, "新庄村", JIN, LATER),
    )
    area = twice.find("河西镇", "上庄村", "1组")
    assert (area.code, area.group) == (JIN, "上庄1组")
    assert area.change == "“上庄村”自2020-06-01起并入丁塘镇金家井村"


def test_a_new_code_alone_is_told_as_such():
    assert places(Successor(OLD, "新庄村", MA, DAY)).find("河西镇", "新庄村", "3组").group == "3组"
    assert "改为马家湾村" in places(Successor(OLD, "新庄村", MA, DAY)).find("河西镇", "新庄村").change


SPLIT = places(Successor(OLD, "新庄村", MA, DAY, "1组"), Successor(OLD, "新庄村", SHI, DAY, "2组"))


def test_a_split_village_is_followed_where_the_group_tells():
    assert (SPLIT.find("河西镇", "新庄村", "2组").code, SPLIT.find("河西镇", "新庄村", "一组").code) == (
        SHI,
        MA,
    )


@pytest.mark.parametrize("group", ["", "9组"])
def test_and_refused_where_nobody_can_tell(group):
    fault = fault_of(SPLIT, "河西镇", "新庄村", group)
    assert (fault.part, fault.code) == ("村", "E-VILLAGE-GONE")
    assert fault.message == "“新庄村”自2020-06-01起拆分为马家湾村、石塘村"


def test_a_merged_township_is_followed_with_its_villages():
    known = places(
        Successor(TOWN, "旧镇", "640324102", DAY, renames_groups=True),
        Successor(OF_TOWN, "长乐村", LE, DAY),
    )
    area = known.find("旧镇", "长乐村", "2组")
    assert (area.code, area.group, area.township) == (LE, "2组", "640324102")
    fault = fault_of(known, "旧镇", "没有的村")
    assert (fault.part, fault.code, fault.message) == (
        "乡镇", "E-TOWNSHIP-GONE", "“旧镇”自2020-06-01起并入丁塘镇",
    )  # fmt: skip
    assert known.is_township("旧镇")
    with pytest.raises(PlaceFault, match="并入丁塘镇"):
        known.find_township("旧镇")


def test_papers_that_name_a_village_alone_are_told():
    for cells in (("河西镇", "新庄村"), ("", "新庄村")):
        with pytest.raises(PlaceFault, match="自2020-06-01起并入马家湾村") as caught:
            MERGED.find_village(*cells)
        assert caught.value.code == "E-VILLAGE-GONE"


def test_a_circle_ends():
    assert fault_of(
        places(Successor(OLD, "甲村", OLDER, DAY), Successor(OLDER, "乙村", OLD, DAY)), "河西镇", "甲村"
    )


def test_what_a_regrouping_leaves_behind():
    plan = Regrouping.of(
        [Recode(OLD, MA, DAY), Recode(OLDER, SHI, DAY, group="1组"), Recode(OLDER, JIN, DAY)]
    )
    names = {OLD: "新庄村", OLDER: "上庄村", MA: "马家湾村", SHI: "石塘村", JIN: "金家井村"}
    assert plan.successors(names) == [
        Successor(OLD, "新庄村", MA, DAY, None, renames_groups=True),
        Successor(OLDER, "上庄村", SHI, DAY, "1组", renames_groups=True),
        Successor(OLDER, "上庄村", JIN, DAY, None, renames_groups=True),
    ]
