"""R-EXPORT, R-CSV, R-PATH, R-CONSENT: what leaves the workspace is cut by role, numbered, marked, audited, whole."""

import json
import os
import stat

import openpyxl
import pytest

from planner.documents import xlsx_bytes
from planner.model.sheet_text import is_formula_like
from planner.store.audit import Action
from planner.store.children import save_versions
from planner.store.journal import Source
from planner.store.workspace import open_workspace
from planner.store.writes import save_divisions
from tests.cli.county import (
    DAY,
    NAME,
    NUMBER,
    PEOPLE,
    PHONE,
    database,
    record,
    server,
    staffed,
    version,
    words_of,
)
from tests.cli.test_children import told
from tests.store.conftest import VILLAGE, division_rows, id_number

__all__ = ["database", "server", "staffed"]

REASON = "报县民政局核对"
PAYLOADS = [
    "=1+1",
    "+1",
    "-2+5",
    "@SUM(A1)",
    "|cmd",
    "%0",
    "＝cmd|1",
    "－1",
    "\t=1",
    "\ufeff=1",
    " =1",
    "\r=1",
]


@pytest.fixture
def export(planner, staffed, tmp_path):
    """Runs `planner child export …`, to out.xlsx unless another place is given."""

    def run(*arguments, out=None, reason=REASON):
        place = ("--out", out or tmp_path / "out.xlsx", "--workspace", staffed.folder)
        return planner("child", "export", *arguments, "--reason", reason, *place)

    return run


def rows_of(path):
    sheet = openpyxl.load_workbook(path)["困境儿童档案"]
    titles, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    return [dict(zip(titles, row, strict=True)) for row in rows]


def parts_of(sheet):
    """The parts of the header and the footer of a sheet that say something."""
    sides = [side for line in (sheet.oddHeader, sheet.oddFooter) for side in (line.left, line.right)]
    return [side for side in sides if side.text]


def test_the_serial_stands_on_every_sheet_and_page_and_in_the_audit(export, staffed, tmp_path):
    done = export("--as", "minzheng", "--json")
    assert (done.code, done.json["rows"], done.json["file"]) == (0, 1, "out.xlsx")
    serial = done.json["serial"]
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["说明", "困境儿童档案"]
    for sheet in book:
        page = "".join(str(part.text) for part in parts_of(sheet))
        assert serial in page
        assert "某人(minzheng) 20" in page
        assert "含未成年人个人信息 不得外传" in page
        marks = [
            cell.value
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and serial in cell.value and "minzheng" in cell.value
        ]
        assert marks, sheet.title
    [line] = told(staffed.folder, Action.EXPORT)
    assert (line.who, line.object, line.reason, line.result) == ("minzheng", serial, REASON, "成功")
    assert json.loads(line.detail) == {"as_of": DAY.isoformat(), "areas": "640101", "count": 1}


def test_each_export_has_a_serial_of_its_own(export):
    assert len({export("--json").json["serial"] for _ in range(3)}) == 3


def test_what_is_exported_is_what_the_role_sees(export, tmp_path):
    assert export().code == 0
    assert [row["姓名"] for row in rows_of(tmp_path / "out.xlsx")] == [NAME, "李邻县"]
    assert export("--as", "xiangzhen").code == 0
    [row] = rows_of(tmp_path / "out.xlsx")
    assert (row["姓名"], row["身份证号"], row["监护人电话"], row["核定类型"], row["版本"]) == (
        NAME,
        f"6401****{NUMBER[-4:]}",
        PHONE,
        "监护困境",
        1,
    )
    assert NUMBER not in words_of(tmp_path / "out.xlsx")


@pytest.mark.parametrize("login", ["lingdao", "guihua", "xieliyuan", "shenji", "guanli"])
def test_who_may_take_nothing_out_gets_no_file(export, staffed, tmp_path, login):
    refused = export("--as", login)
    assert (refused.code, refused.out) == (2, "")
    assert f"{PEOPLE[login][0]}不能导出儿童档案" in refused.err
    assert not (tmp_path / "out.xlsx").exists()
    [line] = told(staffed.folder, Action.EXPORT)
    assert (line.who, line.result) == (login, "拒绝")


@pytest.mark.parametrize(
    ("arguments", "reason", "fault"),
    [
        ((), " ", "没有写明导出的理由"),
        (("no-such-file",), REASON, "没有找到要导出的档案"),
        (("--village", "640101001009"), REASON, "没有找到要导出的档案"),
        (("--as-of", "2001-01-01"), REASON, "没有找到要导出的档案"),
    ],
)
def test_without_a_reason_or_files_nothing_is_written(export, tmp_path, arguments, reason, fault):
    refused = export(*arguments, reason=reason)
    assert (refused.code, refused.out) == (2, "")
    assert fault in refused.err
    assert not (tmp_path / "out.xlsx").exists()


def test_one_file_says_what_for_and_on_what_ground(export, staffed, tmp_path):
    assert export(staffed.file, "--as", "xiangzhen").code == 0
    [row] = rows_of(tmp_path / "out.xlsx")
    assert row["档案编号"] == staffed.file
    cover = openpyxl.load_workbook(tmp_path / "out.xlsx")["说明"]
    notes = [str(row[0].value) for row in cover.iter_rows(min_row=4)]
    assert f"用途:{REASON}" in notes
    for word, part in (("依据", "法定职责"), ("权利", "更正"), ("保管", "不留副本")):
        assert [note for note in notes if note.startswith(f"{word}:") and part in note], word
    beyond = export(staffed.other, "--as", "xiangzhen")
    both = export(staffed.file, staffed.other, "--as", "xiangzhen")
    assert (beyond.code, beyond.err, both.code) == (2, both.err, 2)


def test_a_number_in_the_reason_goes_no_further(export, staffed, tmp_path):
    assert export(reason=f"为{NUMBER}办津贴").code == 0
    assert NUMBER not in words_of(tmp_path / "out.xlsx")
    assert told(staffed.folder, Action.EXPORT)[0].reason == "为****办津贴"


def test_no_text_is_a_formula(export, staffed, tmp_path):
    workspace = open_workspace(staffed.folder)
    items = [
        record(id_number=id_number(100 + n), name=f"{'甲乙丙丁戊己庚辛壬癸子丑'[n]}明", remark=text)
        for n, text in enumerate(PAYLOADS)
    ]
    with workspace.writing() as connection:
        save_versions(connection, [version(item) for item in items])
    workspace.engine.dispose()
    assert export().code == 0
    cells = [c for s in openpyxl.load_workbook(tmp_path / "out.xlsx") for row in s.iter_rows() for c in row]
    assert {cell.data_type for cell in cells} == {"s", "n", "d"}
    assert "<f>" not in words_of(tmp_path / "out.xlsx")
    remarks = [cell for cell in cells if cell.value in PAYLOADS]
    assert len(remarks) >= len(PAYLOADS) - 1  # a carriage return comes back as a new line
    assert all(
        cell.quotePrefix for cell in cells if cell.data_type == "s" and is_formula_like(str(cell.value or ""))
    )


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("../../etc/passwd", "_etc-passwd_"),
        ("CON", "_x-CON_"),
        ("村" * 300, f"_{'村' * 20}_"),
        ("甲\u202e乙村", "_甲-乙村_"),
        ("", "_unnamed_"),
    ],
)
def test_in_a_folder_the_name_is_ours(export, staffed, tmp_path, name, part):
    workspace = open_workspace(staffed.folder)
    save_divisions(
        workspace,
        division_rows((VILLAGE, name, "640101001", None)),
        Source("区划.csv", "1" * 64, DAY, 1, 1, 0),
    )
    workspace.engine.dispose()
    place = tmp_path / "outbox"
    place.mkdir()
    done = export("--village", VILLAGE, "--json", out=place)
    assert done.code == 0, done.err
    [path] = list(place.iterdir())
    assert part in path.name
    assert path.name == done.json["file"]
    assert done.json["serial"] in path.name
    assert len(path.name.encode()) < 200
    assert "\u202e" not in path.name
    assert {item.name for item in tmp_path.iterdir()} <= {
        "outbox",
        "workspace",
        "workspace.key",
        "workspace.head",
    } | {item.name for item in tmp_path.iterdir() if item.name.startswith("workspace.")}


def test_the_name_of_one_file_is_its_number_never_the_child(export, staffed, tmp_path):
    place = tmp_path / "outbox"
    place.mkdir()
    assert export(staffed.file, out=place).code == 0
    [path] = list(place.iterdir())
    assert f"_{staffed.file[:8]}_" in path.name
    assert NAME not in path.name


def test_a_file_is_for_its_owner_alone_and_whole_or_not_there(export, tmp_path, monkeypatch):
    assert export().code == 0
    path = tmp_path / "out.xlsx"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before, sync = path.read_bytes(), os.fsync

    def full(descriptor):
        monkeypatch.setattr(os, "fsync", sync)
        raise OSError(28, "No space left on device")

    def content(*arguments):  # the disk is full when the audit is written and the paper is not
        monkeypatch.setattr(os, "fsync", full)
        return xlsx_bytes(*arguments)

    monkeypatch.setattr("planner.jobs.exports.xlsx_bytes", content)
    failed = export()
    assert (failed.code, failed.out, "磁盘已满" in failed.err) == (2, "", True)
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir() if item.name.startswith("out")] == ["out.xlsx"]


def test_places_that_will_not_do(export, staffed, tmp_path):
    for out in (
        tmp_path / "out.csv",
        tmp_path / "absent" / "out.xlsx",
        staffed.folder / "out.xlsx",
        staffed.folder,
        tmp_path / f"{'x' * 300}.xlsx",
    ):
        refused = export(out=out)
        assert (refused.code, refused.out) == (2, ""), out
        assert NAME not in refused.err
    assert not list(staffed.folder.glob("*.xlsx"))
