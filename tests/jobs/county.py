"""A county of two townships and a neighbour, with child files small enough to check by eye."""

from datetime import date, datetime

import pytest

from planner.jobs.changes import begin_change, recount
from planner.model.children import ChildRecord, ParentStatus
from planner.model.layers import DEMAND
from planner.model.visits import Visit, VisitWay
from planner.model.words import CategoryWord, ParentState, Sex
from planner.policy.assessment import assess
from planner.policy.from_record import facts
from planner.policy.rules import DEFAULT_RULE_SET, load_rules
from planner.store.child_records import record_of, version_of, visit_row
from planner.store.child_saving import save_versions
from planner.store.children import whole_files
from planner.store.person_rows import save_rows
from planner.store.reads import read_layer
from planner.store.roles import Role
from planner.store.scope import EVERYTHING
from planner.store.workspace import Workspace
from planner.store.writes import save_divisions
from tests.store.conftest import acting, database, division_rows, id_number, server, source, workspace

__all__ = ["county", "database", "server", "workspace"]

COUNTY, NEXT_COUNTY = "640101", "640102"
TOWN, SECOND, ABROAD = "640101001", "640101002", "640102001"
NEAR, MID, FAR, BEYOND = "640101001001", "640101001002", "640101002001", "640102001001"
FIRST, DAY, LATER = date(2020, 1, 1), date(2020, 6, 1), date(2020, 12, 31)
RULES = load_rules(DEFAULT_RULE_SET)


@pytest.fixture
def county(workspace) -> Workspace:
    """A workspace that knows the divisions."""
    return fill(workspace)


def fill(workspace) -> Workspace:
    """Put the divisions into a workspace."""
    frame = division_rows(
        ("64", "示例自治区", None, None),
        ("6401", "示例市", "64", None),
        (COUNTY, "甲县", "6401", None),
        (TOWN, "甲一镇", COUNTY, None),
        (NEAR, "近水村", TOWN, (106.2, 38.4)),
        (MID, "中山村", TOWN, (106.3, 38.4)),
        (SECOND, "甲二乡", COUNTY, None),
        (FAR, "远山村", SECOND, (106.4, 38.4)),
        (NEXT_COUNTY, "乙县", "6401", None),
        (ABROAD, "乙一镇", NEXT_COUNTY, None),
        (BEYOND, "外家村", ABROAD, (106.6, 38.4)),
    )
    save_divisions(workspace, frame, source(rows=len(frame)))
    return workspace


def a_record(serial=1, village=NEAR, *, born="20120305", **changes) -> ChildRecord:
    """A child in 监护困境 (one parent dead, the other in prison), a boy where the serial is odd."""
    told = {
        "name": f"马{'一二三四五六七八九'[serial % 9]}明",
        "sex": Sex.MALE if serial % 2 else Sex.FEMALE,
        "father": ParentStatus((ParentState.DECEASED,)),
        "mother": ParentStatus((ParentState.PRISON,), 60.0),
        "categories": (CategoryWord.GUARDIANSHIP,),
        "hukou_text": "原籍",
        "residence_text": "家",
        "id_number": id_number(serial, born=born),
        "birth": datetime.strptime(born, "%Y%m%d").date(),
        "hukou": village,
        "residence": village,
        "guardian": "马爷爷",
    }
    return ChildRecord(**{**told, **changes})


def keep(workspace, *records, day=FIRST):
    """Save new files of records, held where the children live, and count them; the files."""
    with workspace.writing() as connection:
        stamp = begin_change(connection, "correction", len(records), day)
        versions = [
            version_of(record, record.village[:9], day, assess(facts(record, day, rules=RULES), RULES))
            for record in records
        ]
        files = save_versions(connection, versions, import_id=stamp.import_id)
        touched = {record.village: {day} for record in records}
        recount(connection, touched, kind="correction", stamp=stamp)
    return files


def keep_visits(workspace, file, *days, by="马建国", seen=True):
    """Save visits to the child of a file, at which it was seen or not."""
    key = record_in(workspace, file).key
    whole = the_file(workspace, file)
    with workspace.writing() as connection:
        stamp = begin_change(connection, "correction", 1, LATER)
        visits = [Visit(key, day, (by,), VisitWay.HOME, seen=seen) for day in days]
        rows = [visit_row(visit, whole) for visit in visits]
        save_rows(connection, "visit", rows, valid_from=FIRST, stamp=stamp)


def the_file(workspace, file, as_of=LATER, **known):
    """A version of a file, whole, as it holds on a day; None where none does."""
    found = {item.file: item for item in whole_files(workspace, EVERYTHING, as_of=as_of, **known)}
    return found.get(file)


def record_in(workspace, file, as_of=LATER):
    """The record of a file on a day."""
    return record_of(the_file(workspace, file, as_of))


def heads(workspace, as_of=LATER):
    """How many children are counted at each village that has any."""
    frame = read_layer(workspace, DEMAND, EVERYTHING, as_of=as_of)
    return {village: n for village, n in frame.groupby("village")["children"].sum().items() if n}


def clerk(workspace, township, login=None):
    """The township's clerk."""
    return acting(workspace, Role.TOWNSHIP, township, login=login or f"clerk-{township}")
