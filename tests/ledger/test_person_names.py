"""姓名: kept as written, characters that no name has refused."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.ledger.cells import Fault
from planner.ledger.person_names import person_name
from tests.ledger.papers import answer

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)


def code_of(cell, **options):
    with pytest.raises(Fault) as caught:
        person_name(cell, **options)
    return caught.value.code


@pytest.mark.parametrize(
    "name", ["马小花", "马·阿依夏", "阿不都·热西提", "㐂子", "𠮷野", "马龘", "豈子", "〇子", "欧阳小花"]
)
def test_names_are_kept_as_written(name):
    assert person_name(name).value == name
    assert person_name(name).remarks == ()


def test_compatibility_characters_are_not_folded():
    """NFKC would turn U+F900 into U+8C48, another character in the register."""
    assert unicodedata.normalize("NFKC", "\uf900子") == "\u8c48子"
    assert person_name("\uf900子").value == "\uf900子"


def test_spaces_that_only_set_apart_are_left_out():
    reading = person_name(" 马　花\u200b")
    assert reading.value == "马花"
    assert [remark.code for remark in reading.remarks] == ["N-NAME-SPACES"]


@pytest.mark.parametrize(
    "cell",
    [
        "<script>", "<img src=x onerror=alert(1)>", '=HYPERLINK("a")', "马小花2", "马小花(小)", "马?", "马□", "Nguyen",
        "马小花'; DROP TABLE child;--", "·马", "马·", "a" * 300, "马" * 41, 12, True,
    ],
)  # fmt: skip
def test_what_no_child_is_called(cell):
    assert code_of(cell) == "E-NAME-CHARS"


@pytest.mark.parametrize("private", ["\ue000", "\uf8ff", "\U000f0000"])
def test_characters_of_private_use(private):
    assert code_of(f"马{private}") == "E-NAME-PUA"
    with pytest.raises(Fault, match="自造字"):
        person_name(f"马{private}")


def test_a_guardian_may_have_a_latin_name():
    assert person_name("Nguyễn Thị Hoa", latin=True).value == "Nguyễn Thị Hoa"
    assert code_of("<b>Hoa</b>", latin=True) == "E-NAME-CHARS"
    assert code_of("Hoa2", latin=True) == "E-NAME-CHARS"


def test_a_single_character_is_doubted_and_blank_is_nothing():
    assert [remark.code for remark in person_name("马").remarks] == ["W-NAME-SHORT"]
    assert person_name(None).value is person_name("　").value is None


@given(
    cell=st.one_of(
        st.none(), st.integers(), st.floats(), st.text(), st.text("马花·. 　\u200b<=a", max_size=8)
    ),
    latin=st.booleans(),
)
def test_any_cell_is_a_name_or_a_fault_and_twice_is_once(cell, latin):
    value, code = answer(person_name, cell, latin=latin)
    assert code is None or code in ("E-NAME-CHARS", "E-NAME-PUA")
    if value is not None:
        assert person_name(value, latin=latin).value == value
        kept = [mark for mark in value if not mark.isspace()]
        assert all(mark in cell for mark in kept)  # nothing that was not written
        assert not set('<>="&\\') & set(value)


@given(name=st.text(HAN, min_size=1, max_size=20))
def test_every_chinese_name_is_kept(name):
    assert person_name(name).value == name
