"""`planner roads`: what roads there are, how fast one travels on them, which are closed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli.chinese import KMH, ChineseCommand, ChineseGroup, Parsed
from planner.cli.workspace import opened, workspace_option

if TYPE_CHECKING:
    from planner.roads.speeds import Speed

EDGE = Parsed("路段编号", lambda text: int(text) if text.isdecimal() else int("-"), "路段编号(从0起的整数)")
_JSON = click.option("--json", "as_json", is_flag=True, help="标准输出为一个 JSON 对象")
_NAME = click.option("--name", metavar="路名", help="叫这个名字的所有路段")
_WHY = click.option("--reason", default="", metavar="原因", help="记入审计")


@click.group("roads", cls=ChineseGroup)
def roads() -> None:
    """道路:查看、改车速、封闭和恢复路段。导入用 planner import roads。"""


@roads.command("show", cls=ChineseCommand)
@workspace_option
@click.option("--name", metavar="路名", help="列出叫这个名字的路段")
@_JSON
def show(workspace: Path | None, name: str | None, as_json: bool) -> None:
    """查看现有的道路:规模、来源、封闭的路段。"""
    from planner.jobs.roads import edges_named
    from planner.roads.words import CLASSES
    from planner.store.roads import NO_ROADS, read_closed, read_network

    here = opened(workspace)
    stored = read_network(here)
    if stored is None:
        raise NO_ROADS
    network, closed = stored.network, read_closed(here, stored.sha256)
    edges = sorted(closed) if name is None else edges_named(network, name)
    titles = list(CLASSES.values())
    rows = [
        {
            "edge": edge,
            "name": str(network.names[network.name[edge]]) if network.name[edge] >= 0 else None,
            "class": titles[network.road_class[edge]],
            "km": round(float(network.length_m[edge]) / 1000, 3),
            "closed": edge in closed,
        }
        for edge in edges
    ]
    if as_json:
        content = {"origin": stored.origin, "sha256": stored.sha256, "report": stored.report, "edges": rows}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    km = network.length_m.sum() / 1000
    click.echo(f"道路来自{stored.origin}:{network.node_count}个路口,{network.edge_count}个路段,{km:.1f}公里")
    click.echo(f"封闭{len(closed)}个路段")
    for row in rows:
        state = "封闭" if row["closed"] else "通行"
        click.echo(f"路段{row['edge']}  {row['name'] or '无名'}  {row['class']}  {row['km']}公里  {state}")


@roads.group("speeds", cls=ChineseGroup)
def speeds() -> None:
    """车速表:查看、修改。"""


@speeds.command("show", cls=ChineseCommand)
@workspace_option
@_JSON
def show_speeds(workspace: Path | None, as_json: bool) -> None:
    """查看各等级、各路面的车速和来源。"""
    from planner.roads.words import CLASSES, SURFACES
    from planner.store.roads import read_speeds

    rows = list(read_speeds(opened(workspace)).rows.values())
    if as_json:
        click.echo(json.dumps({"speeds": [_speed(row) for row in rows]}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        words = f"{CLASSES[row.road_class]}({row.road_class})  {SURFACES[row.surface]}({row.surface})"
        click.echo(f"{words}  {row.kmh:g} km/h  {row.source}  {row.date.isoformat()}")


@speeds.command("set", cls=ChineseCommand)
@click.argument("road_class", metavar="等级")
@click.argument("surface", metavar="路面")
@click.argument("kmh", metavar="车速", type=KMH)
@click.option("--source", required=True, metavar="来源", help="车速的依据,如“县交通局2026年实测”")
@workspace_option
def set_speed(road_class: str, surface: str, kmh: float, source: str, workspace: Path | None) -> None:
    """改一个等级和路面的车速(km/h)。等级和路面写英文代码或中文名,见 planner roads speeds show。"""
    from planner.roads.speeds import Speed
    from planner.roads.words import CLASSES, SURFACES
    from planner.store.roads import save_speed

    codes = {title: word for words in (CLASSES, SURFACES) for word, title in words.items()}
    speed = Speed(codes.get(road_class, road_class), codes.get(surface, surface), kmh, source, date.today())
    save_speed(opened(workspace), speed)
    click.echo(f"已改:{CLASSES[speed.road_class]} {SURFACES[speed.surface]} {kmh:g} km/h,下次运行起用")


@roads.command("close", cls=ChineseCommand)
@click.argument("edges", metavar="[路段编号]…", nargs=-1, type=EDGE)
@_NAME
@_WHY
@workspace_option
def close(edges: tuple[int, ...], name: str | None, reason: str, workspace: Path | None) -> None:
    """封闭路段:以后的运行不再走这里。"""
    _set(edges, name, reason, workspace, closed=True)


@roads.command("open", cls=ChineseCommand)
@click.argument("edges", metavar="[路段编号]…", nargs=-1, type=EDGE)
@_NAME
@_WHY
@workspace_option
def open_(edges: tuple[int, ...], name: str | None, reason: str, workspace: Path | None) -> None:
    """恢复封闭的路段。"""
    _set(edges, name, reason, workspace, closed=False)


def _set(
    edges: tuple[int, ...], name: str | None, reason: str, workspace: Path | None, *, closed: bool
) -> None:
    from planner.jobs.roads import close_roads

    changed = close_roads(opened(workspace), edges, name=name, closed=closed, reason=reason)
    word = "封闭" if closed else "恢复"
    click.echo(f"已{word}{len(changed)}个路段" if changed else f"这些路段原已{word},没有变化")


def _speed(row: Speed) -> dict[str, object]:
    return {
        "class": row.road_class,
        "surface": row.surface,
        "kmh": row.kmh,
        "source": row.source,
        "date": row.date.isoformat(),
    }
