"""R-ERR: whatever goes wrong is told in Chinese; no stack, no path, no SQL, nothing of a child."""

import os
import re
import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.cli.county import HOME, NAME, NUMBER, PHONE, server, staffed
from tests.jobs.conftest import copied

__all__ = ["server", "staffed"]

SECRETS = (NAME, NUMBER, PHONE, HOME, "马隐祖")
INSIDES = ("Traceback", "/home", ".py", "SELECT", "INSERT", "sqlalchemy", "sqlite3", "psycopg")


@pytest.fixture
def database():
    """The database file is damaged here; PostgreSQL keeps its own."""
    return


def spoil(path):
    """Overwrite every page but the first."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


def change_content(folder):
    with closing(sqlite3.connect(folder / "planner.sqlite")) as database, database:
        database.execute("UPDATE child_versions SET content = zeroblob(100)")


def other_key(folder):
    (folder.parent / "workspace.key").write_text("not a key")


def drop_table(folder):
    with closing(sqlite3.connect(folder / "planner.sqlite")) as database, database:
        database.execute("DROP TABLE tasks")


def older(folder):
    with closing(sqlite3.connect(folder / "planner.sqlite")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")


def newer(folder):
    with closing(sqlite3.connect(folder / "planner.sqlite")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def settings(text):
    return lambda folder: (folder / "workspace.toml").write_text(text)


def nothing(folder):
    pass


FAULTS = {
    "unknown command": (nothing, ("child", "lst")),
    "unknown option": (nothing, ("child", "list", "--nmae", NAME)),
    "unknown file": (nothing, ("child", "show", "no-such-file")),
    "an ID for a file": (nothing, ("child", "show", NUMBER)),
    "an ID as an argument": (nothing, ("child", "find", NUMBER)),
    "unknown user": (nothing, ("child", "list", "--as", "nobody")),
    "wrong role": (nothing, ("child", "list", "--as", "lingdao")),
    "wrong role to reveal": (nothing, ("child", "reveal", "{file}", "--reason", "核对", "--as", "xiangzhen")),
    "another's file": (nothing, ("child", "show", "{file}", "--as", "linxiang")),
    "no reason": (nothing, ("child", "export", "--reason", " ", "--out", "{tmp}/a.xlsx")),
    "no folder": (nothing, ("child", "export", "--reason", "核对", "--out", "{tmp}/absent/a.xlsx")),
    "in the workspace": (nothing, ("child", "export", "--reason", "核对", "--out", "{folder}/a.xlsx")),
    "another kind of file": (nothing, ("child", "export", "--reason", "核对", "--out", "{tmp}/a.pdf")),
    "a null byte": (nothing, ("child", "export", "--reason", "核对", "--out", "{tmp}/a\0.xlsx")),
    "a bad day": (nothing, ("child", "list", "--as-of", "2020-13-01")),
    "a bad code": (nothing, ("child", "list", "--village", "' OR 1=1 --")),
    "unknown rule set": (nothing, ("policy", "switch", "--to", "doc2016")),
    "a day before the files": (nothing, ("policy", "switch", "--to", "mca2019", "--as-of", "2001-01-01")),
    "unknown task": (nothing, ("tasks", "done", "77")),
    "a task that is no number": (nothing, ("tasks", "done", NAME)),
    "no file to import": (nothing, ("import", "ledger", "{tmp}/absent.xlsx")),
    "a folder to import": (nothing, ("import", "ledger", "{tmp}")),
    "no workbook": (
        lambda folder: (folder.parent / "a.xlsx").write_bytes(b"x"),
        ("import", "ledger", "{tmp}/a.xlsx"),
    ),
    "content changed": (change_content, ("child", "list")),
    "content changed, shown": (change_content, ("child", "show", "{file}")),
    "content changed, exported": (
        change_content,
        ("child", "export", "--reason", "核对", "--out", "{tmp}/a.xlsx"),
    ),
    "a table gone": (drop_table, ("tasks", "list")),
    "no key": (lambda folder: (folder.parent / "workspace.key").unlink(), ("child", "list")),
    "no such key": (other_key, ("child", "list")),
    "a key for everybody": (lambda folder: (folder.parent / "workspace.key").chmod(0o644), ("child", "list")),
    "no database": (lambda folder: (folder / "planner.sqlite").unlink(), ("child", "list")),
    "an older database": (older, ("child", "list")),
    "a newer database": (newer, ("upgrade",)),
    "no settings": (lambda folder: (folder / "workspace.toml").unlink(), ("child", "list")),
    "bad settings": (settings("format = ["), ("child", "list")),
    "another format": (settings("format = 99"), ("child", "list")),
    "no workspace": (shutil.rmtree, ("child", "list")),
    "pages damaged": (lambda folder: spoil(folder / "planner.sqlite"), ("child", "list")),
    "no database at all": (
        lambda folder: (folder / "planner.sqlite").write_bytes(os.urandom(9000)),
        ("child", "list"),
    ),
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The staffed workspace, made once; copy it."""
    return {"folder": None, "place": tmp_path_factory.mktemp("kept")}


@pytest.fixture
def county(kept, request, tmp_path):
    if kept["folder"] is None:
        made = request.getfixturevalue("staffed")
        kept.update(folder=copied(made.folder, kept["place"]), file=made.file)
    place = tmp_path / "own"
    place.mkdir()
    return copied(kept["folder"], place), kept["file"]


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_tells_nothing_of_insides_or_children(planner, county, fault):
    folder, file = county
    spoiled, arguments = FAULTS[fault]
    spoiled(folder)
    words = [str(item).format(file=file, tmp=folder.parent, folder=folder) for item in arguments]
    done = planner(*words, "--workspace", folder)
    assert done.code in (1, 2), done.out
    assert done.out == ""
    assert re.search("[\u4e00-\u9fff]", done.err)
    typed = set(words)
    for secret in (*SECRETS, *INSIDES, str(folder), str(folder.parent)):
        assert secret not in done.err or (secret == NAME and secret in typed), done.err
    assert len(done.err) < 400
    assert not (folder.parent / "a.xlsx").is_file() or fault == "no workbook"


def test_there_are_enough_faults():
    assert len(FAULTS) >= 20


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"{NAME} {NUMBER}"),
        KeyError(NAME),
        OSError(5, "Input/output error", "/home/somebody/workspace"),
        RuntimeError(f"SELECT content FROM child_versions WHERE name = '{NAME}'"),
        RecursionError(PHONE),
        MemoryError(),
    ],
)
def test_what_nobody_expected_is_told_by_a_number(planner, county, monkeypatch, error):
    folder, file = county

    def fail(*arguments, **settings):
        raise error

    for opening in ("files_of", "listed"):
        monkeypatch.setattr(f"planner.store.children.{opening}", fail)
    for arguments in (
        ("list",),
        ("show", file),
        ("export", "--reason", "核对", "--out", folder.parent / "a.xlsx"),
    ):
        done = planner("child", *arguments, "--workspace", folder)
        assert (done.code, done.out) == (1, "")
        assert re.fullmatch(
            "程序出错,错误编号 [0-9a-f]{8}。加 --debug 重新运行,把显示的内容交给维护人员\n", done.err
        )
