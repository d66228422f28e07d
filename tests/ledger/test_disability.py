"""残疾证: the ID number, kind and grade in twenty digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.ledger.disability import Certificate, certificate, disability_grade, disability_kind
from planner.model.words import DisabilityKind
from tests.ledger.papers import answer, id_of

NUMBER = id_of()


def test_a_certificate():
    assert certificate(f"{NUMBER}43").value == Certificate(
        f"{NUMBER}43", NUMBER, DisabilityKind.LIMBS, 3, None
    )
    reissued = certificate(f" {NUMBER}61b2")
    assert reissued.value == Certificate(f"{NUMBER}61", NUMBER, DisabilityKind.MIND, 1, 2)
    assert [remark.code for remark in reissued.remarks] == ["N-CERT-CLEANED"]


@pytest.mark.parametrize("cell", [None, "", "无", "未办证", "办理中"])
def test_no_certificate(cell):
    assert certificate(cell).value is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (6.4032420100305e19, "E-CERT-NUMERIC"),
        (64032420100305021243, "E-CERT-NUMERIC"),
        ("6.40324E+19", "E-CERT-NUMERIC"),
        (NUMBER, "E-CERT-NUMBER"),
        (f"{NUMBER}83", "E-CERT-NUMBER"),
        (f"{NUMBER}45", "E-CERT-NUMBER"),
        (f"{NUMBER[:17]}343", "E-CERT-NUMBER"),
        ("12345", "E-CERT-NUMBER"),
    ],
)  # fmt: skip
def test_what_is_no_certificate(cell, code):
    assert answer(certificate, cell) == (None, code)


@pytest.mark.parametrize("cell", ["肢体", "肢体残疾", "4", 4, "４"])
def test_kinds(cell):
    assert disability_kind(cell) is DisabilityKind.LIMBS


@pytest.mark.parametrize("cell", ["二级", "二", "2", 2, "Ⅱ级", 2.0])
def test_grades(cell):
    assert disability_grade(cell) == 2


def test_blank_kinds_and_grades():
    assert disability_kind("无") is disability_grade(None) is None


@given(
    cell=st.one_of(st.none(), st.integers(), st.floats(), st.text(), st.text("0123456789XB ", max_size=24))
)
def test_any_cell_is_a_certificate_or_a_fault_and_twice_is_once(cell):
    value, code = answer(certificate, cell)
    assert code is None or code.startswith("E-CERT-")
    if value is not None:
        again = certificate(value.number).value
        assert again is not None
        assert again.id_number == value.number[:18]
