"""Protection events of the demo: a few in each county, about children in 监护困境, some open, some closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta, timezone
from hashlib import sha256

import numpy as np

from planner.demo.days import DATA_DAY
from planner.demo.lots import Lot, between, day_between, happens, one_of
from planner.demo.rng import Theme, stream
from planner.model.children import ChildRecord
from planner.model.demand import Category
from planner.model.divisions import Level, ancestor_code
from planner.model.events import EventStage, ProtectionEvent, StageStep
from planner.model.words import Harm, Placement
from planner.policy.ages import years_later
from planner.policy.classification import classify
from planner.policy.from_record import facts
from planner.policy.rules import RuleSet

_BEIJING = timezone(timedelta(hours=8))
_FEWEST, _MOST = 2, 5
_HARM = Lot.of({Harm.ABUSE: 40.0, Harm.ABANDONMENT: 20.0, Harm.ACCIDENT: 20.0, Harm.CRIME: 20.0})
_SUSPECTED_CRIMES = (Harm.ABUSE, Harm.ABANDONMENT, Harm.CRIME)
_REPORTERS = ("学校教师", "村医", "邻居", "亲属", "驻村民警")
_ASSISTANT_REPORTS_SHARE = 0.6
# Minutes until the report: mostly at once, sometimes later than the two hours after which an alert is due.
_LATE_SHARE, _SOON_MIN, _LATE_MIN = 0.2, (5, 110), (150, 2_880)
# Hours from each stage to the next, at least and at most; and who is in the lead.
_HOURS = {
    EventStage.EMERGENCY: (1, 12),
    EventStage.ASSESSED: (24, 120),
    EventStage.PLAN: (24, 168),
    EventStage.INTERVENTION: (48, 336),
    EventStage.CLOSED: (720, 2_880),
}
_LEADS = {
    EventStage.REPORTED: "公安局",
    EventStage.EMERGENCY: "公安局",
    EventStage.ASSESSED: "民政局",
    EventStage.PLAN: "民政局",
    EventStage.INTERVENTION: "民政局",
    EventStage.CLOSED: "民政局",
}
_ACCIDENT_LEAD = "民政局"
# How many days ago a case was discovered, from and to.
_AGES_DAYS = Lot.of({(0, 2): 15.0, (4, 45): 40.0, (46, 360): 45.0})
_LATE_FROM_DAYS = 3


def make_events(
    county: str, children: Sequence[ChildRecord], *, rules: RuleSet, seed: int
) -> list[ProtectionEvent]:
    """The events of a county by the day of their discovery; each is about another child, at its home township.

    A case goes through its stages in order up to the end of DATA_DAY. Children whose file has a grade, or is
    with an institution, are left alone.
    """
    chance = stream(seed, Theme.EVENTS, county)
    possible = [record for record in children if _may_be_harmed(record, rules)]
    count = min(between(_FEWEST, _MOST, chance), len(possible))
    chosen = sorted(chance.choice(len(possible), size=count, replace=False).tolist()) if count else []
    events = [_event(possible[row], chance) for row in chosen]
    return sorted(events, key=lambda event: (event.discovered_at, event.id))


def _may_be_harmed(record: ChildRecord, rules: RuleSet) -> bool:
    lives_here = record.residence is not None and record.placement in (None, Placement.KINSHIP)
    if record.grade is not None or record.birth is None or not lives_here:
        return False
    if record.birth > years_later(DATA_DAY, -2):
        return False
    return classify(facts(record, DATA_DAY, rules=rules), rules).primary is Category.GUARDIANSHIP


def _event(record: ChildRecord, chance: np.random.Generator) -> ProtectionEvent:
    harm = (_HARM.draw(chance),)
    first, last = _AGES_DAYS.draw(chance)
    day = day_between(DATA_DAY - timedelta(days=last), DATA_DAY - timedelta(days=first), chance)
    discovered = datetime.combine(day, time(between(7, 21, chance), between(0, 59, chance)), _BEIJING)
    is_late = first >= _LATE_FROM_DAYS and happens(_LATE_SHARE, chance)
    delay_min = between(*(_LATE_MIN if is_late else _SOON_MIN), chance)
    crime = harm[0] in _SUSPECTED_CRIMES
    by_assistant = record.assistant is not None and happens(_ASSISTANT_REPORTS_SHARE, chance)
    return ProtectionEvent(
        id="sj-" + sha256(f"{record.key}|{discovered.isoformat()}".encode()).hexdigest()[:10],
        child=record.key,
        township=ancestor_code(record.village or "", Level.TOWNSHIP),
        harm=harm,
        discovered_at=discovered,
        reporter=record.assistant if by_assistant and record.assistant else one_of(_REPORTERS, chance),
        reported_to=("公安局", "民政局") if crime else ("民政局",),
        steps=_steps(discovered + timedelta(minutes=delay_min), crime=crime, chance=chance),
    )


def _steps(reported: datetime, *, crime: bool, chance: np.random.Generator) -> tuple[StageStep, ...]:
    """The stages entered by the end of DATA_DAY, the report first; what is not urgent is done in the daytime."""
    end = datetime.combine(DATA_DAY, time.max, _BEIJING)
    steps = [StageStep(EventStage.REPORTED, reported, _lead(EventStage.REPORTED, crime=crime))]
    for stage, (least, most) in _HOURS.items():
        at = steps[-1].at + timedelta(minutes=between(60 * least, 60 * most, chance))
        if stage is not EventStage.EMERGENCY:
            at = at.replace(hour=between(9, 17, chance)) + timedelta(days=1)
        if at > end:
            break
        steps.append(StageStep(stage, at, _lead(stage, crime=crime)))
    return tuple(steps)


def _lead(stage: EventStage, *, crime: bool) -> str:
    return _LEADS[stage] if crime else _ACCIDENT_LEAD
