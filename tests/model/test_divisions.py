"""Division codes, names and the tree."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.model.divisions import (
    Level,
    ancestor_code,
    at_level,
    build_tree,
    children,
    full_name,
    is_code,
    level_of,
    parent,
    parent_code,
    path,
    short_name,
    subtree,
)

VILLAGE = "640323100201"
CODES = st.sampled_from([2, 4, 6, 9, 12]).flatmap(
    lambda length: st.text("0123456789", min_size=length, max_size=length)
)


def divisions(*rows):
    return pd.DataFrame(rows, columns=["code", "name", "parent"])


@pytest.fixture
def tree():
    return build_tree(
        divisions(
            ("64", "宁夏回族自治区", None),
            ("6403", "吴忠市", "64"),
            ("640323", "盐池县", "6403"),
            ("640323102", "大水坑镇", "640323"),
            ("640323101", "高沙窝镇", "640323"),
            ("640323102205", "新建村委会", "640323102"),
        )
    )


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("64", Level.REGION),
        ("6403", Level.PREFECTURE),
        ("640323", Level.COUNTY),
        ("640323100", Level.TOWNSHIP),
        (VILLAGE, Level.VILLAGE),
        (f"{VILLAGE}-3", Level.GROUP),
    ],
)
def test_the_level_is_the_length_of_the_code(code, level):
    assert level_of(code) is level
    assert level.title


@pytest.mark.parametrize(
    "text", ["", "6", "640", "64032", "6403231", "64032310020", f"{VILLAGE}1", "64a323", " 640323", "640323\n",
             f"{VILLAGE}-", f"{VILLAGE}-1234", "640323-1", "６４０３２３"]
)  # fmt: skip
def test_other_texts_are_no_codes(text):
    assert not is_code(text)
    with pytest.raises(InputError, match="不是区划代码"):
        level_of(text)


def test_ancestors_by_digits():
    assert [ancestor_code(VILLAGE, level) for level in list(Level)[:5]] == [
        "64",
        "6403",
        "640323",
        "640323100",
        VILLAGE,
    ]
    assert ancestor_code(f"{VILLAGE}-3", Level.VILLAGE) == VILLAGE
    assert ancestor_code(f"{VILLAGE}-3", Level.GROUP) == f"{VILLAGE}-3"
    with pytest.raises(InputError, match="没有乡镇"):
        ancestor_code("640323", Level.TOWNSHIP)


def test_parent_codes():
    assert parent_code("64") is None
    assert parent_code("6403") == "64"
    assert parent_code(VILLAGE) == "640323100"
    assert parent_code(f"{VILLAGE}-3") == VILLAGE


@given(CODES)
def test_the_parent_is_one_level_up_and_holds_the_code(code):
    above = parent_code(code)
    if above is None:
        assert level_of(code) is Level.REGION
    else:
        assert code.startswith(above)
        assert list(Level).index(level_of(above)) == list(Level).index(level_of(code)) - 1


@pytest.mark.parametrize(
    ("name", "level", "short"),
    [
        ("马家湾村委会", Level.VILLAGE, "马家湾"),
        ("马家湾村民委员会", Level.VILLAGE, "马家湾"),
        ("马家湾村", Level.VILLAGE, "马家湾"),
        ("马家湾", Level.VILLAGE, "马家湾"),
        ("永清社区居民委员会", Level.VILLAGE, "永清"),
        ("永清社区居委会", Level.VILLAGE, "永清"),
        ("新村", Level.VILLAGE, "新村"),
        ("新村村委会", Level.VILLAGE, "新村"),
        ("大水坑镇", Level.TOWNSHIP, "大水坑"),
        ("凤凰北街街道", Level.TOWNSHIP, "凤凰北街"),
        ("盐池县", Level.COUNTY, "盐池"),
        ("兴庆区", Level.COUNTY, "兴庆"),
        ("吴忠市", Level.PREFECTURE, "吴忠"),
        ("宁夏回族自治区", Level.REGION, "宁夏"),
        ("第三小组", Level.GROUP, "第三"),
    ],
)
def test_short_names(name, level, short):
    assert short_name(name, level) == short


@given(st.text(max_size=12), st.sampled_from(Level))
def test_a_short_name_is_a_beginning_and_never_empty(name, level):
    short = short_name(name, level)
    assert name.startswith(short)
    assert len(short) >= min(len(name), 2)


def test_the_tree_knows_names_levels_and_ways(tree):
    assert parent(tree, "640323102") == "640323"
    assert parent(tree, "64") is None
    assert children(tree, "640323") == ["640323101", "640323102"]
    assert children(tree, "640323101") == []
    assert path(tree, "640323102205") == ["64", "6403", "640323", "640323102", "640323102205"]
    assert tree.nodes["640323102"] == {"name": "大水坑镇", "short": "大水坑", "level": Level.TOWNSHIP}
    assert full_name(tree, "640323102205") == "盐池县大水坑镇新建村委会"
    assert full_name(tree, "640323", below=Level.REGION) == "吴忠市盐池县"
    assert at_level(tree, Level.TOWNSHIP) == ["640323101", "640323102"]
    assert at_level(tree, Level.VILLAGE, within="640323101") == []
    assert at_level(tree, Level.COUNTY, within="640323") == ["640323"]
    assert set(subtree(tree, "640323102")) == {"640323102", "640323102205"}


def test_no_rows_make_an_empty_tree():
    assert len(build_tree(divisions())) == 0


def test_a_top_row_may_lack_its_parent():
    assert parent(build_tree(divisions(("640323", "盐池县", float("nan")))), "640323") is None


def test_every_fault_of_the_table_is_named_at_once():
    with pytest.raises(InputError, match="区划表不成一棵树") as caught:
        build_tree(
            divisions(
                ("64", "宁夏", None),
                ("640323", "盐池县", "64"),
                ("640323", "盐池县", "64"),
                ("640324", "同心县", "6403"),
                ("6404", "固原市", "640323"),
                ("64032", "短码", "64"),
            )
        )
    text = str(caught.value)
    for fault in (
        "“640323”出现不止一次",
        "“640324”的上级“6403”不在区划表中",
        "“6404”的上级“640323”级别不对",
        "“64032”不是区划代码",
    ):
        assert fault in text
