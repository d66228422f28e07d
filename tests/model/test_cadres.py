import pytest

from planner.errors import InputError
from planner.model.cadres import Cadre
from planner.model.rosters import CadreLevel
from planner.model.words import Sex

CADRE = Cadre(
    name="杨大山",
    level=CadreLevel.TOWNSHIP,
    county="640324",
    sex=Sex.MALE,
    township="640324101",
    title="民政干事",
    phones=("15400000001",),
    home_village="640324106202",
)


def test_the_home_township_is_that_of_the_home_village() -> None:
    assert CADRE.home_township == "640324106"
    assert Cadre("李远", CadreLevel.COUNTY, "640324").home_township is None


def test_a_cadre_comes_back_from_json() -> None:
    assert Cadre.from_json(CADRE.to_json()) == CADRE
    with pytest.raises(InputError):
        Cadre.from_json('{"name":"李远"}')
