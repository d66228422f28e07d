from hashlib import sha256

import pytest

from planner.demo.demand import spread_children
from planner.demo.rng import Theme, stream

# The first numbers below a thousand of the streams that the demo's places, demand and institutions come from:
# a new theme must not move them.
FIRST = {
    Theme.PLACES: [360, 260, 712, 174],
    Theme.DEMAND: [845, 508, 198, 221],
    Theme.INSTITUTIONS: [776, 777, 76, 653],
    Theme.FATES: [514, 873, 951, 763],
    Theme.PROTECTION: [989, 111, 539, 445],
}


@pytest.mark.parametrize("theme", FIRST)
def test_the_streams_of_the_places_stay_where_they_are(theme: Theme) -> None:
    assert stream(0, theme, "640324").integers(1_000, size=4).tolist() == FIRST[theme]


def test_the_numbers_of_the_themes_never_change() -> None:
    assert {theme.name: int(theme) for theme in Theme} == {
        "PLACES": 1,
        "DEMAND": 2,
        "INSTITUTIONS": 3,
        "FATES": 4,
        "PROTECTION": 5,
        "GROUND": 6,
        "ROSTERS": 7,
        "CHILDREN": 8,
        "VISITS": 9,
        "EVENTS": 10,
        "ROADS": 11,
    }


def test_the_demand_of_a_county_is_as_it_was() -> None:
    villages = [f"640999001{number:03}" for number in range(1, 21)]
    demand = spread_children(villages, 300, county="640999", seed=0)
    assert (
        sha256(demand.to_csv(index=False).encode()).hexdigest()
        == "9bd91ff1cdfd866cb6ebacbbc92f1f3696a6f7c6bf924e78680f34c1ac1d913c"
    )


@pytest.mark.parametrize(
    "other", [(1, Theme.CHILDREN, "640324"), (0, Theme.VISITS, "640324"), (0, Theme.CHILDREN, "640323")]
)
def test_seed_theme_and_county_each_make_another_stream(other: tuple[int, Theme, str]) -> None:
    first = stream(0, Theme.CHILDREN, "640324").random(4).tolist()
    assert stream(0, Theme.CHILDREN, "640324").random(4).tolist() == first
    assert stream(*other).random(4).tolist() != first
