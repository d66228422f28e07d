"""金额 in yuan: digits, grouped or not, with 元 or ¥ around them."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from planner.ledger.cells import Cell, Fault, is_blank, show
from planner.ledger.readings import Reading

_CENT = Decimal("0.01")
_MOST = Decimal(10_000_000)
_NUMBER = re.compile(
    r"(?:人民币|RMB|CNY|¥|¥)?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:元整?|块)?(?:/(?:人)?(?:月|年)|每月|每年)?",
    re.ASCII | re.IGNORECASE,
)
_NONE = frozenset({"无", "没有", "-", "—", "/"})


def amount(cell: Cell) -> Reading[Decimal | None]:
    """The yuan of a cell to the cent, None where it is blank or says 无.

    Raises Fault (E-AMOUNT) for Chinese numerals, words, negative and unbelievable amounts.
    """
    if is_blank(cell):
        return Reading(None)
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise Fault(f"“{show(cell)}”不是金额", "请填阿拉伯数字", "E-AMOUNT")
    if isinstance(cell, str):
        shown = "".join(mark for mark in cell if unicodedata.category(mark) not in ("Cc", "Cf"))
        words = "".join(unicodedata.normalize("NFKC", shown).split()).lstrip("'")
        if words in _NONE:
            return Reading(None)
        match = _NUMBER.fullmatch(words)
        if match is None:
            raise Fault("请填阿拉伯数字", "如1048.87,单位为元", "E-AMOUNT")
        cell = match[1].replace(",", "")
    try:
        value = Decimal(str(cell))
        if not value.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise Fault(f"“{show(cell)}”不是金额", "请填阿拉伯数字", "E-AMOUNT") from None
    if value < 0:
        raise Fault(f"“{show(cell)}”是负数", "请填0或正数", "E-AMOUNT")
    if value > _MOST:
        raise Fault(f"“{show(cell)}”过大", "请核对,单位为元", "E-AMOUNT")
    return Reading(abs(value).quantize(_CENT, ROUND_HALF_UP))  # Excel knows a negative zero
