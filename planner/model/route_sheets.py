"""路线单 and 走访记录表 as plain values: what a visitor carries, whoever planned it and however it is printed.

Places are WGS84 lon/lat. Whatever the reader may not see is not in here: a name is then the number of the file.
A stop of a protection case is `discreet` and tells nothing but its order and times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

LonLat = tuple[float, float]

DISCREET = "另行通知"


@dataclass(frozen=True)
class SheetStop:
    """One household of a day. `arrives` is a clock as 08:30; `leg_…` is the way there, `way_…` that since the start.

    `children` are names or numbers of files, as may be told; `point` is None where no place may or can be told,
    kilometres are None where only minutes are known.
    """

    order: int
    arrives: str
    leg_min: float
    way_min: float
    leg_km: float | None = None
    way_km: float | None = None
    village: str = ""
    group: str = ""
    household: str = ""
    children: tuple[str, ...] = ()
    grade: str = ""
    due: date | None = None
    phones: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    point: LonLat | None = None
    discreet: bool = False

    @property
    def place(self) -> str:
        """The village and the 组."""
        return f"{self.village} {self.group}".strip()


@dataclass(frozen=True)
class LeftOut:
    """A due visit that is in no route: where, which household, until when, why, and what would help."""

    place: str
    household: str
    due: date | None
    reason: str
    fix: str
    discreet: bool = False


@dataclass(frozen=True)
class RouteSheet:
    """A visitor's day. `ways` are the legs as lines in order, those to and from untold places left out.

    `households` and `children` count the discreet ones too. `total_min` is travel and visits, without lunch, which
    begins at `lunch` ("": there is none).
    """

    visitor: str
    day: date
    start: str
    mode: str
    departs: str
    returns: str
    households: int
    children: int
    travel_min: float
    total_min: float
    km: float | None
    stops: tuple[SheetStop, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    start_point: LonLat | None = None
    ways: tuple[tuple[LonLat, ...], ...] = ()
    lunch: str = ""


@dataclass(frozen=True)
class VisitForm:
    """走访记录表 of one planned visit, its head filled in as far as may be told; the rest is for the visitor."""

    file: str
    visitor: str
    day: date
    kind: str
    county: str = ""
    township: str = ""
    village: str = ""
    group: str = ""
    name: str = ""
    sex: str = ""
    birth: str = ""
    categories: str = ""
    grade: str = ""
    guardian: str = ""
    relation: str = ""
    phones: tuple[str, ...] = ()


def told_stops(sheet: RouteSheet) -> list[SheetStop]:
    """The stops of which a map may tell: those with a point that are not discreet."""
    return [stop for stop in sheet.stops if stop.point is not None and not stop.discreet]


def short_number(file: str) -> str:
    """The beginning of a file's number, by which papers tell it."""
    return file[:8]


def day_in_words(day: date) -> str:
    """A day as papers write it: 2017年12月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def number_ranges(numbers: Iterable[int]) -> str:
    """Numbers in ascending order, runs of them joined: 1–3、7."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
