import pytest

from planner.demo.choice import choose_counties
from planner.errors import InputError

NAMES = {"640104": "兴庆区", "640323": "盐池县", "640324": "同心县", "640425": "彭阳县"}


@pytest.mark.parametrize("word", ["640323", "盐池县", "盐池", " 盐池 "])
def test_a_county_is_named_by_code_or_name(word: str) -> None:
    assert choose_counties([word], NAMES) == ["640323"]


@pytest.mark.parametrize("nothing", [None, [], ()])
def test_nothing_wanted_is_everything(nothing: object) -> None:
    assert choose_counties(nothing, NAMES) == sorted(NAMES)  # type: ignore[arg-type]


def test_order_and_repeats_do_not_matter() -> None:
    assert choose_counties(["同心县", "640323", "盐池"], NAMES) == ["640323", "640324"]


def test_every_unknown_word_is_named_with_near_ones() -> None:
    with pytest.raises(InputError) as caught:
        choose_counties(["640323", "盐迟县", "6403", "99"], NAMES)
    assert caught.value.exit_code == 2
    first, second, third = caught.value.problems
    assert "“盐迟县”" in first.message
    assert "盐池县(640323)" in first.fix
    assert second.fix == "可用:盐池县(640323)、同心县(640324)"
    assert "兴庆区(640104)" in third.fix
