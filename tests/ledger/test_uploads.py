"""Uploads: in memory, under a name that is safe to read."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.ledger import Upload, sheet_names
from planner.ledger.grids import read_content
from tests.ledger.papers import new_book


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("附件3 台账(终稿).xlsx", "附件3 台账(终稿).xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\用户\\台账.xlsx", "台账.xlsx"),
        ("a\u202excod.xlsx\n\x00", "axcod.xlsx"),
        ("", "未命名"),
        ("..", ".."),
        ("长" * 300 + ".csv", "长" * 96 + ".csv"),
    ],
)
def test_names_are_plain(sent, shown):
    assert Upload.received(sent, b"a").name == shown


@given(st.text())
def test_no_name_is_too_much(name):
    shown = Upload.received(name, b"").name
    assert 1 <= len(shown) <= 100
    assert "/" not in shown
    assert Upload.received(shown, b"").name == shown


def test_what_is_in_memory_is_read_as_it_is():
    assert read_content(Upload("a.csv", b"1,2")) == b"1,2"
    with pytest.raises(InputError, match=r"“a\.csv”是空的"):
        read_content(Upload("a.csv", b"\n \r\n"))


def test_the_sheets_of_a_workbook_are_named():
    book, _ = new_book("河西镇")
    book.create_sheet("丁塘镇")
    book.create_sheet("藏").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert sheet_names(out.getvalue(), "a.xlsx") == ("河西镇", "丁塘镇")
    assert sheet_names(b"a,b\n", "a.csv") == ()
    with pytest.raises(InputError):
        sheet_names(b"PK\x03\x04broken", "a.xlsx")
