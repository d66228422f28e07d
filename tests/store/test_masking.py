"""What each role sees of a child, in its area and beyond it."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.store.masking import (
    VIEWS,
    mask_address,
    mask_id,
    mask_name,
    mask_phone,
    restored,
    scrub,
    seen,
)
from planner.store.roles import ALLOWED, Act, Person, Role
from planner.store.scope import EVERYTHING, scope_of
from tests.store.conftest import COUNTY, OTHER, TOWN, VILLAGE, id_number

NUMBER, GRANDFATHER = id_number(21), id_number(3, born="19500102")
PHONE = "13895001234"
CHILD = {
    "name": "马小明",
    "id_number": NUMBER,
    "certificate_number": f"{NUMBER}42B1",
    "birth": "2012-03-05",
    "phone": PHONE,
    "home_address": "大水坑镇新建村三组12号",
    "lon": 106.123456789012345,
    "lat": 38.5,
    "home_point": [106.1, 38.5],
    "guardians": [{"name": "马大山", "id_number": GRANDFATHER, "phone": "0951-6021234", "relation": "祖父"}],
    "health": "听力二级",
    "remark": f"孙子身份证{NUMBER},与祖父({GRANDFATHER})同住",
    "benefits": ["低保"],
    "need": None,
    "siblings": 2,
}
AREAS = {
    Role.TOWNSHIP: TOWN,
    Role.VILLAGE: VILLAGE,
    **dict.fromkeys((Role.LEADER, Role.CIVIL, Role.PLANNER, Role.AUDITOR, Role.ADMIN), COUNTY),
}
SEEING = (Role.CIVIL, Role.TOWNSHIP, Role.VILLAGE)


def person(role):
    return Person("p", "某人", role, scope_of([AREAS[role]]))


@pytest.mark.parametrize("role", SEEING)
def test_in_ones_area_all_is_seen_but_the_numbers(role):
    shown = seen(person(role), CHILD, VILLAGE)
    masked = mask_id(NUMBER)
    assert masked == f"6401****{NUMBER[-4:]}"
    expected = copy.deepcopy(CHILD)
    expected["id_number"] = masked
    expected["certificate_number"] = "6401****42B1"
    expected["guardians"][0]["id_number"] = mask_id(GRANDFATHER)
    expected["remark"] = f"孙子身份证{masked},与祖父({mask_id(GRANDFATHER)})同住"
    assert shown == expected


@pytest.mark.parametrize("role", SEEING)
def test_beyond_ones_area_only_that_there_is_somebody(role):
    assert seen(person(role), CHILD, OTHER) == {
        "name": "马**",
        "id_number": mask_id(NUMBER),
        "certificate_number": "6401****42B1",
        "phone": "138****1234",
        "home_address": "大水坑镇新建村****",
        "guardians": [{"name": "马**", "id_number": mask_id(GRANDFATHER), "phone": "****"}],
        "home_point": [],
        "benefits": [],
    }


@pytest.mark.parametrize("role", [role for role in Role if role not in SEEING])
@pytest.mark.parametrize("area", [VILLAGE, OTHER])
def test_who_sees_no_children_sees_nothing(role, area):
    assert seen(person(role), CHILD, area) == {"guardians": [{}], "home_point": [], "benefits": []}


def text_of(value):
    if isinstance(value, dict):
        return " ".join(text_of(item) for item in value.values())
    return " ".join(map(text_of, value)) if isinstance(value, list) else str(value)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("area", [VILLAGE, OTHER])
def test_no_role_ever_sees_a_whole_number(role, area):
    shown = text_of(seen(person(role), CHILD, area))
    for number in (NUMBER, GRANDFATHER):
        assert number not in shown
    if role not in SEEING or area == OTHER:
        for canary in ("马小明", "马大山", PHONE, "12号", "听力", "106.1"):
            assert canary not in shown


def test_the_table_is_that_of_the_requirements():
    assert [VIEWS[role].counts for role in Role] == [
        "suppressed",
        "full",
        "suppressed",
        "full",
        "full",
        "none",
        "none",
    ]
    assert [role for role in Role if VIEWS[role].audit] == [Role.AUDITOR]
    assert [role for role in Role if VIEWS[role].reveals_id] == [Role.CIVIL]
    assert [role for role in Role if VIEWS[role].name == "full"] == list(SEEING)
    assert [role for role in Role if VIEWS[role].events == "on duty"] == [Role.CIVIL]


def test_views_and_acts_agree():
    for role, view in VIEWS.items():
        assert view.audit == (role in ALLOWED[Act.READ_AUDIT])
        assert view.reveals_id == (role in ALLOWED[Act.REVEAL])
        assert (view.name == "full") == (role in ALLOWED[Act.READ_FILES])
        assert (view.counts == "full") == (role in ALLOWED[Act.RUN])
        assert (view.events != "none") == (role in ALLOWED[Act.REPORT])
        assert (view.export in ("all with reason", "own")) == (role in ALLOWED[Act.EXPORT_FILES])


@pytest.mark.parametrize(
    ("mask", "text", "masked"),
    [
        (mask_name, "马小明", "马**"),
        (mask_name, "马明", "马**"),
        (mask_name, "阿依古丽·买买提", "阿**"),
        (mask_name, "马", "**"),
        (mask_id, "640324201203050212", "6403****0212"),
        (mask_id, "640324120305021", "6403****5021"),
        (mask_id, "无", "****"),
        (mask_phone, "13895001234", "138****1234"),
        (mask_phone, "6021234", "****"),
        (mask_address, "大水坑镇新建村三组12号", "大水坑镇新建村****"),
        (mask_address, "新建村委会东头", "新建村委会****"),
        (mask_address, "大水坑镇新建村幸福小区3号楼", "大水坑镇新建村****"),
        (mask_address, "花马池镇幸福小区3号楼", "花马池镇****"),
        (mask_address, "12号", "****"),
        (mask_address, "", "****"),
    ],
)
def test_masks(mask, text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        (f"查{NUMBER}的档案", "查****的档案"),
        (f"id={NUMBER};", "id=****;"),
        ("６４０１０１２０１２０３０５００１Ｘ", "****"),
        ("电话13895001234、13895001235", "电话****、****"),
        ("640101001001 20261125-fc99a9c7", "640101001001 20261125-fc99a9c7"),
        ("38.412345678901234", "38.412345678901234"),
        (f"原号.{NUMBER}", "原号.****"),
        (f"1.{NUMBER}", "1.****"),
        (f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}", "****"),
        (f"{NUMBER[:6]}-{NUMBER[6:14]}-{NUMBER[14:]}", "****"),
        ("No.13895001234", "No.****"),
        ("138 9500 1234或138-9500-1234", "****或****"),
        ("a1395001-2345-4abc-8def-012345678901", "a1395001-2345-4abc-8def-012345678901"),
        ("", ""),
    ],
)
def test_scrubbed_texts_have_no_numbers_of_people(text, scrubbed):
    assert scrub(text) == scrubbed


def test_what_was_left_as_shown_is_kept_whole():
    civil = person(Role.CIVIL)
    shown = seen(civil, CHILD, VILLAGE)
    edited = copy.deepcopy(shown) | {"health": "听力一级", "siblings": 3}
    assert restored(edited, CHILD, shown) == CHILD | {"health": "听力一级", "siblings": 3}
    edited["guardians"][0]["phone"] = "0951-6021235"
    assert restored(edited, CHILD, shown)["guardians"][0] == CHILD["guardians"][0] | {"phone": "0951-6021235"}
    edited["guardians"].append({"name": "马二山"})
    with pytest.raises(InputError, match="遮盖"):
        restored(edited, CHILD, shown)
    edited["guardians"] = [{"name": "马二山"}]
    assert restored(edited, CHILD, shown)["guardians"] == [{"name": "马二山"}]


def test_what_an_editor_did_not_see_stays():
    planner = person(Role.PLANNER)
    shown = seen(planner, CHILD, VILLAGE)
    assert restored({**shown, "health": "好"}, CHILD, shown) == CHILD | {"health": "好"}


def test_a_changed_masked_number_is_refused():
    shown = seen(person(Role.CIVIL), CHILD, VILLAGE)
    with pytest.raises(InputError, match="完整的号码"):
        restored({**shown, "id_number": "6401****9999"}, CHILD, shown)
    assert restored({**shown, "id_number": GRANDFATHER}, CHILD, shown)["id_number"] == GRANDFATHER


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_characters="*"), max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(CHILD)), inner, max_size=3)
    ),
    max_leaves=10,
)
contents = st.dictionaries(st.sampled_from(list(CHILD)), values, max_size=6)


@given(contents, st.sampled_from(list(Role)), st.sampled_from([VILLAGE, OTHER]))
def test_saving_what_one_was_shown_changes_nothing(content, role, area):
    shown = seen(person(role), content, area)
    before = copy.deepcopy(content)
    assert restored(shown, content, shown) == content == before
    assert seen(person(role), shown, area) == shown or role in SEEING
    assert set(shown) <= set(content)


def test_everything_is_the_area_of_who_has_everything():
    everywhere = Person("p", "某人", Role.CIVIL, EVERYTHING)
    assert seen(everywhere, CHILD, OTHER)["name"] == "马小明"
