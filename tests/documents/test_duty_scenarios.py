"""Plans of duties side by side: their figures, and the places whose holders differ, to be checked by eye."""

from datetime import date

import pandas as pd

from planner.documents import Scenario, Stamp, compare_duties
from planner.model.duty_plan import DUTY_DIFFERENCES, DUTY_PLAN, DUTY_SCENARIOS
from planner.plugin import Metric, Result

AREAS = {"640101001": "甲镇", "640101001001": "近村", "640101001002": "远村"}


def scenario(name, *holders, minutes=(None, 10.0, 20.0), **values):
    """A plan of the three areas; a holder None leaves its area vacant."""
    rows = [
        {
            "area": area,
            "name": title,
            "tier": "县级" if len(area) == 9 else "部门",
            "township_name": "甲镇",
            "change": "更换" if holder else "空缺",
            "old_name": "旧人",
            "new": holder and f"gb-{holder}",
            "new_name": holder,
            "why": "",
            "children": 1,
            "load": 2,
            "minutes": way,
        }
        for (area, title), holder, way in zip(AREAS.items(), holders, minutes, strict=True)
    ]
    plan = DUTY_PLAN.cast(pd.DataFrame(rows, columns=list(DUTY_PLAN.columns)))
    counted = {"value": 5.0, "bound": 4.0, "gap": 20.0, "replaced": 2, "filled": 0, "vacant": 1, "stray": 0}
    metrics = {key: Metric(key, value) for key, value in {**counted, **values}.items()}
    stamp = Stamp(title="", plugin="", run=f"run-{name}", serial="", as_of=date(2020, 12, 31))
    return Scenario(name, Result(tables={DUTY_PLAN.name: plan}, metrics=metrics), stamp)


def test_the_figures_and_where_the_holders_differ():
    loads = {"department_load_min": 1, "department_load_max": 9}
    made = compare_duties(
        [scenario("少变动", "甲", "乙", "丙", **loads, at_home=2), scenario("更近", "甲", "丁", None)]
    )
    figures = DUTY_SCENARIOS.check(made.tables[DUTY_SCENARIOS.name])
    assert figures["scenario"].tolist() == ["少变动", "更近"]
    assert figures["department_load"].tolist() == ["1–9", "—"]
    assert figures["minutes"].tolist() == [15, 15]
    assert figures["differing"].tolist() == [2, 2]
    assert figures["at_home"].tolist()[0] == 2
    assert figures["at_home"].isna().tolist() == [False, True]  # a run of before that was counted
    differing = DUTY_DIFFERENCES.check(made.tables[DUTY_DIFFERENCES.name])
    assert differing["name"].tolist() == ["近村", "远村"]
    assert differing["first"].tolist() == ["乙", "丙"]
    assert differing["second"].fillna("空缺").tolist() == ["丁", "空缺"]
    assert differing["third"].isna().all()


def test_the_same_plan_twice_does_not_differ_and_none_at_all_is_empty():
    same = compare_duties([scenario("一", "甲", None, "丙"), scenario("二", "甲", None, "丙")])
    assert len(same.tables[DUTY_DIFFERENCES.name]) == 0
    none = compare_duties([])
    assert [len(table) for table in none.tables.values()] == [0, 0]
    for layer in (DUTY_SCENARIOS, DUTY_DIFFERENCES):
        layer.check(none.tables[layer.name])


def test_two_cadres_of_one_name_are_two():
    first, second = scenario("一", "甲", "乙", "丙"), scenario("二", "甲", "乙", "丙")
    second.result.tables[DUTY_PLAN.name].loc[1, "new"] = "gb-another"
    made = compare_duties([first, second])
    assert made.tables[DUTY_DIFFERENCES.name]["name"].tolist() == ["近村"]


def test_an_area_that_one_plan_does_not_arrange():
    partly = scenario("一", "甲", "乙", "丙")
    plan = partly.result.tables[DUTY_PLAN.name]
    only = Result(tables={DUTY_PLAN.name: plan[plan["tier"] == "部门"]}, metrics=partly.result.metrics)
    made = compare_duties([Scenario("部门", only, partly.stamp), scenario("二", "甲", "乙", "丙")])
    differing = made.tables[DUTY_DIFFERENCES.name]
    assert differing["name"].tolist() == ["甲镇"]
    assert (differing["first"].isna().tolist(), differing["second"].tolist()) == ([True], ["甲"])
