"""The papers of a visit plan on their way out: per visitor one PDF and one workbook, per day GPX, KML and GeoJSON.

The audit has the serial and the reason before anything is there; the folder is there whole or not at all.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from planner.documents import Mark, Stamp
from planner.documents.folder import reason_of
from planner.documents.names import distinct_names, safe_name
from planner.documents.route_files import gpx_bytes, kml_bytes, route_geojson_bytes
from planner.documents.route_sheet import ROUTE_SHEET, route_papers_pdf
from planner.documents.visit_workbook import visit_workbook
from planner.errors import InputError
from planner.jobs.exports import new_serial
from planner.jobs.moved_plans import read_plan
from planner.jobs.route_sheets import sheets_of
from planner.jobs.visit_plans import VisitPlan
from planner.model.layers import DIVISIONS, EXPORT_CRS
from planner.model.route_sheets import LonLat, RouteSheet, VisitForm
from planner.store.audit import Action
from planner.store.children import check_act
from planner.store.masking import scrub
from planner.store.private_files import create_private
from planner.store.reads import has_demo_rows, read_all_divisions, read_layer
from planner.store.roles import Act
from planner.store.route_files import take_route_files
from planner.store.scope import EVERYTHING
from planner.store.workspace import Workspace


@dataclass(frozen=True)
class RoutePapers:
    """Papers that were written: their serial, the folder, the files in it, and how many sheets and forms they hold."""

    serial: str
    folder: Path
    paths: tuple[Path, ...]
    sheets: int
    forms: int


def write_route_papers(
    workspace: Workspace,
    run: str,
    out: Path,
    *,
    reason: str,
    visitor: str | None = None,
    day: date | None = None,
    amap: bool = False,
    names: bool = True,
) -> RoutePapers:
    """Write the papers of a run of `visit-routes` into a new folder in `out`.

    `visitor` is a number or a name (None: all), `day` one day (None: all). The QR codes are `geo:` links, or with
    `amap` links of that map's own. Names and phones are there as the person's role sees them, and not at all with
    `names` False. Raises AccessError for a role that carries no sheets, InputError without a reason, where nothing
    was planned, or where `out` is not a place for it; then nothing is written.
    """
    at = datetime.now(UTC)
    serial = new_serial(at)
    check_act(workspace, Act.CARRY_SHEETS, Action.EXPORT, serial)
    plan = read_plan(workspace, run, visitor=visitor, day=day)
    folder = _folder(workspace, out, plan, serial)
    files = take_route_files(workspace, plan.files, as_of=plan.as_of, serial=serial, reason=reason, run=run)
    person = workspace.person
    stamp = Stamp(
        title=ROUTE_SHEET,
        plugin="",
        run=run,
        serial=serial,
        as_of=plan.as_of,
        demo=has_demo_rows(workspace, as_of=plan.as_of),
        mark=Mark(f"{person.name}({person.login})", at, scrub(reason.strip())),
    )
    tree = read_all_divisions(workspace, as_of=plan.as_of)
    made = sheets_of(plan, files, tree, _places(workspace, plan.as_of), names=names)
    contents = dict(_contents(made, stamp, amap=amap))
    paths = _write(folder, contents)
    counts = [sum(len(papers[index]) for papers in made.values()) for index in (0, 1)]
    return RoutePapers(serial, folder, paths, *counts)


def _contents(
    made: dict[str, tuple[list[RouteSheet], list[VisitForm]]], stamp: Stamp, *, amap: bool
) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file; the names of visitors in them are made safe and distinct."""
    stems = distinct_names(f"{visitor}-{papers[0][0].visitor}" for visitor, papers in made.items())
    for number, ((sheets, forms), stem) in enumerate(zip(made.values(), stems.values(), strict=True), 1):
        # Each visitor's papers have a number of their own, to be given back and counted.
        own = replace(stamp, serial=f"{stamp.serial}-{number}")
        yield f"{stem}_走访单.pdf", route_papers_pdf(sheets, forms, own, amap=amap)
        yield f"{stem}_走访单.xlsx", visit_workbook(sheets, forms, own)
        for sheet in sheets:
            name = f"{stem}_{sheet.day.isoformat()}"
            yield f"{name}.gpx", gpx_bytes(sheet, own)
            yield f"{name}.kml", kml_bytes(sheet, own)
            yield f"{name}.geojson", route_geojson_bytes(sheet, own)


def _places(workspace: Workspace, as_of: date) -> dict[str, LonLat]:
    """The points of the divisions that the person may see, WGS84, by code."""
    rows = read_layer(workspace, DIVISIONS, EVERYTHING, as_of=as_of)
    rows = rows[rows.geometry.notna()]
    points = rows.geometry.representative_point().to_crs(EXPORT_CRS)
    return {code: (point.x, point.y) for code, point in zip(rows["code"], points, strict=True)}


def _folder(workspace: Workspace, out: Path, plan: VisitPlan, serial: str) -> Path:
    """The folder to write, which is not there yet. Raises InputError for a place that will not do."""
    try:
        ready = out.is_dir()
        inside = out.resolve().is_relative_to(workspace.folder.resolve())
    except (OSError, ValueError) as error:  # too long, a null byte
        raise InputError("不能用这个文件夹名", "换一个短一些的、只含文字和数字的名字") from error
    if not ready:
        raise InputError(f"没有文件夹“{out.name}”", "先建好文件夹,或换一个位置")
    if inside:
        raise InputError(f"不能写到“{out.name}”", "写到工作区外面的文件夹")
    days = plan.days["day"].dt.date
    when = days.iloc[0].isoformat() if days.nunique() == 1 else f"{days.min():%Y%m%d}-{days.max():%m%d}"
    return out / f"走访单_{safe_name(when)}_{serial}"


def _write(folder: Path, contents: dict[str, bytes]) -> tuple[Path, ...]:
    """Write beside the folder, then rename: it is there with all its files or not at all."""
    draft = folder.with_name(f".{folder.name}.part")
    try:
        draft.mkdir(mode=0o700)
        for name, content in contents.items():
            create_private(draft / name, content)
        draft.rename(folder)
    except OSError as error:
        where = folder.parent.name
        raise InputError(f"不能写入文件夹“{where}”:{reason_of(error)}", "换一个可以写入的文件夹") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return tuple(folder / name for name in contents)
