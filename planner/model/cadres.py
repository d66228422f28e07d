"""干部 who may be given 包联 duties: of which level and unit, and from which village (五(三))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from planner.model.divisions import Level, ancestor_code
from planner.model.names import comparable
from planner.model.plain_json import Stored
from planner.model.rosters import CadreLevel, Duty
from planner.model.words import Sex


@dataclass(frozen=True)
class Cadre(Stored):
    """One cadre of a county (6 digits).

    `department` is the unit of a 部门干部, `township` (9 digits) the one that a 乡镇干部 works for: only its
    groups may be theirs. `home_village` (12 digits) is where they come from, None where that is not known or
    outside the county. `lon` and `lat` (CGCS2000) are where they work. `since` and `until` are the first and the
    last day in office, None where that is open.
    """

    name: str
    level: CadreLevel
    county: str
    sex: Sex | None = None
    department: str | None = None
    township: str | None = None
    title: str | None = None
    phones: tuple[str, ...] = ()
    home_village: str | None = None
    lon: float | None = None
    lat: float | None = None
    since: date | None = None
    until: date | None = None

    @property
    def id(self) -> str:
        """「gb-」 and ten hexadecimal digits: the same for the same name, level and unit of a county."""
        told = f"{self.county}|{self.level}|{self.unit or ''}|{comparable(self.name)}"
        return "gb-" + sha256(told.encode()).hexdigest()[:10]

    @property
    def unit(self) -> str | None:
        """The department of a 部门干部, the code of the township of a 乡镇干部."""
        return self.township if self.level is CadreLevel.TOWNSHIP else self.department

    def in_office_on(self, day: date) -> bool:
        """Whether they are in office on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @property
    def home_township(self) -> str | None:
        """The township (9 digits) that they come from."""
        return None if self.home_village is None else ancestor_code(self.home_village, Level.TOWNSHIP)


class Register:
    """All cadres of whom something is known, by the names that duties give them."""

    def __init__(self, cadres: Iterable[Cadre] = ()) -> None:
        self._alike: dict[tuple[str, str], list[Cadre]] = {}
        for cadre in cadres:
            self._add(cadre)

    @classmethod
    def of(cls, cadres: Iterable[Cadre], duties: Iterable[Duty]) -> Register:
        """The cadres of the rosters, and one for each name in the duties that no roster knows."""
        register = cls({item.id: item for item in cadres}.values())
        for duty in duties:
            if register.holder(duty) is None:
                register._add(_named_by(duty))
        return register

    @property
    def cadres(self) -> list[Cadre]:
        """All of them, by county, level and id."""
        found = [cadre for alike in self._alike.values() for cadre in alike]
        levels = list(CadreLevel)
        return sorted(found, key=lambda item: (item.county, levels.index(item.level), item.id))

    def holder(self, duty: Duty) -> Cadre | None:
        """Whom a duty names: the cadre of its level and unit, else the only one of that name."""
        alike = self._alike.get((duty.area[: Level.COUNTY], comparable(duty.cadre)), [])
        of_level = [item for item in alike if item.level is duty.level]
        unit = duty.township if duty.level is CadreLevel.TOWNSHIP else duty.department
        for fitting in ([item for item in of_level if item.unit == unit], of_level, alike):
            if len(fitting) == 1:
                return fitting[0]
        return None

    def _add(self, cadre: Cadre) -> None:
        self._alike.setdefault((cadre.county, comparable(cadre.name)), []).append(cadre)


def _named_by(duty: Duty) -> Cadre:
    """What a duty tells of its cadre."""
    return Cadre(
        name=duty.cadre,
        level=duty.level,
        county=duty.area[: Level.COUNTY],
        department=duty.department if duty.level is CadreLevel.DEPARTMENT else None,
        township=duty.township if duty.level is CadreLevel.TOWNSHIP else None,
        title=duty.title,
        phones=duty.phones,
    )
