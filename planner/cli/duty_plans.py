"""Who answers for whom: `planner duties alternatives|accept|gaps|chain|papers`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planner.cli.chinese import DAY, ChineseCommand, ChineseGroup
from planner.cli.workspace import opened, workspace_option

if TYPE_CHECKING:
    from pandas import DataFrame

    from planner.store.workspace import Workspace

_JSON = click.option("--json", "as_json", is_flag=True, help="标准输出为一个 JSON 对象")
_AS_OF = click.option("--as-of", type=DAY, metavar="日期", help="截至日,默认数据最新的一天")
_COUNTY = click.option("--county", metavar="代码", help="只看一个县(代码或名称),默认全部")


@click.group("duties", cls=ChineseGroup)
def duties() -> None:
    """干部包联:几种侧重的方案并列、接受方案、查空缺、查责任链、出责任表。"""


@duties.command("alternatives", cls=ChineseCommand)
@workspace_option
@_AS_OF
@_COUNTY
@_JSON
def alternatives(workspace: Path | None, as_of: date | None, county: str | None, as_json: bool) -> None:
    """少变动、更均衡、更近各算一个方案,并列比较;其余参数用默认的。"""
    from planner.documents import compare_duties
    from planner.errors import InputError
    from planner.jobs.runs import wait
    from planner.jobs.scenarios import read_scenarios, start_each
    from planner.model.duty_plan import DUTY_DIFFERENCES, DUTY_PLAN, DUTY_SCENARIOS
    from planner.registry import find_plugin

    here, day, area = _asked(workspace, as_of, county)
    runs = start_each(here, find_plugin("cadre-assignment"), "aim", {}, as_of=day, area=area)
    for ended in [wait(here, run) for run in runs]:
        if ended.metrics is None:
            raise InputError(f"运行 {ended.id} 没有结果:{ended.message or ''}", "改正后再算一次")
    together = compare_duties(read_scenarios(here, runs, DUTY_PLAN))
    figures = _records(together.tables[DUTY_SCENARIOS.name])
    differing = _records(together.tables[DUTY_DIFFERENCES.name])
    if as_json:
        told = {"as_of": day.isoformat(), "scenarios": figures, "differing": differing}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for name in DUTY_SCENARIOS.columns:
        values = ["—" if row[name] is None else str(row[name]) for row in figures]
        click.echo("  ".join([f"{DUTY_SCENARIOS.title_of(name)}:", *values]))


@duties.command("accept", cls=ChineseCommand)
@click.argument("run", metavar="运行编号")
@click.option("--from", "day", type=DAY, metavar="日期", required=True, help="从哪一天起由新的干部包联")
@workspace_option
@_JSON
def accept(run: str, day: date, workspace: Path | None, as_json: bool) -> None:
    """接受一个包联方案:从起始日起换人,原来的到前一天为止。再接受一次不会有变化。"""
    from planner.jobs.duties import accept_duties

    done = accept_duties(opened(workspace), run, day=day)
    if as_json:
        told = {"run": done.run, "from": done.day.isoformat(), "changed": done.changed}
        click.echo(json.dumps({**told, "townships": list(done.townships)}, ensure_ascii=False, indent=2))
    elif done.changed:
        click.echo(f"已接受:{done.changed}处从{day.isoformat()}起换人,涉及{len(done.townships)}个乡镇")
    else:
        click.echo("没有变化:包联已经是这个方案")


@duties.command("gaps", cls=ChineseCommand)
@workspace_option
@_AS_OF
@_COUNTY
@_JSON
def gaps(workspace: Path | None, as_of: date | None, county: str | None, as_json: bool) -> None:
    """列出工作网络的缺口:空缺、没有民政协理员、两名主责、日期重叠、级别不符、外乡镇干部。"""
    from planner.jobs.networks import read_network
    from planner.model.divisions import Level, full_name
    from planner.model.network import assistant_coverage

    here, day, area = _asked(workspace, as_of, county)
    network = read_network(here, as_of=day, area=area)
    covered, villages = assistant_coverage(network.graph, within=area or "")
    rows = [
        {
            "kind": str(gap.kind),
            "area": gap.area,
            "name": full_name(network.graph, gap.area, below=Level.COUNTY)
            if gap.area in network.graph
            else "",
            "cadres": list(gap.names),
            "why": gap.why,
        }
        for gap in network.gaps
    ]
    if as_json:
        told = {"as_of": day.isoformat(), "villages": villages, "villages_with_assistant": covered}
        click.echo(json.dumps({**told, "gaps": rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(
            f"{row['kind']}  {row['name'] or row['area']}  {'、'.join(row['cadres'])}  {row['why']}".rstrip()
        )
    click.echo(f"共{len(rows)}处;{villages}个村(居)中{covered}个有民政协理员", err=True)


@duties.command("chain", cls=ChineseCommand)
@click.argument("what", metavar="档案编号或区划代码")
@workspace_option
@_AS_OF
@_JSON
def chain(what: str, workspace: Path | None, as_of: date | None, as_json: bool) -> None:
    """一名儿童(或一个组、村)由谁负责:从组、村到乡镇的县级领导。"""
    from planner.jobs.networks import chain_above

    here, day, _ = _asked(workspace, as_of, None)
    steps = chain_above(here, what, as_of=day)
    if as_json:
        told = [
            {
                "area": step.area,
                "name": step.name,
                "cadres": [duty.cadre for duty in step.duties],
                "level": str(step.duties[0].level) if step.duties else None,
                "assistants": [item.name for item in step.assistants],
            }
            for step in steps
        ]
        click.echo(json.dumps({"as_of": day.isoformat(), "chain": told}, ensure_ascii=False, indent=2))
        return
    for step in steps:
        held = "、".join(f"{duty.level}干部{duty.cadre}" for duty in step.duties) or "空缺"
        helped = "".join(f"、民政协理员{item.name}" for item in step.assistants)
        click.echo(f"{step.name}:{held}{helped}")


@duties.command("papers", cls=ChineseCommand)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="目录", help="写到这个已有的文件夹"
)
@workspace_option
@_AS_OF
@_COUNTY
@click.option("--since", type=DAY, metavar="日期", help="与这一天比较,另出交接单")
@click.option("--by", "issuer", default="", metavar="单位", help="编制单位,默认“县名+民政局”")
def papers(
    out: Path, workspace: Path | None, as_of: date | None, county: str | None, since: date | None, issuer: str
) -> None:
    """写出包联责任表、干部包联明细、空缺清单、交接单(xlsx)。"""
    from planner.jobs.duty_papers import write_duty_papers

    here, day, area = _asked(workspace, as_of, county)
    for path in write_duty_papers(here, out, as_of=day, area=area, since=since, issuer=issuer):
        click.echo(f"已写出 {path}")


def _records(frame: DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON holds them."""
    return json.loads(frame.to_json(orient="records", force_ascii=False))


def _asked(
    workspace: Path | None, as_of: date | None, county: str | None
) -> tuple[Workspace, date, str | None]:
    from planner.jobs.runs import find_area
    from planner.store.reads import newest_data_day

    here = opened(workspace)
    day = as_of or newest_data_day(here)
    return here, day, find_area(here, county, as_of=day) if county is not None else None
