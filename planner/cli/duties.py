"""What is to be done and what was reported: `planner tasks`, `planner events`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from planner.cli.chinese import COUNT, DAY, ChineseCommand, ChineseGroup
from planner.cli.workspace import opened, workspace_option

_JSON = click.option("--json", "as_json", is_flag=True, help="标准输出为一个 JSON 对象")


@click.group("tasks", cls=ChineseGroup)
def tasks() -> None:
    """待办:落户、待办证、复核、委托走访。"""


@tasks.command("list", cls=ChineseCommand)
@workspace_option
@click.option("--due-by", type=DAY, metavar="日期", help="只列这一天及以前到期的")
@_JSON
def list_tasks(workspace: Path | None, due_by: date | None, as_json: bool) -> None:
    """列出管辖区域内未办的待办,先到期的在前。"""
    from planner.store.tasks import read_tasks

    found = read_tasks(opened(workspace), due_by=due_by)
    if as_json:
        told = [{**vars(task), "due": task.due.isoformat()} for task in found]
        click.echo(json.dumps({"tasks": told}, ensure_ascii=False, indent=2))
        return
    for task in found:
        click.echo(f"{task.id}  {task.kind}  {task.due.isoformat()}  档案 {task.file}")
    click.echo(f"共{len(found)}项", err=True)


@tasks.command("done", cls=ChineseCommand)
@click.argument("task", metavar="待办编号", type=COUNT)
@workspace_option
def done(task: int, workspace: Path | None) -> None:
    """把一项待办标为已办。"""
    from planner.store.tasks import close_task

    here = opened(workspace)
    with here.writing() as connection:
        close_task(connection, task)
    click.echo(f"待办{task}已办")


@click.group("events", cls=ChineseGroup)
def events() -> None:
    """保护事件(强制报告)。"""


@events.command("list", cls=ChineseCommand)
@workspace_option
@_JSON
def list_events(workspace: Path | None, as_json: bool) -> None:
    """列出保护事件:值班人员看管辖区域的全部,其他人只看自己报告的。"""
    from planner.store.events import read_events

    found = [
        {
            "event": event.event,
            "version": event.version,
            "township": event.township,
            "stage": event.stage,
            "recorded_at": event.recorded_at.astimezone().isoformat(" ", "seconds"),
            "file": event.file,
            "reporter": event.reporter,
            "content": event.content,
        }
        for event in read_events(opened(workspace))
    ]
    if as_json:
        click.echo(json.dumps({"events": found}, ensure_ascii=False, indent=2))
        return
    for event in found:
        words = [event["event"], event["township"], _stage(str(event["stage"])), event["recorded_at"]]
        words.append(f"档案 {event['file']}" if event["file"] else "没有档案")
        click.echo("  ".join(str(word) for word in words))
    click.echo(f"共{len(found)}件", err=True)


def _stage(word: str) -> str:
    from planner.model.events import EventStage

    return EventStage(word).label if word in list(EventStage) else "已发现"
