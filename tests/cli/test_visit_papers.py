"""`planner visits papers`: what the role sees and no more, numbered, audited, whole or not there (R-EXPORT, R-MASK)."""

import json
import os
import re
import stat
import zipfile

import gpxpy
import openpyxl
import pytest

from planner.documents import route_sheet
from planner.model.route_sheets import short_number
from planner.store.audit import Action
from tests.cli.county import (
    GUARDIAN_NUMBER,
    HOME,
    NAME,
    NUMBER,
    PEOPLE,
    PHONE,
    STORY,
    database,
    server,
    staffed,
    words_of,
)
from tests.cli.test_children import told
from tests.cli.visit_run import FIFTH, SIXTH, WHO, plan_frames, planned
from tests.store.conftest import VILLAGE

__all__ = ["database", "server", "staffed"]

REASON = "1月定期走访"
CANARY = (NAME, NUMBER, PHONE, HOME, GUARDIAN_NUMBER, STORY, "马隐祖")
# The widest run that each may see.
AREAS = {"xiangzhen": "640101001", "xieliyuan": VILLAGE}
CARRIES = ("minzheng", "zhiban", "xiangzhen", "xieliyuan")


@pytest.fixture
def data(monkeypatch):
    """What the PDFs are made of, one text each."""
    given = []

    def kept(template, content):
        given.append(json.dumps(content, ensure_ascii=False))
        return make(template, content)

    make = route_sheet.pdf_bytes
    monkeypatch.setattr(route_sheet, "pdf_bytes", kept)
    return given


@pytest.fixture
def papers(planner, staffed, tmp_path):
    """Runs `planner visits papers …` into a folder; what it says, and the files by name."""

    def run(run_id, *arguments, login=None, out=None, reason=REASON):
        place = out or tmp_path / "out"
        place.mkdir(exist_ok=True)
        who = ("--as", login) if login else ()
        given = ("--workspace", staffed.folder, "--out", place, "--reason", reason, "--json")
        done = planner("visits", "papers", run_id, *arguments, *who, *given)
        return done, {path.name: path for path in sorted(place.glob("*/*"))}

    return run


def foot_of(page):
    """The left part of a sheet's footer."""
    return str(page.oddFooter.left and page.oddFooter.left.text)


def everything(files, data):
    """All that the files say, with their names."""
    texts = [words_of(path) if path.suffix == ".xlsx" else path.read_bytes().decode("utf-8", "replace")
             for path in files.values()]  # fmt: skip
    return "\n".join([*files, *texts, *data])


def test_a_visitors_papers(papers, staffed, data, tmp_path):
    done, files = papers(planned(staffed), "--visitor", "王协理")
    assert (done.code, done.err) == (0, "")
    assert (done.json["sheets"], done.json["forms"]) == (2, 2)
    assert list(files) == sorted(done.json["files"])
    assert {path.suffix for path in files.values()} == {".pdf", ".xlsx", ".gpx", ".kml", ".geojson"}
    assert re.fullmatch(r"走访单_20210105-0106_DC\d{8}-[0-9a-f]{10}", done.json["folder"])
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files.values())
    [text] = data
    sheets = json.loads(text)["sheets"]
    first = sheets[0]["rows"][0]["cells"]
    assert first[2:6] == [f"近村 {HOME}", short_number(staffed.file), NAME, "高"]
    assert first[9:] == [PHONE, "2人同去"]
    assert dict(sheets[0]["head"])["出发/返回点"] == "甲一镇近村"
    assert sheets[0]["left"] == [
        [
            "近村",
            short_number(staffed.file),
            "2021-01-08",
            "到期前各工作日已排满",
            "多排一个工作日(2021-01-07)",
        ]
    ]
    assert [row["cells"][2] for row in sheets[1]["rows"]] == ["另行通知"]


def test_the_serial_is_in_the_audit_and_on_every_page(papers, staffed, data):
    run = planned(staffed)
    done, files = papers(run, "--day", FIFTH, login="minzheng")
    serial = done.json["serial"]
    [line] = told(staffed.folder, Action.EXPORT)
    assert (line.who, line.object, line.reason, line.result) == ("minzheng", serial, REASON, "成功")
    assert json.loads(line.detail) == {"as_of": "2020-12-31", "count": 1, "list": "route-sheets", "run": run}
    assert f"编号 {serial}-1 某人(minzheng) 20" in json.loads(data[0])["mark"]
    book = openpyxl.load_workbook(next(path for path in files.values() if path.suffix == ".xlsx"))
    assert all(f"{serial}-1" in foot_of(page) for page in book)
    assert all(f"{serial}-1" in str(page["A2"].value) for page in book)
    gpx = gpxpy.parse(next(path for path in files.values() if path.suffix == ".gpx").read_text("utf-8"))
    assert f"{serial}-1" in str(gpx.description)


@pytest.mark.parametrize("login", list(PEOPLE))
def test_nobody_gets_more_than_their_role_sees(papers, staffed, data, login):
    done, files = papers(planned(staffed, area=AREAS.get(login, "640101")), login=login)
    told_of = everything(files, data) + done.out + done.err
    if login not in CARRIES:
        assert (done.code, done.out, files) == (2, "", {})
        found = set()
    else:
        assert done.code == 0, done.err
        found = {NAME, PHONE, HOME, "马隐祖"}
    assert {word for word in CANARY if word in told_of} == found
    # The child of the other county is told by its number, without a place, whoever asks.
    assert "李邻县" not in told_of
    assert "13895008888" not in told_of
    if files:
        rows = json.loads(data[0])["sheets"][0]["rows"]
        assert [row["code"] is None for row in rows] == [False, True]
        assert rows[1]["cells"][4] == short_number(staffed.other)


@pytest.mark.parametrize("login", [None, *CARRIES])
def test_papers_without_names_hold_no_canary(papers, staffed, data, login):
    area = AREAS.get(login, "640101")
    done, files = papers(planned(staffed, area=area), "--no-names", login=login)
    assert done.code == 0, done.err
    text = everything(files, data)
    assert not [word for word in (*CANARY, "李邻县", "13895008888") if word in text]
    assert short_number(staffed.file) in text


def test_a_protection_case_is_nowhere(papers, staffed, data):
    done, files = papers(planned(staffed), "--day", SIXTH)
    assert (done.json["sheets"], done.json["forms"]) == (1, 0)
    text = everything(files, data)
    assert not [word for word in CANARY if word in text]
    assert "另行通知" in text
    gpx = gpxpy.parse(next(path for path in files.values() if path.suffix == ".gpx").read_text("utf-8"))
    assert [point.name for point in gpx.waypoints] == ["出发/返回"]
    assert gpx.tracks[0].segments == []


def test_the_other_maps_link_on_wish(papers, staffed, data, monkeypatch):
    asked: list[str] = []
    draw = route_sheet.qr_svg

    def kept(text):
        asked.append(text)
        return draw(text)

    monkeypatch.setattr(route_sheet, "qr_svg", kept)
    assert papers(planned(staffed), "--day", FIFTH, "--amap", login="minzheng")[0].code == 0
    assert [text.split("?")[0] for text in asked] == ["https://uri.amap.com/navigation"]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("--visitor", "赵无人"), "没有给“赵无人”排走访。可用:王协理"),
        (("--day", "2021-02-01"), "2021-02-01没有排走访。有走访的日期:2021-01-05、2021-01-06"),
    ],
)
def test_who_and_when_are_named_where_there_is_nothing(papers, staffed, arguments, fault):
    done, files = papers(planned(staffed), *arguments)
    assert (done.code, files) == (2, {})
    assert fault in done.err


def test_what_will_not_do(papers, staffed, tmp_path):
    run = planned(staffed)
    for done, _ in (
        papers("20210101-00000000"),
        papers(planned(staffed, plugin="siting")),
        papers(run, reason=" "),
        papers(run, out=staffed.folder / "out"),
    ):
        assert (done.code, done.out) == (2, "")
    frames = plan_frames(staffed.file, staffed.other)
    empty = {name: frame.iloc[:0] for name, frame in frames.items()}
    done, _ = papers(planned(staffed, frames=empty))
    assert "没有排出走访" in done.err
    assert list((tmp_path / "out").iterdir()) == []


def test_visitors_of_one_name_are_told_apart_by_number(papers, staffed, data):
    frames = plan_frames(staffed.file, staffed.other)
    days = frames["visit-days"]
    days.loc[days["day"].dt.day == 6, "visitor"] = "640101002-0a1b2c3d"
    run = planned(staffed, frames=frames)
    done, _ = papers(run, "--visitor", "王协理")
    assert f"改用走访人编号:{WHO}、640101002-0a1b2c3d" in done.err
    done, _files = papers(run, "--visitor", WHO)
    assert (done.code, done.json["sheets"]) == (0, 1)


def test_a_full_disk_leaves_nothing(papers, staffed, tmp_path, monkeypatch):
    run = planned(staffed)
    write, sync = route_sheet.pdf_bytes, os.fsync

    def full(descriptor):
        monkeypatch.setattr(os, "fsync", sync)
        raise OSError(28, "No space left on device")

    def then_full(*arguments):  # the disk is full when the audit is written and the papers are not
        monkeypatch.setattr(os, "fsync", full)
        return write(*arguments)

    monkeypatch.setattr(route_sheet, "pdf_bytes", then_full)
    done, files = papers(run)
    assert (done.code, "磁盘已满" in done.err, files) == (2, True, {})
    assert list((tmp_path / "out").iterdir()) == []


def test_a_workbook_holds_no_formula(papers, staffed, data):
    _, files = papers(planned(staffed))
    path = next(path for path in files.values() if path.suffix == ".xlsx")
    with zipfile.ZipFile(path) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())


def test_the_forms_come_back_as_visits(planner, papers, staffed, data, tmp_path):
    _, files = papers(planned(staffed), "--day", FIFTH, "--no-names", login="minzheng")
    path = next(path for path in files.values() if path.suffix == ".xlsx")
    book = openpyxl.load_workbook(path)
    values = {
        "走访时间": "2021-01-05",
        "方式": "☑入户 ☐电话 ☐委托",
        "是否见到儿童": "☑是 ☐否",
        "安全": "☑正常 ☐异常",
    }
    for page in book:
        for row in page.iter_rows() if page.title.startswith("记录表") else ():
            for cell in row:
                if cell.value in values:
                    page.cell(cell.row, cell.column + 1).value = values[str(cell.value)]
    back = tmp_path / "交回.xlsx"
    book.save(back)
    done = planner(
        "import", "visits", back, "--workspace", staffed.folder, "--as", "minzheng", "--as-of", "2021-01-31", "--json"
    )  # fmt: skip
    assert done.code == 0, done.err
    assert (done.json["accepted"], done.json["rejected"]) == (1, 1)
    refused = next(row for row in done.json["rows"] if row["outcome"] == "reject")
    assert refused["codes"] == ["E-CHILD-UNKNOWN"]
    assert NAME not in done.out
