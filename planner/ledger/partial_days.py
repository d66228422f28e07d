"""Days as papers give them: a day, or a month alone, for which no day is invented.

Text with year, month and day in any usual marks, 20120305, 二〇一二年三月五日, date cells, and serials of either
date system of Excel.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from planner.ledger.cells import Cell, Fault, day, is_blank, show
from planner.ledger.readings import Reading, Remark


@dataclass(frozen=True)
class PartialDay:
    """A day, or the month (2012-03) where the paper says no more; exactly one of the two."""

    day: date | None = None
    month: str | None = None

    @property
    def text(self) -> str:
        """2012-03-05 or 2012-03."""
        return self.day.isoformat() if self.day else self.month or ""

    @property
    def first(self) -> date:
        """The first day that it can be."""
        return self.day or date.fromisoformat(f"{self.month}-01")


_MONTH = re.compile(r"(\d{4})\s*(?:年|[-./])\s*(\d{1,2})\s*(?:月(?:份)?)?", re.ASCII)
_PACKED_MONTH = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])", re.ASCII)
_TWO_DIGIT_YEAR = re.compile(r"\d{2}\s*年.*", re.ASCII)
_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_BELOW_HUNDRED = "([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_CHINESE = re.compile(rf"([〇零○一二三四五六七八九]{{4}})年{_BELOW_HUNDRED}月(?:{_BELOW_HUNDRED}日?)?")


def partial_day(cell: Cell, *, date1904: bool = False) -> Reading[PartialDay | None]:
    """The day or month of a cell, None where it is blank; a month alone is told (W-DATE-MONTH).

    Raises Fault for what is ambiguous (E-DATE-AMBIGUOUS) or no day (E-DATE-INVALID).
    """
    if is_blank(cell):
        return Reading(None)
    if (month := _month(cell)) is not None:
        return Reading(
            PartialDay(month=month), (Remark("W-DATE-MONTH", "只写到月,按月登记", "请补全年月日"),)
        )
    if isinstance(cell, str):
        cell = _in_digits(cell)
        if _TWO_DIGIT_YEAR.fullmatch(cell.strip()):
            raise Fault(f"“{show(cell)}”有歧义", "年份请写四位,如2012-03-05", "E-DATE-AMBIGUOUS")
    found = day(cell, date1904=date1904)
    return Reading(None if found is None else PartialDay(found))


def birthday(cell: Cell, *, date1904: bool = False) -> Reading[PartialDay | None]:
    """As `partial_day`, with the codes of 出生日期: E-DOB-INVALID, E-DOB-AMBIGUOUS, W-DOB-MONTH."""
    try:
        reading = partial_day(cell, date1904=date1904)
    except Fault as fault:
        raise Fault(fault.message, fault.fix, _DOB_CODES.get(fault.code, "E-DOB-INVALID")) from fault
    remarks = tuple(Remark(_DOB_CODES[item.code], item.message, item.fix) for item in reading.remarks)
    return Reading(reading.value, remarks)


_DOB_CODES = {
    "E-DATE-INVALID": "E-DOB-INVALID",
    "E-DATE-AMBIGUOUS": "E-DOB-AMBIGUOUS",
    "E-DATE-NO-DAY": "E-DOB-INVALID",
    "W-DATE-MONTH": "W-DOB-MONTH",
}


def _month(cell: Cell) -> str | None:
    """2012-03 for a cell that names a month and no day; None for any other cell."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    if isinstance(cell, float) and not cell.is_integer():
        return _month_of_fraction(cell)
    words = _in_digits(str(int(cell)) if isinstance(cell, float) else str(cell)).strip()
    match = _PACKED_MONTH.fullmatch(words) or (_MONTH.fullmatch(words) if isinstance(cell, str) else None)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    if not 1 <= month <= 12:
        raise Fault(f"月份{month}无效", "请核对", "E-DATE-INVALID")
    if not 1900 <= year <= 2100:
        raise Fault(f"“{show(cell)}”的年份不合理", "请核对", "E-DATE-INVALID")
    return f"{year}-{month:02}"


def _month_of_fraction(number: float) -> str | None:
    """The month of a number such as 2012.3, which Excel makes of a month typed with a dot.

    2012.1 may have been 2012.1 or 2012.10. Numbers with a time of day (40973.5) are no months.
    """
    match = re.fullmatch(r"((?:19|20)\d{2})\.(\d{1,2})", str(number))
    if match is None:
        return None
    if match[2] == "1":
        raise Fault(f"“{match[0]}”有歧义,是1月还是10月", "请写成2012年10月或2012-10-05", "E-DATE-AMBIGUOUS")
    if not 1 <= int(match[2]) <= 12:
        raise Fault(f"月份{int(match[2])}无效", "请核对", "E-DATE-INVALID")
    return f"{match[1]}-{int(match[2]):02}"


def _in_digits(words: str) -> str:
    """Text with invisible characters gone, full-width digits and Chinese numerals made ASCII digits."""
    shown = "".join(mark for mark in words if unicodedata.category(mark) not in ("Cc", "Cf"))
    folded = unicodedata.normalize("NFKC", shown)
    match = _CHINESE.fullmatch("".join(folded.split()))
    if match is None:
        return folded
    tail = f"{_below_hundred(match[3])}日" if match[3] else ""
    return f"{match[1].translate(_NUMERALS)}年{_below_hundred(match[2])}月{tail}"


def _below_hundred(numeral: str) -> int:
    """三 → 3, 十二 → 12, 三十一 → 31."""
    tens, ten, ones = numeral.rpartition("十") if "十" in numeral else ("", "", numeral)
    value = int(ones.translate(_NUMERALS)) if ones else 0
    return value + (10 * (int(tens.translate(_NUMERALS)) if tens else 1) if ten else 0)
