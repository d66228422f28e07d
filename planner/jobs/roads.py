"""Roads into the workspace, and what is told of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import shapely

from planner.errors import InputError
from planner.jobs.travel import travel_over
from planner.ledger import Paper
from planner.model.divisions import Level
from planner.model.layers import DIVISIONS, INSTITUTIONS
from planner.roads import RoadTravel
from planner.roads.line_files import ACCEPTED, read_line_file
from planner.roads.lines import ReadLines
from planner.roads.network import NetworkReport, RoadNetwork, report_network
from planner.roads.noding import make_network
from planner.roads.osm import read_osm
from planner.store.journal import Source
from planner.store.reads import newest_data_day, read_layer
from planner.store.roads import (
    NO_ROADS,
    StoredRoads,
    read_closed,
    read_network,
    save_network,
    set_closed,
)
from planner.store.scope import EVERYTHING
from planner.store.workspace import Workspace

_MOST_TOLERANCE_M = 1_000.0
_POORLY_JOINED = 0.9


@dataclass(frozen=True)
class Distances:
    """How far places of a kind lie from the road, in metres; `farthest` names the one farthest from it."""

    title: str
    places: int
    unlocated: int
    too_far: int
    median_m: float | None
    ninety_m: float | None
    most_m: float | None
    farthest: str | None


@dataclass(frozen=True)
class RoadsReport:
    """What became of a file of roads: `read` = `accepted` + all of `skipped`; the network; how far places lie.

    `written` is False where the workspace held this very network already.
    """

    name: str
    read: int
    accepted: int
    skipped: Mapping[str, int]
    network: NetworkReport
    distances: tuple[Distances, ...]
    notices: tuple[str, ...]
    written: bool


def import_roads(
    workspace: Workspace,
    paper: Paper,
    *,
    crs: str | None = None,
    tolerance_m: float | None = None,
    crossings: bool = False,
) -> RoadsReport:
    """Import a file of roads in the place of those before.

    `crs` names the coordinate system (an OpenStreetMap extract needs none), `tolerance_m` and `crossings` say how
    lines are joined (see `planner.roads.noding`). Raises InputError for a file that cannot be used; then nothing
    is written.
    """
    name = paper.name
    if tolerance_m is not None and not 0 <= tolerance_m <= _MOST_TOLERANCE_M:
        raise InputError(f"容差{tolerance_m:g}米不能用", f"请填0到{_MOST_TOLERANCE_M:g}之间的米数")
    with _on_disk(paper) as path:
        read, digest = _read(path, crs=crs, name=name), _digest(path)
    network, noding = make_network(read.lines, tolerance_m=tolerance_m or 0.0, crossings=crossings)
    if not network.edge_count:
        raise InputError(f"文件“{name}”里没有机动车能走的路", "请核对是否为道路数据,或换一个范围")
    report = report_network(network, noding)
    before = read_network(workspace)
    source = Source(name, digest, None, read.read, read.accepted, read.read - read.accepted)
    written = save_network(workspace, network, asdict(report), source, origin=name)
    stored = StoredRoads(network, network.hash, name, {})
    travel = travel_over(workspace, stored, None)
    distances, overlaps = _distances(workspace, travel)
    notices = [*read.notices]
    if noding.joined_after < _POORLY_JOINED:
        share = f"{noding.joined_after * 100:.1f}%"
        notices.append(
            f"最大连通部分只占道路长度的{share}:线与线没有接上时,用 --tolerance 指定容差(米)重新导入"
        )
    if not overlaps:
        notices.append("道路范围与本工作区的行政区划不重叠,请核对坐标系和范围")
    if not written:
        notices.append("与已有的道路相同,没有变化")
    elif before is not None and (lost := read_closed(workspace, before.sha256)):
        notices.append(f"原有道路上封闭的{len(lost)}个路段不再适用,请重新设置")
    return RoadsReport(
        name, read.read, read.accepted, read.skipped, report, distances, tuple(notices), written
    )


def close_roads(
    workspace: Workspace, edges: Collection[int], *, name: str | None, closed: bool, reason: str = ""
) -> list[int]:
    """Close or open edges by their ids, or all of a name; which were not so already. Raises InputError."""
    wanted = set(edges)
    if name is not None:
        stored = read_network(workspace)
        if stored is None:
            raise NO_ROADS
        wanted.update(edges_named(stored.network, name))
    if not wanted:
        raise InputError("没有指明路段", "写路段编号,或用 --name 写路名")
    return set_closed(workspace, wanted, closed=closed, reason=reason)


def edges_named(network: RoadNetwork, name: str) -> list[int]:
    """The edges of a road by its name. Raises InputError where there is none, with names that are alike."""
    at = np.flatnonzero(network.names == name)
    if len(at):
        return np.flatnonzero(network.name == at[0]).tolist()
    alike = "、".join([str(item) for item in network.names if name in item][:5])
    raise InputError(f"没有叫“{name}”的路", f"是否为 {alike}" if alike else "请核对路名,或用路段编号")


@contextmanager
def _on_disk(paper: Paper) -> Iterator[Path]:
    """The file by a path, as readers of roads want it; an upload is copied for as long (roads are not personal)."""
    if isinstance(paper, Path):
        yield paper
        return
    ending = next((ending for ending in ACCEPTED if paper.name.lower().endswith(ending)), "")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"roads{ending}"
        path.write_bytes(paper.content)
        yield path


def _read(path: Path, *, crs: str | None, name: str) -> ReadLines:
    lower = name.lower()
    if not path.exists():
        raise InputError(f"没有文件“{path}”", "请核对路径")
    if lower.endswith((".osm.pbf", ".pbf", ".osm")):
        return read_osm(path, name=name)
    if not path.is_dir() and not lower.endswith(ACCEPTED):
        raise InputError(
            f"“{name}”不是能读的道路文件", f"可用的格式:{'、'.join(ACCEPTED)},或装着 shapefile 的文件夹"
        )
    return read_line_file(path, crs=crs, name=name)


def _digest(path: Path) -> str:
    """SHA-256 of a file, or of all files of a folder."""
    if not path.is_dir():
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    files = (item for item in sorted(path.rglob("*")) if item.is_file())
    return sha256("".join(map(_digest, files)).encode()).hexdigest()


def _distances(workspace: Workspace, travel: RoadTravel) -> tuple[tuple[Distances, ...], bool]:
    """How far villages and institutions lie from the road, and whether any division meets the roads' extent."""
    day = newest_data_day(workspace)
    divisions = read_layer(workspace, DIVISIONS, EVERYTHING, as_of=day)
    institutions = read_layer(workspace, INSTITUTIONS, EVERYTHING, as_of=day)
    villages = divisions[divisions["level"] == Level.VILLAGE]
    extent = shapely.box(*shapely.total_bounds(travel.network.shapes))
    located = divisions.geometry[divisions.geometry.notna()]
    overlaps = bool(located.intersects(extent).any()) or located.empty
    return (_distance(villages, "村", travel), _distance(institutions, "机构", travel)), overlaps


def _distance(places: gpd.GeoDataFrame, title: str, travel: RoadTravel) -> Distances:
    points = shapely.point_on_surface(places.geometry.to_numpy())
    snapped = travel.places(np.column_stack([shapely.get_x(points), shapely.get_y(points)]))
    distance_m = snapped.access_m
    known = np.flatnonzero(~np.isnan(distance_m))
    missing, too_far = len(places) - len(known), int((distance_m > travel.speeds.access.most_m).sum())
    if not len(known):
        return Distances(title, len(places), missing, too_far, None, None, None, None)
    far = known[np.argmax(distance_m[known])]
    median_m, ninety_m = np.quantile(distance_m[known], [0.5, 0.9])
    farthest = str(places["name"].iloc[far])
    return Distances(
        title,
        len(places),
        missing,
        too_far,
        float(median_m),
        float(ninety_m),
        float(distance_m[far]),
        farthest,
    )
