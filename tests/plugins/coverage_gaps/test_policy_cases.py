"""The cases P1–P9 of the coverage target (四(二)), each as one test."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from planner.roads import StraightLine


class Island:
    """Roads that lead everywhere but to places east of 509 km."""

    estimated = False

    def minutes(self, origins_m, targets_m):
        minutes = StraightLine().minutes(origins_m, targets_m)
        return np.where(origins_m[:, :1] > 509_000, np.inf, minutes)

    def nearest(self, origins_m, targets_m):
        minutes = self.minutes(origins_m, targets_m)
        index = np.where(np.isfinite(minutes).any(axis=1), minutes.argmin(axis=1), -1)
        return index, minutes.min(axis=1)

    def within(self, origins_m, targets_m, *, limit_min):
        minutes = self.minutes(origins_m, targets_m)
        ways = np.nonzero(minutes <= limit_min)
        return csr_array((minutes[ways], ways), shape=minutes.shape)

    def places(self, places_m):
        return None

    def areas(self, origins_m, limits_min):
        return None


def test_p1_a_county_without_a_site_is_not_covered_and_named(world, values):
    world.divisions = world.divisions[:2]
    result = world.run()
    assert values(result)["counties_total"] == 1
    assert values(result)["counties_covered"] == 0
    gaps = result.tables["coverage-gaps"]
    assert gaps[["name", "status"]].to_numpy().tolist() == [["甲县", "无机构"]]
    assert any("未覆盖:甲县(无机构)" in note for note in result.notes)


def test_p2_a_site_being_built_counts_only_as_projected(world, values):
    world.site("jg-1", "640101", 0, 0, ("在建", None, "2020-06-30"))
    result = world.run("2018-01-01")
    assert (values(result)["counties_covered"], values(result)["counties_projected"]) == (0, 1)
    county = result.layers["coverage-counties"].iloc[0]
    assert (county["status"], county["covered"], county["projected"]) == ("在建", False, True)
    assert county["shown"] == "在建,可按期投用"


def test_p3_an_opening_after_the_target_is_not_projected(world, values):
    world.site("jg-1", "640101", 0, 0, ("在建", None, "2021-01-01"))
    result = world.run("2018-01-01")
    assert (values(result)["counties_covered"], values(result)["counties_projected"]) == (0, 0)
    assert result.layers["coverage-counties"]["shown"].tolist() == ["在建,不能按期或未定", "无机构"]


def test_p4_two_sites_in_one_county_and_none_in_the_next_are_one_half(world, values):
    world.site("jg-1", "640101")
    world.site("jg-2", "640101")
    result = world.run()
    assert (values(result)["counties_covered"], values(result)["counties_share"]) == (1, 50.0)
    assert result.layers["coverage-counties"]["operating"].tolist() == [2, 0]


def test_p5_another_kind_of_institution_does_not_count(world, values):
    world.site("jg-1", "640101", kind="儿童福利机构")
    assert values(world.run())["counties_covered"] == 0
    assert values(world.run(kind="儿童福利机构"))["counties_covered"] == 1


def test_p6_a_city_site_covers_its_own_county_only(world):
    world.site("jg-1", "640101")
    assert world.run().layers["coverage-counties"]["covered"].tolist() == [True, False]


def test_p6_a_declared_jurisdiction_covers_its_counties_and_is_shown_as_shared(world):
    world.county("640103", "丙县", 2)
    world.site("jg-1", "640101", jurisdiction="640101、640102、640103")
    counties = world.run().layers["coverage-counties"]
    assert counties["covered"].tolist() == [True, True, True]
    assert counties["shared"].tolist() == [False, True, True]
    assert counties["shown"].tolist() == ["已覆盖", "外县机构覆盖", "外县机构覆盖"]


@pytest.mark.parametrize(("metres", "within"), [(31_999, 5), (32_000, 5), (32_001, 0)])
def test_p7_a_child_exactly_at_the_limit_is_within(world, values, exact, metres, within):
    world.village("640102100001", metres, 0, 5)
    world.site("jg-1", "640101")
    result = world.run(**exact)
    assert values(result)["children_within_limit"] == within
    if metres == 32_000:
        assert result.layers["coverage-villages"]["minutes"].tolist() == [60.0]


def test_p8_a_child_on_an_island_is_unreachable_and_in_no_mean(world, values):
    world.village("640101100001", 5_000, 0, 4)
    world.village("640101100002", 9_500, 0, 3)
    world.site("jg-1", "640101")
    result = world.run(travel=Island())
    figures = values(result)
    assert (figures["children_within_limit"], figures["children_unreachable"]) == (4, 3)
    assert figures["children_unlocated"] == 0
    assert figures["mean_minutes"] == 10.5
    villages = result.layers["coverage-villages"]
    assert villages["reach"].tolist() == ["时限内", "不可达"]
    assert villages["minutes"].isna().tolist() == [False, True]
    assert figures["share_within_limit"] == pytest.approx(57.1429)
    assert not any("估算" in note for note in result.notes)


def test_p9_a_county_without_children_has_no_share(world, values):
    world.village("640101100001", 0, 0, 2)
    world.village("640102100001", 12_000, 0, children=None)
    world.site("jg-1", "640101")
    counties = world.run().layers["coverage-counties"]
    assert counties["children"].tolist() == [2, 0]
    assert counties["share_within"].isna().tolist() == [False, True]
    assert counties["share_within_reason"].tolist()[1] == "没有儿童"


def test_p9_no_children_at_all_is_null_with_a_reason(world, values):
    world.village("640101100001", 0, 0, 0)
    world.site("jg-1", "640101", beds=5)
    metrics = world.run().metrics
    assert (metrics["children_total"].value, metrics["children_unreachable"].value) == (0, 0)
    for name in ("share_within_limit", "mean_minutes", "children_per_bed"):
        assert (metrics[name].value, metrics[name].reason) == (None, "no_children")
