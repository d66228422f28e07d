"""干部 who may be given 包联 duties: of which level and unit, and from which village (五(三))."""

from __future__ import annotations

from dataclasses import dataclass

from planner.model.divisions import Level, ancestor_code
from planner.model.plain_json import Stored
from planner.model.rosters import CadreLevel
from planner.model.words import Sex


@dataclass(frozen=True)
class Cadre(Stored):
    """One cadre of a county (6 digits).

    `department` is the unit of a 部门干部, `township` (9 digits) the one that a 乡镇干部 works for: only its
    groups may be theirs. `home_village` (12 digits) is where they come from, None where that is not known or
    outside the county.
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

    @property
    def home_township(self) -> str | None:
        """The township (9 digits) that they come from."""
        return None if self.home_village is None else ancestor_code(self.home_village, Level.TOWNSHIP)
