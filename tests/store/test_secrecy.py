"""R-CRYPT: nothing that tells of a child stands in any file that our program or the database writes."""

import contextlib
import logging
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from planner.errors import ConflictError, InputError
from planner.store.audit import Action, lines, record
from planner.store.children import find_by_index, read_file, read_files, reveal_file, take_files
from planner.store.events import NewEvent, read_events, save_event
from planner.store.person_rows import read_rows
from planner.store.protected import child_versions
from planner.store.roles import Role
from planner.store.rotation import rotate_key
from planner.store.runs import create_run, finish_run, read_run_frame
from tests.store.conftest import (
    COUNTY,
    DAY_2020,
    NEXT_TOWN,
    OTHER,
    TOWN,
    VILLAGE,
    a_child,
    acting,
    id_number,
    save,
    save_visit,
)
from tests.store.test_children import changed
from tests.store.test_runs import RECORD, REQUEST

CANARIES = {
    "name": "马隐名",
    "id_number": id_number(77),
    "phone": "13895007777",
    "home_address": "深井子村七组77号",
    "lon": "106.7777123",
    "school": "深井子小学",
    "health": "罕见病七七",
    "housing": "危房七七",
    "remark": "祖父马隐祖另住",
}
STORY = "邻居马隐邻报告"
VISIT = "走访见到马隐访"


def files_below(*folders):
    return [path for folder in folders for path in Path(folder).rglob("*") if path.is_file()]


def traces(paths, words):
    """The words that stand in some file, however they are written."""
    contents = []
    for path in paths:
        with contextlib.suppress(FileNotFoundError):  # a running server removes files of its own
            contents.append(path.read_bytes())
    found = set()
    for word in words:
        plain = word.encode()
        forms = [plain, word.encode("unicode_escape"), word.encode("utf-16-le"), plain.hex().encode()]
        if any(form in content for content in contents for form in forms):
            found.add(word)
    return found


@pytest.fixture
def places(workspace, tmp_path, request, monkeypatch):
    """Every folder that something of the workspace may be written to; those of temporary files among them."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(temporary))
    if workspace.engine.dialect.name == "sqlite":
        return [tmp_path], lambda: None
    server = request.getfixturevalue("server")
    return [tmp_path, server.folder], lambda: server.execute("CHECKPOINT")


def live(workspace):
    """What a day brings: files made, changed, moved, read, found, refused; events, results, a new key."""
    county = acting(workspace, Role.CIVIL, "64", login="county", duty_officer=True)
    [file] = save(county, a_child(77, content=dict(CANARIES)))
    seen = read_file(county, file)
    save(county, changed(seen, content=dict(seen.content) | {"health": "罕见病七七加重"}))
    moved = {"village": OTHER, "township": NEXT_TOWN, "valid_from": DAY_2020}
    save(county, changed(read_file(county, file), **moved))
    with pytest.raises(ConflictError):
        save(county, changed(seen))
    with pytest.raises(ConflictError):
        save(county, a_child(77, content=dict(CANARIES)))
    read_files(county, as_of=DAY_2020 + timedelta(1))
    find_by_index(county, CANARIES["id_number"])
    reveal_file(county, file, f"为{CANARIES['name']}{CANARIES['id_number']}办津贴,电话{CANARIES['phone']}")
    with pytest.raises(InputError):
        read_file(county, CANARIES["id_number"])
    take_files(county, as_of=DAY_2020 + timedelta(1), serial="S-1", reason=f"上报{CANARIES['name']}的情况")
    with pytest.raises(InputError):
        read_file(county, CANARIES["name"])
    with county.writing() as connection:
        save_event(connection, NewEvent(NEXT_TOWN, "reported", {"story": STORY}, file=file))
        record(connection, Action.READ, CANARIES["id_number"])
    read_events(county)
    save_visit(county, VISIT)
    assert read_rows(county, "visit", as_of=DAY_2020) == [VISIT]
    run = create_run(workspace, replace(REQUEST, area=COUNTY))
    finish_run(workspace, run, RECORD, {"table": pd.DataFrame({"code": [CANARIES["name"]]})})
    assert read_run_frame(workspace, run, "table")["code"].tolist() == [CANARIES["name"]]
    rotate_key(workspace)
    assert reveal_file(county, file, "核对").content["name"] == CANARIES["name"]
    return county, file


def test_no_file_holds_a_trace(workspace, places, caplog):
    caplog.set_level(logging.DEBUG)
    folders, flush = places
    live(workspace)
    words = [
        *CANARIES.values(),
        STORY,
        VISIT,
        "马隐祖",
        "马隐邻",
        sha256(CANARIES["id_number"].encode()).hexdigest(),
    ]
    flush()  # with the connections open: the write-ahead log is there
    paths = files_below(*folders)
    assert traces(paths, words) == set()
    workspace.engine.dispose()
    flush()
    paths = files_below(*folders)
    assert traces(paths, words) == set()
    assert traces(paths, [VILLAGE, TOWN, "监护困境"]) == {VILLAGE, TOWN, "监护困境"}
    assert not [word for word in words if word in caplog.text]


def test_the_audit_holds_no_trace(workspace, places):
    live(workspace)
    with workspace.reading() as connection:
        told = str(lines(connection, newest=10_000))
    assert "为马******办津贴" in told
    assert "上报马**的情况" in told
    assert "(不是编号)" in told
    assert not [word for word in [*CANARIES.values(), STORY] if word in told]


def test_an_error_of_the_database_tells_nothing_of_what_was_to_be_written(workspace):
    live(workspace)
    with workspace.reading() as connection:
        row = dict(connection.execute(child_versions.select().limit(1)).one()._mapping)

    def write_again():
        with workspace.writing() as connection:
            connection.execute(insert(child_versions).values(row))

    with pytest.raises(IntegrityError) as told:
        write_again()
    assert "parameters hidden" in str(told.value)
    assert row["person_index"] not in str(told.value)


def test_errors_for_people_hold_no_trace(workspace):
    county, file = live(workspace)
    town = acting(workspace, Role.TOWNSHIP, TOWN)
    attempts = [
        lambda: save(town, a_child(77, content=dict(CANARIES))),
        lambda: save(county, a_child(77, content=dict(CANARIES))),
        lambda: read_file(town, file),
        lambda: save(county, changed(read_file(county, file), expected=1)),
        lambda: save(county, changed(read_file(county, file), valid_from=DAY_2020 - timedelta(9))),
    ]
    for attempt in attempts:
        with pytest.raises(InputError) as told:
            attempt()
        assert not [word for word in [*CANARIES.values(), STORY] if word in str(told.value)]
