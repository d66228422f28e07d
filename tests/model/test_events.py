from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from planner.errors import InputError
from planner.model.events import EventStage, ProtectionEvent, StageStep
from planner.model.words import Harm

BEIJING = timezone(timedelta(hours=8))
FOUND = datetime(2020, 3, 4, 9, 30, tzinfo=BEIJING)
EVENT = ProtectionEvent(
    id="sj-0123456789",
    child="640324201003050212",
    township="640324101",
    harm=(Harm.ABUSE, Harm.ACCIDENT),
    discovered_at=FOUND,
    reporter="学校教师",
    reported_to=("公安局", "民政局"),
    steps=(StageStep(EventStage.REPORTED, FOUND + timedelta(minutes=45), "公安局"),),
)


def test_the_stages_are_named_in_order() -> None:
    assert [stage.label for stage in EventStage] == [
        "强制报告",
        "应急处置",
        "评估",
        "帮扶方案",
        "监护干预",
        "结案",
    ]


def test_a_case_is_open_until_it_is_closed() -> None:
    assert (EVENT.stage, EVENT.is_open) == (EventStage.REPORTED, True)
    closed = replace(
        EVENT, steps=(*EVENT.steps, StageStep(EventStage.CLOSED, FOUND + timedelta(days=9), "民政局"))
    )
    assert (closed.stage, closed.is_open) == (EventStage.CLOSED, False)
    assert closed.report_delay == timedelta(minutes=45)


def test_a_case_not_reported_yet() -> None:
    unreported = replace(EVENT, steps=())
    assert (unreported.stage, unreported.is_open, unreported.report_delay) == (None, True, None)


@pytest.mark.parametrize(
    "event", [EVENT, replace(EVENT, note="已带离"), replace(EVENT, discovered_at=FOUND.astimezone(UTC))]
)
def test_it_comes_back_from_json_with_its_times_and_zones(event: ProtectionEvent) -> None:
    again = ProtectionEvent.from_json(event.to_json())
    assert again == event
    assert again.discovered_at.utcoffset() == event.discovered_at.utcoffset()
    assert '"discovered_at":"2020-03-04T' in event.to_json()


@pytest.mark.parametrize(
    "wrong",
    ["{}", "[]", EVENT.to_json().replace("T09:30", "T29:30"), EVENT.to_json().replace("reported", "done")],
)
def test_what_it_did_not_write_is_refused(wrong: str) -> None:
    with pytest.raises(InputError):
        ProtectionEvent.from_json(wrong)
