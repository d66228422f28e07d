"""R-KEEP: years after its closing nobody knows any more whose a file was, and the counts are as they were."""

import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point
from sqlalchemy import select

from planner.errors import AccessError, InputError, WorkspaceError
from planner.jobs.closings import close_file
from planner.jobs.corrections import correct
from planner.jobs.expiring import erase_expired, list_expired
from planner.jobs.transfers import accept, hand_over
from planner.model.children import Closing
from planner.model.layers import METRIC_CRS
from planner.model.visits import Concern, Visit, VisitFinding, VisitWay
from planner.store.audit import Action
from planner.store.audit_log import verify
from planner.store.backup import create_backup, restore_backup
from planner.store.child_records import record_of, visit_row
from planner.store.children import (
    archive_of,
    closed_files,
    count_files,
    find_by_index,
    read_file,
    reveal_file,
)
from planner.store.events import NewEvent, read_events, save_event
from planner.store.journal import Source, enter_journal
from planner.store.person_rows import read_rows, save_rows
from planner.store.protected import child_versions
from planner.store.reads import import_log
from planner.store.roles import Role
from planner.store.rotation import SEALED, rotate_key
from planner.store.runs import create_run, finish_run, read_run, read_run_frame
from planner.store.sealing import Place, open_sealed
from planner.store.settings import ERASE_AFTER_YEARS, read_settings, write_settings
from planner.store.workspace import DATABASE, open_workspace
from tests.jobs.county import (
    COUNTY,
    FAR,
    NEAR,
    SECOND,
    TOWN,
    a_record,
    clerk,
    county,
    database,
    heads,
    keep,
    keep_visits,
    record_in,
    server,
    the_file,
)
from tests.store.conftest import acting, audit_lines, id_number, workspace
from tests.store.test_runs import RECORD, REQUEST

__all__ = ["county", "database", "server", "workspace"]
BORN, OPENED, MOVED, CLOSED = "19920315", date(2005, 1, 1), date(2006, 5, 1), date(2008, 2, 29)
TEN_YEARS_ON = date(2018, 3, 1)
NUMBER = id_number(77, born=BORN)
WORDS = {
    "name": "马隐名",
    "guardian": "马隐祖",
    "guardian_id": id_number(3, born="19500102"),
    "phones": ("13895007777",),
    "residence_text": "深井子村七组77号",
    "hukou_text": "深井子村原籍",
    "residence_group": "七组77号",
    "school": "深井子小学",
    "health": "罕见病七七",
    "housing": "危房七七",
    "remark": "祖父马隐祖另住",
    "lon": 106.7777123,
    "lat": 38.4444321,
}
FORMER, FOUND, STORY, WHY = "马旧名", "走访见到马隐访", "邻居马隐邻报告", "随马隐祖迁居"
CANARIES = [*(str(word) for key, word in WORDS.items() if key != "phones"), *WORDS["phones"], NUMBER]
CANARIES += [FORMER, FOUND, STORY, "马隐"]


@pytest.fixture
def kept(county):
    """The county keeps files for ten years."""
    write_settings(county.folder, read_settings(county.folder) | {ERASE_AFTER_YEARS: 10})
    return county


def a_run(workspace, *files):
    run = create_run(workspace, replace(REQUEST, area=COUNTY, as_of=date(2007, 1, 1)))
    places = [Point(500_000 + number, 4_250_000) for number, _ in enumerate(files)]
    stops = gpd.GeoDataFrame({"files": ["、".join(files)]}, geometry=places[:1], crs=METRIC_CRS)
    finish_run(workspace, run, RECORD, {"visit-stops": stops, "legs": pd.DataFrame({"minutes": [1.0]})})
    return run


def live(workspace):
    """The life of a file: named, corrected, visited, handed over, told of in an event and a run, and closed."""
    duty = acting(workspace, Role.CIVIL, COUNTY, login="duty", duty_officer=True)
    child = a_record(77, id_number=NUMBER, born=BORN, **WORDS | {"name": FORMER})
    [file] = keep(workspace, child, day=OPENED)
    correct(workspace, file, name=WORDS["name"], reason=f"户口簿上是{WORDS['name']}")
    with workspace.writing() as connection:
        stamp = enter_journal(connection, "visits", Source("马隐名走访.xlsx", "0" * 64, OPENED, 1, 1, 0))
        finding = (VisitFinding(Concern.HEALTH, normal=False, note=FOUND),)
        visit = Visit(NUMBER, date(2005, 6, 1), ("马建国",), VisitWay.HOME, seen=True, findings=finding)
        row = visit_row(visit, the_file(workspace, file, OPENED))
        save_rows(connection, "visit", [row], valid_from=OPENED, stamp=stamp)
    run = a_run(workspace, file)
    accept(workspace, hand_over(workspace, file, to_village=FAR, day=MOVED, reason=WHY))
    content = {"child": NUMBER, "story": STORY, "reporter": "马隐邻"}
    with duty.writing() as connection:
        event = save_event(connection, NewEvent(SECOND, "reported", content, file=file))
    for version, stage in enumerate(("assessed", "closed"), start=1):
        with duty.writing() as connection:
            told = NewEvent(SECOND, stage, content, file=file, event=event, expected=version)
            save_event(connection, told)
    reveal_file(workspace, file, f"为{WORDS['name']}办理津贴")
    close_file(workspace, file, on=CLOSED, closing=Closing.MOVED_OUT, reason="迁往外省")
    return file, run, event


def everything(workspace):
    """All that is sealed, opened, and all that stands in the clear, as one text."""
    texts = []
    with workspace.reading() as connection:
        for table in {column.table for column in SEALED} | set(child_versions.metadata.sorted_tables):
            texts += [str(row) for row in connection.execute(select(table))]
        for column in SEALED:
            for row in connection.execute(select(column.table)).mappings():
                if row[column.name] is not None:
                    place = Place(column.table.name, column.name, tuple(row[name] for name in column.bound))
                    texts.append(
                        str(open_sealed(workspace.ring, place, row[column.name]), "utf-8", "replace")
                    )
    return "\n".join(texts)


def traces_of(workspace, file):
    """What the database holds of a file in bytes: its sealed contents and its blind indexes."""
    with workspace.reading() as connection:
        own = select(child_versions).where(child_versions.c.file == file)
        rows = connection.execute(own).all()
    return [bytes(row.content) for row in rows] + [row.person_index.encode() for row in rows]


def files_of_the_database(workspace, request):
    if workspace.engine.dialect.name == "sqlite":
        return workspace.folder
    server = request.getfixturevalue("server")
    server.execute("CHECKPOINT")
    return server.folder / "data" / "base"


def still_there(folder: Path, traces):
    contents = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    # PostgreSQL packs long values; a piece from within tells them as well.
    return [trace for trace in traces if any(trace[-40:] in content for content in contents)]


def test_after_the_years_nothing_tells_who_the_child_was(kept, request):
    [sibling] = keep(kept, a_record(2, FAR, born="20000305"), day=OPENED)
    file, run, _ = live(kept)
    other_run = a_run(kept, sibling)
    days = [OPENED, date(2005, 7, 1), MOVED, date(2007, 1, 1), CLOSED, TEN_YEARS_ON]
    before = [(heads(kept, day), count_files(kept, as_of=day)) for day in days]
    assert before[2][0] == {FAR: 2}
    told = everything(kept)
    assert [word for word in CANARIES if word not in told] == []
    old = traces_of(kept, file)
    assert len(still_there(files_of_the_database(kept, request), old)) == len(old)

    expiry = erase_expired(kept, TEN_YEARS_ON)
    assert [(item.file, item.closed, item.closing) for item in expiry.files] == [
        (file, CLOSED, Closing.MOVED_OUT)
    ]
    left = everything(kept)
    assert [word for word in CANARIES if word in left] == []
    assert still_there(files_of_the_database(kept, request), old) == []
    assert [(heads(kept, day), count_files(kept, as_of=day)) for day in days] == before
    assert verify(kept).whole
    [line] = audit_lines(kept, Action.ERASE)
    assert line.object == file
    assert read_run(kept, run).tables == []
    with pytest.raises(InputError, match="没有产出"):
        read_run_frame(kept, run, "visit-stops")
    assert read_run(kept, run).metrics is not None
    assert len(read_run_frame(kept, other_run, "visit-stops")) == 1


def dump(workspace, request):
    """The whole database as SQL."""
    if workspace.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(workspace.folder / DATABASE)) as connection:
            return "\n".join(connection.iterdump()).lower()
    program = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))[-1]
    command = [program, "-h", request.getfixturevalue("server").folder, "-U", "planner", "postgres"]
    return subprocess.run(command, capture_output=True, check=True, text=True, timeout=60).stdout


def test_the_dump_of_the_database_holds_nothing(kept, request):
    file, _, _ = live(kept)
    old = traces_of(kept, file)
    forms = [item.decode() if item.isalnum() else item.hex() for item in old]
    before = dump(kept, request)
    assert [form for form in forms if form not in before] == []
    erase_expired(kept, TEN_YEARS_ON)
    after = dump(kept, request)
    assert [form for form in [*forms, *CANARIES] if form in after] == []


def test_a_recount_of_days_past_still_counts_the_child(kept):
    [sibling] = keep(kept, a_record(2, FAR, born="20000305"), day=OPENED)
    live(kept)
    erase_expired(kept, TEN_YEARS_ON)
    correct(kept, sibling, name="马更名", reason="按户口簿")  # counts 远山村 anew from 2005 on
    assert heads(kept, date(2007, 1, 1)) == {FAR: 2}
    assert heads(kept, CLOSED) == {FAR: 1}


def test_what_is_left_is_read_as_what_it_is(kept):
    file, _, event = live(kept)
    erase_expired(kept, TEN_YEARS_ON)
    left = read_file(kept, file)
    assert (left.content["name"], left.is_erased, left.closing) == ("已清除", True, Closing.MOVED_OUT)
    record = record_in(kept, file, MOVED)
    assert (record.residence, record.birth, record.phones, record.lon) == (FAR, date(1992, 3, 1), (), None)
    [visit] = [Visit.from_json(text) for text in read_rows(kept, "visit", as_of=CLOSED)]
    assert (visit.child, visit.day, visit.by, visit.findings) == (
        record.key,
        date(2005, 6, 1),
        ("马建国",),
        (),
    )
    duty = acting(kept, Role.CIVIL, COUNTY, login="duty", duty_officer=True)
    [told] = read_events(duty, file=file)
    assert (told.event, told.stage, told.content["reporter"]) == (event, "closed", "已清除")
    assert (archive_of(kept), closed_files(kept), find_by_index(kept, NUMBER)) == ([], [], [])
    assert [name for name in import_log(kept)["文件"] if name.endswith("xlsx")] == ["走访记录 00000000.xlsx"]
    rotate_key(kept)
    assert record_of(read_file(kept, file)).name == "已清除"


def test_a_second_time_erases_nothing_more(kept):
    live(kept)
    erase_expired(kept, TEN_YEARS_ON)
    lines = len(audit_lines(kept))
    assert erase_expired(kept, TEN_YEARS_ON).files == ()
    assert len(audit_lines(kept)) == lines


def test_the_day_itself_counts_and_the_day_before_does_not(kept):
    [file] = keep(kept, a_record(1, born=BORN), day=OPENED)
    close_file(kept, file, on=CLOSED, closing=Closing.DECEASED, reason="村里报告")
    assert erase_expired(kept, date(2018, 2, 28)).files == ()
    assert [item.file for item in list_expired(kept, TEN_YEARS_ON).files] == [file]
    assert record_in(kept, file, OPENED).name != "已清除"  # listing alone erases nothing
    assert [item.file for item in erase_expired(kept, TEN_YEARS_ON).files] == [file]


@pytest.mark.parametrize("by_number", [False, True])
def test_an_open_event_holds_a_file_back(kept, by_number):
    """It names the file, or the child alone: who reports need not know that there is a file."""
    [file] = keep(kept, a_record(1, id_number=NUMBER, born=BORN), day=OPENED)
    event = NewEvent(
        TOWN, "reported", {"child": NUMBER} if by_number else {}, file=None if by_number else file
    )
    with acting(kept, Role.CIVIL, COUNTY).writing() as connection:
        save_event(connection, event)
    close_file(kept, file, on=CLOSED, closing=Closing.MOVED_OUT, reason="迁往外省")
    expiry = erase_expired(kept, TEN_YEARS_ON)
    assert (expiry.files, [item.file for item in expiry.held_back]) == ((), [file])
    assert record_in(kept, file, OPENED).name == a_record(1).name


def test_who_has_come_back_keeps_the_visits_since(kept):
    [old] = keep(kept, a_record(1, born=BORN), day=OPENED)
    keep_old = date(2005, 3, 1)
    with kept.writing() as connection:
        stamp = enter_journal(connection, "visits", Source("走访.xlsx", "0" * 64, OPENED, 1, 1, 0))
        for day in (keep_old, date(2009, 3, 1)):
            visit = Visit(a_record(1, born=BORN).key, day, ("马建国",), VisitWay.HOME, seen=True)
            row = visit_row(visit, the_file(kept, old, OPENED))
            save_rows(connection, "visit", [row], valid_from=OPENED, stamp=stamp)
    close_file(kept, old, on=CLOSED, closing=Closing.MOVED_OUT, reason="迁往外省")
    [new] = keep(kept, a_record(1, born=BORN), day=date(2009, 1, 1))
    erase_expired(kept, TEN_YEARS_ON)
    visits = {
        Visit.from_json(text).day: Visit.from_json(text).child
        for text in read_rows(kept, "visit", as_of=TEN_YEARS_ON)
    }
    own = a_record(1, born=BORN).key
    assert visits == {keep_old: f"已清除-{old}", date(2009, 3, 1): own}
    assert record_in(kept, new, date(2009, 2, 1)).key == own


def test_what_came_after_a_late_closing_goes_too(kept):
    """Closed as of a past day: a visit and a run lie between that day and the closing, and nobody has come back."""
    [file] = keep(kept, a_record(1, born=BORN), day=OPENED)
    with kept.writing() as connection:
        stamp = enter_journal(connection, "visits", Source("走访.xlsx", "0" * 64, OPENED, 1, 1, 0))
        visit = Visit(a_record(1, born=BORN).key, date(2008, 3, 5), ("马建国",), VisitWay.HOME, seen=True)
        row = visit_row(visit, the_file(kept, file, OPENED))
        save_rows(connection, "visit", [row], valid_from=OPENED, stamp=stamp)
    run = create_run(kept, replace(REQUEST, area=COUNTY, as_of=date(2008, 3, 10)))
    finish_run(kept, run, RECORD, {"visit-stops": pd.DataFrame({"files": [file]})})
    close_file(kept, file, on=CLOSED, closing=Closing.MOVED_OUT, reason="迁往外省")
    erase_expired(kept, TEN_YEARS_ON)
    [left] = read_rows(kept, "visit", as_of=TEN_YEARS_ON)
    assert Visit.from_json(left).child == f"已清除-{file}"
    assert read_run(kept, run).tables == []


def test_each_erases_what_lies_in_the_own_scope_and_a_township_nothing(kept):
    [file] = keep(kept, a_record(1, born=BORN), day=OPENED)
    close_file(kept, file, on=CLOSED, closing=Closing.MOVED_OUT, reason="迁往外省")
    for refused in (clerk(kept, TOWN), acting(kept, Role.ADMIN), acting(kept, Role.LEADER, COUNTY)):
        for act in (list_expired, erase_expired):
            with pytest.raises(AccessError):
                act(refused, TEN_YEARS_ON)
    assert erase_expired(acting(kept, Role.CIVIL, "640102"), TEN_YEARS_ON).files == ()
    assert len(erase_expired(acting(kept, Role.CIVIL, COUNTY), TEN_YEARS_ON).files) == 1


def test_without_a_number_of_years_nothing_is_erased(county):
    with pytest.raises(InputError, match="erase_after_years = 10"):
        erase_expired(county, TEN_YEARS_ON)
    for wrong in (0, -1, 101, "10", True, 2.5):
        write_settings(county.folder, read_settings(county.folder) | {ERASE_AFTER_YEARS: wrong})
        with pytest.raises(WorkspaceError, match="1到100的整数"):
            erase_expired(county, TEN_YEARS_ON)


def test_a_day_that_is_yet_to_come_is_refused(kept):
    with pytest.raises(InputError, match="还没有到"):
        erase_expired(kept, date(2100, 1, 1))


def test_a_backup_made_afterwards_knows_nothing_and_how_long_files_are_kept(kept, tmp_path):
    live(kept)
    erase_expired(kept, TEN_YEARS_ON)
    backup, _ = create_backup(kept, tmp_path / "backups")
    restore_backup(backup, tmp_path / "again", kept.key_file.path)
    again = open_workspace(tmp_path / "again")
    assert [word for word in CANARIES if word in everything(again)] == []
    assert list_expired(again, TEN_YEARS_ON).years == 10
    again.engine.dispose()


def test_what_is_unused_here_is_still_visited(kept):
    [file] = keep(kept, a_record(1, NEAR, born="20120305"))
    keep_visits(kept, file, date(2020, 2, 1))
    erase_expired(kept, date(2020, 12, 31))
    assert len(read_rows(kept, "visit", as_of=date(2020, 12, 31))) == 1
    assert record_in(kept, file).name == a_record(1).name
