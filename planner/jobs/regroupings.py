"""撤并和拆分 of villages and townships: children, duties, rosters, visits, events and counts go along; all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx
import shapely
from sqlalchemy import Connection

from planner.errors import AccessError, ConflictError, InputError, Problem
from planner.jobs.changes import Change, begin_change, check_past, recount, save_changes
from planner.jobs.regrouped_counts import carry_counts
from planner.model.cadres import Cadre
from planner.model.children import ChildRecord, group_code
from planner.model.divisions import Level, children, full_name, level_of
from planner.model.layers import DEMO_ORIGIN
from planner.model.papers import CHANGES
from planner.model.regrouping import Regrouping
from planner.model.rosters import Assistant, Duty
from planner.store.audit import Action, record
from planner.store.carrying import (
    add_divisions,
    add_successors,
    division_rows,
    home_of,
    known_codes,
    logins_in,
    open_files,
    retire_divisions,
)
from planner.store.child_records import assistant_row, cadre_row, duty_row, record_of
from planner.store.child_rows import ChildFile
from planner.store.children import check_act
from planner.store.events import carry_events
from planner.store.journal import Stamp
from planner.store.person_rows import PersonRow, carry_rows
from planner.store.reads import read_all_divisions
from planner.store.roles import Act
from planner.store.transfers import pending_of, pending_to
from planner.store.workspace import Workspace


@dataclass(frozen=True)
class RegroupingReport:
    """What a regrouping did: files that moved, codes that are no more and that are new.

    `logins` are users whose area is no more: an administrator has to give them another.
    """

    files: int
    retired: tuple[str, ...]
    added: tuple[str, ...]
    logins: tuple[str, ...]


def regroup(workspace: Workspace, plan: Regrouping) -> RegroupingReport:
    """Carry out a regrouping; a second time it changes nothing.

    Of a township with one new code the villages that the plan does not name keep their last three digits.
    Raises InputError for codes that are not known, a new one without name, counts that nobody can split, and
    where a split does not say where every file goes (naming those files); AccessError for who may not, or not
    there; ConflictError where a file on its way to another township is among them. Then nothing is changed.
    """
    check_act(workspace, Act.IMPORT_PLACES, Action.REGROUP)
    check_past(plan.day, "区划调整")
    tree = read_all_divisions(workspace, as_of=plan.day)
    with workspace.reading() as connection:
        plan = _still_to_do(plan, tree, known_codes(connection, plan.targets))
    plan = _with_villages(plan, tree)
    own = workspace.person.scope
    codes = {*plan.targets, *(new for targets in plan.targets.values() for new in targets)}
    if beyond := sorted(code for code in codes if not own.holds(code)):
        raise AccessError(f"{'、'.join(beyond[:5])}不在您的管辖区域", "请由上级民政部门办理")
    names = _names(plan, tree)
    with workspace.writing() as connection:
        files = open_files(connection)
        changes = _changes(files, plan, tree, names)
        if not changes and not names and not plan.retired:
            return RegroupingReport(0, (), (), ())
        _check_transfers(connection, changes, plan)
        stamp = begin_change(connection, "regrouping", len(changes), plan.day)
        save_changes(connection, changes, stamp=stamp)
        townships = {code[: Level.TOWNSHIP] for code in codes}
        for kind, carried in (
            ("assistant", _Rosters(plan, tree).assistants),
            ("duty", _Rosters(plan, tree).duties),
            ("cadre", _Rosters(plan, tree).cadres),
        ):
            homes = townships | {code[: Level.COUNTY] for code in codes} if kind == "cadre" else townships
            carry_rows(connection, kind, carried, townships=homes, stamp=stamp, since=plan.day)  # type: ignore[arg-type]
        split = carry_counts(connection, plan, tree, {home_of(file.content) for file in files}, stamp)
        recount(
            connection,
            {village: {plan.day} for village in split},
            kind="regrouping",
            stamp=stamp,
        )
        _carry_divisions(connection, plan, tree, names, stamp)
        before = {code: str(node["name"]) for code, node in tree.nodes(data=True)}
        add_successors(connection, plan.successors(before), stamp)
        carry_events(connection, {old: plan.only(old) for old in plan.retired if plan.only(old) != old})
        logins = logins_in(connection, plan.retired) if plan.retired else []
        detail = {
            "files": len(changes),
            "retired": sorted(plan.retired),
            "added": sorted(names),
            "day": plan.day,
        }
        record(connection, Action.REGROUP, "、".join(sorted(plan.targets)), detail=detail)
    return RegroupingReport(len(changes), tuple(sorted(plan.retired)), tuple(sorted(names)), tuple(logins))


def _still_to_do(plan: Regrouping, tree: nx.DiGraph, known: set[str]) -> Regrouping:
    """The plan without the codes that have gone already. Raises InputError for one that was never there."""
    gone = {old for old, new in plan.targets.items() if old not in tree and all(code in tree for code in new)}
    unknown = [old for old in plan.targets if old not in tree and (old not in known or old not in gone)]
    if unknown:
        raise InputError("原代码不在区划表中", "核对代码和日期", [Problem(code) for code in unknown])
    return replace(plan, targets={old: new for old, new in plan.targets.items() if old not in gone})


def _with_villages(plan: Regrouping, tree: nx.DiGraph) -> Regrouping:
    """The plan with the villages of the townships in it."""
    targets = dict(plan.targets)
    problems = []
    taken = {new for news in targets.values() for new in news}
    for old, news in plan.targets.items():
        if level_of(old) is not Level.TOWNSHIP or news == (old,):
            continue
        villages = [
            code for code in children(tree, old) if level_of(code) is Level.VILLAGE and code not in targets
        ]
        if old in news:  # what is not named stays
            continue
        for village in villages:
            new = news[0] + village[Level.TOWNSHIP :]
            if len(news) > 1:
                problems.append(Problem(f"{village}没有新代码", "乡镇拆分时写明每个村的新代码"))
            elif new in taken or (new in tree and new not in targets):
                problems.append(Problem(f"{village}的新代码{new}已有别的村用", "写明这个村的新代码"))
            targets[village] = (new,)
            taken.add(new)
    if problems:
        raise InputError("有的村不知道新代码,没有调整", "用文件给出:原代码、新代码、日期", problems)
    return replace(plan, targets=targets)


def _names(plan: Regrouping, tree: nx.DiGraph) -> dict[str, str]:
    """The names of the codes that are new. Raises InputError for one without name or without what holds it."""
    new = {code for targets in plan.targets.values() for code in targets if code not in tree}
    names, problems = {}, []
    for code in sorted(new):
        sources = plan.sources(code, tree)
        name = plan.names.get(code)
        if name is None and len(sources) == 1 and not plan.is_split(sources[0]):
            name = str(tree.nodes[sources[0]]["name"])
        if name is None:
            problems.append(Problem(f"{code}没有名称", "用 --name 或“新名称”一列给出"))
            continue
        above = code[: Level.TOWNSHIP if level_of(code) is Level.VILLAGE else Level.COUNTY]
        if (above not in tree and above not in new) or above in plan.retired:
            problems.append(Problem(f"{code}的上级{above}不在区划表中", "先导入上级,或核对代码"))
        names[code] = name
    if problems:
        raise InputError("新的区划写得不全,没有调整", problems=problems)
    return names


def _changes(
    files: list[ChildFile], plan: Regrouping, tree: nx.DiGraph, names: Mapping[str, str]
) -> list[Change]:
    """What becomes of each file. Raises InputError naming every file that a split leaves without a place."""
    changes, lost = [], []
    for file in files:
        content = file.content
        places = {content.get("residence"), content.get("hukou"), file.township}
        if places.isdisjoint(plan.targets):
            continue
        child = record_of(file)
        hukou = plan.target(child.hukou, group=child.hukou_group, file=file.file)
        residence = plan.target(child.residence, group=child.residence_group, file=file.file)
        if (child.hukou and hukou is None) or (child.residence and residence is None):
            lost.append(Problem(f"档案 {file.file}", f"在{child.village}"))
            continue
        after = _moved(child, hukou, residence, plan, tree, names)
        township = _township(file, child, after, plan)
        if (after, township) != (child, file.township):
            changes.append(Change(file, after, township, plan.day))
    if lost:
        raise InputError(f"拆分没有写明{len(lost)}份档案的去向,没有调整", "按“组”或“档案”逐一写明", lost)
    return changes


def _moved(
    child: ChildRecord,
    hukou: str | None,
    residence: str | None,
    plan: Regrouping,
    tree: nx.DiGraph,
    names: Mapping[str, str],
) -> ChildRecord:
    told: dict[str, Any] = {}
    for field, code, was in (("hukou", hukou, child.hukou), ("residence", residence, child.residence)):
        if code is None or was is None or code == was:
            continue
        group = _group(getattr(child, f"{field}_group"), was, code, plan, tree)
        told |= {field: code, f"{field}_group": group}
        told[f"{field}_text"] = _full_name(code, plan, tree, names) + (group or "")
    return replace(child, **told)


def _full_name(code: str, plan: Regrouping, tree: nx.DiGraph, names: Mapping[str, str]) -> str:
    if code not in names:
        return full_name(tree, code, below=Level.COUNTY)
    above = code[: Level.TOWNSHIP]
    return (names.get(above) or str(tree.nodes[above]["name"])) + names[code]


def _group(group: str | None, old: str, new: str, plan: Regrouping, tree: nx.DiGraph) -> str | None:
    """The words of a 组: where several villages become one, the name of its own goes before its number."""
    if group is None or old == new or len(plan.sources(new, tree)) < 2:
        return group
    return f"{tree.nodes[old]['short']}{group}"


def _township(file: ChildFile, before: ChildRecord, after: ChildRecord, plan: Regrouping) -> str:
    """Which township holds a file: it goes with the village by which it was held."""
    for was, now in ((before.residence, after.residence), (before.hukou, after.hukou)):
        if was is not None and now is not None and was.startswith(file.township):
            return now[: Level.TOWNSHIP]
    return plan.only(file.township)


def _check_transfers(connection: Connection, changes: list[Change], plan: Regrouping) -> None:
    pending = pending_of(connection, {change.file.file for change in changes})
    pending += pending_to(connection, plan.targets)
    if pending:
        told = [Problem(f"转接 {item}") for item in sorted({item.id for item in pending})]
        raise ConflictError("有档案正在跨乡镇转接,没有调整", "先接收、退回或撤回", told)


@dataclass(frozen=True)
class _Rosters:
    """What becomes of the rows of rosters and duties."""

    plan: Regrouping
    tree: nx.DiGraph

    def assistants(self, row: PersonRow) -> list[PersonRow]:
        """The 协理员 of a village answers for each village that it becomes."""
        one = Assistant.from_json(row.content)
        if one.village not in self.plan.targets:
            return [row]
        return [assistant_row(replace(one, village=new)) for new in self.plan.targets_of(one.village)]

    def cadres(self, row: PersonRow) -> list[PersonRow]:
        """A cadre goes on in the township that theirs becomes, the first of several, and comes from the new village."""
        one = Cadre.from_json(row.content)
        moved = replace(
            one,
            township=one.township and self.plan.targets_of(one.township)[0],
            home_village=one.home_village and self.plan.targets_of(one.home_village)[0],
        )
        return [row] if moved == one else [cadre_row(moved)]

    def duties(self, row: PersonRow) -> list[PersonRow]:
        """A duty for an area is one for each area that it becomes; that of a 组 goes where the 组 goes."""
        one = Duty.from_json(row.content)
        place = one.village or one.area
        if place not in self.plan.targets:
            return [row]
        rows = []
        for new in self.plan.targets_of(place, one.group):
            group = _group(one.group, place, new, self.plan, self.tree)
            numbered = group_code(new, group) if level_of(one.area) is Level.GROUP else None
            rows.append(duty_row(replace(one, area=numbered or new, group=group)))
        return rows


def _carry_divisions(
    connection: Connection, plan: Regrouping, tree: nx.DiGraph, names: Mapping[str, str], stamp: Stamp
) -> None:
    """Add what is new, at the place of what it was, and end what is no more."""
    rows = division_rows(connection, plan.targets, plan.day)
    added = []
    for code, name in names.items():
        sources = [rows[old] for old in plan.sources(code, tree) if old in rows]
        above = code[: Level.TOWNSHIP if level_of(code) is Level.VILLAGE else Level.COUNTY]
        generated = any(row["origin"] == DEMO_ORIGIN for row in sources)
        added.append(
            {
                "code": code,
                "name": name,
                "parent": above,
                "origin": DEMO_ORIGIN if generated else CHANGES["regrouping"],
                "geometry": _place([row["geometry"] for row in sources if row["geometry"] is not None], code),
            }
        )
    add_divisions(connection, added, plan.day, stamp)
    retire_divisions(connection, plan.retired, plan.day, stamp)


def _place(shapes: list[bytes], code: str) -> bytes | None:
    """The place of a new village is that of the first it was made of; a township's land is all of theirs."""
    if not shapes or level_of(code) is Level.VILLAGE:
        return shapes[0] if shapes else None
    land: bytes = shapely.to_wkb(shapely.union_all(shapely.from_wkb(shapes)))
    return land
