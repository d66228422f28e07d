"""金额: digits only, to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.ledger.amounts import amount
from planner.ledger.cells import Fault
from tests.ledger.papers import answer


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("1000", "1000"), (1000, "1000"), (1048.87, "1048.87"), (1048.8700000001, "1048.87"), ("1,048.87", "1048.87"),
        ("１，０４８．８７", "1048.87"), ("1000元", "1000"), ("¥1000", "1000"), ("￥1000.5", "1000.5"), ("600元/月", "600"),
        ("每月", None), ("0", "0"), ("无", "none"), (None, "none"), (" ", "none"), (0.005, "0.01"),
    ],
)  # fmt: skip
def test_amounts(cell, yuan):
    if yuan is None:
        with pytest.raises(Fault):
            amount(cell)
    else:
        assert amount(cell).value == (None if yuan == "none" else Decimal(yuan))


@pytest.mark.parametrize(
    "cell",
    [
        "一千元",
        "1千",
        "约1000",
        "1000/600",
        "12,34",
        "1e3",
        "-5",
        -5,
        1e12,
        True,
        float("nan"),
        float("inf"),
        "=1+1",
    ],
)
def test_what_is_no_amount(cell):
    with pytest.raises(Fault) as caught:
        amount(cell)
    assert caught.value.code == "E-AMOUNT"


@given(
    cell=st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(),
        st.text("0123456789.,元¥ ", max_size=12),
    )
)
def test_any_cell_is_an_amount_or_a_fault_and_twice_is_once(cell):
    value, code = answer(amount, cell)
    assert code is None or code == "E-AMOUNT"
    if value is not None:
        assert 0 <= value <= 10_000_000
        assert amount(str(value)).value == amount(float(value)).value == value
