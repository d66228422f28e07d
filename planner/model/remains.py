"""What remains of a child's file once the identity is erased: what counts are made of, and nothing that tells who."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from planner.model.children import ChildRecord
from planner.model.visits import Visit

ERASED = "已清除"
_OF_AN_EVENT = ("id", "township", "harm", "discovered_at", "reported_to", "steps")


def stand_in(file: str) -> str:
    """What stands for the child of a file, e.g. where visits name the child."""
    return f"{ERASED}-{file}"


def remains_of(record: ChildRecord, file: str) -> ChildRecord:
    """A record by which its child counts as before, in the same village and class, and by which nobody is known.

    Of the birth the month is left: its first day stands for all of them.
    """
    return ChildRecord(
        name=ERASED,
        sex=record.sex,
        father=record.father,
        mother=record.mother,
        categories=record.categories,
        hukou_text=ERASED,
        residence_text=ERASED,
        id_number=stand_in(file),
        birth=record.birth.replace(day=1) if record.birth else None,
        birth_month=record.birth_month,
        hukou=record.hukou,
        residence=record.residence,
        difficulties=record.difficulties,
        temporary_from=record.temporary_from,
        temporary_review=record.temporary_review,
        placement=record.placement,
        disability_cert=ERASED if record.disability_cert else None,
        disability_kind=record.disability_kind,
        disability_grade=record.disability_grade,
        stage=record.stage,
        school_status=record.school_status,
        grade=record.grade,
        device_need=record.device_need,
        rehab_need=record.rehab_need,
        device_given=record.device_given,
        benefits=record.benefits,
        low_income=record.low_income,
        registered_poor=record.registered_poor,
    )


def visit_remains(visit: Visit, file: str) -> Visit:
    """That there was a visit, by whom and how; nothing of what was found."""
    return replace(
        visit, child=stand_in(file), findings=(), problems=None, measure=None, next_day=None, remark=None
    )


def event_remains(content: Mapping[str, Any], file: str) -> dict[str, Any]:
    """The course of a protection event; nobody in it is named."""
    kept = {name: content[name] for name in _OF_AN_EVENT if name in content}
    return kept | {"child": stand_in(file), "reporter": ERASED}
