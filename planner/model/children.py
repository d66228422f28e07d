"""一人一档: what a county's ledger says of one child, and who holds the file.

None always means that the ledger does not say; an empty tuple of benefits says 无.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from planner.model.names import comparable
from planner.model.plain_json import Stored
from planner.model.words import (
    Basis,
    Benefit,
    CategoryWord,
    Difficulty,
    DisabilityKind,
    Grade,
    ParentState,
    Placement,
    SchoolStatus,
    Sex,
    Stage,
)

_UNORDERED = frozenset({"categories", "difficulties", "benefits"})


class Closing(StrEnum):
    """Why a file is closed: the 18th birthday (A-13), moved out of the region, deceased, no longer in difficulty."""

    OF_AGE = "期满"
    MOVED_OUT = "迁出"
    DECEASED = "死亡"
    NO_LONGER = "不再符合"


@dataclass(frozen=True, slots=True)
class ParentStatus:
    """状况 of a father or mother, several at once where the ledger lists several, in the order of the words.

    `term_months`: length of a sentence, rehabilitation, restraint or lost contact. `basis`: on what paper
    失踪 rests.
    """

    states: tuple[ParentState, ...]
    term_months: float | None = None
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)  # a county has thousands
class ChildRecord(Stored):
    """One child as a row of the 困境儿童台账 tells it.

    `id_number` has 18 digits, the last maybe X. Of a birth whose day is not known `birth` is None and
    `birth_month` the month as 2012-03. `hukou` and `residence` are codes of villages (12 digits), None
    outside of the divisions that are known; `…_text` is the area as written, `…_group` the 组. Names are as
    written, phones digits only and those of the guardian. `disability_cert` has 20 digits, `cert_reissued`
    how many times it was issued again (B1, B2), `disability_grade` 1–4. `amount_month` is in yuan. `lon` and
    `lat` are the home in CGCS2000 degrees.
    """

    name: str
    sex: Sex
    father: ParentStatus
    mother: ParentStatus
    categories: tuple[CategoryWord, ...]
    hukou_text: str
    residence_text: str
    id_number: str | None = None
    birth: date | None = None
    birth_month: str | None = None
    ethnicity: str | None = None
    hukou: str | None = None
    hukou_group: str | None = None
    residence: str | None = None
    residence_group: str | None = None
    difficulties: tuple[Difficulty, ...] | None = None
    temporary_from: date | None = None
    temporary_review: date | None = None
    guardian: str | None = None
    guardian_relation: str | None = None
    guardian_id: str | None = None
    phones: tuple[str, ...] = ()
    placement: Placement | None = None
    disability_cert: str | None = None
    cert_reissued: int | None = None
    disability_kind: DisabilityKind | None = None
    disability_grade: int | None = None
    school: str | None = None
    school_year: str | None = None
    stage: Stage | None = None
    school_status: SchoolStatus | None = None
    grade: Grade | None = None
    device_need: bool | None = None
    rehab_need: bool | None = None
    device_given: bool | None = None
    device_given_on: date | None = None
    benefits: tuple[Benefit, ...] | None = None
    amount_month: Decimal | None = None
    low_income: bool | None = None
    registered_poor: bool | None = None
    health: str | None = None
    housing: str | None = None
    remark: str | None = None
    lon: float | None = None
    lat: float | None = None
    assistant: str | None = None
    village_cadre: str | None = None
    leader: str | None = None

    @property
    def birth_text(self) -> str:
        """2012-03-05, 2012-03 where only the month is known, empty where neither is."""
        return self.birth.isoformat() if self.birth else self.birth_month or ""

    @property
    def village(self) -> str | None:
        """The village by which a child without ID is told apart: of residence, else of 户籍."""
        return self.residence or self.hukou

    @property
    def key(self) -> str:
        """What makes two rows the same child: the ID number, else name, birth, village and guardian."""
        return self.id_number or self.key_without_id

    @property
    def key_without_id(self) -> str:
        """The key that the child has, or had, before an ID number was known."""
        return unregistered_key(self.name, self.birth_text, self.village, self.guardian)

    def says_as(self, other: ChildRecord) -> bool:
        """Whether two records say the same, however it was typed: a place is its code where that is known, words
        are compared as names are, and what has no order has none."""
        return self == other or _said(self) == _said(other)

    @property
    def temporary_number(self) -> str | None:
        """The number of a file without an ID number, the same wherever it is read: 「LS-」 and ten digits."""
        if self.id_number is not None:
            return None
        return "LS-" + sha256(self.key_without_id.encode()).hexdigest()[:10].upper()

    @property
    def residence_group_code(self) -> str | None:
        """The code of the 组 of residence, e.g. 640324101201-3; None where it has no number."""
        return group_code(self.residence, self.residence_group)


def _said(record: ChildRecord) -> list[object]:
    """What a record says, as it is compared."""
    said: list[object] = []
    for item in fields(record):
        value = getattr(record, item.name)
        if item.name in ("hukou_text", "residence_text") and getattr(record, item.name.removesuffix("_text")):
            continue
        if isinstance(value, ParentStatus):
            value = replace(value, states=tuple(sorted(value.states)))
        elif item.name in _UNORDERED and value is not None:
            value = frozenset(value)
        said.append(comparable(value) if isinstance(value, str) else value)
    return said


@dataclass(frozen=True)
class Held:
    """What the workspace holds of a child: which township (9 digits), of which day, and the newest version.

    `closed` is the first day on which the file is no more, None while it is open; `file` is its number.
    """

    township: str
    as_of: date
    record: ChildRecord
    closed: date | None = None
    file: str | None = None


def unregistered_key(name: str, birth: str, village: str | None, guardian: str | None) -> str:
    """The key of a child without ID number; `birth` is a day or a month (2012-03)."""
    return "|".join(["无", comparable(name), birth, village or "", comparable(guardian or "")])


def group_code(village: str | None, group: str | None) -> str | None:
    """The code of a 组 such as 「3组」 in a village; None where either is unknown or it has no number."""
    number = re.match(r"\d{1,3}(?!\d)", group or "", re.ASCII)
    return f"{village}-{int(number[0])}" if village and number else None
