"""Small counties by their frames: so many townships, villages, 组 and cadres, and who holds what."""

from datetime import date

import geopandas as gpd
import pandas as pd
from shapely import Point

from planner.model.cadres import Cadre
from planner.model.duty_layers import ASSISTANTS, CADRES, DUTIES, GRADED
from planner.model.layers import DIVISIONS, METRIC_CRS
from planner.model.rosters import CadreLevel
from planner.testing import make_context
from plugins.cadre_assignment import cadre_assignment
from plugins.cadre_assignment.params import Params

COUNTY = "640101"
DAY = date(2020, 12, 31)
NUMERALS = "一二三四五六七八九十"


def township(number):
    return f"{COUNTY}{number:03}"


def village(of, number):
    return f"{township(of)}{number:03}"


def leader(number, **told):
    return Cadre(f"领导{NUMERALS[number]}", CadreLevel.COUNTY, COUNTY, **told)


def official(number, unit="民政局", **told):
    return Cadre(f"干部{NUMERALS[number]}", CadreLevel.DEPARTMENT, COUNTY, department=unit, **told)


def clerk(number, of=1, **told):
    return Cadre(f"干事{NUMERALS[number]}", CadreLevel.TOWNSHIP, COUNTY, township=township(of), **told)


def world(villages, *, cadres=(), held=(), children=None, groups=(), assistants=(), works=None):
    """The frames of a county; `villages` counts those of each township, `held` has (cadre, area).

    `children` maps areas to heads of the low grade, `works` ids to points in metres; villages lie in a row, 1 km
    apart, the townships one above the other.
    """
    rows: list[tuple] = [(COUNTY, "甲县", "6401", None), ("6401", "示例市", "64", None)]
    rows.append(("64", "示例区", None, None))
    for of, count in enumerate(villages, 1):
        rows.append((township(of), f"第{of}镇", COUNTY, None))
        rows += [
            (
                village(of, at),
                f"第{of}镇{at}村",
                township(of),
                Point(500_000 + 1000 * at, 4_200_000 + 1000 * of),
            )
            for at in range(1, count + 1)
        ]
    divisions = gpd.GeoDataFrame(
        pd.DataFrame([row[:3] for row in rows], columns=["code", "name", "parent"]).assign(
            level=[len(row[0]) for row in rows], origin="示例"
        ),
        geometry=[row[3] for row in rows],
        crs=METRIC_CRS,
    )
    told = [{name: getattr(item, name) for name in CADRES.columns} for item in cadres]
    points = [(works or {}).get(item.id) for item in cadres]
    frame = gpd.GeoDataFrame(
        pd.DataFrame(told, columns=list(CADRES.columns)), geometry=points, crs=METRIC_CRS
    )
    duties = [
        {
            "cadre": who.id,
            "name": who.name,
            "level": str(_level(area)),
            "area": area,
            "group": f"{area.partition('-')[2]}组" if "-" in area else None,
            "primary": True,
            "since": None,
            "until": None,
        }
        for who, area in held
    ]
    heads = [(area, area[:12], "低", count) for area, count in (children or {}).items()]
    heads += [(area, area[:12], "低", 0) for area in groups if area not in (children or {})]
    return {
        DIVISIONS.name: DIVISIONS.cast(divisions),
        CADRES.name: CADRES.cast(frame),
        DUTIES.name: DUTIES.cast(pd.DataFrame(duties, columns=list(DUTIES.columns))),
        ASSISTANTS.name: ASSISTANTS.cast(pd.DataFrame(assistants, columns=["village", "name"])),
        GRADED.name: GRADED.cast(pd.DataFrame(heads, columns=list(GRADED.columns))),
    }


def _level(area):
    return {9: CadreLevel.COUNTY, 12: CadreLevel.DEPARTMENT}.get(len(area), CadreLevel.TOWNSHIP)


def run(frames, *, day=DAY, seed=0, **params):
    """The result of the plugin on these frames."""
    context = make_context(cadre_assignment, frames, seed=seed)
    context.as_of = day
    return cadre_assignment(context, Params(**params))


def plan(result):
    """The name of the holder by area, None where nobody."""
    frame = result.tables["duty-plan"]
    return {
        area: None if pd.isna(name) else name
        for area, name in zip(frame["area"], frame["new_name"], strict=True)
    }


def rows(result, table, **where):
    """The rows of a table whose columns equal the given values."""
    frame = result.tables[table]
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame.to_dict("records")
