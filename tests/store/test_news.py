"""The same file twice changes nothing, on either database; one changed row is one change."""

from datetime import date

import pytest
from sqlalchemy import select

from planner.model.layers import DEMAND, DEMO_ORIGIN, INSTITUTIONS
from planner.store.audit import Action
from planner.store.reads import import_log, read_layer
from planner.store.scope import EVERYTHING
from planner.store.tables import demand, divisions, institution_states, institutions
from planner.store.writes import save_demand, save_divisions, save_institutions
from tests.store.conftest import (
    COUNTY,
    DAY_2018,
    DAY_2020,
    OTHER,
    VILLAGE,
    audit_lines,
    demand_rows,
    division_rows,
    institution_rows,
    source,
    state_rows,
)

SCHOOL, OLDER = ("7-14", "家庭困境", None), ("15-17", "自身困境", "康复")


def tables(workspace):
    """Every row of the dated tables."""
    with workspace.reading() as connection:
        return [
            connection.execute(select(table).order_by(table.c.id)).all()
            for table in (divisions, institutions, institution_states, demand)
        ]


def journal(workspace):
    """(read, accepted, skipped) of the newest import, as the journal and the audit have it."""
    newest = import_log(workspace).iloc[0]
    told = audit_lines(workspace, Action.IMPORT)[-1].detail
    assert f'"accepted": {newest["接受"]}' in told
    return newest["读取"], newest["接受"], newest["跳过"]


@pytest.mark.parametrize("day", [None, DAY_2020])
def test_the_same_divisions_twice(workspace, tree_rows, day):
    assert save_divisions(workspace, tree_rows, source(day, rows=8)) == 0
    before = tables(workspace)
    assert save_divisions(workspace, tree_rows.assign(origin="换名.csv"), source(day, rows=8)) == 8
    assert tables(workspace) == before
    assert journal(workspace) == (8, 0, 8)
    changed = tree_rows.copy()
    changed.loc[2, "name"] = "甲县新名"
    assert save_divisions(workspace, changed, source(day, rows=8)) == 7
    assert len(tables(workspace)[0]) == 9
    assert journal(workspace) == (8, 1, 7)


def test_a_row_without_a_place_is_no_news_beside_the_place_known_before(workspace):
    save_divisions(workspace, division_rows((VILLAGE, "近村", None, (106.2, 38.4))), source(DAY_2020))
    bare = division_rows((VILLAGE, "近村", None, None))
    assert save_divisions(workspace, bare, source(DAY_2020)) == 1


def test_what_was_generated_is_news_once_it_is_real(workspace):
    save_demand(workspace, demand_rows((VILLAGE, *SCHOOL, 3)).assign(origin=DEMO_ORIGIN), source(DAY_2020))
    assert save_demand(workspace, demand_rows((VILLAGE, *SCHOOL, 3)), source(DAY_2020)) == 0


@pytest.mark.parametrize("day", [None, DAY_2020])
def test_the_same_demand_twice(workspace, tree_rows, day):
    save_divisions(workspace, tree_rows, source())
    rows = demand_rows((VILLAGE, *SCHOOL, 3), (VILLAGE, *OLDER, 2), (OTHER, *SCHOOL, 1))
    save_demand(workspace, rows, source(day, rows=3))
    before = tables(workspace)
    assert save_demand(workspace, rows.iloc[::-1], source(day, rows=3)) == 3
    assert tables(workspace) == before
    assert journal(workspace) == (3, 0, 3)
    changed = demand_rows((VILLAGE, *SCHOOL, 4), (VILLAGE, *OLDER, 2), (OTHER, *SCHOOL, 1))
    assert save_demand(workspace, changed, source(day, rows=3)) == 2
    held = read_layer(workspace, DEMAND, EVERYTHING, as_of=DAY_2020)
    assert sorted(held["children"]) == [1, 2, 4]
    assert len(tables(workspace)[3]) == 5  # the village that changed is replaced as a whole


def test_a_village_that_only_lost_a_row_has_changed(workspace, tree_rows):
    save_divisions(workspace, tree_rows, source())
    save_demand(workspace, demand_rows((VILLAGE, *SCHOOL, 3), (VILLAGE, *OLDER, 2)), source(DAY_2020, rows=2))
    assert save_demand(workspace, demand_rows((VILLAGE, *SCHOOL, 3)), source(DAY_2020)) == 0
    assert read_layer(workspace, DEMAND, EVERYTHING, as_of=DAY_2020)["children"].tolist() == [3]


def test_the_same_figures_of_a_later_day_are_not_hidden_by_an_older_file(workspace, tree_rows):
    save_divisions(workspace, tree_rows, source())
    for day, children in ((DAY_2018, 3), (DAY_2020, 3), (date(2019, 12, 31), 9)):
        save_demand(workspace, demand_rows((VILLAGE, *SCHOOL, children)), source(day))
    assert read_layer(workspace, DEMAND, EVERYTHING, as_of=DAY_2020)["children"].tolist() == [3]


def test_going_back_to_what_was_said_first_is_a_change(workspace, tree_rows):
    save_divisions(workspace, tree_rows, source())
    for children in (3, 4, 3):
        assert save_demand(workspace, demand_rows((VILLAGE, *SCHOOL, children)), source(DAY_2020)) == 0
    assert read_layer(workspace, DEMAND, EVERYTHING, as_of=DAY_2020)["children"].tolist() == [3]


@pytest.mark.parametrize("day", [None, DAY_2020])
def test_the_same_institutions_twice(workspace, tree_rows, day):
    save_divisions(workspace, tree_rows, source())
    rows = institution_rows(("a", "甲中心", COUNTY, 20.0, (106.2, 38.4)), ("b", "乙中心", COUNTY, None, None))
    told = state_rows(
        ("a", "2018-01-01", "运营", None), ("a", "2019-01-01", "停用", None), ("b", None, "在建", None)
    )
    rows_of = {"a": 2, "b": 1}
    assert save_institutions(workspace, rows, told, source(day, rows=3), rows_of=rows_of) == 0
    before = tables(workspace)
    assert save_institutions(workspace, rows, told, source(day, rows=3), rows_of=rows_of) == 3
    assert tables(workspace) == before
    assert journal(workspace) == (3, 0, 3)
    opened = state_rows(
        ("a", "2018-01-01", "运营", None), ("a", "2019-01-01", "停用", None), ("b", None, "运营", None)
    )
    assert save_institutions(workspace, rows, opened, source(day, rows=3), rows_of=rows_of) == 2
    assert [len(item) for item in tables(workspace)] == [8, 2, 4, 0]
    held = read_layer(workspace, INSTITUTIONS, EVERYTHING, as_of=DAY_2020)
    assert dict(zip(held["id"], held["state"], strict=True)) == {"a": "停用", "b": "运营"}
