"""What is known of access beyond the nearest site: the second nearest, the curve, beds in reach."""

import numpy as np
import pytest

# Second nearest


def test_the_second_nearest_site_and_who_relies_on_one_alone(world, values):
    # Minutes are metres × 2.1 ÷ 1000: 21, 31.5 and 2.1 to jg-1, 42, 31.5 and 65.1 to jg-2.
    world.village("640101100001", 0, 0, 5)
    world.village("640101100002", 25_000, 0, 3)
    world.village("640102100001", 11_000, 0, 2)
    world.site("jg-1", "640101", 10_000, 0)
    world.site("jg-2", "640102", 40_000, 0)
    result = world.run()
    villages = result.layers["coverage-villages"]
    assert villages["nearest"].tolist() == ["jg-1"] * 3
    assert villages["second"].tolist() == ["jg-2"] * 3
    assert villages["second_name"].tolist() == ["机构jg-2"] * 3
    assert villages["second_minutes"].tolist() == [84.0, 31.5, 60.9]
    assert villages["single"].tolist() == [True, False, True]
    assert values(result)["children_single"] == 7
    assert any("只靠一个机构:2个村、儿童7人,60分钟内" in note for note in result.notes)
    assert values(world.run(limit_min=84))["children_single"] == 0


def test_a_second_site_beyond_the_horizon_is_none(world):
    world.village("640101100001", 0, 0, 5)
    world.village("640101100002", 0, 0, 5, located=False)
    world.site("jg-1", "640101", 1_000, 0)
    world.site("jg-2", "640102", 60_000, 0)
    villages = world.run().layers["coverage-villages"]
    assert villages["second"].isna().all()
    assert villages["second_minutes"].isna().all()
    assert villages["single"].tolist() == [True, False]
    assert world.run(catchment_min=126).layers["coverage-villages"]["second_minutes"][0] == 126.0


def test_two_sites_in_one_building_stand_in_for_each_other(world, values):
    world.village("640101100001", 0, 0, 5)
    world.site("jg-1", "640101", 1_000, 0)
    world.site("jg-2", "640101", 1_000, 0)
    result = world.run()
    villages = result.layers["coverage-villages"]
    assert (villages["nearest"][0], villages["second"][0]) == ("jg-1", "jg-2")
    assert values(result)["children_single"] == 0


# The curve


def test_the_curve_by_need_and_category(world):
    world.village("640101100001", 10_000, 0, 4, need="康复", age_band="0-6")
    world.need("640101100001", 2, need="康复", category="自身困境")
    world.village("640101100002", 50_000, 0, 2, need="安置", category="监护困境")
    world.village("640101100003", 0, 0, 9, located=False)
    world.site("jg-1", "640101")
    curve = world.run().tables["coverage-curve"].set_index(["group", "minutes"])
    assert curve.loc["全部儿童"].index.tolist() == list(range(0, 121, 5))
    # 21 and 105 minutes; the 9 without a point are in no share.
    assert curve.loc["全部儿童", "children"][[20, 25, 100, 105, 120]].tolist() == [0, 6, 6, 8, 8]
    assert curve.loc[("全部儿童", 25), "share"] == 75.0
    assert curve.loc["康复0-6岁", "children"][[20, 25]].tolist() == [0, 4]
    assert curve.loc["康复7-14岁", "children"][[20, 25]].tolist() == [0, 2]
    assert curve.loc["安置", "share"][[100, 105]].tolist() == [0.0, 100.0]
    assert curve.loc["监护困境", "children"][[100, 105]].tolist() == [0, 2]
    assert curve.loc["家庭困境", "share"][[20, 25]].tolist() == [0.0, 100.0]
    none = curve.loc["送教"]
    assert none["share"].isna().all()
    assert set(none["share_reason"]) == {"没有儿童"}


def test_the_curve_meets_the_card_at_the_limit(lived_in):
    lived_in.village("640102100002", 0, 0, 2, located=False)
    for limit_min in (5, 60, 120):
        result = lived_in.run(limit_min=limit_min)
        curve = result.tables["coverage-curve"].set_index(["group", "minutes"]).loc[("全部儿童", limit_min)]
        assert curve["children"] == result.metrics["children_within_limit"].value
        assert curve["share"] == result.metrics["share_within_limit"].value


def test_a_curve_of_children_without_a_point_says_so(world):
    world.village("640101100001", 0, 0, 3, located=False)
    world.site("jg-1", "640101")
    curve = world.run().tables["coverage-curve"]
    everyone = curve[curve["group"] == "全部儿童"]
    assert set(everyone["share_reason"]) == {"没有定位"}


# Beds in reach


def test_beds_in_reach_for_a_thousand_children(lived_in, values):
    # jg-1 has 10 beds for the 9 children within an hour; the 3 far ones have none.
    result = lived_in.run(method="2SFCA")
    villages = result.layers["coverage-villages"].set_index("code")
    near = 10 / 9 * 1000
    assert villages["accessibility"].tolist() == pytest.approx([near, 0.0, near], abs=1e-6)
    figures = values(result)
    assert figures["accessibility_mean"] == pytest.approx(10 / 12 * 1000, abs=1e-4)
    assert figures["accessibility_gini"] == pytest.approx(25.0, abs=1e-4)
    assert figures["children_without_beds"] == 3
    worst = result.tables["coverage-worst"]
    assert worst[["rank", "code", "children", "lacking"]].to_numpy().tolist() == [[1, "640101100002", 3, 3.0]]
    assert result.tables["coverage-sites"]["children_catchment"].tolist() == [9.0]


@pytest.mark.parametrize("method", ["2SFCA", "E2SFCA-step", "E2SFCA-gauss", "3SFCA", "BFCA"])
def test_every_method_gives_figures_and_says_what_it_is_worth(lived_in, method):
    result = lived_in.run(method=method)
    assert result.metrics["accessibility_mean"].value > 0
    assert method in result.metrics["accessibility_mean"].formula
    assert sum(f"可达性方法{method}(" in note for note in result.notes) == 1
    assert any("膨胀" in note for note in result.notes) == (method == "3SFCA")


def test_the_worst_are_listed_up_to_the_number_asked_for_ties_by_code(world):
    for number, children in ((3, 2), (1, 2), (2, 5), (4, 1)):
        world.village(f"64010110000{number}", 90_000, 0, children)
    world.village("640102100001", 0, 0, 4)
    world.site("jg-1", "640101", beds=4)
    assert world.run(worst_count=3).tables["coverage-worst"]["code"].tolist() == [
        "640101100002",
        "640101100001",
        "640101100003",
    ]


def test_beds_that_are_not_known_are_no_zero(lived_in, values):
    # The far village has only jg-2 in reach, whose beds nobody knows.
    lived_in.site("jg-2", "640102", 60_000, 0)
    result = lived_in.run(method="2SFCA")
    villages = result.layers["coverage-villages"].set_index("code")
    far = villages.loc["640101100002"]
    assert (np.isnan(far["accessibility"]), far["accessibility_reason"]) == (True, "没有床位数据")
    assert values(result)["children_without_beds"] == 0
    assert values(result)["accessibility_mean"] == pytest.approx(10 / 9 * 1000, abs=1e-4)
    assert result.tables["coverage-worst"].empty
    assert any("不计入床位和可及床位(不当作0):机构jg-2" in note for note in result.notes)
    assert any("1个村(儿童3人)给不出可及床位" in note for note in result.notes)


def reasons(result):
    names = ("accessibility_mean", "accessibility_gini", "children_without_beds")
    return [(result.metrics[name].value, result.metrics[name].reason) for name in names]


def test_why_there_is_no_figure_of_beds_in_reach(world):
    assert reasons(world.run()) == [(None, "no_children")] * 3
    world.village("640101100001", 0, 0, 3, located=False)
    world.site("jg-1", "640101")
    assert reasons(world.run()) == [(None, "unlocated")] * 3
    world.village("640101100002", 0, 0, 3)
    assert reasons(world.run()) == [(None, "no_capacity")] * 3
    assert reasons(world.run(kind="儿童之家")) == [(None, "no_site")] * 3
    world.institutions[0]["geometry"] = None
    assert reasons(world.run()) == [(None, "unreachable")] * 3


def test_where_nobody_is_in_reach_of_a_bed_the_mean_is_0_and_there_is_no_gini(world):
    world.village("640101100001", 60_000, 0, 3)
    world.site("jg-1", "640101", beds=5)
    assert reasons(world.run()) == [(0.0, None), (None, "unreachable"), (3, None)]
    world.institutions[0]["beds"] = 0
    assert reasons(world.run(limit_min=200, catchment_min=200)) == [
        (0.0, None),
        (None, "no_capacity"),
        (3, None),
    ]


def test_a_village_without_children_near_a_site_that_nobody_needs(world):
    world.village("640101100001", 0, 0, 0)
    world.site("jg-1", "640101", beds=5)
    village = world.run().layers["coverage-villages"].iloc[0]
    assert (np.isnan(village["accessibility"]), village["accessibility_reason"]) == (True, "没有儿童")
