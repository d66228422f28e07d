"""Townships and villages in every usual spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.ledger.places import PlaceFault, group_words, places_of
from planner.model.divisions import Level, at_level
from tests.ledger.papers import county_tree

TREE = county_tree()
PLACES = places_of(TREE, "640324")
MA, XIN_HEXI, XIN_DINGTANG, SHEQU = "640324101201", "640324101202", "640324106201", "640324101203"


def find(*cells, places=PLACES):
    area = places.find(*cells)
    assert area is not None
    return area


def fault_of(*cells):
    with pytest.raises(PlaceFault) as caught:
        PLACES.find(*cells)
    return caught.value


@pytest.mark.parametrize(
    "village",
    ["马家湾", "马家湾村", "马家湾村委会", "马家湾村民委员会", "马家湾村村民委员会", "马家湾行政村", " 马家湾 村 ", "河西镇马家湾村",
     "同心县河西镇马家湾村", "640324101201"],
)  # fmt: skip
def test_spellings_of_a_village(village):
    assert find("河西镇", village).code == MA


@pytest.mark.parametrize(
    "township",
    [
        "河西镇",
        "河西",
        "河 西 镇",
        "同心县河西镇",
        "吴忠市同心县河西镇",
        "宁夏同心县河西镇",
        "宁夏回族自治区吴忠市同心县河西镇",
        "640324101",
    ],
)
def test_spellings_of_a_township(township):
    assert find(township, "马家湾村").code == MA


def test_communities_and_groups():
    assert find("河西镇", "河西社区").code == SHEQU
    assert find("河西镇", "河西居委会").code == SHEQU
    assert find("河西镇", "马家湾村", "三组").group == "3组"
    both = find("河西镇", "马家湾村十二组")
    assert (both.code, both.group) == (MA, "12组")
    assert (group_words("第3村民小组"), group_words(""), group_words("上庄组")) == ("3组", None, "上庄组")


def test_a_village_name_of_two_townships():
    assert find("丁塘镇", "新庄村").code == XIN_DINGTANG
    fault = fault_of("", "新庄村")
    assert (fault.part, fault.code) == ("村", "E-VILLAGE-AMBIGUOUS")
    assert (fault.message, fault.fix) == ("“新庄村”在河西镇、丁塘镇均有", "请填写乡镇")


def test_a_blank_township_is_not_guessed_but_the_village_helps():
    fault = fault_of(None, "马家湾村")
    assert (fault.part, fault.code) == ("乡镇", "E-TOWNSHIP-BLANK")
    assert "“马家湾村”在河西镇" in fault.fix
    assert PLACES.find(None, "  ", None) is None


@pytest.mark.parametrize(
    ("cells", "part", "code", "told"),
    [
        (("河西镇", "马加湾村"), "村", "E-VILLAGE-UNKNOWN", "是否为“马家湾村”?"),
        (("河东镇", "马家湾村"), "乡镇", "E-TOWNSHIP-UNKNOWN", "是否为“河西镇”?"),
        (("丁塘镇", "马家湾村"), "村", "E-VILLAGE-TOWNSHIP", "“马家湾村”不在丁塘镇,在河西镇"),
        (("河西镇", ""), "村", "E-VILLAGE-BLANK", "请填河西镇的村(居)"),
        (("甲乙", "马家湾村"), "乡镇", "E-TOWNSHIP-UNKNOWN", "在县外的请写“县外”"),
        (("河西镇", "甲乙丙丁"), "村", "E-VILLAGE-UNKNOWN", "请核对村名"),
    ],
)  # fmt: skip
def test_places_that_are_not_there(cells, part, code, told):
    fault = fault_of(*cells)
    assert (fault.part, fault.code) == (part, code)
    assert told in fault.message + fault.fix


@pytest.mark.parametrize(
    "township", ["县外", "外省", "银川市金凤区", "浙江省杭州市", "广东务工", "定边县红柳沟镇", "随父母外出"]
)
def test_places_outside_the_county(township):
    area = find(township, "某村")
    assert (area.outside, area.code, area.text) == (True, None, f"{township}某村")


def test_a_known_place_of_another_county_has_its_code():
    assert find("大水坑镇", "新建村").code == "640323101201"
    assert find("盐池县大水坑镇", "新建").outside
    assert find("盐池县", "").code is None


def test_two_that_differ_only_in_kind_are_told_apart_by_the_full_name():
    tree = county_tree()
    tree.add_node("640324101204", name="马家湾社区居委会", short="马家湾", level=Level.VILLAGE)
    tree.add_edge("640324101", "640324101204")
    places = places_of(tree, "640324")
    assert find("河西镇", "马家湾社区居委会", places=places).code == "640324101204"
    with pytest.raises(PlaceFault) as caught:
        places.find("河西镇", "马家湾")
    assert caught.value.code == "E-VILLAGE-AMBIGUOUS"
    assert "“马家湾村村民委员会”、“马家湾社区居委会”" in caught.value.message


def test_sheets_of_townships():
    assert [PLACES.is_township(name) for name in ("河西镇", "河西", "2.丁塘镇(12人)", "汇总", "Sheet1", "大水坑镇")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


def test_everything_is_at_home_where_no_county_is_named():
    places = places_of(TREE)
    assert not find("大水坑镇", "新建村", places=places).outside
    assert places_of(TREE).find_village("", "杨家塘") == "640324106202"


names = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["", "河西镇", "丁塘", "新庄村", "马家湾", "县外", "马加湾村3组", "640324101201", "3组"]),
    st.text("河西丁塘马家湾新庄村镇委会3组同心县", max_size=8),
)


@given(township=names, village=names, group=names)
def test_any_words_are_an_area_or_a_fault_and_never_another_place(township, village, group):
    try:
        area = PLACES.find(township, village, group)
    except PlaceFault as fault:
        told = fault
    else:
        if area is not None and not area.outside:
            assert area.code in at_level(TREE, Level.VILLAGE, within="640324")
            assert find(area.township, area.code).code == area.code
        return
    assert told.code.startswith("E-")
    assert told.part in ("乡镇", "村")
    assert told.fix


@given(
    code=st.sampled_from(at_level(TREE, Level.VILLAGE, within="640324")),
    suffix=st.sampled_from(["", "村", "村委会"]),
)
def test_every_village_is_found_by_its_own_name(code, suffix):
    township = TREE.nodes[code[:9]]["name"]
    assert find(township, TREE.nodes[code]["name"]).code == code
    assert find(township, TREE.nodes[code]["short"]).code == code
