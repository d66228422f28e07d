"""保护事件 (强制报告): what was done to a child, who was told of it when, and how far the case is (四(一)).

Whatever stands here is kept out of every ordinary list, map, export and search.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from planner.model.plain_json import Stored
from planner.model.words import Harm


class EventStage(StrEnum):
    """The stages of a case in their order; none comes before 报告."""

    REPORTED = "reported"
    EMERGENCY = "emergency"
    ASSESSED = "assessed"
    PLAN = "plan"
    INTERVENTION = "intervention"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _STAGE_LABELS[self]


_STAGE_LABELS = {
    EventStage.REPORTED: "强制报告",
    EventStage.EMERGENCY: "应急处置",
    EventStage.ASSESSED: "评估",
    EventStage.PLAN: "帮扶方案",
    EventStage.INTERVENTION: "监护干预",
    EventStage.CLOSED: "结案",
}


@dataclass(frozen=True)
class StageStep:
    """A stage that a case entered: when, and the department in the lead."""

    stage: EventStage
    at: datetime
    lead: str


@dataclass(frozen=True)
class ProtectionEvent(Stored):
    """One case. `child` is the key of the child's file; times bear their zone.

    `reporter` is for the duty officer's eyes only. `reported_to` names the authorities that were told.
    """

    id: str
    child: str
    township: str
    harm: tuple[Harm, ...]
    discovered_at: datetime
    reporter: str
    reported_to: tuple[str, ...]
    steps: tuple[StageStep, ...]
    note: str | None = None

    @property
    def stage(self) -> EventStage | None:
        """The stage that the case is in; None before it was reported."""
        return self.steps[-1].stage if self.steps else None

    @property
    def is_open(self) -> bool:
        """Whether the case is not closed yet."""
        return self.stage is not EventStage.CLOSED

    @property
    def report_delay(self) -> timedelta | None:
        """From the discovery to the report; None before the latter."""
        return self.steps[0].at - self.discovered_at if self.steps else None
