"""A workspace one can try everything on: the real divisions of Ningxia, everything else generated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import pandas as pd

from planner.demo.choice import choose_counties
from planner.demo.content import make_content
from planner.demo.days import DATA_DAY
from planner.demo.people_content import make_people
from planner.demo.region import read_region
from planner.demo.saving import save_people
from planner.errors import InputError, last_part
from planner.model.layers import DEMO_ORIGIN
from planner.plugin import Progress
from planner.roads import RoadNetwork
from planner.store.journal import Source
from planner.store.roads import save_network
from planner.store.settings import SETTINGS
from planner.store.workspace import Workspace, create_workspace
from planner.store.writes import save_demand, save_divisions, save_institutions


def make_demo(
    folder: Path,
    *,
    counties: Sequence[str] | None = None,
    children: int | None = None,
    seed: int = 0,
    people: bool = True,
    report: Callable[[Progress], None] = lambda progress: None,
) -> Workspace:
    """Make the demo workspace in `folder`, which must be new or empty, and open it.

    `counties` (codes or names; None or empty: all of Ningxia) says which counties are in it. `children` is
    how many children in difficulty live in them altogether; None is 25,000 in the whole region, and in a part
    of it that part's share. With `people` every child has a file, with rosters, visits and events. The same seed
    gives the same content. Raises InputError for an unknown county, a
    negative number, or a folder in use; then nothing is written.
    """
    _check_free(folder)
    _check_not_negative(children or 0, "儿童总数")
    _check_not_negative(seed, "随机种子")
    region = read_region()
    names = {code: region.names[code] for code in region.counties}
    chosen = choose_counties(counties, names)
    content = make_content(region, chosen, children=children, seed=seed, report=report)

    persons = make_people(content, region, seed=seed, report=report) if people else None

    report(Progress("写入工作区", None))
    workspace = create_workspace(folder)
    unfinished = (folder / SETTINGS).rename(folder / f"{SETTINGS}.unfinished")
    save_divisions(workspace, content.divisions, _source("示例行政区划", content.divisions))
    save_institutions(
        workspace,
        content.institutions,
        content.states,
        _source("示例机构名录", content.institutions, content.states),
    )
    save_demand(workspace, content.demand, _source("示例困境儿童需求", content.demand))
    save_network(workspace, content.roads, {}, _roads_source(content.roads), origin=DEMO_ORIGIN)
    if persons is not None:
        report(Progress("写入儿童档案", None))
        save_people(workspace, persons, _source("示例困境儿童台账", content.demand))
    unfinished.rename(folder / SETTINGS)  # last: a demo that was cut off is no workspace
    return workspace


def _check_free(folder: Path) -> None:
    """Raises InputError unless `folder` is not there yet, or is an empty folder."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"“{last_part(folder)}”是文件,不能作示例工作区", "换一个文件夹名")
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"文件夹“{last_part(folder)}”不是空的,示例没有写入", "换一个新文件夹,或先把它移走")


def _check_not_negative(number: int, title: str) -> None:
    if number < 0:
        raise InputError(f"{title}是{number},不能小于0", "请给出0或正整数")


def _source(name: str, *frames: pd.DataFrame) -> Source:
    """What the import journal says of generated rows; the hash is of the rows themselves."""
    digest = sha256("".join(frame.to_csv(index=False) for frame in frames).encode()).hexdigest()
    rows = len(frames[0])
    return Source(name=name, sha256=digest, as_of=DATA_DAY, read=rows, accepted=rows, skipped=0)


def _roads_source(roads: RoadNetwork) -> Source:
    edges = roads.edge_count
    return Source("示例道路", roads.hash, DATA_DAY, read=edges, accepted=edges, skipped=0)
