import pandas as pd
import pytest

from planner.demo.demand import spread_children
from planner.model.demand import Category, Need

VILLAGES = [f"640999001{number:03}" for number in range(1, 101)]


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    return spread_children(VILLAGES, 20_000, county="640999", seed=0)


@pytest.mark.parametrize("children", [0, 1, 7, 1_000])
def test_the_total_is_exact(children: int) -> None:
    frame = spread_children(VILLAGES, children, county="640999", seed=0)
    assert frame["children"].sum() == children
    assert (frame["children"] > 0).all()
    assert frame.columns.tolist() == ["village", "age_band", "category", "need", "children", "origin"]


def test_rows_are_unique_and_from_the_villages(many: pd.DataFrame) -> None:
    assert not many.duplicated(["village", "age_band", "category", "need"]).any()
    assert set(many["village"]) <= set(VILLAGES)
    assert (many["origin"] == "示例").all()


def test_villages_differ_but_none_has_most(many: pd.DataFrame) -> None:
    by_village = many.groupby("village")["children"].sum()
    assert by_village.max() > 3 * by_village.median()
    assert by_village.max() < 2_000


def test_needs_fit_age_and_category(many: pd.DataFrame) -> None:
    teaching = many[many["need"] == Need.HOME_TEACHING]
    assert set(teaching["age_band"]) == {"7-14", "15-17"}
    by_need = many.groupby(["need", "category"])["children"].sum()
    assert by_need[Need.REHABILITATION, Category.SELF] > 0.9 * by_need[Need.REHABILITATION].sum()
    assert by_need[Need.PLACEMENT, Category.GUARDIANSHIP] > 0.7 * by_need[Need.PLACEMENT].sum()
    assert many["need"].isna().any()
    assert set(many["category"]) == set(Category)


def test_rehabilitation_is_asked_for_most_by_the_youngest(many: pd.DataFrame) -> None:
    own = many[many["category"] == Category.SELF]
    asked = own[own["need"] == Need.REHABILITATION].groupby("age_band")["children"].sum()
    shares = asked / own.groupby("age_band")["children"].sum()
    assert shares["0-6"] > shares["7-14"] > shares["15-17"]


def test_the_same_seed_gives_the_same_rows() -> None:
    first, again = (spread_children(VILLAGES, 500, county="640999", seed=1) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(spread_children(VILLAGES, 500, county="640999", seed=2))
