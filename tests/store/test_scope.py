"""The area filter, as a condition of the database and as a function, always the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import column, literal_column, select, union_all

from planner.store.database import begun
from planner.store.scope import EVERYTHING, Scope, scope_of

CODES = ["64", "6401", "640101", "640101001", "640101001001", "640102", "640102001", "640102001001", "6402"]
codes = st.sampled_from(CODES)


def seen(engine, scope):
    """The codes that the database lets through."""
    rows = union_all(*(select(literal_column(f"'{code}'").label("code")) for code in CODES)).subquery()
    with begun(engine, writes=False) as connection:
        return set(connection.execute(select(rows.c.code).where(scope.condition(rows.c.code))).scalars())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the engine keeps nothing
@given(areas=st.frozensets(codes, max_size=3))
def test_condition_and_function_agree(engine, areas):
    scope = Scope(areas)
    assert seen(engine, scope) == {code for code in CODES if scope.holds(code)}


@given(st.frozensets(codes, max_size=3), codes)
def test_narrowing_never_widens(areas, area):
    scope = Scope(areas)
    narrowed = scope.narrowed(area)
    for code in CODES:
        assert narrowed.holds(code) == (scope.holds(code) and code.startswith(area))


def test_everything_and_nothing(engine):
    assert seen(engine, EVERYTHING) == set(CODES)
    assert seen(engine, Scope(frozenset())) == set()
    assert EVERYTHING.narrowed("640101") == scope_of(["640101"])
    assert not scope_of(["640101"]).narrowed("640102").areas


def test_what_holds_an_area_is_known():
    assert scope_of(["640101001"]).above() == {"64", "6401", "640101"}
    assert scope_of(["64"]).above() == EVERYTHING.above() == frozenset()


def test_only_codes_make_a_scope():
    with pytest.raises(ValueError, match="%"):
        scope_of(["%"])
    assert str(scope_of(["640101"]).condition(column("code")))
