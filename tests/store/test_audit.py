"""The audit chain: whole under many hands, broken by any change, ended by a head outside the database."""

import multiprocessing
import shutil
import sqlite3
import subprocess
import sys
import threading

import pytest
from sqlalchemy import delete, insert, select, update

from planner.store.audit import Action, Line, lines, record
from planner.store.audit_log import verify
from planner.store.head import Head, HeadFile, Link, head_path
from planner.store.protected import audit
from planner.store.workspace import create_workspace, open_workspace


def note(workspace, text, **settings):
    with workspace.writing() as connection:
        record(connection, Action.READ, text, **settings)


def tamper(workspace, statement):
    """What somebody does who has the database, and neither our program nor the key."""
    with workspace.engine.connect().execution_options(planner_writes=True) as connection, connection.begin():
        connection.execute(statement)


def actions(workspace):
    with workspace.reading() as connection:
        return [(line.action, line.object) for line in reversed(lines(connection, newest=10_000))]


@pytest.fixture
def five(workspace):
    """The line of the workspace's making, and four more."""
    for number in range(2, 6):
        note(workspace, f"file {number}")
    assert verify(workspace).lines == 5
    return workspace


def test_a_line_says_who_did_what_and_how_it_ended(workspace):
    note(workspace, "file 1", reason="核对", detail={"rows": 3})
    with workspace.reading() as connection:
        line = lines(connection, newest=1)[0]
    assert (line.number, line.who, line.role) == (2, workspace.person.login, "县民政")
    assert (line.action, line.object, line.reason) == ("查看档案", "file 1", "核对")
    assert (line.ip, line.result, line.detail) == ("本机", "成功", '{"rows": 3}')
    assert line.key == workspace.ring.newest.id


def test_a_new_workspace_begins_its_chain(workspace):
    assert actions(workspace) == [("新建工作区", "")]
    verdict = verify(workspace)
    assert (verdict.whole, verdict.lines) == (True, 1)
    path = head_path(workspace.key_file.path)
    assert path == workspace.folder.with_name("workspace.key.head")
    assert path.stat().st_mode & 0o777 == 0o600


def test_numbers_of_people_do_not_enter(workspace):
    note(workspace, "640101201203050017", reason="电话13895001234查询64010120120305001X", detail={"n": 1})
    with workspace.reading() as connection:
        line = lines(connection, newest=1)[0]
    assert (line.object, line.reason) == ("****", "电话****查询****")
    with pytest.raises(TypeError, match="codes and numbers"):
        note(workspace, "", detail={"child": object()})
    assert verify(workspace).whole


def test_a_line_lives_and_dies_with_its_transaction(workspace):
    def fail():
        with workspace.writing() as connection:
            record(connection, Action.SAVE, "lost")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert actions(workspace) == [("新建工作区", "")]
    with workspace.writing() as connection:
        for number in range(3):
            record(connection, Action.SAVE, str(number))
    assert verify(workspace) == verify(workspace)
    assert verify(workspace).lines == 4


@pytest.mark.parametrize(
    "name", ["who", "role", "action", "object", "reason", "ip", "result", "detail", "mac", "at", "key"]
)
def test_an_edited_line_is_the_first_bad_one(five, name):
    with five.reading() as connection:
        third = lines(connection, newest=10)[2]
    value = third.at.replace(year=2001) if name == "at" else f"{getattr(third, name)[:-1]}?"
    tamper(five, update(audit).where(audit.c.number == 3).values({name: value}))
    verdict = verify(five)
    assert (verdict.whole, verdict.first_bad, verdict.lines) == (False, 3, 2)
    assert "第3条" in verdict.problem


def test_a_removed_line_is_missed(five):
    tamper(five, delete(audit).where(audit.c.number == 3))
    assert (verify(five).first_bad, verify(five).problem) == (3, "第3条记录不见了")


def test_a_line_removed_with_the_rest_renumbered_is_missed(five):
    tamper(five, delete(audit).where(audit.c.number == 3))
    tamper(five, update(audit).where(audit.c.number == 4).values(number=3))
    tamper(five, update(audit).where(audit.c.number == 5).values(number=4))
    assert verify(five).first_bad == 3


def test_exchanged_lines_are_noticed(five):
    for old, new in ((3, 99), (4, 3), (99, 4)):
        tamper(five, update(audit).where(audit.c.number == old).values(number=new))
    assert verify(five).first_bad == 3


def test_an_added_line_is_noticed(five):
    with five.reading() as connection:
        last = lines(connection, newest=1)[0]
    forged = {**vars(last), "number": 6, "object": "never happened"}
    tamper(five, insert(audit).values(forged))
    assert verify(five).first_bad == 6


def test_a_deleted_last_line_is_noticed_and_stays_noticed(five):
    tamper(five, delete(audit).where(audit.c.number == 5))
    verdict = verify(five)
    assert (verdict.first_bad, verdict.lines) == (5, 4)
    assert "第5条到第5条" in verdict.problem
    note(five, "life goes on")
    assert verify(five).first_bad == 5
    assert actions(five)[-2:] == [("审计链中断", "有记录被删除或改动"), ("查看档案", "life goes on")]
    note(five, "and on")
    assert (verify(five).first_bad, len(actions(five))) == (5, 7)


def test_an_emptied_table_is_noticed(five):
    tamper(five, delete(audit))
    verdict = verify(five)
    assert (verdict.first_bad, verdict.lines) == (1, 0)
    note(five, "new life")
    assert verify(five).first_bad == 1


def test_an_older_database_put_back_is_noticed(tmp_path):
    workspace = create_workspace(tmp_path / "workspace")
    note(workspace, "before")
    with sqlite3.connect(workspace.folder / "planner.sqlite") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    shutil.copy(workspace.folder / "planner.sqlite", tmp_path / "old")
    note(workspace, "after")
    workspace.engine.dispose()
    shutil.copy(tmp_path / "old", workspace.folder / "planner.sqlite")
    again = open_workspace(workspace.folder)
    assert verify(again).first_bad == 3
    again.engine.dispose()


def test_a_lost_head_is_told_and_written_down(five):
    path = head_path(five.key_file.path)
    for content in (None, b"", b"{}", b'{"confirmed": 3, "announced": null}'):
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        verdict = verify(five)
        assert (verdict.whole, verdict.first_bad) == (False, None)
        assert "头文件" in verdict.problem
        note(five, "after it")
        assert verify(five).whole
        assert actions(five)[-2:] == [("审计链中断", "头文件缺失"), ("查看档案", "after it")]


CRASH = """
import os, sys
from pathlib import Path
from planner.store import head
from planner.store.audit import Action, record
from planner.store.workspace import open_workspace

workspace, at = open_workspace(Path(sys.argv[1])), int(sys.argv[2])
write, calls = head.write_private, 0

def write_and_die(path, content):
    global calls
    calls += 1
    if at == 2 * calls - 2:
        os._exit(9)
    write(path, content)
    if at == 2 * calls - 1:
        os._exit(9)

head.write_private = write_and_die
with workspace.writing() as connection:
    record(connection, Action.SAVE, "at the crash")
os._exit(0)
"""


def crash(workspace, at):
    """Die at: 0 before the announcement, 1 after it, 2 after the commit, 3 after the confirmation."""
    command = [sys.executable, "-c", CRASH, str(workspace.folder), str(at)]
    assert subprocess.run(command, check=False, timeout=60).returncode == 9


@pytest.mark.parametrize(("at", "kept"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_crash_around_the_commit_is_no_tampering(five, at, kept):
    crash(five, at)
    verdict = verify(five)
    assert verdict.whole
    assert verdict.lines == (6 if kept else 5)
    assert bool(verdict.notice) == (at == 1)
    note(five, "after it")
    verdict = verify(five)
    assert (verdict.whole, verdict.notice) == (True, "")
    expected = [("保存档案", "at the crash")] if kept else []
    expected += [("审计链中断", "一次写入没有完成")] if at == 1 else []
    assert actions(five)[5:] == [*expected, ("查看档案", "after it")]
    tamper(five, delete(audit).where(audit.c.number == verdict.lines))
    assert verify(five).first_bad == verdict.lines


def test_a_line_deleted_in_the_gap_of_a_crash_leaves_a_trace(five):
    crash(five, 2)
    tamper(five, delete(audit).where(audit.c.number == 6))
    assert "或在那一刻被删除" in verify(five).notice
    note(five, "after it")
    assert ("审计链中断", "一次写入没有完成") in actions(five)


def test_a_late_confirmation_never_takes_the_head_back(tmp_path):
    head = HeadFile(tmp_path / "head", tmp_path)
    head.create()
    first, second = Link(1, "a" * 64), Link(2, "b" * 64)
    inside, done = threading.Event(), threading.Event()

    def follow():
        inside.wait()
        with head.moved(first, second):
            pass
        done.set()

    thread = threading.Thread(target=follow)
    thread.start()
    with head.moved(Link(0, "0" * 64), first):
        inside.set()
        assert not done.wait(timeout=0.2)
        assert head.read() == Head(Link(0, "0" * 64), first)
    thread.join()
    assert head.read() == Head(second)


def test_twenty_threads_lose_nothing(workspace):
    failures = []

    def write(thread):
        try:
            for number in range(50):
                note(workspace, f"{thread}/{number}")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    verdict = verify(workspace)
    assert (verdict.lines, verdict.problem, verdict.notice) == (1001, "", "")
    assert len({text for _, text in actions(workspace)[1:]}) == 1000


def _write_from_a_process(folder, process):
    workspace = open_workspace(folder)
    for number in range(25):
        note(workspace, f"{process}/{number}")
        assert verify(workspace).whole
    workspace.engine.dispose()


def test_several_processes_lose_nothing(workspace):
    spawning = multiprocessing.get_context("spawn")
    processes = [
        spawning.Process(target=_write_from_a_process, args=(workspace.folder, number)) for number in range(4)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    verdict = verify(workspace)
    assert (verdict.lines, verdict.problem, verdict.notice) == (101, "", "")
    assert len({text for _, text in actions(workspace)[1:]}) == 100


def test_lines_of_one_person(workspace):
    note(workspace, "mine")
    with workspace.reading() as connection:
        assert [line.object for line in lines(connection, newest=9, who=workspace.person.login)] == [
            "mine",
            "",
        ]
        assert lines(connection, newest=9, who="' OR 1=1 --") == []
        rows = connection.execute(select(audit).order_by(audit.c.number)).all()
    assert [Line(**row._mapping).number for row in rows] == [1, 2]
