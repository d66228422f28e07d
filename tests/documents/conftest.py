"""A small result with every kind of awkward value, read back by the tests with other people's readers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, Polygon

from planner.documents import Stamp
from planner.model.layers import METRIC_CRS, Layer, column
from planner.plugin import Metric, Result

PAYLOAD = "`${document.title='x'}</script><img src=x onerror=document.title='x'>"
NAMES = ["=1+1", PAYLOAD, "../../etc/passwd", "甲\u202e乙", "带\x00控制符"]

COUNTIES = Layer(
    "counties",
    "各县",
    {"code": column(str, "县代码"), "children": column(int, "儿童", unit="人", count=True)},
    geometry="polygon",
    description="各县的儿童人数",
)
VILLAGES = Layer(
    "villages",
    "各村",
    {
        "code": column(str, "村代码"),
        "name": column(str, "名称"),
        "children": column(int, "儿童", unit="人", count=True),
        "within": column(bool, "时限内"),
        "minutes": column(float, "车程", unit="分钟", nullable=True),
        "share": column(float, "占比", unit="%", nullable=True),
        "share_reason": column(str, "占比为空的原因", nullable=True),
        "opening": column("datetime64[s]", "计划投用", nullable=True),
    },
    geometry="point",
)
YEARS = Layer(
    "years",
    "逐年",
    {
        "day": column("datetime64[s]", "截至日"),
        "change": column(int, "增减", unit="个"),
        "beds": column(float, "床位", unit="张", nullable=True),
    },
    key=("day",),
)
MAKES = (COUNTIES, VILLAGES, YEARS)


@dataclass(frozen=True)
class Sample:
    """A result, what was declared, and its stamp."""

    result: Result
    makes: tuple[Layer, ...]
    stamp: Stamp


@pytest.fixture
def sample() -> Sample:
    """Two counties (the first drawn clockwise), five villages (the third without a point), two years."""
    clockwise = Polygon([(500000, 4180000), (500000, 4190000), (510000, 4190000), (510000, 4180000)])
    counties = gpd.GeoDataFrame(
        {"code": ["640323", "640324"], "children": [10, 0]}, geometry=[clockwise, Polygon()], crs=METRIC_CRS
    )
    villages = gpd.GeoDataFrame(
        {
            "code": [f"64032310020{number}" for number in range(5)],
            "name": NAMES,
            "children": [1, 2, 3, 4, 0],
            "within": [True, False, True, False, True],
            "minutes": [12.34567, 60.0, float("inf"), float("nan"), 0.0],
            "share": [13.636363, 100.0, 0.0, 50.0, None],
            "share_reason": [None, None, None, None, "no_children"],
            "opening": pd.Series(["2020-06-30", None, None, None, "2017-12-05"], dtype="datetime64[s]"),
        },
        geometry=[
            Point(500000, 4180000),
            Point(500001, 4180000),
            None,
            Point(500000, 4190000),
            Point(510000, 4190000),
        ],
        crs=METRIC_CRS,
    )
    years = pd.DataFrame(
        {
            "day": pd.Series(["2017-12-31", "2018-12-31"], dtype="datetime64[s]"),
            "change": [-2, 3],
            "beds": [20.0, None],
        }
    )
    result = Result(
        layers={"counties": counties, "villages": villages},
        tables={"years": years},
        metrics={
            "covered": Metric("已覆盖的县", 1, "个", formula="有运营机构的县数", clause="四(二)"),
            "share": Metric("时限内占比", None, "%", reason="no_children"),
            "minutes": Metric("平均车程", 36.15, "分钟"),
        },
        notes=("车程为估算。", "=HYPERLINK(1)"),
    )
    stamp = Stamp(
        title="机构覆盖缺口 & 可达",
        plugin="coverage-gaps",
        run="run-7",
        serial="S-0001",
        as_of=date(2020, 12, 31),
        known_at=datetime(2021, 1, 2, 3, 4),
        params={"kind": "儿童之家", "limit_min": 60.0},
        param_titles={"kind": "机构类型", "limit_min": "最远车程(min)"},
        demo=True,
    )
    return Sample(result, MAKES, stamp)
