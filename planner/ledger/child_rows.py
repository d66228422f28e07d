"""One row of the 困境儿童台账: its cells read, the ones that belong together compared, a record made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import partial

from planner.ledger.amounts import amount
from planner.ledger.cells import Cell, Fault, comparable, day, prose, show, text
from planner.ledger.child_checks import check_record
from planner.ledger.disability import Certificate, certificate, disability_grade, disability_kind
from planner.ledger.home_points import Point, home_column
from planner.ledger.id_numbers import Holder, birth_of, id_number, sex_of
from planner.ledger.outcomes import RowReader
from planner.ledger.partial_days import PartialDay, birthday
from planner.ledger.person_names import person_name
from planner.ledger.phones import phones
from planner.ledger.places import Area, PlaceFault, Places
from planner.ledger.readings import Reading
from planner.ledger.word_cells import (
    benefits,
    categories,
    difficulties,
    ethnicity,
    grade,
    parent_status,
    placement,
    school_status,
    sex,
    stage_of,
    yes_no,
    yes_no_or_day,
)
from planner.model.children import ChildRecord
from planner.model.words import DisabilityKind, Sex
from planner.policy.from_record import is_past_ledger
from planner.policy.rules import RuleSet

_REQUIRED = ("姓名", "困境类型", "父亲状况", "母亲状况")
_NO_GUARDIAN = frozenset({"无", "没有", "/", "-", "—"})


@dataclass(frozen=True)
class Setting:
    """What the rows of a file are read against."""

    places: Places
    as_of: date
    rules: RuleSet


@dataclass(frozen=True)
class ChildRow:
    """What a row says. `record` is None where it is rejected; `number` and `name` may be known all the same.

    `township` is the code of the one that holds the file: of residence, of 户籍 where that is outside.
    """

    reader: RowReader
    name: str | None
    number: str | None
    township: str | None
    record: ChildRecord | None


def read_child(reader: RowReader, setting: Setting, home: Reading[Point | None] | None) -> ChildRow:
    """Read a row whole: every fault of it is found at once. `home` is where its coordinates lie."""
    name = reader.read("姓名", person_name, "E-NAME-CHARS")
    number = _number(reader)
    born = reader.read("出生日期", partial(birthday, date1904=reader.table.date1904), "E-DOB-INVALID")
    told_sex = _sex(reader, number)
    born = _birth(reader, number, born, setting)
    hukou = _area(reader, "户籍", setting.places)
    residence = _area(reader, "居住", setting.places)
    township = _holding_township(reader, hukou, residence, setting.places)
    classes = reader.parse("困境类型", categories, "E-CATEGORY")
    father = reader.parse("父亲状况", parent_status, "E-PARENT")
    mother = reader.parse("母亲状况", parent_status, "E-PARENT")
    guardian, relation = _guardian(reader)
    _need_what_identifies(reader, number, guardian)
    cert, kind, level = _disability(reader, number)
    given = reader.parse("已配", partial(yes_no_or_day, date1904=reader.table.date1904), "E-YES-NO")
    school, school_year = reader.parse("学校", text, "E-TEXT"), reader.parse("年级", text, "E-TEXT")
    point = _home(reader, home)
    day_of = partial(day, date1904=reader.table.date1904)
    told = {
        "ethnicity": reader.parse("民族", ethnicity, "W-ETHNICITY"),
        "difficulties": reader.parse("困难情形", difficulties, "E-DIFFICULTY"),
        "temporary_from": reader.parse("临时困境起始日期", day_of, "E-DATE-INVALID"),
        "temporary_review": reader.parse("临时困境复核日期", day_of, "E-DATE-INVALID"),
        "guardian_id": reader.read(
            "监护人身份证号", partial(id_number, holder=Holder.GUARDIAN), "E-ID-CHARS"
        ),
        "placement": reader.parse("安置方式", placement, "E-PLACEMENT"),
        "school_status": reader.parse("就学状况", school_status, "E-SCHOOL"),
        "grade": reader.parse("风险等级", grade, "E-GRADE"),
        "device_need": reader.parse("辅具需求", yes_no, "E-YES-NO"),
        "rehab_need": reader.parse("康复需求", yes_no, "E-YES-NO"),
        "benefits": reader.parse("享受待遇", benefits, "E-BENEFIT"),
        "amount_month": reader.read("月标准", amount, "E-AMOUNT"),
        "low_income": reader.parse("低收入家庭", yes_no, "E-YES-NO"),
        "registered_poor": reader.parse("建档立卡", yes_no, "E-YES-NO"),
        "health": reader.parse("健康状况", prose, "E-TEXT"),
        "housing": reader.parse("住房", prose, "E-TEXT"),
        "remark": reader.parse("备注", prose, "E-TEXT"),
        "assistant": reader.parse("民政协理员", text, "E-TEXT"),
        "village_cadre": reader.parse("包村干部", text, "E-TEXT"),
        "leader": reader.parse("包联领导", text, "E-TEXT"),
    }
    numbers = reader.read("监护人电话", phones, "W-PHONE")
    if not (name and told_sex and classes and father and mother and hukou and residence):
        if not reader.is_rejected:
            reader.add("E-BLANK", None, "必填的各列没有填全", "请补填")
        return ChildRow(reader, name, number, township, None)
    if reader.is_rejected:
        return ChildRow(reader, name, number, township, None)
    record = ChildRecord(
        name=name,
        sex=told_sex,
        father=father,
        mother=mother,
        categories=classes,
        id_number=number,
        birth=born.day if born else None,
        birth_month=born.month if born else None,
        hukou=_village_code(hukou),
        hukou_text=hukou.text,
        hukou_group=hukou.group,
        residence=_village_code(residence),
        residence_text=residence.text,
        residence_group=residence.group,
        guardian=guardian,
        guardian_relation=relation,
        phones=numbers or (),
        disability_cert=cert.number if cert else None,
        cert_reissued=cert.reissued if cert else None,
        disability_kind=kind,
        disability_grade=level,
        school=school,
        school_year=school_year,
        stage=stage_of(school, school_year),
        device_given=given[0] if given else None,
        device_given_on=given[1] if given else None,
        lon=point[0] if point else None,
        lat=point[1] if point else None,
        **told,  # type: ignore[arg-type]
    )
    if record.temporary_number is not None:
        reader.add("N-ID-TEMPORARY", "身份证号", f"按临时编号{record.temporary_number}建档")
    check_record(reader, record, as_of=setting.as_of, rules=setting.rules)
    return ChildRow(reader, name, number, township, record)


def _number(reader: RowReader) -> str | None:
    if reader.cell("身份证号") is None:
        for remark in id_number(None, Holder.CHILD).remarks:
            reader.tell("身份证号", remark)
    return reader.read("身份证号", partial(id_number, holder=Holder.CHILD), "E-ID-CHARS")


def _has_no_number(reader: RowReader) -> bool:
    return any(finding.code == "W-ID-NONE" for finding in reader.findings)


def _need_what_identifies(reader: RowReader, number: str | None, guardian: str | None) -> None:
    """Name every required cell that is blank, once; without ID number birth and guardian are among them."""
    blank = [column for column in _REQUIRED if reader.cell(column) is None]
    if reader.cell("性别") is None and number is None:
        blank.append("性别")
    if blank:
        reader.add("E-BLANK", blank[0], f"{'、'.join(blank)}没有填写", "请补填")
    if _has_no_number(reader) and (reader.cell("出生日期") is None or guardian is None or "姓名" in blank):
        reader.add("E-ID-NONE", "身份证号", "没有身份证号,也不能用其他信息认定", "须填姓名、出生日期、监护人")


def _sex(reader: RowReader, number: str | None) -> Sex | None:
    told = reader.parse("性别", sex, "E-SEX")
    if number is None:
        return told
    by_number = sex_of(number)
    if told is None and reader.cell("性别") is None:
        reader.add("N-SEX-FROM-ID", "性别", f"没有填写,按身份证号取“{by_number}”")
        return by_number
    if told is not None and told is not by_number:
        message = f"填的是“{told}”,身份证号第17位表示“{by_number}”"
        reader.add("E-SEX-ID", "性别", message, "请核对,常见原因是错填了兄弟姐妹的身份证号")
    return told


def _birth(
    reader: RowReader, number: str | None, born: PartialDay | None, setting: Setting
) -> PartialDay | None:
    """The birth as the cell tells it, from the number where the cell is blank or gives no more than the month."""
    by_number = birth_of(number) if number else None
    if by_number is not None:
        if born is None and reader.cell("出生日期") is None:
            reader.add("N-DOB-FROM-ID", "出生日期", f"没有填写,按身份证号取{by_number.isoformat()}")
            born = PartialDay(by_number)
        elif born is not None and not by_number.isoformat().startswith(born.text):
            message = f"填的是{born.text},身份证号为{by_number.isoformat()}"
            reader.add("E-DOB-ID", "出生日期", message, "请核对,常见原因是错填了兄弟姐妹的身份证号")
        elif born is not None and born.day is None:
            born = PartialDay(by_number)
    if born is None:
        return None
    if born.first > setting.as_of:
        reader.add(
            "E-DOB-FUTURE", "出生日期", f"{born.text}晚于填报日期{setting.as_of.isoformat()}", "请核对"
        )
    elif is_past_ledger(born.day, born.month, setting.as_of, setting.rules):
        age = setting.rules.child_until_age.value
        message = f"生于{born.text},到填报日期{setting.as_of.isoformat()}已满{age}周岁"
        reader.add("E-AGE-18", "出生日期", message, "请按“期满转出”办理,不再列入台账")
    return born


def _area(reader: RowReader, which: str, places: Places) -> Area | None:
    cells = [reader.cell(f"{which}{part}") for part in ("乡镇", "村", "组")]
    try:
        area = places.find(*cells)
    except PlaceFault as fault:
        reader.add(fault.code, f"{which}{fault.part}", fault.message, fault.fix)
        return None
    except Fault as fault:
        reader.add("E-TEXT", f"{which}乡镇", fault.message, fault.fix)
        return None
    if area is None:
        reader.add("E-TOWNSHIP-BLANK", f"{which}乡镇", "没有填写", f"请填{which}乡镇和村")
    elif area.change is not None:
        reader.add(
            "W-VILLAGE-GONE", f"{which}村", f"{area.change},按现在的村登记", "请在台账上改用现在的名称"
        )
    return area


def _holding_township(
    reader: RowReader, hukou: Area | None, residence: Area | None, places: Places
) -> str | None:
    """The township that holds the file; tells where 户籍 and residence differ."""
    if hukou is None or residence is None:
        return None
    if residence.outside and hukou.outside:
        message = "户籍地和现居住地都不在本县"
        reader.add("E-AREA-OUTSIDE", "居住乡镇", message, "请核对;确不在本县的由居住地或户籍地所在县建档")
        return None
    if residence.outside:
        message = f"现居住地“{show(residence.text)}”不在本县"
        reader.add("W-RESIDENCE-OUTSIDE", "居住乡镇", message, "档案归户籍乡镇,请委托当地走访")
        return hukou.township
    if hukou.outside or hukou.code != residence.code:
        fix = "待遇按户籍地,走访和包联按现居住地"
        reader.add("W-HUKOU-RESIDENCE", "居住村", "户籍地与现居住地不同", fix)
    return residence.township


def _village_code(area: Area) -> str | None:
    return area.code if area.code is not None and len(area.code) == 12 else None


def _guardian(reader: RowReader) -> tuple[str | None, str | None]:
    """(name, relation), also where the name's cell holds both: 马某某(爷爷)."""
    relation = reader.parse("监护人关系", text, "E-TEXT")
    inside: list[str] = []

    def name_of(cell: Cell) -> Reading[str | None]:
        if isinstance(cell, str):
            if comparable(cell) in _NO_GUARDIAN:
                return Reading(None)
            if match := re.fullmatch(r"\s*([^()（）]+)[(（]([^()（）]{1,6})[)）]\s*", cell):
                cell = match[1]
                inside.append(match[2].strip())
        return person_name(cell, latin=True)

    name = reader.read("监护人姓名", name_of, "E-NAME-CHARS")
    return name, relation or (inside[0] if inside else None)


def _disability(
    reader: RowReader, number: str | None
) -> tuple[Certificate | None, DisabilityKind | None, int | None]:
    """(certificate, kind, grade); of the latter two the certificate speaks first."""
    cert = reader.read("残疾证号", certificate, "E-CERT-NUMBER")
    kind = reader.parse("残疾类别", disability_kind, "E-CERT-KIND")
    level = reader.parse("残疾等级", disability_grade, "E-CERT-GRADE")
    if cert is None:
        return None, kind, level
    if number is not None and cert.id_number != number:
        reader.add("E-CERT-ID", "残疾证号", "前18位与身份证号不符", "请核对是否错填了他人的残疾证号")
    elif number is None and _has_no_number(reader):
        reader.add("E-CERT-ID", "残疾证号", "有残疾证号而没有身份证号", "请按残疾证前18位核对后填写身份证号")
    if (kind or cert.kind) is not cert.kind or (level or cert.grade) != cert.grade:
        message = f"残疾证号表示{cert.kind}{cert.grade}级,与所填类别或等级不同,按证号登记"
        reader.add("W-CERT-DIFFERS", "残疾证号", message, "请核对")
    return cert, cert.kind, cert.grade


def _home(reader: RowReader, home: Reading[Point | None] | None) -> Point | None:
    if home is None:
        return None
    for remark in home.remarks:
        reader.tell(home_column(reader.row), remark)
    return home.value
