"""The whole plugin on little worlds, beyond the cases of the policy."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.plugin import Context, Progress, Stopped
from plugins.coverage_gaps import coverage_gaps

FAR = 60_000


# The legal measure over time


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ([("挂牌未运营", None)], "挂牌未运营"),
        ([("运营", "2016-01-01"), ("停用", "2019-01-01")], "停用"),
        ([("运营", "2016-01-01"), ("停用", "2018-01-01"), ("运营", "2020-12-31")], "已覆盖"),
        ([("停用", "2020-01-01"), ("运营", "2020-01-01")], "已覆盖"),
        ([("运营", "2020-01-01"), ("停用", "2020-01-01")], "停用"),
        ([("运营", "2021-01-01")], "无机构"),
    ],
)
def test_the_state_of_the_day_decides(world, states, status):
    world.site("jg-1", "640101", 0, 0, *states)
    assert world.run("2020-12-31").layers["coverage-counties"]["status"].tolist() == [status, "无机构"]


def test_the_year_line_follows_openings_closings_and_plans(world):
    world.site("jg-1", "640101", 0, 0, ("运营", "2018-06-01"), ("停用", "2019-06-01"))
    world.site("jg-2", "640102", 0, 0, ("在建", "2019-01-01", "2020-06-30"))
    years = world.run("2019-12-31").tables["coverage-years"]
    assert years["day"].dt.strftime("%Y").tolist() == ["2017", "2018", "2019", "2020"]
    assert years["basis"].tolist() == ["实际", "实际", "实际", "按计划"]
    assert years["covered"].tolist() == [0, 1, 0, 1]
    assert years["share"].tolist() == [0.0, 50.0, 0.0, 50.0]
    assert years["gained"].fillna("").tolist() == ["", "甲县", "", "乙县"]
    assert years["lost"].fillna("").tolist() == ["", "", "甲县", ""]


def test_the_line_meets_the_cards_at_the_as_of_day_and_at_the_target(world, values):
    world.site("jg-1", "640101")
    world.site("jg-2", "640102", 0, 0, ("在建", None, "2020-06-30"))
    result = world.run("2018-05-01")
    years = result.tables["coverage-years"].set_index("day")["covered"]
    assert years[pd.Timestamp("2018-05-01")] == values(result)["counties_covered"] == 1
    assert years[pd.Timestamp("2020-12-31")] == values(result)["counties_projected"] == 2


def test_a_gap_says_what_is_there_and_who_lives_there(lived_in):
    lived_in.site("jg-2", "640102", 0, 0, ("在建", None, "2019-06-30"), beds=20)
    lived_in.site("jg-3", "640102", 0, 0, ("停用", None))
    gap = lived_in.run("2018-12-31").tables["coverage-gaps"].iloc[0]
    assert gap["institutions"] == "机构jg-2(在建,计划2019-06-30投用)、机构jg-3(停用)"
    assert (gap["name"], gap["status"], gap["projected"], gap["children"]) == ("乙县", "在建", True, 4)
    assert gap["planned_opening"] == pd.Timestamp("2019-06-30")


def test_many_institutions_are_named_up_to_five(world):
    for position in range(7):
        world.site(f"jg-{position}", "640101")
    text = world.run().layers["coverage-counties"].loc[0, "institutions"]
    assert text.count("运营") == 5
    assert text.endswith("等7个")


def test_a_plan_whose_day_has_passed_is_named(world):
    world.site("jg-1", "640101", 0, 0, ("在建", None, "2018-06-30"))
    result = world.run("2019-12-31")
    assert result.metrics["counties_projected"].value == 1
    assert any("计划投用日已过、截至日仍在建:甲县" in note for note in result.notes)
    at_the_end = world.run("2020-12-31")
    assert at_the_end.metrics["counties_projected"].value == 0
    assert any("不再预计" in note for note in at_the_end.notes)


def test_another_target_day_may_be_chosen(world, values):
    world.site("jg-1", "640101", 0, 0, ("在建", None, "2021-06-30"))
    assert values(world.run("2020-12-31"))["counties_projected"] == 0
    assert values(world.run("2020-12-31", target_day="2022-12-31"))["counties_projected"] == 1


def test_for_another_kind_the_notes_say_that_the_target_is_not_its_own(world):
    notes = world.run(kind="儿童之家").notes
    assert any("只针对未成年人保护机构" in note for note in notes)
    assert not any("只针对未成年人保护机构" in note for note in world.run().notes)


def test_a_jurisdiction_below_the_county_is_named_and_covers_nothing(world, values):
    world.site("jg-1", "640101", jurisdiction="640101100")
    result = world.run()
    assert values(result)["counties_covered"] == 0
    assert any("辖区不含本区域任何一个县" in note and "机构jg-1" in note for note in result.notes)


def test_an_institution_without_a_state_is_named(world):
    world.site("jg-1", "640101", 0, 0, ("运营", "2021-06-01"))
    assert any("1个未成年人保护机构在截至日没有状态记录" in note for note in world.run().notes)


# The access measure


def test_children_are_split_into_within_beyond_and_unreachable(lived_in, values):
    lived_in.village("640102100002", 0, 0, 2, located=False)
    result = lived_in.run()
    figures = values(result)
    assert figures["children_total"] == 14
    assert figures["children_within_limit"] == 9
    assert figures["children_beyond_limit"] == 3
    assert (figures["children_unreachable"], figures["children_unlocated"]) == (2, 2)
    # Of the 12 with a point 9 are within; minutes are metres × 2.1 ÷ 1000.
    assert figures["share_within_limit"] == 75.0
    assert figures["mean_minutes"] == pytest.approx((5 * 2.1 + 3 * 126 + 4 * 23.1) / 12, abs=1e-4)
    counties = result.layers["coverage-counties"]
    assert counties["children_unreachable"].tolist() == [0, 2]
    assert counties["share_within"].tolist() == [62.5, 100.0]


def test_the_nearest_site_may_lie_in_another_county_and_outside_the_area(world, values):
    world.divisions = world.divisions[:2]
    world.village("640101100001", 9_000, 0, 4)
    world.site("jg-out", "640102", 10_000, 0, beds=4)
    world.site("jg-else", "640102", 90_000, 0)
    result = world.run()
    assert values(result)["counties_total"] == 1
    assert values(result)["counties_covered"] == 0
    assert values(result)["children_within_limit"] == 4
    sites = result.tables["coverage-sites"]
    assert sites[["id", "children_nearest", "children_per_bed"]].to_numpy().tolist() == [["jg-out", 4, 1.0]]
    # Its beds are not the area's own.
    assert (result.metrics["beds"].value, result.metrics["beds"].reason) == (None, "no_site")


def test_of_two_equally_near_sites_the_lower_id_is_taken_whatever_the_order(world):
    world.village("640101100001", 5_000, 0, 1)
    world.site("jg-2", "640101", 4_000, 0)
    world.site("jg-1", "640101", 6_000, 0)
    assert world.run().layers["coverage-villages"]["nearest"].tolist() == ["jg-1"]
    world.institutions.reverse()
    assert world.run().layers["coverage-villages"]["nearest"].tolist() == ["jg-1"]


def test_without_an_operating_site_all_are_unreachable_for_that_reason(world):
    world.village("640101100001", 0, 0, 3)
    world.site("jg-1", "640101", 0, 0, ("在建", None))
    result = world.run()
    assert result.layers["coverage-villages"]["reach"].tolist() == ["无运营机构"]
    metrics = result.metrics
    assert metrics["children_unreachable"].value == 3
    assert metrics["share_within_limit"].value == 0.0
    for name in ("mean_minutes", "beds", "children_per_bed"):
        assert (metrics[name].value, metrics[name].reason) == (None, "no_site")


def test_an_operating_site_without_a_point_covers_but_cannot_be_reached(world, values):
    world.village("640101100001", 0, 0, 3)
    world.site("jg-1", "640101", located=False, beds=6)
    result = world.run()
    assert values(result)["counties_covered"] == 1
    assert result.layers["coverage-villages"]["reach"].tolist() == ["不可达"]
    assert result.metrics["mean_minutes"].reason == "unreachable"
    assert (values(result)["beds"], values(result)["children_per_bed"]) == (6.0, 0.5)
    assert any("1个运营机构没有定位" in note for note in result.notes)


def test_when_no_village_has_a_point_the_share_is_null(world):
    world.village("640101100001", 0, 0, 3, located=False)
    world.site("jg-1", "640101")
    metrics = world.run().metrics
    for name in ("share_within_limit", "mean_minutes"):
        assert (metrics[name].value, metrics[name].reason) == (None, "unlocated")


def test_demand_at_a_village_that_is_not_a_division_is_listed(lived_in, values):
    lived_in.need("640102100009", 6)
    lived_in.need("640999100001", 7)
    result = lived_in.run()
    villages = result.layers["coverage-villages"].set_index("code")
    assert villages.loc["640102100009", ["name", "county_name", "children", "reach"]].tolist() == [
        "640102100009",
        "乙县",
        6,
        "无定位",
    ]
    assert villages.loc["640999100001", "county"] == "640999"
    assert values(result)["children_total"] == 12 + 13
    assert result.layers["coverage-counties"]["children"].tolist() == [8, 10]
    assert any("有2个村不在行政区划表中(儿童13人)" in note for note in result.notes)
    assert any("儿童7人所在的县不在行政区划表中" in note for note in result.notes)


def test_a_village_belongs_to_the_county_of_its_parent(world):
    world.village("640101100001", 0, 0, 3)
    world.divisions[-1]["parent"] = "640102100"
    assert world.run().layers["coverage-counties"]["children"].tolist() == [0, 3]


def test_only_children_with_the_need_are_counted(lived_in, values):
    lived_in.need("640101100001", 2, need="康复", age_band="0-6")
    lived_in.need("640101100001", 1, need="送教", age_band="0-6")
    assert values(lived_in.run())["children_total"] == 15
    result = lived_in.run(need="康复")
    assert values(result)["children_total"] == 2
    assert "康复" in result.metrics["children_total"].formula


def test_a_service_narrows_access_and_never_the_legal_measure(lived_in, values):
    lived_in.site("jg-2", "640102", FAR, 0, services="临时监护、心理辅导", beds=3)
    result = lived_in.run(service="临时监护")
    assert values(result)["counties_covered"] == 2
    assert result.layers["coverage-villages"]["nearest"].unique().tolist() == ["jg-2"]
    assert values(result)["beds"] == 3.0
    assert any("只用于可达与承载" in note for note in result.notes)


def test_a_service_that_nobody_offers_is_said(lived_in, values):
    result = lived_in.run(service="监护")
    assert values(result)["children_within_limit"] == 0
    assert any("没有一个未成年人保护机构登记了服务内容“监护”" in note for note in result.notes)


def test_outlines_of_villages_and_counties_without_outline_are_taken(world, values):
    from shapely.geometry import Point

    world.county("640103", "丙县", outline=False)
    world.divisions[-2]["geometry"] = Point(0, 0)
    world.village("640103100001", 0, 0, 2)
    world.divisions[-1]["geometry"] = Point(500_000, 4_000_000).buffer(10)
    world.village("640103100002", 0, 0, 2)
    world.divisions[-1]["geometry"] = None
    world.site("jg-1", "640101")
    result = world.run()
    assert result.layers["coverage-counties"].geometry.isna().tolist() == [False, False, True]
    assert values(result)["children_within_limit"] == 4


# Capacity


def test_beds_are_set_against_children_by_county_and_by_site(lived_in, values):
    lived_in.site("jg-2", "640102", 11_000, 0, beds=2)
    lived_in.site("jg-3", "640102", 11_000, 0, ("停用", None), beds=50)
    result = lived_in.run()
    assert (values(result)["beds"], values(result)["children_per_bed"]) == (12.0, 1.0)
    assert result.layers["coverage-counties"]["children_per_bed"].tolist() == [0.8, 2.0]
    sites = result.tables["coverage-sites"].set_index("id")
    assert sites["children_nearest"].tolist() == [5, 4, 0]
    assert sites.loc[["jg-1", "jg-2"], "children_per_bed"].tolist() == [0.5, 2.0]
    assert sites["children_per_bed"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize("beds", [None, 0])
def test_without_beds_there_is_no_rate(lived_in, beds):
    lived_in.institutions[0]["beds"] = beds
    result = lived_in.run()
    metric = result.metrics["children_per_bed"]
    assert (metric.value, metric.reason) == (None, "no_capacity")
    assert result.tables["coverage-sites"]["children_per_bed_reason"].tolist() == ["没有床位数据"]
    assert any("没有床位数据" in note for note in result.notes) == (beds is None)


# The result as a whole


def test_nothing_at_all_gives_nulls_with_reasons(world, values):
    world.divisions = []
    result = world.run()
    figures = values(result)
    assert (figures["counties_total"], figures["counties_covered"], figures["children_total"]) == (0, 0, 0)
    assert result.metrics["counties_share"].reason == "no_county"
    assert result.layers["coverage-villages"].empty
    assert any("没有县级单位" in note for note in result.notes)


def test_a_card_equals_the_rows_behind_it(lived_in):
    lived_in.village("640102100002", 0, 0, 2, located=False)
    lived_in.site("jg-2", "640102", 0, 0, ("在建", None, "2020-06-30"))
    result = lived_in.run("2018-12-31")
    shown = {**result.layers, **result.tables}
    for name, metric in result.metrics.items():
        assert metric.formula, name
        assert metric.clause in ("四(二)", "规划参考"), name
        rows = shown[metric.table]
        for column, value in metric.where.items():
            rows = rows[rows[column] == value]
        if metric.unit == "个":
            assert len(rows) == metric.value, name
        if metric.unit == "人" and metric.value is not None:
            assert rows["children"].sum() == metric.value, name
    assert result.layers["coverage-counties"]["beds"].sum() == result.metrics["beds"].value


def test_the_legal_and_the_access_measure_are_never_in_one_figure(lived_in):
    metrics = lived_in.run().metrics
    legal = {name for name, metric in metrics.items() if metric.clause == "四(二)"}
    assert legal == {name for name in metrics if name.startswith("counties_")}
    assert lived_in.run(limit_min=1).metrics["counties_share"] == metrics["counties_share"]


def test_estimates_are_marked_and_say_how(lived_in):
    result = lived_in.run(detour=1.3, speed_kmh=50)
    assert any("「估算」:直线距离×1.3,每小时50公里" in note for note in result.notes)
    for name in ("children_within_limit", "share_within_limit", "mean_minutes"):
        assert "「估算」" in result.metrics[name].title


def test_progress_is_told_and_a_wish_to_stop_is_heard(lived_in):
    told: list[Progress] = []
    context = Context(lived_in.frames(), date(2020, 12, 31), report=told.append)
    coverage_gaps(context, coverage_gaps.params())
    assert {step.doing for step in told} == {"逐年法定覆盖", "各县到最近机构"}
    # Four year-ends and two counties.
    assert context.work == 6
    with pytest.raises(Stopped, match="person"):
        coverage_gaps(
            Context(lived_in.frames(), date(2020, 12, 31), stop_wished=lambda: True), coverage_gaps.params()
        )


def test_the_order_of_the_input_changes_nothing(lived_in):
    lived_in.site("jg-2", "640102", FAR, 0, ("在建", None, "2021-06-30"))
    frames = lived_in.frames()
    context = Context(frames, date(2020, 12, 31))
    mixed = {
        name: frame if name == "institution-states" else frame.iloc[::-1] for name, frame in frames.items()
    }
    first = coverage_gaps(context, coverage_gaps.params())
    second = coverage_gaps(Context(mixed, date(2020, 12, 31)), coverage_gaps.params())
    assert first.metrics == second.metrics
    assert first.notes == second.notes
    for name, frame in {**first.layers, **first.tables}.items():
        pd.testing.assert_frame_equal(
            pd.DataFrame(frame), pd.DataFrame({**second.layers, **second.tables}[name])
        )


# Properties

PLACES = st.tuples(st.integers(0, 100).map(lambda km: km * 1_000), st.integers(0, 5), st.booleans())
OPENINGS = st.sampled_from(
    [("运营", None), ("在建", None, "2020-06-30"), ("停用", None), ("挂牌未运营", None)]
)
BUILT = st.tuples(
    st.sampled_from(["640101", "640102"]), st.integers(0, 100).map(lambda km: km * 1_000), OPENINGS
)
quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def settle(world, villages, sites):
    made = type(world)(divisions=list(world.divisions))
    for position, (east, children, located) in enumerate(villages):
        made.village(f"64010{1 + position % 2}100{position:03d}", east, 0, children, located=located)
    for position, (county, east, state) in enumerate(sites):
        made.site(f"jg-{position}", county, east, 0, state, beds=4)
    return made


@quick
@given(st.lists(PLACES, max_size=6), st.lists(BUILT, max_size=3))
def test_every_child_is_counted_once(world, villages, sites):
    result = settle(world, villages, sites).run("2018-12-31")
    figures = {name: metric.value for name, metric in result.metrics.items()}
    parts = ("children_within_limit", "children_beyond_limit", "children_unreachable")
    assert sum(figures[name] for name in parts) == figures["children_total"]
    assert figures["children_total"] == sum(children for _, children, _ in villages)
    assert figures["children_unlocated"] == sum(children for _, children, known in villages if not known)
    assert figures["counties_covered"] <= figures["counties_projected"] <= figures["counties_total"]
    operating = [east for _, east, state in sites if state[0] == "运营"]
    near = [
        children
        for east, children, known in villages
        if known and operating and min(abs(east - other) for other in operating) * 1.4 <= 40_000
    ]
    assert figures["children_within_limit"] == sum(near)
    counties = result.layers["coverage-counties"]
    split = counties["children_within"] + counties["children_beyond"] + counties["children_unreachable"]
    assert split.tolist() == counties["children"].tolist()
    assert np.isfinite(counties["mean_minutes"].dropna()).all()


@quick
@given(st.lists(PLACES, max_size=6), st.lists(BUILT, max_size=3), BUILT)
def test_one_more_operating_site_lowers_nothing(world, villages, sites, more):
    before = settle(world, villages, sites).run("2018-12-31").metrics
    after = settle(world, villages, [*sites, (*more[:2], ("运营", None))]).run("2018-12-31").metrics
    for name in (
        "counties_covered",
        "counties_projected",
        "counties_share",
        "children_within_limit",
        "share_within_limit",
    ):
        assert (after[name].value or 0) >= (before[name].value or 0), name
    assert after["children_unreachable"].value <= before["children_unreachable"].value
