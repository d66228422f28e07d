"""A county one can draw by hand: 0.4° × 0.3° of lon/lat, three towns, two streets, a farm."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import networkx as nx
import pandas as pd
import pytest
from shapely.geometry import Point, box

from planner.demo.content import Content, make_content
from planner.demo.county import County, lay_out
from planner.demo.people_content import People, make_people
from planner.demo.region import Region, read_region
from planner.model.divisions import build_tree

BORDER = box(106.0, 37.0, 106.4, 37.3)
TOWNSHIPS = ["东街道", "西街道", "甲镇", "乙乡", "丙镇", "某农场"]
VILLAGES = [6, 5, 12, 9, 1, 2]
KNOWN = Point(106.3, 37.2)


def square_county(code: str, name: str, *, seed: int = 0) -> County:
    """The county under that code; the true seat of its third township (甲镇) is KNOWN."""
    rows = []
    for number, (township, count) in enumerate(zip(TOWNSHIPS, VILLAGES, strict=True), start=1):
        above = f"{code}{number:03}"
        rows.append((above, township, code))
        rows += [
            (f"{above}{place:03}", f"第{place}{'社区居委会' if place == 1 else '村委会'}", above)
            for place in range(1, count + 1)
        ]
    below = pd.DataFrame(rows, columns=["code", "name", "parent"])
    known = gpd.GeoSeries([KNOWN], index=[f"{code}003"], crs=4490)
    return lay_out(code, name, BORDER, below, known, seed=seed)


@pytest.fixture
def county() -> County:
    return square_county("640999", "方县")


SEED = 0


@dataclass(frozen=True, eq=False)
class Made:
    """The demo of two counties, its people, and its divisions as a tree."""

    content: Content
    people: People
    tree: nx.DiGraph


@pytest.fixture(scope="session")
def region() -> Region:
    return read_region()


@pytest.fixture(scope="session")
def made(region: Region) -> Made:
    """同心 (640324) and 泾源 (640424), 1,600 children together."""
    content = make_content(region, ["640324", "640424"], children=1_600, seed=SEED)
    return Made(content, make_people(content, region, seed=SEED), build_tree(content.divisions))
