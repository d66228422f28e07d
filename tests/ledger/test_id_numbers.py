"""身份证号: type before digits, checks before trust, nothing invented."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.ledger.cells import Fault
from planner.ledger.id_numbers import Holder, birth_of, check_digit, id_number, sex_of
from planner.model.words import Sex
from tests.ledger.papers import BIRTH, answer, id_of

CHILD, GUARDIAN = Holder.CHILD, Holder.GUARDIAN
GOOD = id_of()
ENDS_IN_X = next(number for order in range(1, 99) if (number := id_of(BIRTH, order)).endswith("X"))
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def code_of(cell, holder=CHILD):
    with pytest.raises(Fault) as caught:
        id_number(cell, holder)
    assert caught.value.message
    assert caught.value.fix
    return caught.value.code


def codes(cell, holder=CHILD):
    return [remark.code for remark in id_number(cell, holder).remarks]


def test_the_number_tells_birth_and_sex():
    assert GOOD == "640324201003050212"
    assert (birth_of(GOOD), sex_of(GOOD), sex_of(id_of(BIRTH, 22))) == (BIRTH, Sex.MALE, Sex.FEMALE)
    assert birth_of("640324201002300211") is None


@pytest.mark.parametrize(
    "number", [640324201003050200, 6.40324201003050e17, 640324201003050212, 6403242010030502]
)
def test_a_numeric_cell_is_refused_before_its_digits_are_looked_at(number):
    assert code_of(number) == "E-ID-NUMERIC"


def test_a_truncated_number_that_passes_the_check_is_refused_all_the_same():
    """Excel keeps 15 digits; of the numbers that end in 000 one in eleven passes (about 9 %)."""
    lost = [
        f"640324{BIRTH + timedelta(days=step):%Y%m%d}{block:01}000"
        for step in range(40)
        for block in range(10)
    ]
    passing = [digits for digits in lost if check_digit(digits[:17]) == digits[17]]
    assert 0.07 < len(passing) / len(lost) < 0.11
    for digits in passing:
        assert code_of(int(digits)) == "E-ID-NUMERIC"
        assert codes(digits) == ["W-ID-ZEROS"]


@pytest.mark.parametrize("text", ["6.40324E+17", "6.40324201003050E+17", "6e17", " 6.40324e17 "])
def test_scientific_notation_in_text_is_as_lost(text):
    assert code_of(text) == "E-ID-NUMERIC"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (f"'{GOOD}", "已去除空格及不可见字符"),
        (f" {GOOD[:6]} {GOOD[6:14]}\u200b{GOOD[14:]}\t", "已去除空格及不可见字符"),
        (f"{GOOD}\ufeff", "已去除空格及不可见字符"),
        ("".join(chr(ord(digit) + 0xFEE0) for digit in GOOD), "全角字符已转为半角"),
    ],
)  # fmt: skip
def test_what_surrounds_the_digits_is_taken_off_and_told(written, said):
    reading = id_number(written, CHILD)
    assert reading.value == GOOD
    assert [(remark.code, remark.message) for remark in reading.remarks] == [("N-ID-CLEANED", said)]


@pytest.mark.parametrize("last", ["x", "Ｘ", "ｘ", "×", "Х"])
def test_every_sign_for_x(last):
    reading = id_number(ENDS_IN_X[:17] + last, CHILD)
    assert reading.value == ENDS_IN_X
    assert codes(ENDS_IN_X[:17] + last) == ["N-ID-CLEANED"]
    assert codes(ENDS_IN_X) == []


def test_fifteen_digits_are_a_grown_up_s():
    assert code_of("640324100305021") == "E-ID-15-CHILD"
    reading = id_number("640324760305021", GUARDIAN)
    assert (reading.value, codes("640324760305021", GUARDIAN)) == ("640324197603050217", ["W-ID-15-UPGRADED"])
    assert id_number(640324760305021, GUARDIAN).value == "640324197603050217"
    assert code_of("640324761305021", GUARDIAN) == "E-ID-DATE"


def test_the_right_check_digit_is_not_told():
    wrong = GOOD[:17] + "3"
    with pytest.raises(Fault) as caught:
        id_number(wrong, CHILD)
    assert caught.value.code == "E-ID-CHECKSUM"
    assert GOOD[17] not in caught.value.message + caught.value.fix


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("640324201002300211", "E-ID-DATE"),
        ("64032420100305021", "E-ID-LENGTH"),
        ("6403242010030502123", "E-ID-LENGTH"),
        ("640324O01003050212", "E-ID-CHARS"),
        ("X40324201003050212", "E-ID-CHARS"),
        ("同父", "E-ID-CHARS"),
        (True, "E-ID-CHARS"),
        (date(2010, 3, 5), "E-ID-CHARS"),
        (float("nan"), "E-ID-NUMERIC"),
        (float("inf"), "E-ID-NUMERIC"),
        (-640324760305021, "E-ID-NUMERIC"),
    ],
)  # fmt: skip
def test_what_is_no_number(cell, code):
    assert code_of(cell) == code


@pytest.mark.parametrize("cell", ["无", "未上户", " 无 ", "—", "未落户", None, "", "  "])
def test_a_child_without_number_is_told_and_a_guardian_is_not(cell):
    assert (id_number(cell, CHILD).value, codes(cell)) == (None, ["W-ID-NONE"])
    assert (id_number(cell, GUARDIAN).value, codes(cell, GUARDIAN)) == (None, [])


def test_a_prefix_says_nothing_of_residence():
    assert codes(id_of(prefix="642221")) == []  # 固原 before 2003
    assert codes(id_of(prefix="110101")) == []
    assert codes(id_of(prefix="990101")) == ["N-ID-PREFIX"]


cell = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes(),
    st.text("0123456789Xx'' \u200b\t０１.E+-", max_size=22),
)  # fmt: skip


@given(cell=cell, holder=st.sampled_from(Holder))
def test_any_cell_is_a_sound_number_or_a_fault_and_twice_is_once(cell, holder):
    value, code = answer(id_number, cell, holder)
    assert code is None or code.startswith("E-ID-")
    if value is None:
        return
    assert len(value) == 18
    assert birth_of(value) is not None
    assert check_digit(value[:17]) == value[17]
    assert not any(remark.code == "N-ID-CLEANED" for remark in id_number(value, holder).remarks)
    assert id_number(value, holder).value == value


@given(
    born=DAYS,
    order=st.integers(1, 999),
    noise=st.lists(st.sampled_from(" '\u200b\t\u3000"), max_size=6),
    data=st.data(),
)
def test_no_noise_changes_a_sound_number(born, order, noise, data):
    number = id_of(born, order)
    marks = list(number)
    for mark in noise:
        marks.insert(data.draw(st.integers(0, len(marks))), mark)
    assert id_number("".join(marks), CHILD).value == number


@given(number=st.builds(id_of, DAYS, st.integers(1, 999)), at=st.integers(0, 17), digit=st.integers(0, 9))
def test_one_wrong_digit_is_always_found(number, at, digit):
    wrong = number[:at] + str(digit) + number[at + 1 :]
    if wrong != number:
        assert code_of(wrong) in ("E-ID-CHECKSUM", "E-ID-DATE")
