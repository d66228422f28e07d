"""Who answers for an area: 民政协理员 of the villages, and the cadres with their 包联 duties (五(二), 五(三))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Self, TypeVar

from planner.model.divisions import Level, ancestor_code, level_of
from planner.model.names import comparable
from planner.model.plain_json import Stored
from planner.model.words import Sex


class CadreLevel(StrEnum):
    """县级干部包乡镇, 部门干部包村, 乡镇干部包组."""

    COUNTY = "县级"
    DEPARTMENT = "部门"
    TOWNSHIP = "乡镇"

    @property
    def area(self) -> Level:
        """The level of the areas that a cadre of this level answers for."""
        return _AREAS[self]


_AREAS = {
    CadreLevel.COUNTY: Level.TOWNSHIP,
    CadreLevel.DEPARTMENT: Level.VILLAGE,
    CadreLevel.TOWNSHIP: Level.GROUP,
}


@dataclass(frozen=True)
class Assistant(Stored):
    """民政协理员 of a village (later 儿童主任). Of a start whose day is not known only `since_month` is set."""

    name: str
    village: str
    sex: Sex | None = None
    id_number: str | None = None
    education: str | None = None
    politics: str | None = None
    phones: tuple[str, ...] = ()
    since: date | None = None
    since_month: str | None = None
    part_time: bool | None = None
    remark: str | None = None

    @property
    def township(self) -> str:
        """The code of the township (9 digits)."""
        return ancestor_code(self.village, Level.TOWNSHIP)

    def serves_on(self, day: date) -> bool:
        """Whether they have begun by `day`."""
        return _begun(self, day)


@dataclass(frozen=True)
class Duty(Stored):
    """包联: a cadre answers for a township, village or group from a day on.

    `area` is the code of a township (9 digits), village (12) or numbered group (village code, hyphen,
    number); of a group without number it is the village's, and `group` always has the words of the 组. Of
    several cadres for one area one is the `primary`. `until` is the last day of the duty, None while it goes on.
    """

    cadre: str
    level: CadreLevel
    area: str
    group: str | None = None
    department: str | None = None
    title: str | None = None
    phones: tuple[str, ...] = ()
    since: date | None = None
    since_month: str | None = None
    primary: bool = True
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the duty has begun by `day` and not ended before it; one without days always has."""
        return _begun(self, day) and (self.until is None or day <= self.until)

    @property
    def place(self) -> str:
        """The area as one word; a 组 without number is told by its village and its words."""
        return place_of(self.area, self.group)

    @property
    def township(self) -> str:
        """The code of the township that the area is or lies in."""
        return ancestor_code(self.area, Level.TOWNSHIP)

    @property
    def village(self) -> str | None:
        """The code of the village that the area is or lies in; None for a whole township."""
        return None if level_of(self.area) < Level.VILLAGE else self.area[:12]


def place_of(area: str, group: str | None) -> str:
    """An area of duties as one word: its code, or village code, colon and words for a 组 without number."""
    return area if group is None or level_of(area) is Level.GROUP else f"{area}:{group}"


def _begun(item: Assistant | Duty, day: date) -> bool:
    if item.since is not None:
        return item.since <= day
    return item.since_month is None or item.since_month <= day.isoformat()[:7]


Row = TypeVar("Row", Assistant, Duty)


@dataclass(frozen=True)
class Rosters:
    """The known 协理员 and duties by the code of their township."""

    assistants: Mapping[str, tuple[Assistant, ...]] = field(default_factory=dict)
    duties: Mapping[str, tuple[Duty, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, assistants: Iterable[Assistant] = (), duties: Iterable[Duty] = ()) -> Self:
        """The rosters that hold these rows."""
        return cls(_by_township(assistants), _by_township(duties))

    def assistants_named(self, name: str, township: str) -> tuple[Assistant, ...]:
        """The 协理员 of that name in a township."""
        wanted = comparable(name)
        return tuple(item for item in self.assistants.get(township, ()) if comparable(item.name) == wanted)

    def duties_named(self, name: str, township: str) -> tuple[Duty, ...]:
        """The duties in a township of cadres of that name."""
        wanted = comparable(name)
        return tuple(item for item in self.duties.get(township, ()) if comparable(item.cadre) == wanted)


def _by_township(rows: Iterable[Row]) -> dict[str, tuple[Row, ...]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.township, []).append(row)
    return {township: tuple(items) for township, items in grouped.items()}
