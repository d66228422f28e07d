"""Duties from the workspace to a plan, accepted, printed, and read again."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pandas as pd
import pytest

from planner.errors import AccessError, ConflictError, InputError
from planner.jobs.changes import begin_change
from planner.jobs.duties import accept_duties, preview_acceptance
from planner.jobs.duty_inputs import read_duties, read_duty_layer
from planner.jobs.duty_papers import make_duty_papers, write_duty_papers
from planner.jobs.networks import chain_above, gap_frame, read_network, township_frame, village_frame
from planner.jobs.regroupings import regroup
from planner.jobs.results import metric_records
from planner.jobs.rosters import import_rows
from planner.jobs.scenarios import read_scenarios, scenario_runs
from planner.model.cadres import Cadre
from planner.model.duty_layers import ASSISTANTS, CADRES, DUTIES, DUTY_INPUTS, GRADED
from planner.model.duty_plan import DUTY_PLAN
from planner.model.network import GapKind
from planner.model.regrouping import Recode, Regrouping
from planner.model.rosters import Assistant, CadreLevel, Duty
from planner.model.words import Grade
from planner.plugin import Context
from planner.store.audit_log import read_lines
from planner.store.child_records import assistant_row, cadre_row, duty_row
from planner.store.person_rows import save_rows
from planner.store.reads import read_layer
from planner.store.roles import Role
from planner.store.runs import RunRecord, RunRequest, create_run, finish_run, name_run, start_run
from planner.store.scope import EVERYTHING
from plugins.cadre_assignment import cadre_assignment
from plugins.cadre_assignment.params import Mode, Params
from tests.jobs.county import (
    COUNTY,
    FAR,
    FIRST,
    LATER,
    MID,
    NEAR,
    NEXT_COUNTY,
    SECOND,
    TOWN,
    a_record,
    clerk,
    county,
    database,
    keep,
    server,
    workspace,
)
from tests.store.conftest import acting

__all__ = ["county", "database", "server", "workspace"]

LEADER = Duty("马县长", CadreLevel.COUNTY, TOWN, title="副县长", phones=("13800000001",), since=FIRST)
CHIEF = Duty(
    "张局长",
    CadreLevel.DEPARTMENT,
    NEAR,
    department="民政局",
    title="局长",
    phones=("13800000002",),
    since_month="2018-03",
)
SECOND_CHIEF = Duty("李股长", CadreLevel.DEPARTMENT, NEAR, department="教育局", since=FIRST, primary=False)
FIRST_CLERK = Duty(
    "吴干事",
    CadreLevel.TOWNSHIP,
    f"{NEAR}-1",
    "1组",
    title="干事",
    phones=("13800000003", "09530000001"),
    since=FIRST,
)
UPPER_CLERK = Duty(
    "吴干事", CadreLevel.TOWNSHIP, MID, "上庄组", title="干事", phones=("13800000003", "09530000001")
)
DUTIES_HELD = (LEADER, CHIEF, SECOND_CHIEF, FIRST_CLERK, UPPER_CLERK)
RETIRED = Cadre("张局长", CadreLevel.DEPARTMENT, COUNTY, department="民政局", until=LATER)
NEW_DAY = date(2021, 1, 1)


def sheet_of(path):
    """The only sheet of a workbook."""
    (sheet,) = openpyxl.load_workbook(path).worksheets
    return sheet


def save(workspace, kind, rows, day=FIRST):
    with workspace.writing() as connection:
        stamp = begin_change(connection, "duties", len(rows), day)
        save_rows(connection, kind, rows, valid_from=day, stamp=stamp)


@pytest.fixture
def staffed(county):
    """A county with duties for the first township alone, and cadres of every level."""
    save(county, "duty", [duty_row(item) for item in DUTIES_HELD])
    others = [
        RETIRED,
        Cadre(
            "王科长",
            CadreLevel.DEPARTMENT,
            COUNTY,
            department="残联",
            phones=("13800000004",),
            lon=106.3,
            lat=38.4,
        ),
        Cadre("赵干事", CadreLevel.TOWNSHIP, COUNTY, township=SECOND),
    ]
    save(county, "cadre", [cadre_row(item) for item in others])
    save(county, "assistant", [assistant_row(Assistant("冯协理", NEAR))])
    return county


def planned(workspace, *, day=LATER, area=COUNTY, **params):
    """A finished run of the plugin on the workspace; its id and result."""
    scope = EVERYTHING.narrowed(area)
    frames = {
        layer.name: read_duty_layer(workspace, layer, scope, as_of=day)
        if layer in DUTY_INPUTS
        else read_layer(workspace, layer, scope, as_of=day)
        for layer in cadre_assignment.reads
    }
    result = cadre_assignment(Context(frames=frames, as_of=day), Params(**params))
    request = RunRequest(
        "cadre-assignment", "1", {}, day, datetime.now(UTC), area, 0, None, None, "某人", None
    )
    run = create_run(workspace, request)
    start_run(workspace, run, 1, 1.0)
    record = RunRecord("done", None, 0, metric_records(result.metrics), (), {}, 0.1)
    finish_run(workspace, run, record, {**result.layers, **result.tables})
    return run, result


def holders(workspace, day):
    """The primary holder by place on a day."""
    duties = read_duties(workspace, EVERYTHING, as_of=day)
    return {item.place: item.cadre for item in duties if item.primary and item.holds_on(day)}


# Layers


def test_layers_have_cadres_of_rosters_and_of_duties_but_no_phones(staffed):
    frame = read_duty_layer(staffed, CADRES, EVERYTHING, as_of=FIRST)
    assert sorted(frame["name"]) == ["吴干事", "张局长", "李股长", "王科长", "赵干事", "马县长"]
    assert not frame.astype(str).apply(lambda column: column.str.contains("138000")).any().any()
    assert frame.geometry.notna().sum() == 1
    duties = read_duty_layer(staffed, DUTIES, EVERYTHING, as_of=FIRST)
    assert duties["area"].tolist() == [TOWN, NEAR, NEAR, f"{NEAR}-1", f"{MID}:上庄组"]
    assert duties["primary"].tolist() == [True, True, False, True, True]
    assert read_duty_layer(staffed, ASSISTANTS, EVERYTHING, as_of=FIRST)["name"].tolist() == ["冯协理"]


def test_children_are_counted_by_group_and_grade(staffed):
    keep(staffed, a_record(1, NEAR, residence_group="1组"), a_record(2, NEAR), a_record(3, FAR))
    frame = read_duty_layer(staffed, GRADED, EVERYTHING, as_of=LATER)
    assert frame[["area", "village", "grade", "children"]].to_numpy().tolist() == [
        [NEAR, NEAR, str(Grade.MIDDLE), 1],
        [f"{NEAR}-1", NEAR, str(Grade.MIDDLE), 1],
        [FAR, FAR, str(Grade.MIDDLE), 1],
    ]
    own = read_duty_layer(clerk(staffed, SECOND), GRADED, EVERYTHING, as_of=LATER)
    assert own["village"].tolist() == [FAR]


# Accepting


def test_an_accepted_plan_holds_from_its_day_on(staffed):
    before = holders(staffed, LATER)
    run, _ = planned(staffed, day=NEW_DAY, mode=Mode.UPDATE)
    done = accept_duties(staffed, run, day=NEW_DAY)
    assert (done.changed, done.townships) == (4, (TOWN, SECOND))
    after = holders(staffed, NEW_DAY)
    assert holders(staffed, LATER) == before
    assert after[TOWN] == after[SECOND] == "马县长"
    assert after[NEAR] != "张局长"
    assert set(after) == {TOWN, SECOND, NEAR, MID, FAR, f"{NEAR}-1", f"{MID}:上庄组"}
    kept = [item for item in read_duties(staffed, EVERYTHING, as_of=NEW_DAY) if item.since != NEW_DAY]
    assert {item.place for item in kept if item.primary} == {TOWN, f"{NEAR}-1", f"{MID}:上庄组"}
    (fresh,) = [item for item in read_duties(staffed, EVERYTHING, as_of=NEW_DAY) if item.place == SECOND]
    assert (fresh.since, fresh.title, fresh.phones) == (NEW_DAY, "副县长", ("13800000001",))


def test_what_a_plan_would_change_is_told_and_nothing_is_written(staffed):
    run, _ = planned(staffed, day=NEW_DAY)
    before = holders(staffed, NEW_DAY)
    would = preview_acceptance(staffed, run, day=NEW_DAY)
    assert holders(staffed, NEW_DAY) == before
    assert would == accept_duties(staffed, run, day=NEW_DAY)
    assert preview_acceptance(staffed, run, day=NEW_DAY).changed == 0
    with pytest.raises(InputError, match="早于方案的截至日"):
        preview_acceptance(staffed, run, day=LATER)
    with pytest.raises(AccessError):
        preview_acceptance(acting(staffed, Role.LEADER, COUNTY), run, day=NEW_DAY)


def test_a_second_time_changes_nothing_and_the_audit_has_one_line(staffed):
    run, _ = planned(staffed, day=NEW_DAY)
    assert accept_duties(staffed, run, day=NEW_DAY).changed == 4
    again = accept_duties(staffed, run, day=NEW_DAY)
    assert (again.changed, again.townships) == (0, ())
    auditor = acting(staffed, Role.AUDITOR, COUNTY, login="auditor")
    lines = [line for line in read_lines(auditor, newest=50) if line.action == "调整包联"]
    assert [line.object for line in lines] == [run]


def test_the_retired_leave_a_vacancy_until_the_plan_is_accepted(staffed):
    assert (GapKind.VACANT, NEAR) not in {
        (gap.kind, gap.area) for gap in read_network(staffed, as_of=LATER).gaps
    }
    run, _ = planned(staffed, day=NEW_DAY)
    accept_duties(staffed, run, day=NEW_DAY)
    gaps = {gap.kind for gap in read_network(staffed, as_of=NEW_DAY, area=COUNTY).gaps}
    assert gaps == {GapKind.NO_ASSISTANT}


def test_a_township_may_be_left_without_any_duty(staffed):
    old = Duty("钱干事", CadreLevel.TOWNSHIP, f"{FAR}-1", "1组")
    retired = Cadre("钱干事", CadreLevel.TOWNSHIP, COUNTY, township=SECOND, until=LATER)
    save(staffed, "duty", [duty_row(old)])
    save(staffed, "cadre", [cadre_row(retired)], day=LATER)
    run, _ = planned(staffed, day=NEW_DAY, tier="乡镇")
    assert accept_duties(staffed, run, day=NEW_DAY).townships == (SECOND,)
    assert f"{FAR}-1" in holders(staffed, LATER)
    assert f"{FAR}-1" not in holders(staffed, NEW_DAY)
    assert accept_duties(staffed, run, day=NEW_DAY).changed == 0


def test_what_changed_meanwhile_is_a_conflict_and_nothing_is_written(staffed):
    run, _ = planned(staffed, day=NEW_DAY)
    others = [replace(item, cadre="周县长") if item is LEADER else item for item in DUTIES_HELD]
    save(staffed, "duty", [duty_row(item) for item in others], day=NEW_DAY)
    with pytest.raises(ConflictError, match="包联已经变动") as caught:
        accept_duties(staffed, run, day=NEW_DAY)
    assert "甲一镇现在由周县长包,方案依据的是马县长" in str(caught.value)
    assert SECOND not in holders(staffed, NEW_DAY)


def test_a_roster_of_a_later_day_would_hide_the_plan(staffed):
    run, _ = planned(staffed, day=NEW_DAY)
    save(staffed, "duty", [duty_row(LEADER)], day=date(2021, 6, 1))
    with pytest.raises(ConflictError, match="更晚的包联台账"):
        accept_duties(staffed, run, day=NEW_DAY)


def test_what_cannot_be_accepted(staffed):
    run, _ = planned(staffed, day=NEW_DAY)
    with pytest.raises(InputError, match="早于方案的截至日"):
        accept_duties(staffed, run, day=LATER)
    with pytest.raises(InputError, match="no-run"):
        accept_duties(staffed, "no-run", day=NEW_DAY)
    with pytest.raises(AccessError):
        accept_duties(acting(staffed, Role.VILLAGE, NEAR, login="helper"), run, day=NEW_DAY)
    assert SECOND not in holders(staffed, NEW_DAY)


# Chains and papers


def test_the_villages_and_the_gaps_of_a_day(staffed):
    network = read_network(staffed, as_of=NEW_DAY, area=COUNTY)
    villages = village_frame(staffed, network).set_index("code")
    assert villages.index.tolist() == [NEAR, MID, FAR]
    near = villages.loc[NEAR]
    assert (near["holder"], near["department"]) == ("李股长", "教育局")  # 张局长 left the day before
    assert (near["leader"], near["assistant"], near["township_name"]) == ("马县长", "冯协理", "甲一镇")
    assert villages.loc[[MID, FAR], ["holder", "assistant"]].isna().all(axis=None)
    assert pd.isna(villages.loc[FAR, "leader"])
    townships = township_frame(staffed, network).set_index("code")
    assert townships["held"].to_dict() == {TOWN: "有人负责", SECOND: "空缺"}
    gaps = gap_frame(network)
    assert set(gaps.loc[gaps["code"] == SECOND, "kind"]) == {"空缺"}
    assert len(gaps) == len(network.gaps)


def test_a_network_of_nobody(county):
    network = read_network(county, as_of=LATER, area=NEXT_COUNTY)
    assert village_frame(county, network)["holder"].isna().all()
    assert set(gap_frame(network)["why"].dropna()) == {"没有登记包联干部"}


def test_the_chain_above_a_child(staffed):
    (file,) = keep(staffed, a_record(1, NEAR, residence_group="1组"))
    steps = chain_above(staffed, file, as_of=LATER)
    assert [(step.area, [duty.cadre for duty in step.duties]) for step in steps] == [
        (f"{NEAR}-1", ["吴干事"]),
        (NEAR, ["张局长", "李股长"]),
        (TOWN, ["马县长"]),
    ]
    assert [step.area for step in chain_above(staffed, SECOND, as_of=LATER)] == [SECOND]
    with pytest.raises(InputError, match="没有包联干部"):
        chain_above(staffed, COUNTY, as_of=LATER)
    with pytest.raises(InputError, match="区划表中没有"):
        chain_above(staffed, "640101009", as_of=LATER)


def test_the_table_of_duties_has_the_layout_people_know(staffed, tmp_path):
    keep(staffed, a_record(1, NEAR), a_record(2, NEAR))
    table, _, pages, _, vacancies, _ = write_duty_papers(staffed, tmp_path, as_of=FIRST, area=COUNTY)
    sheet = sheet_of(table)
    assert sheet["A1"].value == "甲县困境儿童包联责任表"
    assert "截至2020年1月1日" in sheet["A2"].value
    upper = [sheet.cell(3, column).value for column in range(1, 15)]
    assert [item for item in upper if item] == [
        *("序号", "乡镇", "县级包乡领导", "村", "部门包村干部", "组", "乡镇包组干部"),
        *("民政协理员", "困境儿童数(高/中/低)", "备注"),
    ]
    rows = [[sheet.cell(row, column).value for column in range(1, 14)] for row in range(5, 9)]
    assert rows[0][:9] == [
        1,
        "甲一镇",
        "马县长",
        "副县长",
        "13800000001",
        "近水村",
        "民政局",
        "张局长",
        "13800000002",
    ]
    assert rows[0][9:] == ["1组", "吴干事", "冯协理", "0/2/0"]
    assert rows[1][6:9] == ["教育局", "李股长", ""]
    assert rows[2][5:11] == ["中山村", "", "空缺", "", "上庄组", "吴干事"]
    assert rows[3][1:3] == ["甲二乡", "空缺"]
    assert sheet["H7"].font.color.rgb == "FFC00000"
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"B5:B7", "C5:C7", "F5:F6", "L5:L6"} <= merged
    assert sheet.oddFooter.left.text == "截至2020年1月1日"
    assert "甲县民政局" in sheet.oddFooter.center.text
    assert "&P" in sheet.oddFooter.right.text
    assert sheet.print_area.replace("$", "").endswith("A1:N8")
    named = [cell.value for cell in sheet_of(pages)["A"] if cell.value]
    assert "吴干事  乡镇干部  甲一镇  干事" in named
    told = [[cell.value for cell in row] for row in sheet_of(vacancies).iter_rows()]
    assert ["甲一镇中山村", "空缺"] in [row[:2] for row in told]


def test_the_printed_table_read_again_gives_the_same_duties(staffed, tmp_path):
    table, *_ = write_duty_papers(staffed, tmp_path, as_of=FIRST, area=COUNTY)
    before = read_duties(staffed, EVERYTHING, as_of=LATER)
    report = import_rows(staffed, "cadres", table, as_of=LATER, county=COUNTY)
    assert (report.checked.rejected, report.added, report.changed, report.removed) == (0, 0, 0, 0)
    save(staffed, "duty", [duty_row(replace(LEADER, cadre="周县长"))], day=LATER)
    import_rows(staffed, "cadres", table, as_of=date(2021, 2, 1), county=COUNTY)
    assert set(read_duties(staffed, EVERYTHING, as_of=date(2021, 2, 1))) == set(before)


def test_a_hand_over_names_old_and_new(staffed, tmp_path):
    run, _ = planned(staffed, day=NEW_DAY, mode=Mode.UPDATE)
    accept_duties(staffed, run, day=NEW_DAY)
    *_, sheet, paper = write_duty_papers(staffed, tmp_path, as_of=NEW_DAY, area=COUNTY, since=FIRST)
    rows = [[cell.value for cell in row] for row in sheet_of(sheet).iter_rows()]
    new = holders(staffed, NEW_DAY)[NEAR]
    assert ["甲一镇近水村", "张局长、李股长"] in [row[:2] for row in rows]
    assert any(row[2] and new in row[2] for row in rows if row[0] == "甲一镇近水村")
    assert ["甲二乡", "空缺", "马县长"] in [row[:3] for row in rows]
    assert paper.suffix == ".pdf"
    assert paper.read_bytes().startswith(b"%PDF")


def test_one_paper_in_one_form(staffed):
    made = make_duty_papers(staffed, as_of=LATER, area=COUNTY, papers=["空缺清单"], forms=["xlsx"])
    ((name, content),) = made.items()
    assert name.startswith("空缺清单_甲县_2020-12-31_BL")
    assert name.endswith(".xlsx")
    assert "近水村" not in str(list(sheet_of(io.BytesIO(content)).values)[:3])
    assert make_duty_papers(staffed, as_of=LATER, area=COUNTY, papers=["包联交接单"]) == {}
    handed = make_duty_papers(staffed, as_of=NEW_DAY, since=LATER, area=COUNTY, papers=["包联交接单"])
    assert sorted(item.rpartition(".")[2] for item in handed) == ["pdf", "xlsx"]
    with pytest.raises(AccessError):
        make_duty_papers(acting(staffed, Role.LEADER, COUNTY), as_of=LATER)


def test_two_plans_side_by_side(staffed):
    runs = [planned(staffed, mode=mode)[0] for mode in (Mode.UPDATE, Mode.ANEW)]
    assert {run.id for run in scenario_runs(staffed, DUTY_PLAN)} == set(runs)
    assert scenario_runs(staffed) == []  # of siting
    name_run(staffed, runs[0], "只补缺")
    assert [item.name for item in read_scenarios(staffed, runs, DUTY_PLAN)] == ["只补缺", runs[1]]
    with pytest.raises(InputError, match="没有选址结果"):
        read_scenarios(staffed, runs)


def test_papers_need_a_folder_and_the_right(staffed, tmp_path):
    with pytest.raises(InputError, match="没有文件夹"):
        write_duty_papers(staffed, tmp_path / "absent", as_of=FIRST)
    with pytest.raises(AccessError):
        write_duty_papers(acting(staffed, Role.VILLAGE, NEAR, login="helper"), tmp_path, as_of=FIRST)


# The roster of cadres


def roster(tmp_path, *rows):
    head = [
        "姓名",
        "级别",
        "部门",
        "乡镇",
        "职务",
        "电话",
        "老家乡镇",
        "老家村",
        "任职起",
        "任职止",
        "经度",
        "纬度",
    ]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (head, *rows):
        sheet.append(row)
    path = tmp_path / "干部名册.xlsx"
    book.save(path)
    return path


def test_a_roster_of_cadres_is_read_row_by_row(county, tmp_path):
    path = roster(
        tmp_path,
        [
            "马明远",
            "部门干部",
            "民政局",
            None,
            "科长",
            "13800000001",
            "甲二乡",
            "远山村",
            "2018-01-01",
            "2020-12-31",
            106.3,
            38.4,
        ],
        ["李大山", "乡镇", None, "甲一镇", "干事", None, None, None, None, None, None, None],
        ["王小河", "乡镇", None, None, None, None, None, None, None, None, None, None],
        ["赵不明", "省级", None, None, None, None, None, None, None, None, None, None],
        ["钱太远", "县级", None, None, "副县长", None, None, None, None, None, 406.3, 38.4],
    )
    report = import_rows(county, "officials", path, as_of=FIRST, county=COUNTY)
    assert (report.checked.accepted, report.checked.rejected, report.added) == (2, 3, 2)
    frame = read_duty_layer(county, CADRES, EVERYTHING, as_of=FIRST).set_index("name")
    assert frame.loc["马明远", "home_village"] == FAR
    assert str(frame.loc["马明远", "until"].date()) == "2020-12-31"
    assert frame.loc["李大山", "township"] == TOWN
    again = import_rows(county, "officials", path, as_of=FIRST, county=COUNTY)
    assert (again.added, again.changed) == (0, 0)


def test_a_roster_replaces_its_own_level_alone(county, tmp_path):
    empty = [None] * 8
    import_rows(
        county,
        "officials",
        roster(tmp_path, ["马明远", "部门", "民政局", None, *empty]),
        as_of=FIRST,
        county=COUNTY,
    )
    import_rows(
        county,
        "officials",
        roster(tmp_path, ["李县长", "县级", None, None, *empty]),
        as_of=FIRST,
        county=COUNTY,
    )
    report = import_rows(
        county,
        "officials",
        roster(tmp_path, ["张新来", "部门", "教育局", None, *empty]),
        as_of=LATER,
        county=COUNTY,
    )
    assert report.removed == 1
    assert sorted(read_duty_layer(county, CADRES, EVERYTHING, as_of=LATER)["name"]) == ["张新来", "李县长"]
    assert sorted(read_duty_layer(county, CADRES, EVERYTHING, as_of=FIRST)["name"]) == ["李县长", "马明远"]
    with pytest.raises(InputError, match="不知道名册属于哪个县"):
        import_rows(
            county, "officials", roster(tmp_path, ["张新来", "部门", "教育局", None, *empty]), as_of=LATER
        )


def test_cadres_go_along_when_townships_are_merged(staffed):
    moved = "640101001009"
    regroup(staffed, Regrouping.of([Recode(SECOND, TOWN, NEW_DAY), Recode(FAR, moved, NEW_DAY)]))
    frame = read_duty_layer(staffed, CADRES, EVERYTHING, as_of=NEW_DAY).set_index("name")
    assert frame.loc["赵干事", "township"] == TOWN
