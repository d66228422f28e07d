"""Ledgers looked at before they are imported: what is shown is what is written, or nothing is."""

import io
import json
from datetime import UTC, date, datetime

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from sqlalchemy import func, select

from planner.errors import AccessError, ConflictError, InputError
from planner.jobs.ledgers import import_ledger
from planner.jobs.previews import Fate, FieldChange, Submission, confirm, preview
from planner.jobs.rosters import read_rosters
from planner.ledger import Upload
from planner.model.layers import STORE_CRS
from planner.store.audit import lines
from planner.store.children import count_files
from planner.store.journal import Source, Stamp
from planner.store.people import add_user, find_person
from planner.store.person_rows import PersonRow, save_rows
from planner.store.protected import child_versions, person_rows
from planner.store.reads import import_log
from planner.store.roles import Role
from planner.store.tables import incomes
from planner.store.workspace import create_workspace
from planner.store.writes import save_divisions
from tests.ledger.papers import AS_OF, BIRTH, DIVISIONS, child, id_of, new_book, two_levels

COUNTY, TOWN, OTHER_TOWN = "640324", "640324101", "640324106"
KEYS = [
    *("no", "name", "sex", "id", "birth", "h_town", "h_village", "h_group", "r_town", "r_village", "r_group"),
    *("kind", "father", "mother", "guardian", "relation", "phone", "guardian_id", "school"),
]
IN_OTHER_TOWN = {"h_town": "丁塘镇", "r_town": "丁塘镇", "h_village": "杨家塘村", "r_village": "杨家塘村"}
ROSTER = "乡镇,村,姓名,电话\n"


@pytest.fixture
def workspace(tmp_path):
    made = create_workspace(tmp_path / "workspace")
    frame = pd.DataFrame(DIVISIONS, columns=["code", "name", "parent"]).assign(origin="区划.csv")
    divisions = gpd.GeoDataFrame(frame, geometry=[None] * len(frame), crs=STORE_CRS)
    save_divisions(made, divisions, Source("区划.csv", "0" * 64, None, len(frame), len(frame), 0))
    yield made
    made.engine.dispose()


def ledger(*children, name="台账.xlsx", day="填报日期:2017年11月9日", as_of=None, foot=True):
    """The paper of a county with these children, as it is handed in."""
    book, sheet = new_book()
    free = two_levels(sheet, children, keys=KEYS, day=day)
    if foot:
        sheet.cell(free, 1, "合计")
    out = io.BytesIO()
    book.save(out)
    return Submission("ledger", Upload(name, out.getvalue()), as_of)


def listed(kind, text, *, as_of=AS_OF):
    """A CSV of another kind."""
    return Submission(kind, Upload(f"{kind}.csv", text.encode()), as_of)


def kept(workspace, table=child_versions):
    with workspace.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def acting(workspace, role, area):
    login = f"user-{area}-{len(role)}"
    add_user(workspace, login, name="某", role=role, areas=[area])
    return workspace.acting_as(find_person(workspace, login))


def fates(shown):
    return [row.fate for row in shown.rows]


# The ledger


def test_a_preview_accounts_for_every_row_and_writes_nothing(workspace):
    shown = preview(workspace, ledger(child(21), child(23, id="无"), child(25, sex="女"), child(21)))
    assert fates(shown) == [Fate.NEW, Fate.NEW, Fate.REJECTED, Fate.SKIPPED, Fate.SKIPPED]
    assert sum(shown.counts.values()) == shown.checked.read == 5
    assert [row.row for row in shown.rows] == [5, 6, 7, 8, 9]
    assert [row.warns for row in shown.rows] == [False, True, False, False, False]
    assert shown.rows[2].kinds == ("性别与身份证号不符",)
    assert "第7行" in shown.rows[2].messages[0]
    assert (shown.day, shown.writes) == (AS_OF, True)
    assert kept(workspace) == 0
    assert len(import_log(workspace)) == 1


def test_what_was_shown_is_written_and_then_nothing_is_left_to_write(workspace):
    paper = ledger(child(21), child(23))
    shown = preview(workspace, paper)
    done = confirm(workspace, shown)
    assert (done.added, done.changed, done.written) == (2, 0, True)
    again = preview(workspace, paper)
    assert fates(again) == [Fate.SAME, Fate.SAME, Fate.SKIPPED]
    assert not again.writes
    with pytest.raises(ConflictError, match="有人改动过"):  # a second click on the old preview
        confirm(workspace, shown)
    assert kept(workspace) == 2
    assert len(import_log(workspace)) == 2


def test_changed_fields_are_told_in_words(workspace):
    confirm(workspace, preview(workspace, ledger(child(21), child(23))))
    changed = child(21, school="河西小学", mother="失联", r_village="新庄村")
    shown = preview(workspace, ledger(changed, child(23)))
    assert fates(shown) == [Fate.CHANGED, Fate.SAME, Fate.SKIPPED]
    told = {change.title: (change.before, change.after) for change in shown.rows[0].changes}
    assert told["学校"] == ("", "河西小学")
    assert told["母亲状况"] == ("改嫁", "失联")
    assert told["居住村"] == ("同心县河西镇马家湾村村民委员会", "同心县河西镇新庄村委会")
    assert confirm(workspace, shown).changed == 1
    assert kept(workspace) == 3


def test_who_looks_at_changes_reads_files_and_the_audit_says_so(workspace):
    confirm(workspace, preview(workspace, ledger(child(21))))
    preview(workspace, ledger(child(21, school="河西小学")))
    with workspace.reading() as connection:
        (line,) = lines(connection, newest=1)
    assert (line.action, line.object) == ("查看档案名单", "导入预览 ledger")
    assert json.loads(line.detail) == {"as_of": AS_OF.isoformat(), "count": 1}


def test_numbers_are_masked_even_where_only_their_middle_changed(workspace):
    guardians = [id_of(date(1960, 1, day), 21) for day in (1, 2)]
    confirm(workspace, preview(workspace, ledger(child(21, guardian_id=guardians[0]))))
    shown = preview(workspace, ledger(child(21, guardian_id=guardians[1]), child(23, sex="女")))
    (change,) = shown.rows[0].changes
    assert change.title == "监护人身份证号"
    assert change.before.startswith("6403****")
    assert "****" in change.after
    everything = str((shown.rows, shown.notices, shown.removed))
    for number in (*guardians, id_of(BIRTH, 21), id_of(BIRTH, 23)):
        assert number not in everything


def test_a_file_changed_meanwhile_stops_the_import(workspace):
    confirm(workspace, preview(workspace, ledger(child(21), child(23))))
    paper = ledger(child(21, school="河西小学"), child(23))
    shown = preview(workspace, paper)
    import_ledger(workspace, ledger(child(21, school="城关小学")).upload)
    with pytest.raises(ConflictError) as caught:
        confirm(workspace, shown)
    assert "没有导入" in str(caught.value)
    assert kept(workspace) == 3
    anew = preview(workspace, paper)
    assert anew.rows[0].changes == (FieldChange("学校", "城关小学", "河西小学"),)
    assert confirm(workspace, anew).changed == 1


def test_the_day_is_that_of_the_form_else_of_the_file_else_today(workspace):
    undated = preview(workspace, ledger(child(21), day=None))
    assert undated.day == date.today()
    assert any("没有填报日期" in notice for notice in undated.notices)
    assert preview(workspace, ledger(child(21), as_of=date(2017, 12, 1))).day == date(2017, 12, 1)


def test_the_file_is_called_by_its_own_name(workspace):
    with pytest.raises(InputError, match=r"“附件3 台账\(终稿\)\.xlsx”"):
        preview(workspace, Submission("ledger", Upload("附件3 台账(终稿).xlsx", b"PK\x03\x04broken")))
    confirm(workspace, preview(workspace, ledger(child(21), name="附件3 台账(终稿).xlsx")))
    assert import_log(workspace)["文件"].iloc[0] == "附件3 台账(终稿).xlsx"


def test_a_kind_that_is_none_and_an_upload_that_is_too_large_are_refused(workspace):
    with pytest.raises(InputError, match="不能导入“roads”"):
        preview(workspace, listed("roads", "a"))
    with pytest.raises(InputError, match="超过20 MB"):
        preview(workspace, Submission("ledger", Upload("大.csv", b"a" * (20 * 2**20 + 1))))


def test_the_workbook_to_send_back_says_what_would_and_what_did_become_of_the_rows(workspace):
    shown = preview(workspace, ledger(child(21), child(25, sex="女")))
    for written, heading, words in ((False, "核对结果", "可以导入"), (True, "导入结果", "已导入")):
        sheet = openpyxl.load_workbook(io.BytesIO(shown.feedback(written=written))).worksheets[0]
        column = len(KEYS) + 1
        assert sheet.cell(3, column).value == heading
        assert str(sheet.cell(5, column).value).splitlines()[0] == words
        assert "第17位" in str(sheet.cell(6, column).value)


# Who may what


def test_a_township_is_shown_what_its_import_would_do(workspace):
    clerk = acting(workspace, Role.TOWNSHIP, TOWN)
    paper = ledger(child(21), child(23, **IN_OTHER_TOWN), child(25, sex="女"))
    shown = preview(clerk, paper)
    assert fates(shown) == [Fate.NEW, Fate.REJECTED, Fate.REJECTED, Fate.SKIPPED]
    assert "不归您管辖" in shown.rows[1].kinds
    assert "第17位" in shown.rows[2].messages[0]
    assert confirm(clerk, shown).added == 1
    assert count_files(workspace, as_of=AS_OF) == 1


@pytest.mark.parametrize(
    ("role", "area"), [(Role.LEADER, COUNTY), (Role.AUDITOR, COUNTY), (Role.VILLAGE, "640324101201")]
)
def test_other_roles_are_refused_in_words(workspace, role, area):
    with pytest.raises(AccessError, match=f"{role}不能修改儿童档案"):
        preview(acting(workspace, role, area), ledger(child(21)))


def test_a_township_brings_no_roster_of_another_and_no_incomes(workspace):
    clerk = acting(workspace, Role.TOWNSHIP, TOWN)
    shown = preview(clerk, listed("assistants", ROSTER + "河西镇,马家湾村,马建国,\n丁塘镇,杨家塘村,杨花,\n"))
    assert fates(shown) == [Fate.NEW, Fate.REJECTED]
    assert confirm(clerk, shown).added == 1
    with pytest.raises(AccessError):
        preview(clerk, listed("incomes", "年份,收入,来源\n2016,9851.6,公报\n"))
    row, stamp = PersonRow(OTHER_TOWN, None, "{}", "assistant|x"), Stamp(1, datetime.now(UTC))
    with pytest.raises(AccessError), clerk.writing() as connection:
        save_rows(connection, "assistant", [row], valid_from=AS_OF, stamp=stamp)


# Rosters, duties, visits, incomes


def test_a_roster_replaces_that_of_its_townships(workspace):
    first = listed(
        "assistants",
        ROSTER + "河西镇,马家湾村,马建国,13895500001\n河西镇,新庄村,马花,\n丁塘镇,杨家塘村,杨山,\n",
    )
    confirm(workspace, preview(workspace, first))
    second = listed("assistants", ROSTER + "河西镇,马家湾村,马建国,13895500002\n河西镇,河西社区,马海,\n")
    shown = preview(workspace, second)
    assert fates(shown) == [Fate.CHANGED, Fate.NEW]
    assert shown.rows[0].changes == (FieldChange("电话", "13895500001", "13895500002"),)
    assert shown.removed == ("马花,同心县河西镇新庄村委会",)
    done = confirm(workspace, shown)
    assert (done.added, done.changed, done.removed) == (1, 1, 1)
    rosters = read_rosters(workspace, as_of=AS_OF).assistants
    assert sorted(item.name for item in rosters[TOWN]) == ["马建国", "马海"]
    assert [item.name for item in rosters[OTHER_TOWN]] == ["杨山"]


def test_what_has_not_changed_is_not_written_again(workspace):
    duties = "县级领导姓名,包抓乡镇,部门,部门干部姓名,包村\n李县,河西镇,教育局,王村,马家湾村\n,河西镇,卫生局,张村,新庄村\n"
    child_id = id_of(BIRTH, 21)
    papers = [
        (listed("assistants", ROSTER + "河西镇,马家湾村,马建国,\n"), person_rows),
        (listed("cadres", duties), person_rows),
        (
            listed(
                "visits",
                f"姓名,身份证号,走访时间,走访人,方式,是否见到儿童\n{child(21)['name']},{child_id},2017-11-01,马建国,入户,是\n",
            ),
            person_rows,
        ),
        (listed("incomes", "年份,收入,来源\n2015,9118.7,公报\n2016,9851.6,公报\n"), incomes),
    ]
    confirm(workspace, preview(workspace, ledger(child(21))))
    for paper, table in papers:
        shown = preview(workspace, paper)
        assert set(fates(shown)) == {Fate.NEW}, paper.kind
        assert confirm(workspace, shown).added == len(shown.rows)
        before = kept(workspace, table)
        again = preview(workspace, paper)
        assert set(fates(again)) == {Fate.SAME}, paper.kind
        assert (again.removed, again.writes) == ((), False)
        confirm(workspace, again)
        assert kept(workspace, table) == before


def test_a_roster_of_one_township_less_one_is_one_removal_and_the_rest_is_kept(workspace):
    rows = ["河西镇,马家湾村,马建国,\n", "河西镇,新庄村,马花,\n"]
    confirm(workspace, preview(workspace, listed("assistants", ROSTER + "".join(rows))))
    shown = preview(workspace, listed("assistants", ROSTER + rows[0]))
    assert (fates(shown), len(shown.removed), shown.writes) == ([Fate.SAME], 1, True)
    confirm(workspace, shown)
    assert [item.name for item in read_rosters(workspace, as_of=AS_OF).assistants[TOWN]] == ["马建国"]


def test_a_visit_told_again_is_corrected(workspace):
    confirm(workspace, preview(workspace, ledger(child(21))))
    head = "姓名,身份证号,走访时间,走访人,方式,是否见到儿童\n"
    told = f"{child(21)['name']},{id_of(BIRTH, 21)},2017-11-01,马建国"
    confirm(workspace, preview(workspace, listed("visits", f"{head}{told},入户,是\n")))
    shown = preview(workspace, listed("visits", f"{head}{told},电话,否\n"))
    assert fates(shown) == [Fate.CHANGED]
    assert set(shown.rows[0].changes) == {
        FieldChange("方式", "入户", "电话"),
        FieldChange("是否见到儿童", "是", "否"),
    }
    assert id_of(BIRTH, 21) not in str(shown.rows)


def test_a_roster_holds_from_the_day_it_declares(workspace):
    text = "河西镇民政协理员名册\n填报日期:2017年3月1日\n" + ROSTER + "河西镇,马家湾村,马建国,\n"
    assert preview(workspace, listed("assistants", text, as_of=None)).day == date(2017, 3, 1)
    assert preview(workspace, listed("assistants", text)).day == AS_OF
