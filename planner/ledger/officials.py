"""干部名册: who may be given 包联 duties, one row for each cadre (五(三)): level, unit, home village, days in office."""

from __future__ import annotations

from datetime import date
from functools import partial

import networkx as nx

from planner.errors import InputError
from planner.ledger.angles import degrees
from planner.ledger.assistants import village_of
from planner.ledger.cells import Cell, Fault, choice, day, text
from planner.ledger.outcomes import CheckedRows, RowReader
from planner.ledger.person_names import person_name
from planner.ledger.phones import phones
from planner.ledger.places import PlaceFault, Places, places_of
from planner.ledger.row_files import read_rows, skip_repeated
from planner.ledger.tables import Column
from planner.ledger.uploads import Paper
from planner.ledger.word_cells import sex
from planner.model.cadres import Cadre
from planner.model.divisions import Level, at_level
from planner.model.rosters import CadreLevel

COLUMNS = (
    Column("姓名", ("干部姓名",), required=True),
    Column("级别", ("干部级别", "层级"), required=True),
    Column("部门", ("单位", "所在部门", "工作单位")),
    Column("乡镇", ("所在乡镇", "乡镇街道"), fills=True),
    Column("性别"),
    Column("职务"),
    Column("电话", ("联系电话", "手机", "手机号", "手机号码")),
    Column("老家乡镇", ("籍贯乡镇", "户籍乡镇")),
    Column("老家村", ("籍贯村", "户籍村", "老家所在村")),
    Column("任职起", ("任职时间", "任职日期", "起始日期")),
    Column("任职止", ("离任时间", "离任日期", "退休日期", "调离日期", "截止日期")),
    Column("办公地点经度", ("经度",)),
    Column("办公地点纬度", ("纬度",)),
)
_LEVELS = {
    **{str(level): level for level in CadreLevel},
    **{f"{level}干部": level for level in CadreLevel},
    "县级领导": CadreLevel.COUNTY,
    "县领导": CadreLevel.COUNTY,
}
_EAST, _NORTH = (73.0, 136.0), (3.0, 54.0)


def read_officials(
    path: Paper, *, tree: nx.DiGraph, county: str | None = None, sheet: str | None = None
) -> CheckedRows[Cadre]:
    """The cadres of a file, checked row by row. A workplace is told in CGCS2000 degrees (WGS84 is the same to a metre).

    Raises InputError for a faulty file, and where the divisions have several counties and none is named.
    """
    places = places_of(tree, county)
    counties = [county] if county else at_level(tree, Level.COUNTY)
    if len(counties) != 1:
        raise InputError("不知道名册属于哪个县", "用 --county 写明县的代码")
    file = read_rows(
        path,
        COLUMNS,
        partial(_official, places=places, county=counties[0]),
        is_part=places.is_township,
        sheet=sheet,
    )
    skip_repeated(file.rows, lambda item: item.id, "同一单位的同名干部")
    return file.settle()


def _official(reader: RowReader, *, places: Places, county: str) -> Cadre | None:
    name = reader.read("姓名", person_name, "E-NAME-CHARS")
    level = reader.parse("级别", lambda cell: choice(cell, _LEVELS, "、".join(CadreLevel)), "E-TEXT")
    for column in ("姓名", "级别"):
        if reader.cell(column) is None:
            reader.add("E-BLANK", column, "没有填写", f"请填{column}")
    township = _township(reader, places)
    if level is CadreLevel.TOWNSHIP and reader.cell("乡镇") is None:
        reader.add("E-BLANK", "乡镇", "没有填写", "乡镇干部只能包本乡镇的组,请填所在乡镇")
    home = reader.cell("老家村")
    told_day = partial(day, date1904=reader.table.date1904)
    since: date | None = reader.parse("任职起", told_day, "E-DATE-INVALID")
    until: date | None = reader.parse("任职止", told_day, "E-DATE-INVALID")
    lon = reader.parse("办公地点经度", partial(_degrees, within=_EAST), "E-TEXT")
    lat = reader.parse("办公地点纬度", partial(_degrees, within=_NORTH), "E-TEXT")
    cadre_sex = reader.parse("性别", sex, "E-SEX")
    department = reader.parse("部门", text, "E-TEXT")
    title = reader.parse("职务", text, "E-TEXT")
    numbers = reader.read("电话", phones, "W-PHONE") or ()
    home_village = village_of(reader, places, "老家乡镇", "老家村") if home is not None else None
    if reader.is_rejected or name is None or level is None:
        return None
    both = lon is not None and lat is not None
    return Cadre(
        name=name,
        level=level,
        county=county,
        sex=cadre_sex,
        department=department if level is CadreLevel.DEPARTMENT else None,
        township=township if level is CadreLevel.TOWNSHIP else None,
        title=title,
        phones=numbers,
        home_village=home_village,
        lon=lon if both else None,
        lat=lat if both else None,
        since=since,
        until=until,
    )


def _township(reader: RowReader, places: Places) -> str | None:
    if reader.cell("乡镇") is None:
        return None
    try:
        return places.find_township(reader.cell("乡镇"))
    except PlaceFault as fault:
        reader.add(fault.code, "乡镇", fault.message, fault.fix)
    except Fault as fault:
        reader.add("E-TEXT", "乡镇", fault.message, fault.fix)
    return None


def _degrees(cell: Cell, *, within: tuple[float, float]) -> float | None:
    value = degrees(cell)
    if value is not None and not within[0] <= value <= within[1]:
        raise Fault(f"{value:g}不在中国境内的经纬度范围", "请填十进制度数,如105.91和36.98")
    return value
