"""The papers of the duties: 包联责任表, a page for each cadre, the vacancies, the hand-over between two days."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from planner.documents import Stamp
from planner.documents.duty_pages import Block, duty_pages, duty_pages_pdf
from planner.documents.duty_table import DutyRow, duty_table, duty_table_pdf
from planner.documents.folder import reason_of
from planner.documents.names import safe_name
from planner.errors import InputError
from planner.jobs.duty_inputs import read_duty_layer
from planner.jobs.inputs import scope_of
from planner.jobs.networks import Network, read_network
from planner.model.divisions import Level, at_level, children, full_name
from planner.model.duty_layers import GRADED
from planner.model.network import Gap, GapKind
from planner.model.rosters import CadreLevel, Duty
from planner.model.words import Grade
from planner.store.audit import Action, record
from planner.store.private_files import write_private
from planner.store.reads import has_demo_rows
from planner.store.roles import Act
from planner.store.workspace import Workspace

Form = Literal["xlsx", "pdf"]
PAPERS = TABLE, OF_EACH, VACANCIES, HAND_OVER = ("包联责任表", "干部包联明细", "空缺清单", "包联交接单")
_GRADES = tuple(map(str, Grade))
Heads = Mapping[str, Mapping[str, int]]


def write_duty_papers(
    workspace: Workspace,
    folder: Path,
    *,
    as_of: date,
    area: str | None = None,
    since: date | None = None,
    issuer: str = "",
) -> list[Path]:
    """Write the papers of a day (of a county `area`) into a folder, xlsx and PDF; the paths. With `since` a hand-over sheet too.

    Raises AccessError for who may not take files out, InputError for a folder that cannot be written to. The
    audit has the number of the papers before they are there.
    """
    workspace.person.check(Act.EXPORT_FILES)
    if not folder.is_dir():
        raise InputError(f"没有文件夹“{folder.name}”", "先建好文件夹,或换一个位置")
    contents = make_duty_papers(workspace, as_of=as_of, area=area, since=since, issuer=issuer)
    paths = [folder / name for name in contents]
    try:
        for path, content in zip(paths, contents.values(), strict=True):
            write_private(path, content)
    except OSError as error:
        raise InputError(f"不能写入“{folder.name}”:{reason_of(error)}", "换一个可以写入的文件夹") from error
    return paths


def make_duty_papers(
    workspace: Workspace,
    *,
    as_of: date,
    area: str | None = None,
    since: date | None = None,
    issuer: str = "",
    papers: Collection[str] = PAPERS,
    forms: Collection[Form] = ("xlsx", "pdf"),
) -> dict[str, bytes]:
    """Those of PAPERS that are asked for, by the name of the file; 包联交接单 only with `since`.

    Raises AccessError for who may not take files out. The audit has their number first.
    """
    workspace.person.check(Act.EXPORT_FILES)
    at = datetime.now(UTC)
    serial = f"BL{at.astimezone():%Y%m%d}-{secrets.token_hex(5)}"
    with workspace.writing() as connection:
        record(
            connection, Action.EXPORT, serial, detail={"as_of": as_of, "list": "duties", "area": area or ""}
        )
    network = read_network(workspace, as_of=as_of, area=area)
    heads = _heads(read_duty_layer(workspace, GRADED, scope_of(area), as_of=as_of))
    counties = [area] if area else at_level(network.graph, Level.COUNTY)
    place = str(network.graph.nodes[counties[0]]["name"]) if len(counties) == 1 else ""
    issuer = issuer or f"{place}民政局"
    demo = has_demo_rows(workspace, as_of=as_of)

    def stamp(title: str) -> Stamp:
        return Stamp(title=title, plugin="", run="", serial=serial, as_of=as_of, demo=demo)

    writers: dict[tuple[str, str], Callable[[], bytes]] = {}
    if TABLE in papers:
        table = f"{place}困境儿童包联责任表"
        lines = table_rows(network, heads)
        told: dict[str, Any] = {"title": table, "issuer": issuer, "stamp": stamp(table)}
        writers[TABLE, "xlsx"] = partial(duty_table, lines, **told)
        writers[TABLE, "pdf"] = partial(duty_table_pdf, lines, **told)
    pages: dict[str, Iterator[Block]] = {
        OF_EACH: _of_each_cadre(network, heads),
        VACANCIES: _vacancies(network),
    }
    if since is not None:
        before = read_network(workspace, as_of=since, area=area)
        pages[HAND_OVER] = _hand_overs(before, network, heads)
    for name in [name for name in pages if name in papers]:
        blocks, own = list(pages[name]), stamp(f"{place}{name}")
        writers[name, "xlsx"] = partial(duty_pages, blocks, issuer=issuer, stamp=own)
        writers[name, "pdf"] = partial(duty_pages_pdf, blocks, issuer=issuer, stamp=own)
    middle = f"{safe_name(place or '全部')}_{as_of.isoformat()}_{serial}"
    return {f"{name}_{middle}.{form}": write() for (name, form), write in writers.items() if form in forms}


def _heads(graded: pd.DataFrame) -> Heads:
    """Children by grade, of every village, 组 and township."""
    heads: dict[str, Counter[str]] = defaultdict(Counter)
    for area, village, grade, count in graded[["area", "village", "grade", "children"]].itertuples(
        index=False
    ):
        for place in {area, village, village[: Level.TOWNSHIP]}:
            heads[place][grade] += int(count)
    return heads


def _shown(heads: Heads, place: str) -> str:
    own = heads.get(place, {})
    return "/".join(str(own.get(grade, 0)) for grade in _GRADES)


def table_rows(network: Network, heads: Heads) -> list[DutyRow]:
    """The lines of the 包联责任表: a line for each 组, each village without one, each cadre beyond the first."""
    graph = network.graph
    lines: list[DutyRow] = []
    for township in at_level(graph, Level.TOWNSHIP):
        own = _duties(network, township, CadreLevel.COUNTY)
        below = [
            line
            for village in children(graph, township)
            if graph.nodes[village]["level"] is Level.VILLAGE
            for line in _village_lines(network, heads, township, village)
        ]
        base = DutyRow(township, str(graph.nodes[township]["name"]), None)
        below += [base] * (max(1, len(own)) - len(below))
        for at, line in enumerate(below):
            number = max(0, at - (len(below) - max(1, len(own))))
            lines.append(_with(line, leader=own[number] if own else None, leader_of=number))
    return lines


def _village_lines(network: Network, heads: Heads, township: str, village: str) -> Iterator[DutyRow]:
    graph = network.graph
    chiefs = _duties(network, village, CadreLevel.DEPARTMENT)
    groups: list[tuple[str, Duty | None]] = []
    for place in sorted(children(graph, village), key=_natural):
        clerks: list[Duty | None] = [*_duties(network, place, CadreLevel.TOWNSHIP)]
        groups += [(str(graph.nodes[place]["name"]), clerk) for clerk in clerks or [None]]
    lines: list[tuple[str, Duty | None]] = groups + [("", None)] * (max(1, len(chiefs)) - len(groups))
    names = [item.name for item in graph.nodes[village]["assistants"]]
    for at, (group, clerk) in enumerate(lines):
        number = max(0, at - (len(lines) - max(1, len(chiefs))))
        yield DutyRow(
            township=township,
            township_name=str(graph.nodes[township]["name"]),
            leader=None,
            village=village,
            village_name=str(graph.nodes[village]["name"]),
            chief=chiefs[number] if chiefs else None,
            chief_of=number,
            group=group,
            clerk=clerk,
            assistants="、".join(names),
            children=_shown(heads, village),
        )


def _with(line: DutyRow, **told: Any) -> DutyRow:
    return DutyRow(**{**vars(line), **told})


def _natural(place: str) -> tuple[bool, int, str]:
    number = place.rpartition("-")[2]
    return (not number.isdecimal(), int(number) if number.isdecimal() else 0, place)


def _duties(network: Network, place: str, level: CadreLevel) -> list[Duty]:
    return [duty for duty in network.graph.nodes[place]["duties"] if duty.level is level]


def _full(network: Network, place: str) -> str:
    return full_name(network.graph, place, below=Level.COUNTY) if place in network.graph else place


def _of_each_cadre(network: Network, heads: Heads) -> Iterator[Block]:
    held: dict[str, list[tuple[str, Duty]]] = defaultdict(list)
    for place, node in network.graph.nodes.items():
        for duty in node["duties"]:
            cadre = network.register.holder(duty)
            if cadre is not None:
                held[cadre.id].append((place, duty))
    for cadre in network.register.cadres:
        own = sorted(held.get(cadre.id, ()), key=lambda item: (item[0][:12], _natural(item[0])))
        if not own:
            continue
        unit = _full(network, cadre.township) if cadre.township else cadre.department or ""
        yield Block(
            heading=f"{cadre.name}  {cadre.level}干部  {unit}  {cadre.title or ''}".rstrip(),
            line=f"电话:{'、'.join(cadre.phones) or '—'}  包联{len(own)}处",
            columns=("包联区域", "主责", "起始日期", "困境儿童数(高/中/低)", "民政协理员", "备注"),
            rows=[
                (
                    _full(network, place),
                    "是" if duty.primary else "否",
                    duty.since.isoformat() if duty.since else duty.since_month or "",
                    _shown(heads, place),
                    "、".join(item.name for item in network.graph.nodes[place]["assistants"]),
                    "",
                )
                for place, duty in own
            ],
        )


def _vacancies(network: Network) -> Iterator[Block]:
    named = {GapKind.VACANT, GapKind.NO_ASSISTANT}
    for title, gaps in (
        ("空缺", [gap for gap in network.gaps if gap.kind in named]),
        ("其他要核实的", [gap for gap in network.gaps if gap.kind not in named]),
    ):
        yield Block(
            heading=title,
            line=f"共{len(gaps)}处",
            columns=("区域", "缺什么", "原任或有关人员", "原因", "拟任", "备注"),
            rows=[
                (_full(network, gap.area), str(gap.kind), "、".join(gap.names), _why(network, gap), "", "")
                for gap in gaps
            ],
        )


def _why(network: Network, gap: Gap) -> str:
    if gap.kind is not GapKind.VACANT:
        return gap.why
    level = network.graph.nodes[gap.area]["level"]
    (lacking,) = [item for item in CadreLevel if item.area is level]
    return f"缺{lacking}干部:{gap.why}"


def _hand_overs(before: Network, after: Network, heads: Heads) -> Iterator[Block]:
    """A page for each township in which somebody else answers for an area."""
    changed: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for place in sorted({*before.graph, *after.graph}, key=lambda item: (item[:12], _natural(item))):
        old, new = _names_at(before, place), _names_at(after, place)
        if old != new and len(place) >= Level.TOWNSHIP:
            name = _full(after, place) if place in after.graph else _full(before, place)
            row = (name, "、".join(old) or "空缺", "、".join(new) or "空缺", _shown(heads, place), "", "")
            changed[place[: Level.TOWNSHIP]].append(row)
    for township, rows in changed.items():
        yield Block(
            heading=f"{_full(after, township)}包联交接单",
            line=f"{before.day.isoformat()} → {after.day.isoformat()}  共{len(rows)}处  监交人签字:",
            columns=("区域", "原包联干部", "接任干部", "困境儿童数(高/中/低)", "移交人签字", "接收人签字"),
            rows=rows,
        )


def _names_at(network: Network, place: str) -> Sequence[str]:
    if place not in network.graph:
        return []
    return [duty.cadre for duty in network.graph.nodes[place]["duties"]]
