"""Two counties with a person of every role and two generated children, one of whom is the canary."""

import zipfile
from datetime import date

import pytest

from planner.model.children import ChildRecord, ParentStatus
from planner.model.words import Benefit, CategoryWord, ParentState, Sex
from planner.policy.assessment import assess
from planner.policy.from_record import facts
from planner.policy.rules import load_rules
from planner.store.child_records import version_of
from planner.store.children import save_versions
from planner.store.events import NewEvent, save_event
from planner.store.journal import Source
from planner.store.people import add_user, find_person
from planner.store.roles import Role
from planner.store.tasks import add_tasks
from planner.store.workspace import create_workspace
from planner.store.writes import save_divisions
from tests.store.conftest import OTHER, VILLAGE, database, division_rows, id_number, server

__all__ = ["Staffed", "database", "server", "staffed"]

DAY = date(2020, 12, 31)
PEOPLE = {
    "lingdao": (Role.LEADER, "640101"),
    "minzheng": (Role.CIVIL, "640101"),
    "guihua": (Role.PLANNER, "640101"),
    "xiangzhen": (Role.TOWNSHIP, "640101001"),
    "xieliyuan": (Role.VILLAGE, VILLAGE),
    "shenji": (Role.AUDITOR, "640101"),
    "guanli": (Role.ADMIN, "640101"),
    "linxiang": (Role.TOWNSHIP, "640102001"),
    "zhiban": (Role.CIVIL, "640101"),
}
NAME, NUMBER, PHONE, HOME = "马隐名", id_number(77), "13895007777", "七组77号"
GUARDIAN_NUMBER = id_number(3, born="19500102")
STORY = "邻居马隐邻报告"


def record(**changes):
    """A child whose father is dead and whose mother has remarried: 监护困境 until mca2019."""
    values = {
        "name": NAME,
        "sex": Sex.MALE,
        "father": ParentStatus((ParentState.DECEASED,)),
        "mother": ParentStatus((ParentState.REMARRIED,)),
        "categories": (CategoryWord.GUARDIANSHIP,),
        "hukou_text": "甲一镇近村",
        "residence_text": "甲一镇近村",
        "id_number": NUMBER,
        "birth": date(2012, 3, 5),
        "hukou": VILLAGE,
        "residence": VILLAGE,
        "residence_group": HOME,
        "guardian": "马隐祖",
        "guardian_relation": "祖父",
        "guardian_id": GUARDIAN_NUMBER,
        "phones": (PHONE,),
        "benefits": (Benefit.DIBAO,),
        "remark": f"=孩子身份证{NUMBER}",
    }
    return ChildRecord(**{**values, **changes})


def elsewhere():
    """A child of the other county, ill as well."""
    number = id_number(8)
    return record(
        name="李邻县",
        id_number=number,
        categories=(CategoryWord.GUARDIANSHIP, CategoryWord.ILL),
        hukou=OTHER,
        residence=OTHER,
        remark=None,
        phones=("13895008888",),
        residence_group="一组",
        guardian="李邻祖",
        guardian_id=id_number(4, born="19500102"),
    )


def version(item, *, rules="doc2017"):
    assessment = assess(facts(item, DAY, rules=load_rules(rules)), load_rules(rules))
    return version_of(item, item.residence[:9], DAY, assessment)


class Staffed:
    """The folder of the workspace, the number of the canary's file and of the other's, and the task's."""

    def __init__(self, folder, files, task):
        self.folder = folder
        self.file, self.other = files
        self.task = task


@pytest.fixture
def staffed(tmp_path, database):
    workspace = create_workspace(tmp_path / "workspace", database)
    rows = division_rows(
        ("64", "示例自治区", None, None),
        ("6401", "示例市", "64", None),
        ("640101", "甲县", "6401", None),
        ("640101001", "甲一镇", "640101", None),
        (VILLAGE, "近村", "640101001", (106.2, 38.4)),
        ("640102", "乙县", "6401", None),
        ("640102001", "乙一镇", "640102", None),
        (OTHER, "乙村", "640102001", None),
    )
    save_divisions(workspace, rows, Source("区划.csv", "0" * 64, DAY, len(rows), len(rows), 0))
    for login, (role, area) in PEOPLE.items():
        add_user(workspace, login, name="某人", role=role, areas=[area], duty_officer=login == "zhiban")
    with workspace.writing() as connection:
        files = save_versions(connection, [version(record()), version(elsewhere())])
        add_tasks(connection, [(files[0], "复核", DAY)])
    reporter = workspace.acting_as(find_person(workspace, "xieliyuan"))
    with reporter.writing() as connection:
        content = {"child": NUMBER, "story": STORY, "child_name": NAME, "reporter": "马隐告"}
        save_event(connection, NewEvent("640101001", "reported", content, file=files[0]))
    workspace.engine.dispose()
    return Staffed(tmp_path / "workspace", files, 1)


def words_of(path):
    """Everything that a workbook says, unpacked."""
    with zipfile.ZipFile(path) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
