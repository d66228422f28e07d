"""身份证号: 18 digits with a date and a check digit (GB 11643-1999), and the 15 digits before October 1999.

What type the cell has is judged before any digit: of a number Excel keeps 15 digits and makes the rest 0, and
about one in eleven of these passes the check. The right check digit is never told.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum

from planner.ledger.cells import Cell, Fault, comparable, is_blank, show
from planner.ledger.readings import Reading, Remark
from planner.model.words import Sex


class Holder(StrEnum):
    """Whose number it is: only grown-ups can still have one of 15 digits."""

    CHILD = "child"
    GUARDIAN = "guardian"


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# Digits 1–2: provinces (GB/T 2260), and 81–83, 91 of the permits for Hong Kong, Macau, Taiwan and foreigners.
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
        "91",
    ]
)
NOT_REGISTERED = frozenset(
    {
        "无",
        "没有",
        "暂无",
        "未上户",
        "未落户",
        "未上户口",
        "未办",
        "未办理",
        "无户口",
        "无户籍",
        "无身份证",
        "黑户",
    }
    | {"/", "-", "—", "--", "——", "\\"}
)
_QUOTES = frozenset("'`‘’＇′\"“”")
_LOOK_LIKE_X = str.maketrans("×ΧХхχ", "XXXXX")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+", re.ASCII)
_TEXT_FIX = "请设为“文本”后按户口簿重录"
_CHECK_FIX = "请按户口簿逐位核对"


def id_number(cell: Cell, holder: Holder) -> Reading[str | None]:
    """The 18 digits of a cell; None where there are none (of a child: W-ID-NONE).

    Raises Fault for what is no sound number of that holder.
    """
    if is_blank(cell):
        fix = "未上户的请写“未上户”,并尽快办理户口登记(落户)"
        blank = Remark("W-ID-NONE", "没有填写", fix)
        return Reading(None, (blank,) if holder is Holder.CHILD else ())
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        cell = _digits_of_number(cell)
    if not isinstance(cell, str):
        raise Fault(f"“{show(cell)}”不是身份证号", _TEXT_FIX, "E-ID-CHARS")
    if comparable(cell) in NOT_REGISTERED:
        none = Remark("W-ID-NONE", "没有身份证号", "请尽快办理户口登记(落户),落户后补填")
        return Reading(None, (none,) if holder is Holder.CHILD else ())
    digits, remarks = _cleaned(cell)
    if _SCIENTIFIC.fullmatch(digits):
        raise Fault("科学计数法,后几位已丢失", _TEXT_FIX, "E-ID-NUMERIC")
    if not re.fullmatch(r"\d*X?", digits, re.ASCII):
        raise Fault("含有数字和末位X以外的字符", _CHECK_FIX, "E-ID-CHARS")
    if len(digits) == 15 and digits.isdecimal():
        digits, upgraded = _upgraded(digits, holder)
        remarks.append(upgraded)
    if len(digits) != 18:
        raise Fault(f"是{len(digits)}位,应为18位", _CHECK_FIX, "E-ID-LENGTH")
    if birth_of(digits) is None:
        raise Fault(f"出生日期段“{digits[6:14]}”无效", _CHECK_FIX, "E-ID-DATE")
    if check_digit(digits[:17]) != digits[17]:
        raise Fault("校验位不符,号码有误", _CHECK_FIX, "E-ID-CHECKSUM")
    if digits.endswith("000"):
        message = "末三位都是0,可能曾被存为数值而丢失"
        remarks.append(Remark("W-ID-ZEROS", message, "请按户口簿核对末三位"))
    if digits[:2] not in _PROVINCES:
        message = "前两位不是现行的省级代码"
        remarks.append(Remark("N-ID-PREFIX", message, "请核对;号码前六位不代表现居住地"))
    return Reading(digits, tuple(remarks))


def check_digit(first17: str) -> str:
    """The last character that 17 digits call for (ISO 7064, MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return _CHECKS[total % 11]


def birth_of(number: str) -> date | None:
    """The birthday in an 18-digit number; None where digits 7–14 are no day of 1900–2100."""
    try:
        day = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2100 else None


def sex_of(number: str) -> Sex:
    """The sex that digit 17 of an 18-digit number tells."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def _digits_of_number(number: int | float) -> str:
    """The digits of a numeric cell, if all of them can be there: at most 15. Raises Fault otherwise."""
    if isinstance(number, int) or number.is_integer():
        digits = str(int(number))
        if len(digits) <= 15 and number > 0:
            return digits
        if len(digits) == 18:
            raise Fault("单元格为数值格式,Excel只保留15位,后3位已丢失", _TEXT_FIX, "E-ID-NUMERIC")
    raise Fault("单元格为数值格式,不是身份证号", _TEXT_FIX, "E-ID-NUMERIC")


def _cleaned(cell: str) -> tuple[str, list[Remark]]:
    """The cell without what people and programs put around digits, and a remark where there was any."""
    kept = "".join(
        mark
        for mark in cell
        if not mark.isspace() and mark not in _QUOTES and unicodedata.category(mark) not in ("Cc", "Cf")
    )
    folded = unicodedata.normalize("NFKC", kept)
    digits = folded.translate(_LOOK_LIKE_X)
    if not _SCIENTIFIC.fullmatch(digits):
        digits = digits.upper()
    told = []
    if len(kept) != len(cell):
        told.append("已去除空格及不可见字符")
    if folded != kept:
        told.append("全角字符已转为半角")
    if digits != folded:
        told.append("末位已改为大写X")
    return digits, [Remark("N-ID-CLEANED", ",".join(told))] if told else []


def _upgraded(digits: str, holder: Holder) -> tuple[str, Remark]:
    """18 digits out of 15: the century 19 before the year, the check digit behind."""
    if holder is Holder.CHILD:
        raise Fault("15位号码不适用于1999年10月以后出生的儿童", "请按户口簿填写18位号码", "E-ID-15-CHILD")
    longer = f"{digits[:6]}19{digits[6:]}"
    return longer + check_digit(longer), Remark("W-ID-15-UPGRADED", "15位老号已升为18位", "请核对")
