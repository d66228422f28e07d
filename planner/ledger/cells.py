"""What a single cell means: text, number, day, code or word of a list, or a Fault that says what to do.

Every reader takes the cell as the file holds it and returns None for a blank one.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import TypeVar

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from planner.model.days import FIRST_DAY, LAST_DAY
from planner.model.divisions import is_code
from planner.model.names import comparable as comparable

Cell = str | int | float | bool | datetime | date | time | timedelta | None
Value = TypeVar("Value")
Parser = Callable[[Cell], Value | None]

_LONGEST_SHOWN = 30
_MOST = 1_000_000
_EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}
_DAY = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?",
    re.ASCII,
)
_PACKED_DAY = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
_MONTH = re.compile(r"\d{4}\s*(?:[-./]\s*\d{1,2}|年\s*(?:\d{1,2}\s*月?)?)?", re.ASCII)
_TWO_DIGIT_YEAR = re.compile(r"\d{1,2}\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{1,4}", re.ASCII)
# A bare number is a serial day only in this range: 2019 is a year, not a day of 1905.
_FIRST_SERIAL_DAY = date(1949, 10, 1)


class Fault(Exception):  # noqa: N818 - a finding about one cell, told on as a Problem
    """A cell that cannot be used: what is wrong and what to do; `code` is its stable name, if it has one."""

    def __init__(self, message: str, fix: str, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.code = code


def show(cell: Cell) -> str:
    """The cell as a message quotes it: one line, at most 30 characters."""
    if isinstance(cell, datetime):
        cell = cell.date()
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    text = "".join(mark for mark in text if unicodedata.category(mark) not in ("Cc", "Cf", "Cs")).strip()
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def is_blank(cell: Cell) -> bool:
    """Whether nothing is written in the cell: empty, or only spaces and invisible characters."""
    return cell is None or (isinstance(cell, str) and not _visible(cell))


def text(cell: Cell) -> str | None:
    """The words of a cell as written, without surrounding spaces and invisible characters."""
    if is_blank(cell):
        return None
    if isinstance(cell, str):
        words = _visible(cell)
        if words in _EXCEL_ERRORS:
            raise Fault(f"单元格是错误值“{words}”", "请改为文字或数字")
        if any(unicodedata.category(mark) == "Cs" for mark in words):
            raise Fault("含有无效字符", "请重新录入这一格")
        return words
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def prose(cell: Cell) -> str | None:
    """As `text` for free text, which may have several lines."""
    if not isinstance(cell, str):
        return text(cell)
    lines = [text(line) or "" for line in cell.splitlines()]
    return "\n".join(lines).strip() or None


def whole_number(cell: Cell) -> int | None:
    """A count: a whole number from 0 to a million."""
    if is_blank(cell):
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise Fault(f"“{show(cell)}”不是整数", "请填数字")
    if isinstance(cell, str):
        digits = unicodedata.normalize("NFKC", _visible(cell))
        if re.fullmatch(r"-\d+(\.\d+)?", digits, re.ASCII):
            raise Fault(f"“{show(cell)}”是负数", "请填0或正整数")
        if re.fullmatch(r"\d{1,3}(,\d{3})+", digits, re.ASCII):
            digits = digits.replace(",", "")
        if not re.fullmatch(r"\d{1,15}(\.0+)?", digits, re.ASCII):
            raise Fault(f"“{show(cell)}”不是整数", "请填数字")
        cell = float(digits)
    if isinstance(cell, float) and not cell.is_integer():
        raise Fault(f"“{show(cell)}”不是整数", "请填数字")
    if cell < 0:
        raise Fault(f"“{show(cell)}”是负数", "请填0或正整数")
    if cell > _MOST:
        raise Fault(f"“{show(cell)}”过大", f"请核对,不应超过{_MOST}")
    return int(cell)


def day(cell: Cell, *, date1904: bool = False) -> date | None:
    """A calendar day: a date cell, a serial of the book's date system, or text with year, month and day.

    A month alone (E-DATE-NO-DAY), a two-digit year (E-DATE-AMBIGUOUS) and an impossible day
    (E-DATE-INVALID) are faults: no day is invented.
    """
    if is_blank(cell):
        return None
    if isinstance(cell, datetime):
        return _plausible(cell.date(), cell)
    if isinstance(cell, date):
        return _plausible(cell, cell)
    if isinstance(cell, bool | time | timedelta):
        raise Fault(f"“{show(cell)}”不是日期", "请按2012-03-05的样式填写", "E-DATE-INVALID")
    if isinstance(cell, int | float):
        return _day_of_number(cell, date1904=date1904)
    words = unicodedata.normalize("NFKC", _visible(str(cell)))
    if match := _DAY.fullmatch(words) or _PACKED_DAY.fullmatch(words):
        return _day_of_parts(cell, *(int(part) for part in match.groups()))
    if re.fullmatch(r"\d{5}", words, re.ASCII):
        return _day_of_number(int(words), date1904=date1904)
    if _MONTH.fullmatch(words):
        raise Fault(f"“{show(cell)}”没有写到日", "请补全年月日,如2012-03-05", "E-DATE-NO-DAY")
    if _TWO_DIGIT_YEAR.fullmatch(words):
        raise Fault(f"“{show(cell)}”有歧义", "年份请写四位,如2012-03-05", "E-DATE-AMBIGUOUS")
    raise Fault(f"“{show(cell)}”不是日期", "请按2012-03-05的样式填写", "E-DATE-INVALID")


def division_code(cell: Cell) -> str | None:
    """A division code as text, whether the file holds it as text or as a number."""
    if is_blank(cell):
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise Fault(f"“{show(cell)}”不是区划代码", "请填数字代码")
    if isinstance(cell, float):
        if not cell.is_integer():
            raise Fault(f"“{show(cell)}”不是区划代码", "请设为“文本”后重填")
        cell = int(cell)
    digits = comparable(_visible(str(cell))).lstrip("'`").translate(_HYPHENS)
    if re.fullmatch(r"\d(\.\d+)?e\+?\d+", digits, re.ASCII):
        raise Fault(f"“{show(cell)}”是科学计数法,末几位已丢失", "请把该列设为“文本”后重填")
    digits = re.sub(r"\.0+$", "", digits)
    if not is_code(digits):
        raise Fault(f"“{show(cell)}”不是区划代码", "代码应为2、4、6、9或12位数字")
    return digits


def unpadded(code: str) -> str:
    """A code without the zeros that pad an upper level, e.g. 640500000000 → 6405.

    No division is numbered 00 or 000, so that nothing else can be meant.
    """
    for shorter, longer in ((9, 12), (6, 9), (4, 6), (2, 4)):
        if len(code) == longer and set(code[shorter:]) == {"0"}:
            code = code[:shorter]
    return code


def choice(cell: Cell, words: Mapping[str, Value], offered: str) -> Value | None:
    """The value that a word of a list stands for; `offered` names the list in the fix."""
    written = text(cell)
    if written is None:
        return None
    if (found := words.get(comparable(written))) is not None:
        return found
    close = get_close_matches(comparable(written), words, n=1)
    hint = f"是否为“{close[0]}”?" if close else ""
    raise Fault(f"“{show(cell)}”不在可选范围内", f"{hint}可填:{offered}")


_HYPHENS = str.maketrans("—–‐−_", "-----")


def _visible(words: str) -> str:
    if words.isprintable():  # the usual case, and fast
        return words.strip()
    return "".join(mark for mark in words if unicodedata.category(mark) not in ("Cc", "Cf")).strip()


def _day_of_number(number: float, *, date1904: bool) -> date:
    if match := _PACKED_DAY.fullmatch(str(number)):
        return _day_of_parts(number, *(int(part) for part in match.groups()))
    try:
        found = from_excel(number, CALENDAR_MAC_1904 if date1904 else CALENDAR_WINDOWS_1900)
    except (OverflowError, ValueError):
        found = None
    if not isinstance(found, datetime) or not _FIRST_SERIAL_DAY <= found.date() <= LAST_DAY:
        raise Fault(f"“{show(number)}”不是日期", "请按2012-03-05的样式填写年月日", "E-DATE-INVALID")
    return found.date()


def _day_of_parts(cell: Cell, year: int, month: int, day_of_month: int) -> date:
    if not 1 <= month <= 12:
        raise Fault(f"“{show(cell)}”不是有效日期:月份{month}无效", "请核对", "E-DATE-INVALID")
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise Fault(f"“{show(cell)}”的年份不合理", "请核对", "E-DATE-INVALID")
    if not 1 <= day_of_month <= monthrange(year, month)[1]:
        message = f"“{show(cell)}”不是有效日期:{month}月没有{day_of_month}日"
        raise Fault(message, "请核对", "E-DATE-INVALID")
    return date(year, month, day_of_month)


def _plausible(found: date, cell: Cell) -> date:
    if not FIRST_DAY <= found <= LAST_DAY:
        raise Fault(f"“{show(cell)}”的年份不合理", "请核对", "E-DATE-INVALID")
    return found
