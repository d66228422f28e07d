"""电话: one or several, however written; doubtful ones kept and told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.ledger.cells import Fault
from planner.ledger.phones import phones
from tests.ledger.papers import answer


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("13895501234", ["13895501234"]),
        (13895501234, ["13895501234"]),
        (13895501234.0, ["13895501234"]),
        ("'13895501234.0", ["13895501234"]),
        ("138-9550-1234", ["13895501234"]),
        ("＋86 138 9550 1234", ["13895501234"]),
        ("008613895501234", ["13895501234"]),
        ("0953-8021234", ["09538021234"]),
        ("(0953)8021234", ["09538021234"]),
        ("010-62345678", ["01062345678"]),
        ("0953-8021234/138 9550 1234", ["09538021234", "13895501234"]),
        ("13895501234、13995501234", ["13895501234", "13995501234"]),
        ("13895501234 13995501234", ["13895501234", "13995501234"]),
        ("1389550123413995501234", ["13895501234", "13995501234"]),
        ("爷爷:13895501234(马大山)", ["13895501234"]),
        ("13895501234\n13895501234", ["13895501234"]),
        ("无", []),
        ("—", []),
        (None, []),
        ("", []),
    ],
)  # fmt: skip
def test_sound_numbers(cell, numbers):
    reading = phones(cell)
    assert list(reading.value) == numbers
    assert reading.remarks == ()


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("1389550123", ["1389550123"]),
        ("138955012345", ["138955012345"]),
        ("8021234", ["8021234"]),
        ("13895501234/12", ["13895501234", "12"]),
        ("1.38955E+10", []),
        ("见备注", []),
    ],
)  # fmt: skip
def test_doubtful_numbers_are_kept_as_written_and_told(cell, numbers):
    reading = phones(cell)
    assert list(reading.value) == numbers
    assert [remark.code for remark in reading.remarks] == ["W-PHONE"]


@pytest.mark.parametrize("cell", [True, -1, 1.5, float("nan"), float("inf")])
def test_cells_of_another_type(cell):
    with pytest.raises(Fault) as caught:
        phones(cell)
    assert caught.value.code == "E-PHONE"


@given(
    cell=st.one_of(st.none(), st.integers(), st.floats(), st.text(), st.text("01389+-() /、.", max_size=40))
)
def test_any_cell_is_numbers_or_a_fault_and_twice_is_once(cell):
    value, code = answer(phones, cell)
    assert code is None or code == "E-PHONE"
    if value is None:
        return
    assert all(number.isascii() and number.isdecimal() for number in value)
    assert phones("/".join(value)).value == value
