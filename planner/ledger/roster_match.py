"""The officers that a ledger names, compared with the rosters by name and township."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from planner.errors import Problem
from planner.ledger.outcomes import RowReader
from planner.ledger.tally import rows_in_words
from planner.model.children import ChildRecord
from planner.model.rosters import Assistant, CadreLevel, Duty, Rosters

Officer = Assistant | Duty

_LEVELS = {
    "包村干部": (CadreLevel.DEPARTMENT, CadreLevel.TOWNSHIP),
    "包联领导": (CadreLevel.COUNTY, CadreLevel.DEPARTMENT),
}


class RosterMatch:
    """Compares row by row and keeps the names that no roster has, for one notice each."""

    def __init__(self, rosters: Rosters) -> None:
        self._rosters = rosters
        self._absent: dict[tuple[str, str, str], list[tuple[str | None, int]]] = defaultdict(list)

    def compare(self, reader: RowReader, record: ChildRecord, township: str) -> None:
        """Ask (W-ROSTER-TWO) where a name means two persons of the township; note where it means none."""
        told = (
            ("民政协理员", record.assistant),
            ("包村干部", record.village_cadre),
            ("包联领导", record.leader),
        )
        for role, names in told:
            for name in split_names(names):
                found = self._named(role, name, township)
                here = [item for item in found if item.village == record.residence] or found
                if not found:
                    self._absent[role, name, township].append((reader.table.sheet, reader.row.number))
                elif len({_person(item) for item in here}) > 1:
                    message = f"“{name}”在该乡镇名册中有{len({_person(item) for item in here})}人"
                    reader.add("W-ROSTER-TWO", role, message, "请在备注写明电话或所在村,或补全名册")

    def notices(self, township_name: dict[str, str]) -> Iterator[Problem]:
        """One notice of the file for each name that is in no roster of its township."""
        for (role, name, township), places in self._absent.items():
            by_sheet: dict[str | None, list[int]] = defaultdict(list)
            for sheet, number in places:
                by_sheet[sheet].append(number)
            rows = ";".join(
                f"{f'工作表“{sheet}”' if sheet and len(by_sheet) > 1 else ''}{rows_in_words(numbers)}"
                for sheet, numbers in by_sheet.items()
            )
            message = f"{role}“{name}”不在{township_name[township]}的名册中({rows})"
            yield Problem(message, "请核对姓名,或先导入名册", code="N-ROSTER")

    def _named(self, role: str, name: str, township: str) -> Sequence[Officer]:
        if role == "民政协理员":
            return self._rosters.assistants_named(name, township)
        duties = self._rosters.duties_named(name, township)
        return [duty for duty in duties if duty.level in _LEVELS[role]]


def split_names(names: str | None) -> list[str]:
    """The names in a cell that may hold several, without telephone numbers and titles in brackets."""
    folded = unicodedata.normalize("NFKC", names or "")
    bare = re.sub(r"\([^()]*\)|[\d+-]{5,}", "、", folded)
    items: Iterable[str] = (item.strip() for item in re.split(r"[、,;/\n]+", bare))
    return list(dict.fromkeys(item for item in items if item and item not in ("无", "-", "—")))


def _person(officer: Officer) -> object:
    """What tells two persons of the same name apart; one person may hold several duties."""
    if isinstance(officer, Duty):
        return officer.level, officer.department, officer.title, officer.phones
    return officer.id_number or officer.phones or officer.village
