"""电话: mobile numbers of 11 digits and landlines with their area code, one or several in a cell."""

from __future__ import annotations

import re
import unicodedata

from planner.ledger.cells import Cell, Fault, is_blank, show
from planner.ledger.readings import Reading, Remark

_NONE = frozenset({"无", "没有", "暂无", "/", "-", "—", "无电话"})
_PHONE = re.compile(r"1[3-9]\d{9}|0(?:10|2\d|[3-9]\d{2})\d{7,8}", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)
_FIX = "请填11位手机号,或带区号的固定电话"


def phones(cell: Cell) -> Reading[tuple[str, ...]]:
    """The numbers of a cell, digits only, in order, each once; empty where the cell is blank or says 无.

    Digits that are no whole number are kept as written and told (W-PHONE). Raises Fault for a cell of
    another type.
    """
    if is_blank(cell):
        return Reading(())
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise Fault(f"“{show(cell)}”不是电话号码", _FIX, "E-PHONE")
    if isinstance(cell, int | float):
        if not float(cell).is_integer() or cell < 0:
            raise Fault(f"“{show(cell)}”不是电话号码", _FIX, "E-PHONE")
        cell = str(int(cell))
    words = _folded(cell)
    if words in _NONE:
        return Reading(())
    if _SCIENTIFIC.fullmatch(words):
        return Reading((), (Remark("W-PHONE", "是科学计数法,末几位已丢失,没有采用", _FIX),))
    pieces = [piece for part in re.split(r"[^\d\s.()+-]+", words) for piece in _pieces(part)]
    found = tuple(dict.fromkeys(pieces))
    if not found:
        return Reading((), (Remark("W-PHONE", f"“{show(cell)}”里没有电话号码", _FIX),))
    odd = [piece for piece in found if not _PHONE.fullmatch(piece)]
    told = "、".join(f"{len(piece)}位" for piece in odd)
    return Reading(found, (Remark("W-PHONE", f"电话位数不对({told})", _FIX),) if odd else ())


def _folded(cell: str) -> str:
    shown = "".join(mark for mark in cell if unicodedata.category(mark) != "Cf")
    folded = unicodedata.normalize("NFKC", shown).strip().lstrip("'`‘’")
    return re.sub(r"[—–‐−‑]", "-", re.sub(r"\.0+$", "", folded))


def _pieces(part: str) -> list[str]:
    """The numbers of a stretch of digits, spaces and hyphens: as one number if it is one, else parted."""
    whole = _digits(part)
    if not whole:
        return []
    if _PHONE.fullmatch(whole):
        return [whole]
    spaced = [digits for item in part.split() if (digits := _digits(item))]
    if len(spaced) > 1 and all(_PHONE.fullmatch(item) for item in spaced):
        return spaced
    if len(whole) > 12:
        parted = _PHONE.findall(whole)
        if "".join(parted) == whole:
            return parted
    return [whole]


def _digits(part: str) -> str:
    digits = re.sub(r"\D", "", part)
    bare = digits.removeprefix("0086").removeprefix("86") if part.strip()[:1] in "+08" else digits
    return bare if _PHONE.fullmatch(bare) and bare != digits else digits
