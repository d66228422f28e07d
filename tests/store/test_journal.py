"""The journal of imports: a file named after a child is known again by those who may, and its name in no file."""

from datetime import UTC, date, datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import insert, select

from planner.model.layers import DEMO_ORIGIN
from planner.store.backup import create_backup, restore_backup
from planner.store.database import begun
from planner.store.journal import Source, enter_journal
from planner.store.reads import import_log
from planner.store.roles import Role
from planner.store.rotation import rotate_key
from planner.store.tables import REVISION, demand, imports
from planner.store.workspace import open_workspace
from tests.store.conftest import COUNTY, acting, audit_lines, source
from tests.store.test_secrecy import files_below, places, traces

__all__ = ["places"]
NAME = "张小三家庭台账.xlsx"


def enter(workspace, kind="ledger", name=NAME):
    with workspace.writing() as connection:
        enter_journal(connection, kind, Source(name, "3f2a91bc" + "0" * 56, None, 1, 1, 0))


def test_the_name_of_a_file_about_persons_stands_nowhere(workspace, places):
    folders, flush = places
    enter(workspace)
    flush()
    assert traces(files_below(*folders), ["张小三"]) == set()
    with workspace.reading() as connection:
        assert connection.execute(select(imports.c.name)).scalar_one() == "困境儿童台账 3f2a91bc.xlsx"
    assert not [line for line in audit_lines(workspace) if "张小三" in str(line)]


def test_who_may_see_the_import_knows_the_file_again(workspace):
    enter(acting(workspace, Role.CIVIL, COUNTY, login="county"))
    assert import_log(workspace)["文件"].tolist() == [NAME]
    assert import_log(acting(workspace, Role.CIVIL, COUNTY, login="county"))["文件"].tolist() == [NAME]
    assert import_log(acting(workspace, Role.CIVIL, COUNTY, login="another"))["文件"].tolist() == []


def test_the_name_of_a_file_of_places_is_as_it_was(workspace):
    enter(workspace, "divisions", "区划.csv")
    with workspace.reading() as connection:
        assert connection.execute(select(imports.c.name, imports.c.sealed_name)).one() == ("区划.csv", None)
    assert import_log(workspace)["文件"].tolist() == ["区划.csv"]


def test_it_opens_after_a_new_key_and_out_of_a_backup(workspace, tmp_path):
    enter(workspace, "divisions", "区划.csv")
    enter(workspace)
    rotate_key(workspace)
    assert import_log(workspace)["文件"].tolist() == [NAME, "区划.csv"]
    backup, _ = create_backup(workspace, tmp_path / "backups")
    restore_backup(backup, tmp_path / "again", workspace.key_file.path)
    again = open_workspace(tmp_path / "again")
    assert import_log(again)["文件"].tolist() == [NAME, "区划.csv"]
    again.engine.dispose()


def test_names_from_before_are_forgotten(engine):
    """At the revision before there was no sealed name, and a migration has no key."""
    config = Config()
    config.set_main_option("script_location", "planner.store:migrations")
    with begun(engine, writes=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        rows = [("ledger", NAME), ("demand", "需求.csv")]
        common = vars(source()) | {"sha256": "3f2a91bc" + "0" * 56}
        common |= {"recorded_at": datetime.now(UTC)}
        for number, (kind, name) in enumerate(rows, start=1):
            values = common | {"id": number, "kind": kind, "name": name}
            connection.execute(insert(imports).values(values))
        told = {"village": "640101001001", "age_band": "7-14", "category": "家庭困境", "children": 1}
        told |= {"valid_from": date(2020, 1, 1), "recorded_at": datetime.now(UTC)}
        for import_id, origin in ((1, NAME), (1, DEMO_ORIGIN), (2, "需求.csv")):
            connection.execute(insert(demand).values(told | {"import_id": import_id, "origin": origin}))
        command.upgrade(config, REVISION)
        named = connection.execute(select(imports.c.name).order_by(imports.c.id)).scalars().all()
        origins = connection.execute(select(demand.c.origin).order_by(demand.c.id)).scalars().all()
    assert named == ["困境儿童台账 3f2a91bc.xlsx", "需求.csv"]
    assert origins == ["困境儿童台账", DEMO_ORIGIN, "需求.csv"]


@pytest.mark.parametrize("name", ["", "没有后缀", "台账.张小三"])
def test_a_name_with_no_ending_or_a_strange_one(workspace, name):
    enter(workspace, name=name)
    assert import_log(workspace)["文件"].tolist() == [name]
    with workspace.reading() as connection:
        assert connection.execute(select(imports.c.name)).scalar_one() == "困境儿童台账 3f2a91bc"
