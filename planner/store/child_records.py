"""Records of persons as the store keeps them, and back: what stands in the clear is worked out of the record."""

from __future__ import annotations

import json
from datetime import date

from planner.model.cadres import Cadre
from planner.model.children import ChildRecord
from planner.model.events import ProtectionEvent
from planner.model.rosters import Assistant, Duty
from planner.model.visits import Visit
from planner.policy.assessment import Assessment
from planner.policy.grades import grade_in
from planner.store.child_rows import ChildFile
from planner.store.child_saving import NewVersion
from planner.store.events import NewEvent
from planner.store.person_rows import PersonRow


def version_of(
    record: ChildRecord,
    township: str,
    as_of: date,
    assessment: Assessment,
    *,
    file: ChildFile | None = None,
    open_event: bool = False,
) -> NewVersion:
    """A version of a child's file that `township` holds; `file` is the one it follows, None for a new file.

    `assessment` is what the rules say of the record on `as_of`.
    """
    inside = record.residence is not None and record.residence.startswith(township)
    grade = grade_in(record, assessment.classification, open_event=open_event)
    return NewVersion(
        township=township,
        village=record.residence if inside else record.hukou,
        hukou_village=record.hukou,
        grade=str(grade),
        categories=tuple(map(str, assessment.classification.categories)),
        valid_from=as_of,
        content=json.loads(record.to_json()),
        person=record.key,
        file=file.file if file else None,
        expected=file.version if file else 0,
    )


def record_of(file: ChildFile) -> ChildRecord:
    """The record that a whole file holds. Raises InputError for one that another version wrote."""
    return ChildRecord.from_json(json.dumps(file.content, ensure_ascii=False))


def assistant_row(item: Assistant) -> PersonRow:
    """A 民政协理员; the roster of a township is replaced as a whole."""
    return PersonRow(item.township, item.village, item.to_json(), f"assistant|{item.township}")


def cadre_row(item: Cadre) -> PersonRow:
    """A cadre; those of a level and a county, or of a township, are replaced together."""
    home = item.township or item.county
    return PersonRow(home, None, item.to_json(), f"cadre|{item.level}|{home}")


def duty_row(item: Duty) -> PersonRow:
    """A duty; those of a township are replaced together."""
    return PersonRow(item.township, item.village, item.to_json(), f"duty|{item.township}")


def visit_row(item: Visit, file: ChildFile | NewVersion) -> PersonRow:
    """A visit to the child of a file; told again it is corrected."""
    return PersonRow(file.township, file.village, item.to_json(), visit_batch(item))


def visit_batch(item: Visit) -> str:
    """Which visit it is: of a child, on a day, by whom."""
    return f"visit|{item.child}|{item.day.isoformat()}|{'、'.join(item.by)}"


def event_of(event: ProtectionEvent, file: str | None) -> NewEvent:
    """A protection event of the child of a file."""
    stage = event.stage or "discovered"
    return NewEvent(event.township, str(stage), json.loads(event.to_json()), file=file)
