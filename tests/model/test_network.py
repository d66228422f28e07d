"""The network of a small county: every line of policy §6 that speaks of who answers for what, by eye."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from planner.model.cadres import Cadre, Register
from planner.model.divisions import build_tree
from planner.model.network import GapKind, assistant_coverage, build_network, chain_of, find_gaps
from planner.model.rosters import Assistant, CadreLevel, Duty

COUNTY, TOWN, SECOND = "640101", "640101001", "640101002"
NEAR, FAR = "640101001001", "640101002001"
DAY = date(2020, 12, 31)
LEADER = Duty("马县长", CadreLevel.COUNTY, TOWN)
CHIEF = Duty("张局长", CadreLevel.DEPARTMENT, NEAR, department="民政局")
CLERK = Duty("吴干事", CadreLevel.TOWNSHIP, f"{NEAR}-1", "1组")
WHOLE = (LEADER, replace(LEADER, area=SECOND), CHIEF, replace(CHIEF, area=FAR), CLERK)
ASSISTANTS = (Assistant("马协理", NEAR), Assistant("李协理", FAR))


def tree():
    rows = [("64", "自治区", None), ("6401", "市", "64"), (COUNTY, "甲县", "6401"), (TOWN, "甲一镇", COUNTY)]
    rows += [(SECOND, "甲二乡", COUNTY), (NEAR, "近水村", TOWN), (FAR, "远山村", SECOND)]
    return build_tree(pd.DataFrame(rows, columns=["code", "name", "parent"]))


def network(duties=WHOLE, *, assistants=ASSISTANTS, cadres=(), day=DAY):
    register = Register.of(cadres, duties)
    built = build_network(tree(), duties=duties, assistants=assistants, register=register, day=day)
    return built, find_gaps(built, duties=duties, register=register, day=day)


def told(gaps):
    return {(gap.kind, gap.area) for gap in gaps}


def test_a_whole_county_has_no_gap():
    assert network()[1] == []


def test_nobody_is_named():
    built, gaps = network((), assistants=())
    assert told(gaps) == {
        *((GapKind.VACANT, area) for area in (TOWN, SECOND, NEAR, FAR)),
        *((GapKind.NO_ASSISTANT, area) for area in (NEAR, FAR)),
    }
    assert assistant_coverage(built) == (0, 2)


def test_villages_without_assistant_are_listed_and_covered_ones_counted():
    late = Assistant("马协理", NEAR, since=date(2021, 1, 1))
    built, gaps = network(assistants=(late, Assistant("李协理", FAR, since_month="2020-12")))
    assert told(gaps) == {(GapKind.NO_ASSISTANT, NEAR)}
    assert assistant_coverage(built) == (1, 2)
    assert assistant_coverage(built, within=TOWN) == (0, 1)


def test_who_retires_on_the_31st_leaves_a_vacancy_from_the_1st():
    retiring = Cadre("张局长", CadreLevel.DEPARTMENT, COUNTY, department="民政局", until=DAY)
    assert network(cadres=[retiring], day=DAY)[1] == []
    _, gaps = network(cadres=[retiring], day=date(2021, 1, 1))
    assert told(gaps) == {(GapKind.VACANT, NEAR), (GapKind.VACANT, FAR)}
    assert gaps[0].names == ("张局长",)
    assert gaps[0].why == "张局长已于2020-12-31离任"


def test_a_duty_may_end_by_itself():
    ended = replace(CHIEF, until=date(2020, 6, 30))
    _, gaps = network((*WHOLE[:2], ended, *WHOLE[3:]))
    assert told(gaps) == {(GapKind.VACANT, NEAR)}
    assert gaps[0].why == "张局长包联到2020-06-30为止"


def test_two_primaries():
    other = Duty("王局长", CadreLevel.DEPARTMENT, NEAR, department="教育局")
    assert told(network((*WHOLE, other))[1]) == {(GapKind.TWO_PRIMARIES, NEAR)}
    assert network((*WHOLE, replace(other, primary=False)))[1] == []


def test_overlapping_dates_of_two_primaries():
    """The one until 30 June, the other from 1 June on: today there is one, in June there were two."""
    first, second = (
        replace(CHIEF, until=date(2020, 6, 30)),
        replace(CHIEF, cadre="王局长", department="教育局"),
    )
    rest = (*WHOLE[:2], *WHOLE[3:])
    assert told(network((*rest, first, replace(second, since=date(2020, 6, 1))))[1]) == {
        (GapKind.OVERLAP, NEAR)
    }
    assert network((*rest, first, replace(second, since=date(2020, 7, 1))))[1] == []


def test_the_level_must_fit():
    assert (GapKind.LEVEL, TOWN) in told(network((*WHOLE, replace(CHIEF, area=TOWN)))[1])
    leader = Cadre("张局长", CadreLevel.COUNTY, COUNTY)
    assert told(network(cadres=[leader])[1]) == {(GapKind.LEVEL, NEAR), (GapKind.LEVEL, FAR)}
    assert told(network((*WHOLE, replace(CHIEF, area="640101009001")))[1]) == {
        (GapKind.LEVEL, "640101009001")
    }


def test_a_group_is_not_for_a_cadre_of_another_township():
    stranger = Cadre("吴干事", CadreLevel.TOWNSHIP, COUNTY, township=SECOND)
    _, gaps = network(cadres=[stranger])
    assert told(gaps) == {(GapKind.OTHER_TOWNSHIP, f"{NEAR}-1")}
    assert network(cadres=[replace(stranger, township=TOWN)])[1] == []


def test_the_chain_leads_from_a_group_up_to_the_leader():
    built, _ = network()
    steps = chain_of(built, f"{NEAR}-1")
    assert [(step.name, [duty.cadre for duty in step.duties]) for step in steps] == [
        ("甲一镇近水村1组", ["吴干事"]),
        ("甲一镇近水村", ["张局长"]),
        ("甲一镇", ["马县长"]),
    ]
    assert [item.name for item in steps[1].assistants] == ["马协理"]


def test_the_chain_of_a_group_nobody_knows_begins_at_its_village():
    built, _ = network()
    assert [step.area for step in chain_of(built, f"{FAR}-7")] == [FAR, SECOND]
    with pytest.raises(KeyError):
        chain_of(built, "640101009001")


def test_a_group_without_number_is_told_by_its_words():
    upper = Duty("吴干事", CadreLevel.TOWNSHIP, NEAR, "上庄组")
    built, gaps = network((*WHOLE[:4], upper))
    assert gaps == []
    assert [duty.cadre for duty in built.nodes[f"{NEAR}:上庄组"]["duties"]] == ["吴干事"]
    assert [duty.cadre for duty in built.nodes[NEAR]["duties"]] == ["张局长"]


def test_the_primary_comes_first():
    other = Duty("安局长", CadreLevel.DEPARTMENT, NEAR, department="教育局", primary=False)
    built, _ = network((*WHOLE, other))
    assert [duty.cadre for duty in built.nodes[NEAR]["duties"]] == ["张局长", "安局长"]


def test_a_name_in_two_departments_is_told_apart():
    two = [Cadre("张局长", CadreLevel.DEPARTMENT, COUNTY, department=unit) for unit in ("民政局", "教育局")]
    register = Register.of(two, WHOLE)
    assert register.holder(CHIEF) == two[0]
    assert register.holder(replace(CHIEF, department=None)) is None
    assert len(register.cadres) == 4
