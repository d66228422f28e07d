"""The rows of a ledger against each other, and against the files that the workspace holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from planner.ledger.cells import comparable
from planner.ledger.child_rows import ChildRow
from planner.ledger.outcomes import UNCHANGED
from planner.ledger.places import Places
from planner.model.children import Held


def compare_rows(rows: Sequence[ChildRow], *, several_sheets: bool) -> None:
    """Tell of each child that comes again: the same row is left out, another one is refused.

    The later row is the one at fault; both are named. A row refused for other reasons makes way for one of
    the same name.
    """
    seen: dict[str, ChildRow] = {}
    for row in rows:
        key = row.number or (row.record.key if row.record else None)
        if key is None:
            continue
        first = seen.setdefault(key, row)
        if first is row:
            continue
        place = _place(first, several_sheets=several_sheets)
        if row.name and first.name and comparable(row.name) != comparable(first.name):
            message = f"与{place}“{first.name}”的身份证号相同,姓名却是“{row.name}”"
            row.reader.add("E-ID-TWICE", "身份证号", message, "请核对这两行,各填本人的身份证号")
        elif first.reader.is_rejected or first.record is None:
            seen[key] = row
        elif row.record is not None and row.record.says_as(first.record):
            row.reader.add("S-SAME-ROW", None, f"与{place}完全相同,只取一次")
        elif row.record is not None:
            message = f"与{place}是同一儿童,内容不同"
            row.reader.add("E-CHILD-TWICE", "姓名", message, "请只留一行")


def compare_held(
    rows: Sequence[ChildRow], holders: Mapping[str, Held], places: Places, as_of: date
) -> dict[int, str]:
    """Tell of each row whether it may change the file that is held; by index, the key of a file that is joined.

    Of a file of another township only the township is told.
    """
    joined: dict[int, str] = {}
    with_number = {
        held.record.key_without_id: held
        for held in holders.values()
        if held.record.id_number is not None and held.closed is None
    }
    for index, row in enumerate(rows):
        record, reader = row.record, row.reader
        if record is None or reader.is_rejected or reader.is_skipped:
            continue
        held = holders.get(record.key)
        if held is not None and held.closed is not None:
            if as_of < held.closed:
                message = f"填报日期{as_of.isoformat()}早于该档案关闭的日期({held.closed.isoformat()})"
                reader.add("E-AS-OF-OLD", None, message, "请用更新的台账,或核对填报日期")
            continue
        if held is None and record.id_number is not None:
            held = holders.get(record.key_without_id)
            if held is not None and held.closed is not None:
                held = None
            if held is not None and held.township == row.township:
                joined[index] = record.key_without_id
                reader.add(
                    "W-ID-ARRIVED", "身份证号", "原按没有身份证号建档,现并入该档案", "请核对是否同一儿童"
                )
        elif held is None:
            held = with_number.get(record.key_without_id)
            if held is not None and held.township == row.township:
                message = "该儿童的档案已有身份证号,这里却没有"
                reader.add("E-ID-KNOWN", "身份证号", message, "请填写身份证号")
                continue
        if held is None:
            continue
        if held.township != row.township:
            message = f"该儿童的档案由{places.name(held.township)}管理"
            reader.add("E-HELD-ELSEWHERE", "身份证号", message, "请用“跨乡镇转接”")
        elif as_of < held.as_of:
            message = f"填报日期{as_of.isoformat()}早于该档案的最新版本({held.as_of.isoformat()})"
            reader.add("E-AS-OF-OLD", None, message, "请用更新的台账,或核对填报日期")
        elif held.record.says_as(record):
            reader.add(UNCHANGED, None, "与已有档案相同,没有变化")
    return joined


def _place(row: ChildRow, *, several_sheets: bool) -> str:
    sheet = f"工作表“{row.reader.table.sheet}”" if several_sheets else ""
    return f"{sheet}第{row.reader.row.number}行"
