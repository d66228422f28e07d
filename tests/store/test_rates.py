"""Who takes out or looks for too much in a short time is stopped, by name and in the audit."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from sqlalchemy import update

from planner.errors import AccessError
from planner.store.audit import REFUSED
from planner.store.children import find_by_index, take_files
from planner.store.protected import audit
from planner.store.rates import RATES
from planner.store.roles import Role
from tests.store.conftest import DAY_2020, a_child, acting, audit_lines, id_number, save


@pytest.fixture
def county(workspace):
    made = acting(workspace, Role.CIVIL, "64", login="county")
    save(made, a_child(1))
    return made


def export(workspace, number):
    return take_files(workspace, as_of=DAY_2020, serial=f"S-{number}", reason="上报区民政厅督查")


def test_the_eleventh_export_of_an_hour_is_refused_and_logged(workspace, county):
    for number in range(10):
        assert len(export(county, number)) == 1
    with pytest.raises(AccessError, match=r"一小时内.*已满10次"):
        export(county, 11)
    last = audit_lines(workspace)[-1]
    assert (last.object, last.result) == ("S-11", REFUSED)
    other = acting(workspace, Role.CIVIL, "64", login="another")
    assert len(export(other, 12)) == 1  # one person's haste stops nobody else


def test_after_the_hour_it_goes_on(workspace, county):
    for number in range(10):
        export(county, number)
    _, span, _ = next(iter(RATES.values()))
    with workspace.writing() as connection:
        for line in audit_lines(workspace):
            earlier = line.at - span - timedelta(seconds=1)
            connection.execute(update(audit).where(audit.c.number == line.number).values(at=earlier))
    assert len(export(county, 11)) == 1


def test_of_two_at_once_the_later_is_counted_after_the_earlier(workspace, county):
    """Whoever waits for another writer has not been counted before: of three who ask for the last, one gets it."""
    for number in range(9):
        export(county, number)
    with ThreadPoolExecutor(3) as pool:
        with workspace.writing():  # nobody else writes meanwhile; they all have come as far as they can
            asked = [pool.submit(export, county, number) for number in range(3)]
            wait(asked, timeout=0.5)
        refused = [item for item in asked if isinstance(item.exception(), AccessError)]
    assert len(refused) == 2


def test_groping_for_numbers_is_stopped_whether_found_or_not(county):
    for serial in range(60):
        find_by_index(county, id_number(serial + 1))
    with pytest.raises(AccessError, match=r"一分钟内.*已满60次"):
        find_by_index(county, id_number(1))
