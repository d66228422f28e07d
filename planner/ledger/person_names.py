"""姓名: Chinese characters and the middle dot, kept as written.

Compatibility folding (NFKC) would change rare characters, so it is only ever used to compare. A name in the
household register is in Chinese characters; of grown-ups Latin letters pass, too (a mother from abroad).
"""

from __future__ import annotations

import re
import unicodedata

from planner.ledger.cells import Cell, Fault, is_blank, show
from planner.ledger.readings import Reading, Remark

_LONGEST = 40
_DOTS = "·•・‧∙⋅．"
# Unified ideographs with all extensions, compatibility ideographs, 〇.
_HAN = "〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_NAME = re.compile(rf"[{_HAN}]+(?:[{_DOTS}][{_HAN}]+)*")
_LATIN_NAME = re.compile(
    rf"[{_HAN}A-Za-zÀ-ÖØ-öø-ÿĀ-ɏḀ-ỿ]+(?:[{_DOTS}. '’-]+[{_HAN}A-Za-zÀ-ÖØ-öø-ÿĀ-ɏḀ-ỿ]+)*\.?"
)


def person_name(cell: Cell, *, latin: bool = False) -> Reading[str | None]:
    """The name of a person, None where the cell is blank.

    Spaces that only set two characters apart are left out and told. Raises Fault for characters of private
    use (E-NAME-PUA) and for any that no name has (E-NAME-CHARS), digits, brackets and markup among them.
    """
    if is_blank(cell):
        return Reading(None)
    if not isinstance(cell, str):
        raise Fault(f"“{show(cell)}”不是姓名", "请填姓名", "E-NAME-CHARS")
    shown = "".join(mark for mark in cell if unicodedata.category(mark) not in ("Cc", "Cf")).strip()
    if any(unicodedata.category(mark) == "Co" for mark in shown):
        raise Fault("含有自造字或无法识别的字", "请用规范字", "E-NAME-PUA")
    closed = "".join(shown.split())
    if _NAME.fullmatch(closed):
        name = closed
    elif latin and _LATIN_NAME.fullmatch(shown):
        name = shown
    else:
        raise Fault("含有不允许的字符", "姓名只能有汉字和间隔号“·”,其他说明请写在备注", "E-NAME-CHARS")
    if len(name) > _LONGEST:
        raise Fault(f"超过{_LONGEST}个字", "请只填姓名", "E-NAME-CHARS")
    remarks = []
    if name != cell.strip():
        remarks.append(Remark("N-NAME-SPACES", "已去除姓名中的空格及不可见字符"))
    if len(name) == 1:
        remarks.append(Remark("W-NAME-SHORT", "只有一个字", "请核对姓名是否完整"))
    return Reading(name, tuple(remarks))
