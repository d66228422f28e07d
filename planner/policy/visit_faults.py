"""What a move of a planned visit breaks, in words: the day's hours, the due day, the step, who visits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from planner.model.visit_times import clock
from planner.policy.visit_rules import Month, broken_steps, is_early, is_late, slack_days


@dataclass(frozen=True)
class Fault:
    """A rule that is broken, or (`notice`) something to be minded."""

    text: str
    notice: bool = False


def day_faults(
    name: str, day: date, *, total_min: float, limit_min: float, returns_min: float, ends_min: float
) -> Iterator[Fault]:
    """Of a visitor's day: travel and visits beyond the limit, the return after the hours (minutes of the day)."""
    if total_min > limit_min + 0.5:
        over = round(total_min - limit_min)
        yield Fault(
            f"{name}({day.isoformat()})合计{round(total_min)}分钟,超过每日时限{round(limit_min)}分钟,多{over}分钟"
        )
    if returns_min > ends_min + 0.5:
        yield Fault(f"{name}({day.isoformat()})到{clock(returns_min)}才返回,应不晚于{clock(ends_min)}")


def date_faults(
    day: date,
    *,
    dues: Collection[date],
    others: Sequence[date],
    every_days: int,
    tolerance: float,
    month: Month,
) -> Iterator[Fault]:
    """Of a visit on `day` that fulfils `dues`: a day off, late or early, and too near to the household's `others`."""
    worked, slack = set(month.days), slack_days(every_days, tolerance)
    if day not in worked:
        yield Fault(f"{day.isoformat()}是休息日")
    before = max((other for other in others if other < day), default=date.min)
    for due in sorted(dues)[:1]:
        if is_late(day, due, slack, worked, month, before=before):
            yield Fault(f"应访日是{due.isoformat()},改到{day.isoformat()}晚{(day - due).days}天")
        if is_early(day, due, slack, worked):
            yield Fault(
                f"应访日是{due.isoformat()},改到{day.isoformat()}早{(due - day).days}天,最多可提前{slack}天"
            )
    for earlier, later in broken_steps(sorted([day, *others]), every_days, slack, worked, month):
        if day in (earlier, later):
            gap = (later - earlier).days
            yield Fault(
                f"{earlier.isoformat()}与{later.isoformat()}两次走访相隔{gap}天,间隔应为{every_days}天(可差{slack}天)"
            )


def person_faults(
    name: str, *, same_township: bool, serves_village: bool, others: Iterable[tuple[date, str]], persons: int
) -> Iterator[Fault]:
    """Of who is to make a visit; `others` are the household's other visits of the kind, by day and name."""
    if not same_township:
        yield Fault(f"{name}不是这户所在乡镇的走访人")
    elif not serves_village:
        yield Fault(f"这户所在的村不归{name}负责")
    for day, other in sorted(others):
        if other != name:
            yield Fault(f"这户{day.isoformat()}由{other}走访,同一儿童应由同一人走访")
    if persons > 1:
        yield Fault(f"这户有高风险儿童,要{persons}人同去,改后请重新约好同行的人", notice=True)
