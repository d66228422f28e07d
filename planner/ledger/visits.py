"""走访记录: one row, or one filled-in 走访记录表, for each visit to one child of a known file (四(一))."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

import networkx as nx

from planner.errors import Problem
from planner.ledger.cells import Cell, Fault, comparable, day, is_blank, prose, text
from planner.ledger.id_numbers import Holder, id_number
from planner.ledger.outcomes import CheckedRows, RowReader
from planner.ledger.person_names import person_name
from planner.ledger.places import PlaceFault, Places, places_of
from planner.ledger.roster_match import split_names
from planner.ledger.row_files import ReadRow, RowFile, read_rows, rows_of, skip_repeated
from planner.ledger.tables import Column
from planner.ledger.tally import rows_in_words
from planner.ledger.uploads import Paper
from planner.ledger.visit_forms import read_forms
from planner.ledger.word_cells import word, yes_no
from planner.model.children import Held
from planner.model.rosters import Rosters
from planner.model.visits import Concern, Measure, Visit, VisitFinding, VisitWay

COLUMNS = (
    Column("档案编号", ("档案号",)),
    Column("姓名", ("儿童姓名", "儿童", "走访对象"), required=True),
    Column("身份证号", ("身份证号码", "公民身份号码", "儿童身份证号", "证件号码")),
    Column("乡镇", ("所在乡镇", "居住乡镇"), fills=True),
    Column("村", ("村居", "所在村", "居住村", "行政村"), fills=True),
    Column("走访时间", ("走访日期", "日期", "入户时间", "走访时间日期"), required=True, fills=True),
    Column("走访人", ("走访人员", "走访干部", "走访人姓名"), required=True, fills=True),
    Column("方式", ("走访方式",), required=True),
    Column("是否见到儿童", ("见到儿童", "是否见到", "见到", "是否见到本人"), required=True),
    Column("生活", ("生活情况", "生活状况")),
    Column("监护", ("监护情况", "监护状况")),
    Column("就学", ("就学情况", "就学状况", "学习情况")),
    Column("身心健康", ("健康", "健康状况", "身心健康状况")),
    Column("安全", ("安全情况", "安全状况", "人身安全")),
    Column("存在问题", ("问题", "发现问题", "存在的问题")),
    Column("处理意见", ("意见", "处理", "处理情况")),
    Column("下次走访日期", ("下次走访时间", "下次走访")),
    Column("备注", ("说明",)),
)
_WAYS = {
    **{str(way): way for way in VisitWay},
    **dict.fromkeys(("入户走访", "上门", "实地", "入户探访"), VisitWay.HOME),
    **dict.fromkeys(("电话走访", "电话联系", "视频"), VisitWay.PHONE),
    **dict.fromkeys(("委托走访", "委托他人", "代访"), VisitWay.ENTRUSTED),
}
_MEASURES = {
    **{str(measure): measure for measure in Measure},
    **dict.fromkeys(("没有", "-", "—", "/"), Measure.NONE),
    **dict.fromkeys(("报告", "强制报告公安"), Measure.REPORT),
}
_NORMAL = re.compile(r"(?P<odd>异常|不正常|有异常)|(?P<fine>正常|良好|好|无异常|√|✓)")
_SIGNS = "☑✓√☐□☒ "
_MARKS = r"[\s,，:：;；。()（）]"


@dataclass(frozen=True)
class _Files:
    """The files that a visit may belong to: by the file's own number, by ID number, and by name as compared."""

    by_file: Mapping[str, Held]
    by_number: Mapping[str, Held]
    by_name: Mapping[str, tuple[Held, ...]]

    @classmethod
    def of(cls, holders: Mapping[str, Held]) -> _Files:
        """Every held file under each."""
        names: dict[str, list[Held]] = defaultdict(list)
        for held in holders.values():
            names[comparable(held.record.name)].append(held)
        numbers = {held.record.id_number: held for held in holders.values() if held.record.id_number}
        files = {held.file: held for held in holders.values() if held.file}
        return cls(files, numbers, {name: tuple(found) for name, found in names.items()})


def read_visits(
    path: Paper,
    *,
    tree: nx.DiGraph,
    holders: Mapping[str, Held],
    as_of: date,
    rosters: Rosters | None = None,
    county: str | None = None,
    sheet: str | None = None,
) -> CheckedRows[Visit]:
    """The visits of a file, checked row by row against the files that are held.

    The file is a table, or a workbook of forms, a sheet for each visit. A child is known by the number of the
    file, by ID number, else by name, and by township and village where several have the name. A day after `as_of`
    is refused. A visitor of no roster is a notice. Raises InputError for a faulty file.
    """
    places, files = places_of(tree, county), _Files.of(holders)
    read_row = partial(_visit, places=places, files=files, as_of=as_of)
    forms, said = read_forms(path, sheet=sheet)
    if forms:
        file = RowFile(forms, rows_of(forms, read_row), said)
    else:
        file = read_rows(path, COLUMNS, read_row, is_part=places.is_township, sheet=sheet)
    skip_repeated(file.rows, lambda visit: (visit.child, visit.day, visit.by), "同一次走访")
    townships = {held.record.key: held.township for held in holders.values()}
    return file.settle(_strangers(file.rows, rosters, townships) if rosters is not None else ())


def _visit(reader: RowReader, *, places: Places, files: _Files, as_of: date) -> Visit | None:
    held = _file_of(reader, places, files)
    read_day = partial(day, date1904=reader.table.date1904)
    visited = reader.parse("走访时间", read_day, "E-DATE-INVALID")
    if visited is not None and visited > as_of:
        message = f"走访时间{visited.isoformat()}晚于{as_of.isoformat()}"
        reader.add("E-VISIT-FUTURE", "走访时间", message, "走访后再登记")
    next_day = reader.parse("下次走访日期", read_day, "E-DATE-INVALID")
    if visited is not None and next_day is not None and next_day <= visited:
        message = f"下次走访日期{next_day.isoformat()}不晚于走访时间"
        reader.add("E-VISIT-NEXT", "下次走访日期", message, "请核对这两个日期")
    visitors = reader.parse("走访人", _visitors, "E-NAME-CHARS")
    way = reader.parse("方式", lambda cell: word(cell, _WAYS, "、".join(VisitWay)), "E-VISIT-WAY")
    seen = reader.parse("是否见到儿童", yes_no, "E-YES-NO")
    findings = [
        found
        for concern in Concern
        if (found := reader.parse(concern, partial(_finding, concern=concern), "E-VISIT-FINDING")) is not None
    ]
    measure = reader.parse("处理意见", _measure, "E-VISIT-MEASURE")
    told = {
        "problems": reader.parse("存在问题", prose, "E-TEXT"),
        "remark": reader.parse("备注", prose, "E-TEXT"),
    }
    needed = [item.name for item in COLUMNS if item.required]
    if reader.cell("档案编号") is not None:
        needed.remove("姓名")
    blank = [name for name in needed if reader.cell(name) is None]
    if blank:
        reader.add("E-BLANK", blank[0], f"{'、'.join(blank)}没有填写", "请补填")
    if seen is False:
        reader.add("N-VISIT-UNSEEN", "是否见到儿童", "没有见到儿童,不计为一次走访,应访日不变")
    if any(not item.normal for item in findings) and told["problems"] is None:
        reader.add("W-VISIT-PROBLEM", "存在问题", "有异常项,没有写存在问题", "请补写")
    if reader.is_rejected or not (held and visited and visitors and way) or seen is None:
        return None
    return Visit(
        child=held.record.key,
        day=visited,
        by=visitors,
        way=way,
        seen=seen,
        findings=tuple(findings),
        measure=measure,
        next_day=next_day,
        **told,
    )


def _file_of(reader: RowReader, places: Places, files: _Files) -> Held | None:
    """The file of the child that a row speaks of; tells why there is none."""
    file = reader.parse("档案编号", text, "E-TEXT")
    name = reader.read("姓名", person_name, "E-NAME-CHARS")
    if file is not None:
        return _numbered(reader, files.by_file.get(file.lower()), name)
    number = reader.read("身份证号", partial(id_number, holder=Holder.GUARDIAN), "E-ID-CHARS")
    if name is None or reader.is_rejected:
        return None
    if number is not None:
        held = files.by_number.get(number)
        if held is None:
            reader.add("E-CHILD-UNKNOWN", "身份证号", "没有这个身份证号的档案", "请核对号码,或先在台账中建档")
        elif comparable(held.record.name) != comparable(name):
            reader.add("E-CHILD-NAME", "姓名", "与该身份证号的档案姓名不同", "请核对姓名和身份证号")
            return None
        return held
    named = files.by_name.get(comparable(name), ())
    named = tuple(held for held in named if _lives_there(held, reader, places))
    if len(named) == 1:
        return named[0]
    if named:
        message = f"有{len(named)}份档案叫这个名字"
        reader.add("E-CHILD-SEVERAL", "姓名", message, "请填身份证号,或补填乡镇和村")
    elif not reader.is_rejected:
        reader.add("E-CHILD-UNKNOWN", "姓名", "没有这个姓名的档案", "请核对姓名、乡镇和村,或填身份证号")
    return None


def _numbered(reader: RowReader, held: Held | None, name: str | None) -> Held | None:
    """The file of that number, unless the row names another child."""
    if held is None:
        reader.add("E-CHILD-UNKNOWN", "档案编号", "没有这个编号的档案", "请核对档案编号,它印在记录表上")
    elif name is not None and comparable(held.record.name) != comparable(name):
        reader.add("E-CHILD-NAME", "姓名", "与该编号的档案姓名不同", "请核对姓名和档案编号")
        return None
    return held


def _lives_there(held: Held, reader: RowReader, places: Places) -> bool:
    """Whether a held file lies in the township and village that the row names, if it names any."""
    if reader.is_rejected or (reader.cell("乡镇") is None and reader.cell("村") is None):
        return not reader.is_rejected
    column = "乡镇" if reader.cell("村") is None else "村"
    try:
        if column == "乡镇":
            return held.township == places.find_township(reader.cell("乡镇"))
        return held.record.village == places.find_village(reader.cell("乡镇"), reader.cell("村"))
    except PlaceFault as fault:
        reader.add(fault.code, fault.part, fault.message, fault.fix)
    except Fault as fault:
        reader.add("E-TEXT", column, fault.message, fault.fix)
    return False


def _visitors(cell: Cell) -> tuple[str, ...] | None:
    names = split_names(text(cell))
    if not names:
        return None
    return tuple(name for item in names if (name := person_name(item, latin=True).value) is not None)


def _finding(cell: Cell, *, concern: Concern) -> VisitFinding | None:
    """正常 or 异常, with what is written beside it."""
    if is_blank(cell):
        return None
    written = text(cell) or ""
    ticked = set(re.findall(r"[☑✓√☒]\s*(正常|异常)", written))
    if len(ticked) > 1:
        raise Fault("正常和异常都打了勾", "请只留一个")
    match = _NORMAL.match(next(iter(ticked), comparable(written).lstrip(_SIGNS)))
    if match is None:
        raise Fault("没有写正常还是异常", "请先写“正常”或“异常”,再写说明")
    if "正常" in written and "异常" in written and not ticked:
        raise Fault("正常和异常都写了", "请只留一个")
    if ticked:
        rest = re.sub(r"[☑✓√☒☐□]|正常|异常", "", written)
    else:
        rest = comparable(written).lstrip(_SIGNS)[match.end() :]
    note = re.sub(rf"^{_MARKS}+|{_MARKS}+$", "", rest)
    return VisitFinding(concern, match["fine"] is not None, note or None)


def _measure(cell: Cell) -> Measure | None:
    written = text(cell)
    if written is None:
        return None
    ticked = re.findall(r"[☑✓√☒]\s*(无|帮扶|强制报告)", written)
    if ticked:
        return Measure(ticked[-1])
    return word(cell, _MEASURES, "、".join(Measure))


def _strangers(
    rows: Iterable[ReadRow[Visit]], rosters: Rosters, townships: Mapping[str, str]
) -> Iterable[Problem]:
    absent: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if not row.is_sound or row.record is None:
            continue
        township = townships.get(row.record.child, "")
        for name in row.record.by:
            if not (rosters.assistants_named(name, township) or rosters.duties_named(name, township)):
                absent[name].append(row.reader.row.number)
    for name, numbers in absent.items():
        message = f"走访人“{name}”不在该乡镇的名册和包联台账中({rows_in_words(numbers)})"
        yield Problem(message, "已导入,请核对", code="N-ROSTER")
