"""`planner import KIND FILE`: places and figures all or nothing, ledgers of persons row by row."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planner.cli.chinese import DAY, METRES, ChineseCommand, ChineseGroup
from planner.cli.data import tell
from planner.cli.workspace import opened, workspace_option
from planner.errors import Problem
from planner.model.papers import LEDGERS, PLACES

if TYPE_CHECKING:
    from planner.jobs.plans import LedgerReport

FILE = click.argument("file", metavar="文件", type=click.Path(path_type=Path))
AS_OF = click.option("--as-of", type=DAY, metavar="日期", help="数据截至日")
CRS = click.option("--crs", metavar="坐标系", help="文件的坐标系:CGCS2000、WGS84、GCJ-02、BD-09 或 EPSG 代码")
SHEET = click.option("--sheet", metavar="名称", help="只读这一个工作表")
COUNTY = click.option("--county", metavar="代码", help="文件属于哪个县,认不出时才要写")
DRY_RUN = click.option("--dry-run", is_flag=True, help="只核对,不写入")
FEEDBACK = click.option(
    "--feedback",
    type=click.Path(path_type=Path),
    metavar="文件.xlsx",
    help="把原表加一列处理结果写到这里,发回填报单位",
)
JSON = click.option("--json", "as_json", is_flag=True, help="标准输出为一个 JSON 对象")


@click.group("import", cls=ChineseGroup, subcommand_metavar="类别 文件 [选项]…")
def import_() -> None:
    """导入文件。类别见下;各类别的选项用 planner import 类别 --help 查看。"""


def _place_command(kind: str) -> click.Command:
    @FILE
    @workspace_option
    @CRS
    @AS_OF
    @JSON
    def command(
        file: Path, workspace: Path | None, crs: str | None, as_of: date | None, as_json: bool
    ) -> None:
        from planner.jobs.imports import import_file

        report = import_file(opened(workspace), kind, file, crs=crs, as_of=as_of)
        if as_json:
            content = {
                "kind": kind,
                "file": report.name,
                "read": report.read,
                "accepted": report.accepted,
                "skipped": report.skipped,
                "unchanged": report.unchanged,
                "notices": [_notice(notice) for notice in report.notices],
            }
            click.echo(json.dumps(content, ensure_ascii=False, indent=2))
            return
        counts = f"读取{report.read}行,接受{report.accepted}行,跳过{report.skipped}行(其中未变{report.unchanged}行)"
        click.echo(f"已导入{PLACES[kind]}:{counts}")
        for notice in report.notices:
            click.echo(f"提示:{notice}")

    about = f"导入{PLACES[kind]}(CSV、xlsx、GeoJSON、GeoPackage)。有一行不合格就全部不导入,并列出每一处问题。"
    return click.command(kind, cls=ChineseCommand, help=about)(command)


@import_.command("ledger", cls=ChineseCommand)
@FILE
@workspace_option
@AS_OF
@SHEET
@COUNTY
@CRS
@DRY_RUN
@FEEDBACK
@JSON
def ledger(
    file: Path,
    workspace: Path | None,
    as_of: date | None,
    sheet: str | None,
    county: str | None,
    crs: str | None,
    dry_run: bool,
    feedback: Path | None,
    as_json: bool,
) -> None:
    """导入困境儿童台账(xlsx、CSV)。合格的行导入,不合格的行逐条列出原因和改法。"""
    from planner.jobs.ledgers import import_ledger

    report = import_ledger(
        opened(workspace),
        file,
        as_of=as_of,
        sheet=sheet,
        county=county,
        crs=crs,
        dry_run=dry_run,
        report=tell,
    )
    _show(report, LEDGERS["ledger"], file, feedback=feedback, as_json=as_json)


def _rows_command(kind: str) -> click.Command:
    @FILE
    @workspace_option
    @AS_OF
    @SHEET
    @COUNTY
    @DRY_RUN
    @FEEDBACK
    @JSON
    def command(
        file: Path,
        workspace: Path | None,
        as_of: date | None,
        sheet: str | None,
        county: str | None,
        dry_run: bool,
        feedback: Path | None,
        as_json: bool,
    ) -> None:
        from planner.jobs.rosters import import_rows

        report = import_rows(
            opened(workspace),
            kind,
            file,
            as_of=as_of,
            sheet=sheet,
            county=county,
            dry_run=dry_run,
            report=tell,
        )
        _show(report, LEDGERS[kind], file, feedback=feedback, as_json=as_json)

    about = f"导入{LEDGERS[kind]}(xlsx、CSV)。合格的行导入,不合格的行逐条列出原因和改法。"
    return click.command(kind, cls=ChineseCommand, help=about)(command)


@import_.command("roads", cls=ChineseCommand)
@FILE
@workspace_option
@CRS
@click.option(
    "--tolerance",
    type=METRES,
    metavar="米",
    help="线与线没有接上时,把相距不超过这么多米的端点接到一起,断头接到最近的线上",
)
@click.option("--crossings", is_flag=True, help="凡交叉处都作路口(没有立交桥的数据才用)")
@JSON
def roads(
    file: Path,
    workspace: Path | None,
    crs: str | None,
    tolerance: float | None,
    crossings: bool,
    as_json: bool,
) -> None:
    """导入道路(.osm.pbf、GeoPackage、GeoJSON、shapefile),代替原有的道路。"""
    from dataclasses import asdict

    from planner.jobs.road_words import report_lines
    from planner.jobs.roads import import_roads

    report = import_roads(opened(workspace), file, crs=crs, tolerance_m=tolerance, crossings=crossings)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2))
        return
    click.echo("\n".join(report_lines(report)))


def _show(report: LedgerReport[Any], title: str, file: Path, *, feedback: Path | None, as_json: bool) -> None:
    from planner.ledger import Outcome, write_feedback

    checked = report.checked
    if feedback is not None:
        write_feedback(file, checked, feedback, written=report.written)
        click.echo(f"已写出 {feedback}", err=True)
    if as_json:
        content = {
            "read": checked.read,
            "accepted": checked.accepted,
            "rejected": checked.rejected,
            "skipped": checked.skipped,
            "rows": [
                {
                    "sheet": row.sheet,
                    "row": row.row,
                    "outcome": str(row.outcome),
                    "codes": list(row.codes),
                    "messages": list(row.messages),
                }
                for row in checked.rows
            ],
            "notices": [str(notice) for notice in checked.notices],
            "written": report.written,
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    done = "已导入" if report.written else "核对(没有写入)"
    gone = f",撤下{report.removed}行" if report.removed else ""
    click.echo(
        f"{done}{title}:读取{checked.read}行,接受{checked.accepted}行(新增{report.added},变更{report.changed}),"
        f"拒绝{checked.rejected}行,跳过{checked.skipped}行{gone}"
    )
    for row in checked.rows:
        if row.outcome in (Outcome.REJECT, Outcome.WARN):
            word = "拒绝" if row.outcome is Outcome.REJECT else "提醒"
            for message in row.messages:
                click.echo(f"{word} {message}")
    for notice in checked.notices:
        click.echo(f"提示:{notice}")


def _notice(notice: Problem) -> dict[str, object]:
    return {"row": notice.row, "column": notice.column, "message": notice.message, "fix": notice.fix}


for _kind in PLACES:
    import_.add_command(_place_command(_kind))
for _kind in LEDGERS:
    if _kind != ledger.name:  # it has options of its own
        import_.add_command(_rows_command(_kind))
