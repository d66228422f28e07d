"""A world small enough to check by eye, for contract tests and plugin authors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import Point, Polygon, box

from planner.model.cadres import Cadre
from planner.model.demand import AgeBand, Category, Need
from planner.model.duty_layers import ASSISTANTS, CADRES, DUTIES, DUTY_INPUTS, GRADED
from planner.model.institutions import InstitutionKind, InstitutionState, institution_id
from planner.model.layers import (
    DEMAND,
    DEMO_ORIGIN,
    DIVISIONS,
    INSTITUTION_STATES,
    INSTITUTIONS,
    METRIC_CRS,
)
from planner.model.rosters import CadreLevel
from planner.plugin import Context, Plugin

AS_OF = date(2020, 12, 31)
INPUTS = (DIVISIONS, DEMAND, INSTITUTIONS, INSTITUTION_STATES, *DUTY_INPUTS)


def tiny_world() -> dict[str, pd.DataFrame]:
    """Three counties of 20 km by EPSG:4544, by layer name: one served, one with a village that has no point,
    one empty; one operating institution, one being built; a few cadres.
    """
    names = {
        "64": "示例自治区",
        "6401": "示例市",
        "640101": "甲县",
        "640102": "乙县",
        "640103": "丙县",
        "640101001": "甲一镇",
        "640101002": "甲二乡",
        "640102001": "乙一镇",
        "640103001": "丙一镇",
        "640101001001": "近村",
        "640101001002": "中村",
        "640101002001": "远村",
        "640102001001": "乙村",
        "640102001002": "无点村",
    }
    outlines = {f"64010{number}": _square(number) for number in (1, 2, 3)}
    points = {
        "640101001001": Point(482_000, 4_202_000),
        "640101001002": Point(488_000, 4_210_000),
        "640101002001": Point(499_000, 4_219_000),
        "640102001001": Point(505_000, 4_205_000),
    }
    divisions = gpd.GeoDataFrame(
        {
            "code": list(names),
            "name": list(names.values()),
            "parent": [_holder(code) for code in names],
            "level": [len(code) for code in names],
            "origin": DEMO_ORIGIN,
        },
        geometry=[{**outlines, **points}.get(code) for code in names],
        crs=METRIC_CRS,
    )
    asked = [
        ("640101001001", AgeBand.EARLY, Category.FAMILY, None, 4),
        ("640101001002", AgeBand.SCHOOL, Category.SELF, Need.REHABILITATION, 3),
        ("640101002001", AgeBand.SCHOOL, Category.SELF, Need.HOME_TEACHING, 2),
        ("640102001001", AgeBand.YOUTH, Category.GUARDIANSHIP, Need.PLACEMENT, 1),
        ("640102001002", AgeBand.EARLY, Category.TEMPORARY, None, 5),
    ]
    demand = pd.DataFrame(asked, columns=["village", "age_band", "category", "need", "children"])
    texts = ["village", "age_band", "category", "need"]
    demand = gpd.GeoDataFrame(
        demand.astype(dict.fromkeys(texts, "str")).assign(origin=DEMO_ORIGIN),
        geometry=[points.get(row[0]) for row in asked],
        crs=METRIC_CRS,
    )
    kind = InstitutionKind.PROTECTION
    named = [("甲县未成年人保护中心", "640101"), ("乙县未成年人保护中心", "640102")]
    ids = [institution_id(kind, name, county) for name, county in named]
    institutions = gpd.GeoDataFrame(
        {
            "id": ids,
            "name": [name for name, _ in named],
            "kind": str(kind),
            "tier": "县",
            "county": [county for _, county in named],
            "jurisdiction": pd.Series([None, None], dtype="str"),
            "services": pd.Series(["临时监护、康复", None], dtype="str"),
            "beds": [20.0, float("nan")],
            "staff": [8.0, float("nan")],
            "state": [str(InstitutionState.OPERATING), str(InstitutionState.BUILDING)],
            "origin": DEMO_ORIGIN,
        },
        geometry=[Point(482_000, 4_202_000), Point(505_000, 4_206_000)],
        crs=METRIC_CRS,
    )
    states = pd.DataFrame(
        {
            "institution": [ids[0], ids[0], ids[1]],
            "since": pd.Series(["2016-01-01", "2018-06-01", "2019-03-01"], dtype="datetime64[s]"),
            "state": [str(state) for state in (InstitutionState.BUILDING, InstitutionState.OPERATING)]
            + [str(InstitutionState.BUILDING)],
            "planned_opening": pd.Series(["2018-06-01", None, "2021-06-01"], dtype="datetime64[s]"),
        }
    )
    made = zip(INPUTS, (divisions, demand, institutions, states, *_rosters(demand)), strict=True)
    return {layer.name: layer.check(frame) for layer, frame in made}


def _rosters(demand: pd.DataFrame) -> tuple[pd.DataFrame, ...]:
    """A leader and a 部门干部 in each county, two more in the first, and a 乡镇干部; three duties, of whom one has left."""
    counties = ("640101", "640102", "640103")
    people = [
        *(
            Cadre(f"{name}县长", CadreLevel.COUNTY, code)
            for name, code in zip("马王李", counties, strict=True)
        ),
        *(
            Cadre(f"{name}科长", CadreLevel.DEPARTMENT, code, department=unit)
            for name, code, unit in zip("赵钱孙", counties, ("民政局", "教育局", "残联"), strict=True)
        ),
        Cadre("周科长", CadreLevel.DEPARTMENT, "640101", department="教育局", home_village="640101001001"),
        Cadre("吴科长", CadreLevel.DEPARTMENT, "640101", department="残联", until=date(2019, 6, 30)),
        Cadre("郑干事", CadreLevel.TOWNSHIP, "640101", township="640101001"),
    ]
    places = {"赵科长": Point(481_000, 4_201_000), "周科长": Point(498_000, 4_218_000)}
    names = ["id", "name", "level", "county", "department", "township", "home_village", "since", "until"]
    told = pd.DataFrame([[getattr(item, name) for name in names] for item in people], columns=names)
    cadres = gpd.GeoDataFrame(told, geometry=[places.get(item.name) for item in people], crs=METRIC_CRS)
    ids = {item.name: item.id for item in people}
    held = [
        ("马县长", CadreLevel.COUNTY, "640101001", None),
        ("吴科长", CadreLevel.DEPARTMENT, "640101001001", None),
        ("郑干事", CadreLevel.TOWNSHIP, "640101001001-1", "1组"),
    ]
    duties = pd.DataFrame(
        [
            {
                "cadre": ids[name],
                "name": name,
                "level": str(level),
                "area": area,
                "group": group,
                "primary": True,
                "since": None,
                "until": None,
            }
            for name, level, area, group in held
        ]
    )
    assistants = pd.DataFrame({"village": ["640101001001"], "name": ["冯协理"]})
    graded = demand.assign(area=demand["village"], grade="低")[list(GRADED.columns)]
    return CADRES.cast(cadres), DUTIES.cast(duties), ASSISTANTS.cast(assistants), GRADED.cast(graded)


def make_context(plugin: Plugin, frames: Mapping[str, pd.DataFrame], **settings: Any) -> Context:
    """A context with the layers that `plugin` declares, on AS_OF; layers without a frame are empty."""
    given = {layer.name: frames.get(layer.name, layer.empty()) for layer in plugin.reads}
    return Context(frames=given, as_of=AS_OF, **settings)


def _holder(code: str) -> str | None:
    lengths = (2, 4, 6, 9, 12)
    return code[: lengths[lengths.index(len(code)) - 1]] if len(code) > 2 else None


def _square(number: int) -> Polygon:
    left_m = 460_000 + 20_000 * number
    return box(left_m, 4_200_000, left_m + 20_000, 4_220_000)
