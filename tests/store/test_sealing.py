"""Sealed content opens in its place and with its key, and nowhere else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.store.keys import Key, KeyRing
from planner.store.sealing import Place, SealError, index_of, indexes_of, open_sealed, seal

OLD, NEW = (Key(bytes([byte]) * 32, datetime(2020, 1, 1, tzinfo=UTC)) for byte in (1, 2))
RING = KeyRing((OLD, NEW))
PLACE = Place("child_versions", "content", ("a1", 1))
places = st.builds(
    Place,
    st.sampled_from(["a", "b", "ab"]),
    st.sampled_from(["a", "b", "ab"]),
    st.tuples(st.text(max_size=3), st.integers(0, 9) | st.text(max_size=2) | st.none()),
)


@given(st.binary(max_size=300), places)
def test_what_is_sealed_opens(content, place):
    assert open_sealed(RING, place, seal(RING, place, content)) == content


@given(places, places)
def test_another_place_does_not_open_it(place, other):
    sealed = seal(RING, place, b"content")
    if place == other:
        assert open_sealed(RING, other, sealed) == b"content"
    else:
        with pytest.raises(SealError, match="挪了位置"):
            open_sealed(RING, other, sealed)


@given(st.data())
def test_any_changed_bit_is_noticed(data):
    sealed = bytearray(seal(RING, PLACE, b"content"))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(PlannerError) as told:
        open_sealed(RING, PLACE, bytes(sealed))
    assert "content" not in str(told.value)


@given(st.integers(0, 43))
def test_what_is_cut_short_is_noticed(length):
    sealed = seal(RING, PLACE, b"content")
    assert len(sealed) == 1 + 8 + 12 + 7 + 16
    with pytest.raises(SealError):
        open_sealed(RING, PLACE, sealed[:length])


def test_the_newest_key_seals_and_the_others_still_open():
    before = seal(KeyRing((OLD,)), PLACE, b"before")
    after = seal(RING, PLACE, b"after")
    assert before[1:9].hex() == OLD.id
    assert after[1:9].hex() == NEW.id
    assert open_sealed(RING, PLACE, before) == b"before"
    with pytest.raises(SealError, match=f"{NEW.id}.*没有它"):
        open_sealed(KeyRing((OLD,)), PLACE, after)


def test_the_same_content_is_sealed_differently_each_time():
    assert len({seal(RING, PLACE, b"") for _ in range(100)}) == 100


def test_words_and_numbers_are_places_of_their_own():
    assert Place("a", "b", ("1",)).bound() != Place("a", "b", (1,)).bound()
    assert Place("a", "b", ("x", "y")).bound() != Place("a", "b", ("xy",)).bound()


def test_an_index_is_of_the_text_however_it_was_typed():
    same = {
        index_of(RING, text)
        for text in ("64010120120305001X", " 64010120120305001x", "６４010120120305001Ｘ")
    }
    assert len(same) == 1
    assert len(same.pop()) == 64
    assert index_of(RING, "640101201203050010") != index_of(RING, "640101201203050028")
    assert index_of(RING, "") == index_of(RING, " ")


def test_an_index_is_of_the_newest_key_and_may_be_of_any():
    assert index_of(RING, "x") == index_of(KeyRing((NEW,)), "x") != index_of(KeyRing((OLD,)), "x")
    assert indexes_of(RING, "x") == [index_of(KeyRing((key,)), "x") for key in (NEW, OLD)]
