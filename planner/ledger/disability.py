"""残疾证: 20 digits of the 二代证: the ID number, the kind (1–7), the grade (1–4); B1, B2 … where reissued."""

from __future__ import annotations

import re
from dataclasses import dataclass

from planner.ledger.cells import Cell, Fault, comparable, is_blank, show
from planner.ledger.id_numbers import birth_of, check_digit
from planner.ledger.readings import Reading, Remark
from planner.ledger.word_cells import word
from planner.model.words import DisabilityKind

_KINDS = tuple(DisabilityKind)
_KIND_WORDS = {
    word: kind
    for number, kind in enumerate(_KINDS, start=1)
    for word in (str(kind), f"{kind}残疾", str(number))
}
_GRADE_WORDS = {
    comparable(word): grade
    for grade, (chinese, roman) in enumerate(zip("一二三四", "ⅠⅡⅢⅣ", strict=True), start=1)
    for word in (chinese, f"{chinese}级", str(grade), f"{grade}级", roman, f"{roman}级")
}
_WITHOUT = frozenset({"无", "没有", "暂无", "未办", "未办证", "未办理", "办理中", "正在办理", "/", "-", "—"})
_CERTIFICATE = re.compile(r"(\d{17}[\dX])([1-7])([1-4])(?:B(\d))?", re.ASCII)
_FIX = "残疾人证号为20位:身份证号18位+类别1位+等级1位"


@dataclass(frozen=True)
class Certificate:
    """A 二代证. `number` has 20 digits, the first 18 the ID number."""

    number: str
    id_number: str
    kind: DisabilityKind
    grade: int
    reissued: int | None


def certificate(cell: Cell) -> Reading[Certificate | None]:
    """The certificate of a cell; None where it is blank or says that there is none.

    Raises Fault for a numeric cell (E-CERT-NUMERIC) and for what is no certificate number (E-CERT-NUMBER).
    """
    if is_blank(cell):
        return Reading(None)
    if not isinstance(cell, str):
        raise Fault("单元格为数值格式,末几位已丢失", "请设为“文本”后按残疾人证重录", "E-CERT-NUMERIC")
    folded = comparable("".join(mark for mark in cell if mark.isprintable())).strip("'`‘’").upper()
    if folded.casefold() in _WITHOUT:
        return Reading(None)
    if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", folded, re.ASCII):
        raise Fault("科学计数法,后几位已丢失", "请设为“文本”后按残疾人证重录", "E-CERT-NUMERIC")
    match = _CERTIFICATE.fullmatch(folded)
    if match is None:
        digits = len(re.sub(r"B\d?$", "", folded))
        raise Fault(f"不是残疾人证号({digits}位)", _FIX, "E-CERT-NUMBER")
    number = match[1]
    if birth_of(number) is None or check_digit(number[:17]) != number[17]:
        raise Fault("前18位不是有效的身份证号", _FIX, "E-CERT-NUMBER")
    remarks = [] if folded == cell else [Remark("N-CERT-CLEANED", "已去除空格及不可见字符")]
    reissued = int(match[4]) if match[4] else None
    kind = _KINDS[int(match[2]) - 1]
    return Reading(Certificate(folded[:20], number, kind, int(match[3]), reissued), tuple(remarks))


def disability_kind(cell: Cell) -> DisabilityKind | None:
    """残疾类别 by name or number; several at once are 多重."""
    if is_blank(cell) or comparable(str(cell)) in _WITHOUT:
        return None
    return word(cell, _KIND_WORDS, "、".join(DisabilityKind))


def disability_grade(cell: Cell) -> int | None:
    """残疾等级 1–4."""
    if is_blank(cell) or comparable(str(cell)) in _WITHOUT:
        return None
    if isinstance(cell, bool):
        raise Fault(f"“{show(cell)}”不是残疾等级", "可填:一级、二级、三级、四级")
    return word(cell, _GRADE_WORDS, "一级、二级、三级、四级")
