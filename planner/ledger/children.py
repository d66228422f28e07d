"""困境儿童台账: every row read, checked and given its fate; sound rows are taken although others are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import networkx as nx

from planner.errors import InputError, Problem
from planner.ledger.child_columns import COLUMNS
from planner.ledger.child_rows import ChildRow, Setting, read_child
from planner.ledger.filing import declared_count, filing_day, filing_unit, only_day
from planner.ledger.held_files import compare_held, compare_rows
from planner.ledger.home_points import Point, home_points
from planner.ledger.outcomes import (
    CheckedRows,
    RowOutcome,
    RowReader,
    in_order,
    judged,
    sheet_shapes,
    skipped_rows,
)
from planner.ledger.places import Places, places_of
from planner.ledger.readings import Reading
from planner.ledger.roster_match import RosterMatch
from planner.ledger.tables import Table, read_tables
from planner.ledger.uploads import Paper
from planner.model.children import ChildRecord, Held
from planner.model.divisions import Level, at_level, children
from planner.model.rosters import Rosters
from planner.plugin import Progress
from planner.policy.rules import RuleSet

_REPORTED_EACH = 250  # rows, or more where there are very many


@dataclass(frozen=True)
class ChildOutcome(RowOutcome[ChildRecord]):
    """A row of the ledger. `township` (9 digits) holds the file; `previous_key` is the key under which the
    workspace holds a child whose ID number is new to it."""

    township: str | None = None
    previous_key: str | None = None


@dataclass(frozen=True)
class CheckedLedger(CheckedRows[ChildRecord]):
    """A ledger, the day it speaks of, and the county (6 digits) where it is known."""

    rows: tuple[ChildOutcome, ...]
    as_of: date
    county: str | None


def read_children(
    path: Paper,
    *,
    tree: nx.DiGraph,
    rosters: Rosters | None = None,
    holders: Mapping[str, Held] | None = None,
    as_of: date | None = None,
    otherwise: date | None = None,
    rules: RuleSet,
    sheet: str | None = None,
    county: str | None = None,
    crs: str | None = None,
    report: Callable[[Progress], None] = lambda progress: None,
) -> CheckedLedger:
    """The 困境儿童台账 of a file, checked row by row.

    `tree` holds the known divisions, `rosters` the known 协理员 and duties (None: not compared), `holders`
    what the workspace holds by the key of the child. `as_of` goes before the file's 填报日期,
    `otherwise` stands in where it has none. `sheet` names the only sheet to read, `county` the county where neither the tree nor the file tells it, `crs` the
    coordinate system where the file has no column for it. Raises InputError for a faulty file.
    """
    everywhere = places_of(tree, county)
    tables, said = read_tables(path, COLUMNS, is_part=everywhere.is_township, sheet=sheet)
    day, said_of_day = filing_day(tables, as_of, otherwise=otherwise)
    home = county or _county_of(tables, everywhere)
    places = everywhere if home == county else places_of(tree, home)
    several = len(tables) > 1
    points, without_crs = home_points(tables, crs=crs)
    rows = _read_rows(tables, Setting(places, day, rules), points, several_sheets=several, report=report)
    compare_rows(rows, several_sheets=several)
    joined = compare_held(rows, holders or {}, places, day)
    notices = [Problem(message, code="N-FILE") for message in (*said, *said_of_day)]
    notices += _table_notices(tables, several_sheets=several)
    if without_crs:
        fix = "请加“坐标系”一列,或用 --crs 指定(WGS84、CGCS2000、GCJ-02、BD-09)后重新导入"
        message = f"{without_crs}行有坐标但没有说明坐标系,这些坐标没有采用"
        notices.append(Problem(message, fix, code="N-CRS-UNNAMED"))
    if rosters is not None:
        notices += _compare_rosters(rows, rosters, places)
    outcomes = [
        _outcome(row.reader.settle(row.record), row.township, joined.get(index))
        for index, row in enumerate(rows)
    ]
    for table in tables:
        outcomes += map(_outcome, skipped_rows(table, sheet=table.sheet if several else None))
    return CheckedLedger(
        file=tables[0].file,
        rows=in_order(tables, outcomes),
        notices=tuple(notices),
        sheets=sheet_shapes(tables),
        filed=only_day(tables),
        sha256=tables[0].sha256,
        as_of=day,
        county=home,
    )


def _read_rows(
    tables: Sequence[Table],
    setting: Setting,
    points: Mapping[tuple[int, int], Reading[Point | None]],
    *,
    several_sheets: bool,
    report: Callable[[Progress], None],
) -> list[ChildRow]:
    total = sum(len(table.rows) for table in tables)
    step = max(_REPORTED_EACH, total // 20)
    rows: list[ChildRow] = []
    for index, table in enumerate(tables):
        for row in table.rows:
            if len(rows) % step == 0:
                report(Progress(f"核对台账,第{len(rows)}行,共{total}行", len(rows) / total))
            reader = RowReader(table, row, sheet=table.sheet if several_sheets else None)
            rows.append(read_child(reader, setting, points.get((index, row.number))))
    return rows


def _outcome(
    row: RowOutcome[ChildRecord], township: str | None = None, previous_key: str | None = None
) -> ChildOutcome:
    return ChildOutcome(row.sheet, row.row, row.outcome, row.findings, row.record, township, previous_key)


def _county_of(tables: Sequence[Table], places: Places) -> str | None:
    """The county of a ledger: the only one that is known, that of 填报单位, or that of most townships named.

    None where no township is known at all. Raises InputError where two counties are named equally often.
    """
    tree = places.tree
    known = [code for code in at_level(tree, Level.COUNTY) if children(tree, code)]
    if len(known) <= 1:
        return known[0] if known else None
    for table in tables:
        named = places.counties_named(filing_unit(table))
        if len(named) == 1:
            return named.pop()
    votes = Counter(_named_counties(tables, places)).most_common(2)
    if not votes:
        return None
    if len(votes) > 1 and votes[0][1] == votes[1][1]:
        counties = "、".join(places.name(code) for code, _ in votes)
        raise InputError(
            f"认不出这是哪个县的台账({counties})", "请在“填报单位”写明县名,或用 --county 指定县代码"
        )
    return votes[0][0]


def _named_counties(tables: Sequence[Table], places: Places) -> Iterable[str]:
    for table in tables:
        for row in table.rows:
            for column in ("户籍乡镇", "居住乡镇"):
                cell = row.cells.get(column)
                if isinstance(cell, str) and len(named := places.counties_named(cell)) == 1:
                    yield named.pop()


def _table_notices(tables: Sequence[Table], *, several_sheets: bool) -> Iterable[Problem]:
    for table in tables:
        sheet = table.sheet if several_sheets else None
        yield from (Problem(notice, sheet=sheet, code="N-FILE") for notice in table.notices)
        declared = declared_count(table)
        if declared is not None and table.total is not None and declared != len(table.rows):
            message = f"合计行写的是{declared}人,读到{len(table.rows)}行"
            yield Problem(message, "请核对是否有漏行", row=table.total.number, sheet=sheet, code="N-TOTAL")


def _compare_rosters(rows: Sequence[ChildRow], rosters: Rosters, places: Places) -> Iterable[Problem]:
    match = RosterMatch(rosters)
    townships = {row.township: places.name(row.township) for row in rows if row.township}
    for row in rows:
        if row.record is not None and row.township and not row.reader.is_skipped:
            match.compare(row.reader, row.record, row.township)
    return list(match.notices(townships))


def refuse_elsewhere(checked: CheckedLedger, townships: Mapping[str, str]) -> CheckedLedger:
    """`checked` with the rows refused whose child another township holds: its name by the key of the child.

    For whoever may not see the other township's files, and so could not hand them to `read_children`.
    """

    def judge(row: RowOutcome[ChildRecord]) -> Problem | None:
        township = townships.get(row.record.key) if row.record is not None else None
        if township is None:
            return None
        message = f"该儿童的档案由{township}管理"
        return Problem(message, "请用“跨乡镇转接”", column="身份证号", code="E-HELD-ELSEWHERE")

    return judged(checked, judge)
