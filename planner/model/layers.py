"""Layers: the tables with a declared schema that plugins read and make, and the ones every room knows.

A layer without geometry is a plain table. Inside the program geometry is in metres (EPSG:4544, CGCS2000
3-degree zone at 105°E); the store keeps EPSG:4490, exports are WGS84.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa

from planner.errors import PluginError, Problem
from planner.model.demand import AgeBand, Category, Need
from planner.model.institutions import InstitutionKind, InstitutionState

METRIC_CRS = "EPSG:4544"
STORE_CRS = "EPSG:4490"
EXPORT_CRS = "EPSG:4326"
# The origin of generated rows: whatever is made of them says so.
DEMO_ORIGIN = "示例"

Geometry = Literal["point", "line", "polygon", "any"]
Tone = Literal["good", "shared", "planned", "warn", "nominal", "ended", "bad", "muted", "info"]
_GEOMETRY_TYPES: dict[str, set[str]] = {
    "point": {"Point", "MultiPoint"},
    "line": {"LineString", "MultiLineString"},
    "polygon": {"Polygon", "MultiPolygon"},
}


def column(
    dtype: Any,
    title: str,
    *,
    unit: str = "",
    nullable: bool = False,
    personal: bool = False,
    count: bool = False,
    checks: Sequence[pa.Check] = (),
) -> pa.Column:
    """A column of a layer: its Chinese title and unit, and what publication must know of it.

    `personal` marks what identifies a child; `count` marks a count of children, suppressed when small.
    """
    return pa.Column(
        dtype,
        list(checks),
        title=title,
        nullable=nullable,
        metadata={"unit": unit, "personal": personal, "count": count},
    )


@dataclass(frozen=True)
class Chart:
    """A table drawn as lines: the column from left to right, the one upwards, the one that tells lines apart.

    As bars each row is one of its own, below the other: `across` names it, `up` is its length.
    """

    across: str
    up: str
    line: str | None = None
    mark: Literal["line", "bar"] = "line"


@dataclass(frozen=True, eq=False)
class Layer:
    """A named table with a schema; `geometry` says which shapes it carries, None for a plain table.

    `key` names the columns that together identify a row. On the map a feature is coloured by the column
    `colour_by`: by the tone that `tones` gives its value (that of None is for features without one), else a
    measured value by quantiles, and words so that neighbours differ. A reader may colour by one of the figures
    in `also_by` instead, each with the end at which its values are good. What the column `marked_by` says
    is written on the points themselves.
    """

    name: str
    title: str
    columns: Mapping[str, pa.Column]
    key: tuple[str, ...] = ("code",)
    geometry: Geometry | None = None
    description: str = ""
    colour_by: str | None = None
    tones: Mapping[Any, Tone] = field(default_factory=dict)
    also_by: Mapping[str, Literal["low", "high"]] = field(default_factory=dict)
    chart: Chart | None = None
    marked_by: str | None = None
    _schema: pa.DataFrameSchema = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self,
            "_schema",
            pa.DataFrameSchema(dict(self.columns), unique=list(self.key) or None, strict=False),
        )

    def title_of(self, name: str) -> str:
        """The Chinese title of a column, with its unit where it has one."""
        unit = self.unit_of(name)
        return f"{self.columns[name].title}({unit})" if unit else str(self.columns[name].title)

    def unit_of(self, name: str) -> str:
        """The unit of a column, empty where it has none."""
        return str((self.columns[name].metadata or {}).get("unit", ""))

    def columns_marked(self, mark: Literal["personal", "count"]) -> list[str]:
        """The names of the columns marked as personal, or as a count to be suppressed."""
        return [name for name, item in self.columns.items() if (item.metadata or {}).get(mark)]

    def coloured_by(self, name: str) -> Layer:
        """The layer coloured by another of its columns, by quantiles; itself for the one it is coloured by."""
        return self if name == self.colour_by else replace(self, colour_by=name, tones={})

    @property
    def personal(self) -> bool:
        """Whether any column of the layer identifies a child."""
        return bool(self.columns_marked("personal"))

    def empty(self) -> pd.DataFrame:
        """The layer with no rows, with its columns and (where it has geometry) the metric CRS."""
        frame = pd.DataFrame(
            {name: pd.Series([], dtype=item.dtype.type) for name, item in self.columns.items()}
        )
        return gpd.GeoDataFrame(frame, geometry=[], crs=METRIC_CRS) if self.geometry else frame

    def cast(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The declared columns of `frame`, in their order and types, with geometry where declared.

        For a result just computed, whose empty or all-null columns have lost their type. Raises PluginError
        naming every column that is missing or cannot be cast.
        """
        names = [*self.columns, *(["geometry"] if self.geometry else [])]
        problems = [Problem(f"缺少列:{name}", "加上这一列") for name in names if name not in frame.columns]
        cast = {}
        for name in self.columns:
            if name in frame.columns:
                try:
                    cast[name] = frame[name].astype(self.columns[name].dtype.type)
                except (TypeError, ValueError) as error:
                    problems.append(Problem(f"不能转换为{self.columns[name].dtype}:{error}", column=name))
        if problems:
            raise PluginError(f"图层“{self.title}”({self.name})与声明不符", problems=problems)
        return frame[names].assign(**cast)

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """`frame` itself, when it has the declared columns, types, keys, geometry and CRS.

        Raises PluginError listing every fault.
        """
        problems: list[Problem] = []
        try:
            self._schema.validate(pd.DataFrame(frame), lazy=True)
        except (pa.errors.SchemaErrors, pa.errors.SchemaError) as error:
            problems += _schema_problems(error)
        if extra := [name for name in frame.columns if name not in self.columns and name != "geometry"]:
            problems.append(
                Problem(f"多出未声明的列:{'、'.join(map(str, extra))}", "在图层声明中加上,或去掉")
            )
        if twice := sorted(set(map(str, frame.columns[frame.columns.duplicated()]))):
            problems.append(Problem(f"列名重复:{'、'.join(twice)}", "每个列名只用一次"))
        problems += self._geometry_problems(frame)
        if problems:
            raise PluginError(f"图层“{self.title}”({self.name})与声明不符", problems=problems)
        return frame

    def _geometry_problems(self, frame: pd.DataFrame) -> list[Problem]:
        if self.geometry is None:
            return []
        if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name != "geometry":
            return [Problem("缺少几何列", "返回带 geometry 列的 GeoDataFrame")]
        if frame.crs is None or frame.crs.to_epsg() != 4544:
            return [Problem(f"坐标系是{frame.crs},应为{METRIC_CRS}", "用 to_crs(4544) 转换")]
        present = frame.geometry[frame.geometry.notna()]
        found = set(present.geom_type.unique())
        wrong = found - _GEOMETRY_TYPES.get(self.geometry, found)
        return [Problem(f"几何类型{'、'.join(sorted(wrong))}不是{self.geometry}")] if wrong else []


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame; each has the columns as attributes, whose types its layer has checked."""
    return pd.DataFrame(frame).itertuples(index=False)


_SHOWN_AT_MOST = 5


def _schema_problems(error: pa.errors.SchemaErrors | pa.errors.SchemaError) -> list[Problem]:
    """The faults found by pandera, one for each column and check, in words."""
    if isinstance(error, pa.errors.SchemaError):
        return [Problem(str(error))]
    cases = error.failure_cases.astype(object).where(lambda cases: cases.notna(), None)
    repeated = cases["check"] == "multiple_fields_uniqueness"
    grouped = cases[~repeated].groupby(["column", "check"], dropna=False, sort=False)["failure_case"]
    problems = [
        _problem(str(check), None if pd.isna(name) else str(name), list(values))
        for (name, check), values in grouped
    ]
    if repeated.any():
        keys = cases[repeated].groupby("index", sort=False)["failure_case"].agg(tuple).unique()
        shown = "、".join("/".join(str(part) for part in key) for key in keys[:_SHOWN_AT_MOST])
        problems.append(Problem(f"有{len(keys)}个键重复:{shown}", "每个键只留一行"))
    return problems


def _problem(check: str, name: str | None, values: list[Any]) -> Problem:
    shown = "、".join(str(value) for value in list(dict.fromkeys(values))[:_SHOWN_AT_MOST])
    if check == "column_in_dataframe":
        return Problem(f"缺少列:{shown}", "加上这些列")
    if check == "not_nullable":
        return Problem(f"{len(values)}行为空", "补上值,或在图层声明中写 nullable=True", column=name)
    if check.startswith(("dtype(", "coerce_dtype(")) or name is None:
        return Problem(f"类型是{shown},应为{check}", "用 astype 转换", column=name)
    return Problem(f"{len(values)}行不满足 {check}:{shown}", "改正这些值", column=name)


_at_least_zero = pa.Check.ge(0)

DIVISIONS = Layer(
    "divisions",
    "行政区划",
    {
        "code": column(str, "区划代码"),
        "name": column(str, "名称"),
        "parent": column(str, "上级代码", nullable=True),
        "level": column(int, "级别", checks=[pa.Check.isin([2, 4, 6, 9, 12, 13])]),
        "origin": column(str, "数据来源"),
    },
    geometry="any",
    description="各级区划:县、乡镇为面(乡镇可缺),村为村委会驻地点(可缺)",
)
DEMAND = Layer(
    "demand",
    "困境儿童需求",
    {
        "village": column(str, "村(居)代码"),
        "age_band": column(str, "年龄段", checks=[pa.Check.isin([str(band) for band in AgeBand])]),
        "category": column(str, "困境类型", checks=[pa.Check.isin([str(item) for item in Category])]),
        "need": column(str, "需求", nullable=True, checks=[pa.Check.isin([str(item) for item in Need])]),
        "children": column(int, "人数", unit="人", count=True, checks=[_at_least_zero]),
        "origin": column(str, "数据来源"),
    },
    key=("village", "age_band", "category", "need"),
    geometry="point",
    description="每村按年龄段、类型、需求的人数,点为村委会驻地(可缺)",
)
INSTITUTIONS = Layer(
    "institutions",
    "机构",
    {
        "id": column(str, "机构编号"),
        "name": column(str, "名称"),
        "kind": column(str, "类型", checks=[pa.Check.isin([str(kind) for kind in InstitutionKind])]),
        "tier": column(str, "级别", nullable=True),
        "county": column(str, "所在县代码"),
        "jurisdiction": column(str, "辖区代码(顿号分隔,空为所在县)", nullable=True),
        "services": column(str, "服务内容(顿号分隔)", nullable=True),
        "beds": column(float, "床位", unit="张", nullable=True, checks=[_at_least_zero]),
        "staff": column(float, "工作人员", unit="人", nullable=True, checks=[_at_least_zero]),
        "state": column(
            str, "当日状态", nullable=True, checks=[pa.Check.isin([str(state) for state in InstitutionState])]
        ),
        "origin": column(str, "数据来源"),
    },
    key=("id",),
    geometry="point",
    description="机构及其在截至日的状态,点可缺",
)
INSTITUTION_STATES = Layer(
    "institution-states",
    "机构状态沿革",
    {
        "institution": column(str, "机构编号"),
        "since": column("datetime64[s]", "起始日(空为自始)", nullable=True),
        "state": column(str, "状态", checks=[pa.Check.isin([str(state) for state in InstitutionState])]),
        "planned_opening": column("datetime64[s]", "计划投用", nullable=True),
    },
    key=(),
    description="每个机构的全部状态,按日期先后",
)
