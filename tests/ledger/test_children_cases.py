"""The key cases of the ledger, one by one: outcome, code and message of a row."""

from datetime import date, datetime, timedelta

import pytest

from planner.ledger.outcomes import Outcome
from planner.model.children import Held
from planner.model.rosters import Assistant, CadreLevel, Duty, Rosters
from planner.model.words import Benefit, CategoryWord, ParentState
from planner.policy.classification import classify
from planner.policy.from_record import facts
from planner.policy.rules import load_rules
from tests.ledger.papers import AS_OF, BIRTH, child, id_of

ACCEPT, WARN, REJECT, SKIP = Outcome


def only(checked):
    (row,) = checked.rows
    return row


def fate(checked, at=-1):
    row = checked.rows[at]
    return row.outcome, *(code for code in row.codes if not code.startswith("N-"))


def test_a_sound_row_is_accepted_without_a_word(read_rows):
    row = only(read_rows(child()))
    assert (row.outcome, row.codes, row.messages) == (ACCEPT, (), ())
    record = row.record
    assert (record.name, record.id_number, record.birth) == ("马小雨", id_of(), BIRTH)
    assert (record.hukou, record.residence_group_code) == ("640324101201", "640324101201-3")
    assert record.categories == (CategoryWord.GUARDIANSHIP,)
    assert (record.father.states, record.mother.states) == ((ParentState.DECEASED,), (ParentState.REMARRIED,))
    assert (record.guardian, record.phones, record.benefits) == ("马大山", ("13895501234",), None)
    assert row.township == "640324101"


def test_01_an_id_as_a_number(read_rows):
    row = only(read_rows(child(id=6.40324201003050e17)))
    assert (row.outcome, row.codes) == (REJECT, ("E-ID-NUMERIC",))
    assert row.messages == (
        "第2行 身份证号(C列):单元格为数值格式,Excel只保留15位,后3位已丢失。请设为“文本”后按户口簿重录",
    )


def test_02_a_truncated_id_that_passes_the_check(read_rows):
    days = (BIRTH + timedelta(days=step) for step in range(400))
    passing = next(day for day in days if id_of(day, 0).endswith("000"))
    assert fate(read_rows(child(id=int(id_of(passing, 0)), birth=passing.isoformat()))) == (
        REJECT,
        "E-ID-NUMERIC",
    )


def test_03_full_width_digits(read_rows):
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in id_of())
    row = only(read_rows(child(id=wide)))
    assert (row.outcome, row.codes, row.record.id_number) == (ACCEPT, ("N-ID-CLEANED",), id_of())
    assert row.messages == ("第2行 身份证号(C列):全角字符已转为半角",)


def test_04_small_x_spaces_zero_width_and_apostrophe(read_rows):
    order = next(order for order in range(1, 99, 2) if id_of(BIRTH, order).endswith("X"))
    number = id_of(BIRTH, order)
    row = only(read_rows(child(order, id=f"'{number[:6]} {number[6:17]}\u200bx")))
    assert (row.outcome, row.codes, row.record.id_number) == (ACCEPT, ("N-ID-CLEANED",), number)


def test_05_fifteen_digits_of_a_child(read_rows):
    row = only(read_rows(child(id="640324100305021")))
    assert (row.outcome, row.codes) == (REJECT, ("E-ID-15-CHILD",))
    assert "15位号码不适用于1999年10月以后出生的儿童" in row.messages[0]


def test_06_fifteen_digits_of_a_grandparent(read_rows):
    row = only(read_rows(child(guardian_id="640324500305021")))
    assert (row.outcome, row.codes) == (WARN, ("W-ID-15-UPGRADED",))
    assert row.record.guardian_id[:14] == "64032419500305"
    assert "监护人身份证号" in row.messages[0]


def test_07_a_wrong_check_digit_is_not_put_right(read_rows):
    number = id_of()
    row = only(read_rows(child(id=number[:17] + "9")))
    assert (row.outcome, row.codes) == (REJECT, ("E-ID-CHECKSUM",))
    assert number not in row.messages[0]


@pytest.mark.parametrize("said", ["无", "未上户", None])
def test_08_a_child_without_number(read_rows, said):
    row = only(read_rows(child(id=said)))
    assert (row.outcome, row.codes) == (WARN, ("W-ID-NONE", "N-ID-TEMPORARY"))
    assert (row.record.id_number, row.record.birth) == (None, BIRTH)
    assert row.record.temporary_number in row.messages[1]
    assert "落户" in row.messages[0]


@pytest.mark.parametrize("absent", ["birth", "guardian", "name"])
def test_09_neither_number_nor_what_else_identifies(read_rows, absent):
    row = only(read_rows(child(id="无", **{absent: None})))
    assert row.outcome is REJECT
    assert "E-ID-NONE" in row.codes
    assert "须填姓名、出生日期、监护人" in "".join(row.messages)


def test_10_a_day_with_dots(read_rows):
    row = only(read_rows(child(birth="2010.3.5")))
    assert (row.outcome, row.record.birth) == (ACCEPT, date(2010, 3, 5))


def test_11_a_month_stays_a_month_unless_the_number_tells_the_day(read_rows):
    row = only(read_rows(child(id="无", birth="2010年3月")))
    assert row.outcome is WARN
    assert "W-DOB-MONTH" in row.codes
    assert (row.record.birth, row.record.birth_month) == (None, "2010-03")
    with_number = only(read_rows(child(birth="2010年3月")))
    assert fate(read_rows(child(birth="2010年3月"))) == (WARN, "W-DOB-MONTH")
    assert (with_number.record.birth, with_number.record.birth_month) == (BIRTH, None)


def test_12_serials(read_rows):
    assert only(read_rows(child(birth=40242))).record.birth == date(2010, 3, 5)
    assert only(read_rows(child(birth=datetime(2010, 3, 5)))).record.birth == date(2010, 3, 5)


def test_13_an_ambiguous_day(read_rows):
    row = only(read_rows(child(birth="10/3/5")))
    assert (row.outcome, row.codes) == (REJECT, ("E-DOB-AMBIGUOUS",))
    assert "有歧义" in row.messages[0]


def test_14_birth_and_sex_against_the_number_show_both(read_rows):
    row = only(read_rows(child(birth="2012-03-05", sex="女")))
    assert (row.outcome, set(row.codes)) == (REJECT, {"E-DOB-ID", "E-SEX-ID"})
    told = "".join(row.messages)
    assert all(value in told for value in ("2012-03-05", "2010-03-05", "“女”", "“男”", "兄弟姐妹"))
    assert fate(read_rows(child(birth="2010年4月"))) == (REJECT, "W-DOB-MONTH", "E-DOB-ID")


@pytest.mark.parametrize("village", ["马家湾村委会", "马家湾"])
def test_15_a_village_by_another_spelling(read_rows, village):
    row = only(read_rows(child(r_village=village)))
    assert (row.outcome, row.codes, row.record.residence) == (ACCEPT, (), "640324101201")


def test_16_a_village_of_two_townships_without_township(read_rows):
    row = only(read_rows(child(r_town=None, r_village="新庄村")))
    assert (row.outcome, row.codes) == (REJECT, ("E-VILLAGE-AMBIGUOUS",))
    assert row.messages[0].endswith("居住村(I列):“新庄村”在河西镇、丁塘镇均有。请填写乡镇")


def test_17_a_near_miss_is_asked(read_rows):
    row = only(read_rows(child(r_village="马加湾村")))
    assert (row.outcome, row.codes) == (REJECT, ("E-VILLAGE-UNKNOWN",))
    assert "是否为“马家湾村”?" in row.messages[0]


def test_18_hukou_and_residence_differ(read_rows):
    row = only(read_rows(child(h_town="丁塘镇", h_village="新庄村")))
    assert (row.outcome, row.codes, row.township) == (WARN, ("W-HUKOU-RESIDENCE",), "640324101")
    assert (row.record.hukou, row.record.residence) == ("640324106201", "640324101201")


def test_19_residence_outside_the_county_is_held_by_the_hukou(read_rows):
    row = only(
        read_rows(
            child(h_town="丁塘镇", h_village="新庄村", r_town="银川市金凤区", r_village=None, r_group=None)
        )
    )
    assert (row.outcome, row.codes, row.township) == (WARN, ("W-RESIDENCE-OUTSIDE",), "640324106")
    assert "委托当地走访" in row.messages[0]
    assert (row.record.residence, row.record.residence_text) == (None, "银川市金凤区")
    assert fate(read_rows(child(h_town="外省", h_village=None, r_town="外省", r_village=None))) == (
        REJECT,
        "E-AREA-OUTSIDE",
    )
    away = only(read_rows(child(h_town="盐池县大水坑镇", h_village="新建村")))
    assert (away.codes, away.record.hukou, away.township) == (
        ("W-HUKOU-RESIDENCE",),
        "640323101201",
        "640324101",
    )


def test_20_the_same_number_under_another_name(read_rows):
    checked = read_rows(child(), child(name="马大花"))
    assert fate(checked, 0) == (ACCEPT,)
    assert fate(checked) == (REJECT, "E-ID-TWICE")
    assert "与第2行“马小雨”的身份证号相同,姓名却是“马大花”" in checked.rows[1].messages[0]
    assert fate(read_rows(child(), child(remark="又来一次"))) == (REJECT, "E-CHILD-TWICE")


def test_21_the_same_row_twice(read_rows):
    checked = read_rows(child(no=1), child(no=2))
    assert (fate(checked, 0), fate(checked)) == ((ACCEPT,), (SKIP, "S-SAME-ROW"))
    assert "与第2行完全相同" in checked.rows[1].messages[0]
    assert (checked.read, checked.accepted, checked.rejected, checked.skipped) == (2, 1, 0, 1)


def held(checked, *, township="640324101", as_of=AS_OF):
    (record,) = checked.records
    return {record.key: Held(township, as_of, record)}


def test_22_a_file_of_another_township_shows_the_township_alone(read_rows):
    holders = held(read_rows(child(remark="秘密")), township="640324106")
    row = only(read_rows(child(), holders=holders))
    assert (row.outcome, row.codes, row.record) == (REJECT, ("E-HELD-ELSEWHERE",), None)
    assert row.messages == ("第2行 身份证号(C列):该儿童的档案由丁塘镇管理。请用“跨乡镇转接”",)


def test_23_an_unchanged_row_is_skipped(read_rows):
    holders = held(read_rows(child()))
    assert fate(read_rows(child(), holders=holders)) == (SKIP, "S-UNCHANGED")
    assert fate(read_rows(child(remark="新"), holders=holders)) == (ACCEPT,)


@pytest.mark.parametrize(
    "told",
    [
        {"h_village": "马家湾村委会", "r_village": "马家湾"},
        {"r_town": "同心县河西镇", "r_group": "第三村民小组"},
        {"kind": "临时困境、监护困境"},
        {"remark": "低保　(2019年)"},
        {"benefits": "临时救助、低保"},
        {"guardian": "马大山 "},
    ],
)
def test_another_spelling_is_no_change(read_rows, told):
    """R-IDEMP: what says the same leaves the file as it is."""
    first = {"kind": "监护困境、临时困境", "remark": "低保(2019年)", "benefits": "低保、临时救助"}
    row = only(read_rows(child(**first | told), holders=held(read_rows(child(**first)))))
    assert (row.outcome, "S-UNCHANGED" in row.codes) == (SKIP, True)
    twice = read_rows(child(**first), child(**first | told))
    assert twice.rows[1].codes[-1] == "S-SAME-ROW"


def test_another_place_of_the_same_words_is_a_change(read_rows):
    holders = held(read_rows(child(r_town="县外", r_village="银川市")))
    assert only(read_rows(child(r_town="县外", r_village="中卫市"), holders=holders)).outcome is not SKIP


def test_an_older_paper_does_not_change_a_newer_file(read_rows):
    holders = held(read_rows(child()), as_of=AS_OF + timedelta(days=1))
    row = only(read_rows(child(remark="旧"), holders=holders))
    assert (row.outcome, row.codes) == (REJECT, ("E-AS-OF-OLD",))
    assert "2017-11-09早于该档案的最新版本(2017-11-10)" in row.messages[0]


def test_a_number_that_comes_later_joins_the_file(read_rows):
    holders = held(read_rows(child(id="无")))
    (key,) = holders
    row = only(read_rows(child(), holders=holders))
    assert (row.outcome, row.codes, row.previous_key) == (WARN, ("W-ID-ARRIVED",), key)
    known = held(read_rows(child()))
    assert fate(read_rows(child(id="无"), holders=known)) == (REJECT, "W-ID-NONE", "E-ID-KNOWN")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"kind": "家庭困境"}, "应有“监护困境”"),
        ({"father": "正常", "mother": "正常"}, "父亲正常、母亲正常,不在监护困境所列情形"),
        ({"kind": "孤儿"}, "不是孤儿"),
        ({"kind": "事实孤儿", "father": "正常"}, "不在事实无人抚养之列"),
        ({"father": "死亡", "mother": "重残"}, "应有“家庭困境”"),
    ],
)  # fmt: skip
def test_24_the_class_against_the_parents(read_rows, told, said):
    row = only(read_rows(child(**told)))
    assert row.outcome is WARN
    assert set(row.codes) == {"W-CATEGORY-PARENTS"}
    assert said in "".join(row.messages)
    assert row.record is not None  # both are kept


def test_25_disabled_without_certificate_and_another_s_certificate(read_rows):
    plain = {"kind": "监护困境、残疾"}
    row = only(read_rows(child(**plain)))
    assert (row.outcome, row.codes) == (WARN, ("W-CERT-NONE",))
    assert "待办证" in row.messages[0]
    wrong = only(read_rows(child(cert=f"{id_of(BIRTH, 77)}43", **plain)))
    assert (wrong.outcome, wrong.codes) == (REJECT, ("E-CERT-ID",))
    assert "前18位与身份证号不符" in wrong.messages[0]
    right = only(read_rows(child(cert=f"{id_of()}51", **plain)))
    assert (right.outcome, right.record.disability_kind, right.record.disability_grade) == (ACCEPT, "智力", 1)
    assert fate(read_rows(child(cert=f"{id_of()}51", cert_grade="三级", **plain))) == (WARN, "W-CERT-DIFFERS")


def test_26_benefits_that_exclude_each_other(read_rows):
    row = only(read_rows(child(benefits="低保、孤儿养育津贴", amount="600")))
    assert (row.outcome, row.codes) == (WARN, ("W-BENEFIT-CONFLICT",))
    assert "低保、孤儿养育津贴不得重复享受" in row.messages[0]
    assert row.record.benefits == (Benefit.DIBAO, Benefit.ORPHAN_ALLOWANCE)


@pytest.mark.parametrize(
    ("relation", "codes"), [("父亲", ("W-GUARDIAN-PARENT",)), ("母亲", ()), ("爷爷", ())]
)
def test_27_a_dead_father_as_guardian(read_rows, relation, codes):
    assert only(read_rows(child(relation=relation))).codes == codes


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '=HYPERLINK("http://a")'])
def test_28_markup_and_formulas_in_a_name(read_rows, name):
    assert fate(read_rows(child(name=name))) == (REJECT, "E-NAME-CHARS")


def test_29_a_formula_in_a_remark_is_text(read_rows):
    row = only(read_rows(child(remark="=1+1", health="'; DROP TABLE child;--")))
    assert (row.outcome, row.record.remark, row.record.health) == (ACCEPT, "=1+1", "'; DROP TABLE child;--")


@pytest.mark.parametrize(
    ("lon", "lat", "outcome", "place"),
    [
        ("105°54′36″E", "36°58′48″N", ACCEPT, (105.91, 36.98)),
        (36.98, 105.91, WARN, (105.91, 36.98)),
        (0, 0, WARN, (None, None)),
        ("路口", "桥头", WARN, (None, None)),
    ],
)  # fmt: skip
def test_30_homes(read_rows, lon, lat, outcome, place):
    row = only(read_rows(child(lon=lon, lat=lat, crs="WGS84")))
    assert (row.outcome, (row.record.lon, row.record.lat)) == (outcome, place)


@pytest.mark.parametrize(
    ("cell", "outcome", "numbers"),
    [
        (13895501234.0, ACCEPT, ("13895501234",)),
        ("0953-8021234/13895501234", ACCEPT, ("09538021234", "13895501234")),
        ("1389550123", WARN, ("1389550123",)),
    ],
)  # fmt: skip
def test_31_phones(read_rows, cell, outcome, numbers):
    row = only(read_rows(child(phone=cell)))
    assert (row.outcome, row.record.phones) == (outcome, numbers)


def test_32_from_the_eighteenth_birthday_on(read_rows):
    grown = only(read_rows(child(born=date(1999, 11, 9))))
    assert (grown.outcome, grown.codes) == (REJECT, ("E-AGE-18",))
    assert "期满转出" in grown.messages[0]
    assert fate(read_rows(child(born=date(1999, 11, 10)))) == (ACCEPT,)
    assert fate(read_rows(child(id="无", birth="1999年11月"))) == (WARN, "W-ID-NONE", "W-DOB-MONTH")
    assert "E-AGE-18" in fate(read_rows(child(id="无", birth="1999年10月")))
    assert fate(read_rows(child(born=date(2017, 11, 10)))) == (REJECT, "E-DOB-FUTURE")


@pytest.mark.parametrize(
    ("mother", "code"), [("失联", "W-PARENT-UNCHECKED"), ("不详", "W-PARENT-UNCHECKED"), ("改嫁", None)]
)
def test_36_states_that_classify_nothing_until_they_are_checked(read_rows, mother, code):
    row = only(read_rows(child(mother=mother)))
    assert row.codes == ((code,) if code else ())
    classes = classify(facts(row.record, AS_OF), load_rules()).categories
    assert bool(classes) is (code is None)


def test_what_is_required_is_named_at_once(read_rows):
    row = only(read_rows(child(name=None, kind=None, father=None, mother=" ")))
    assert row.outcome is REJECT
    assert row.messages[0].startswith("第2行 姓名(A列):姓名、困境类型、父亲状况、母亲状况没有填写")


def test_every_fault_of_a_row_is_told_at_once(read_rows):
    row = only(
        read_rows(child(name="<b>", sex="?", r_village="马加湾村", kind="困难", amount="一千元", phone="12"))
    )
    assert set(row.codes) == {
        "E-NAME-CHARS",
        "E-SEX",
        "E-VILLAGE-UNKNOWN",
        "E-CATEGORY",
        "E-AMOUNT",
        "W-PHONE",
    }


def test_blank_birth_and_sex_come_from_the_number(read_rows):
    row = only(read_rows(child(birth=None, sex=None)))
    assert (row.outcome, row.codes) == (ACCEPT, ("N-SEX-FROM-ID", "N-DOB-FROM-ID"))
    assert (row.record.birth, row.record.sex) == (BIRTH, "男")


def test_a_guardian_cell_with_the_relation_in_brackets(read_rows):
    row = only(read_rows(child(guardian="马大山（爷爷）", relation=None)))
    assert (row.outcome, row.record.guardian, row.record.guardian_relation) == (ACCEPT, "马大山", "爷爷")


def rosters():
    hexi, ma = "640324101", "640324101201"
    return Rosters.of(
        [
            Assistant("王协理", ma, phones=("13800000001",)),
            Assistant("李同名", ma, phones=("13800000002",)),
            Assistant("李同名", "640324101202", phones=("13800000003",)),
            Assistant("李同名", "640324101203", phones=("13800000004",)),
        ],
        [
            Duty("县领导", CadreLevel.COUNTY, hexi),
            Duty("张部门", CadreLevel.DEPARTMENT, ma, department="民政局"),
            Duty("张部门", CadreLevel.DEPARTMENT, "640324101202", department="民政局"),
        ],
    )


def test_officers_are_matched_by_name_and_township(read_rows):
    told = {"assistant": "王协理 13800000001", "cadre": "张部门", "leader": "县领导"}
    checked = read_rows(child(**told), rosters=rosters())
    assert (fate(checked), checked.notices) == ((ACCEPT,), ())
    assert only(checked).record.village_cadre == "张部门"


def test_an_officer_of_no_roster_is_a_notice_of_the_file(read_rows):
    checked = read_rows(
        child(21, assistant="赵某"), child(23, assistant="赵某"), child(25, leader="钱某"), rosters=rosters()
    )
    assert [row.codes for row in checked.rows] == [(), (), ()]
    assert [str(notice) for notice in checked.notices] == [
        "民政协理员“赵某”不在河西镇的名册中(第2、3行)。请核对姓名,或先导入名册",
        "包联领导“钱某”不在河西镇的名册中(第4行)。请核对姓名,或先导入名册",
    ]
    assert read_rows(child(assistant="赵某")).notices == ()


def test_two_officers_of_a_name_are_asked_about_unless_the_village_tells(read_rows):
    assert fate(read_rows(child(assistant="李同名"), rosters=rosters())) == (ACCEPT,)
    elsewhere = {
        "h_town": "丁塘镇",
        "h_village": "杨家塘村",
        "r_town": "外省",
        "r_village": None,
        "r_group": None,
    }
    assert fate(read_rows(child(assistant="李同名", **elsewhere), rosters=rosters())) == (
        WARN,
        "W-RESIDENCE-OUTSIDE",
    )
    two = Rosters.of(
        [Assistant("李同名", "640324101202", phones=(number,)) for number in ("13800000003", "13800000004")]
    )
    row = only(read_rows(child(assistant="李同名"), rosters=two))
    assert (row.outcome, row.codes) == (WARN, ("W-ROSTER-TWO",))
    assert "“李同名”在该乡镇名册中有2人" in row.messages[0]
