"""2020 机构覆盖差距报告: the legal table, what is being built, the access map, and the siting scenarios.

The legal measure and the planning aid stand in sections of their own and are never made into one number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.documents.drawing import Fill, Marks, map_svg
from planner.documents.pdf import chinese_font, pdf_bytes
from planner.documents.scenarios import MADE, Scenario, common_sites, compare
from planner.documents.stamp import Stamp, metric_value
from planner.documents.workbook import xlsx_bytes
from planner.model.coverage import (
    COVERAGE_COUNTIES,
    COVERAGE_SITES,
    COVERAGE_VILLAGES,
    Reach,
    Shown,
)
from planner.model.institutions import InstitutionState
from planner.model.layers import Layer
from planner.model.siting import SITING_SCENARIOS, SITING_SITES, SITING_UNCOVERED, SITING_VILLAGES, Role
from planner.plugin import Metric, Result

TITLE = "2020年机构覆盖差距报告"
_FILLS: dict[str, Fill] = {
    str(Shown.COVERED): "plain",
    str(Shown.SHARED): "dots",
    str(Shown.PLANNED): "light",
    str(Shown.BUILDING): "light",
}
_FIGURES = (
    "aim", "limit_min", "objective", "proved", "gap", "new_sites", "closed_sites", "children_covered",
    "newly_covered", "share_covered", "mean_minutes", "worst_minutes", "cost", "uncovered_villages",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Coverage:
    """A run of the coverage plugin, the ground of the report."""

    result: Result
    stamp: Stamp
    makes: Sequence[Layer]


def gap_report_pdf(coverage: Coverage, scenarios: Sequence[Scenario]) -> bytes:
    """The report as PDF (A4). Raises InputError where no Chinese font is installed."""
    return pdf_bytes("gap_report", report_data(coverage, scenarios))


def gap_report_xlsx(coverage: Coverage, scenarios: Sequence[Scenario]) -> bytes:
    """The same content as a workbook: the tables of the coverage, then the scenarios side by side."""
    together = compare(scenarios)
    notes = [f"{scenario.name}:{note}" for scenario in scenarios for note in scenario.result.notes]
    result = Result(
        layers={**coverage.result.layers, **together.layers},
        tables={**coverage.result.tables, **together.tables},
        metrics=coverage.result.metrics,
        notes=(*coverage.result.notes, *notes),
    )
    return xlsx_bytes(result, (*coverage.makes, *MADE), replace(coverage.stamp, title=TITLE))


def report_data(coverage: Coverage, scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """What the template `gap_report` shows: texts, tables as rows of text, maps as SVG."""
    stamp = coverage.stamp
    counties = coverage.result.layers[COVERAGE_COUNTIES.name]
    number = {code: str(position) for position, code in enumerate(counties["code"], start=1)}
    notes = list(coverage.result.notes)
    return {
        "title": TITLE,
        "as_of": stamp.as_of_text,
        "serial": stamp.serial,
        "notice": stamp.notice,
        "demo": stamp.demo,
        "legal": {"text": notes[:1], "table": _legal_table(counties, number)},
        "building": _building_table(coverage.result.tables[COVERAGE_SITES.name], stamp),
        "access": _access(coverage, number),
        "figures": _figures(scenarios),
        "common": _common(scenarios),
        "scenarios": [_scenario(scenario, counties, number) for scenario in scenarios],
        "scenario_legend": "圈内数字为县(序号同一);■现有机构;◆新增机构;×拟关闭;▲仍未覆盖的村。",
        "notes": [
            *notes[1:],
            *(
                f"{scenario.name}(运行 {scenario.stamp.run}):{_parameters(scenario.stamp)}"
                for scenario in scenarios
            ),
            "费用为所填单价之和,不是概算;选址方案供参考,不是决定。",
        ],
    }


def _legal_table(counties: pd.DataFrame, number: Mapping[str, str]) -> dict[str, Any]:
    rows = [
        [
            number[row["code"]],
            row["name"],
            row["status"] + ("(外县机构)" if row["shared"] else ""),
            _text(row["institutions"]),
            _text(row["planned_opening"]),
            _yes(row["projected"]),
        ]
        for row in counties.to_dict("records")
    ]
    head = ["序", "县(市、区)", "法定状态", "现有机构", "计划投用", "目标日预计覆盖"]
    return _table(head, rows, empty="本区域没有县级单位。")


def _building_table(sites: pd.DataFrame, stamp: Stamp) -> dict[str, Any]:
    target = date.fromisoformat(str(stamp.params.get("target_day", "2020-12-31")))
    building = sites[sites["state"] == InstitutionState.BUILDING].sort_values(
        ["planned_opening", "id"], na_position="last"
    )
    rows = []
    for row in building.to_dict("records"):
        opening = None if pd.isna(row["planned_opening"]) else row["planned_opening"].date()
        late = "未定" if opening is None else "是" if opening <= target else "否"
        days = "" if opening is None else str((target - opening).days)
        rows.append([row["name"], _text(row["county_name"]), _text(opening), late, days])
    head = ["机构", "所在县", "计划投用", f"不晚于{target}", "距目标日(天)"]
    return _table(head, rows, right=[4], empty="截至日没有在建的机构。")


def _access(coverage: Coverage, number: Mapping[str, str]) -> dict[str, Any]:
    counties = coverage.result.layers[COVERAGE_COUNTIES.name]
    villages = coverage.result.layers[COVERAGE_VILLAGES.name]
    metrics = coverage.result.metrics
    names = ("children_total", "children_within_limit", "children_beyond_limit", "children_unreachable")
    told = [*names, "share_within_limit", "mean_minutes"]
    asked = villages[villages["children"] > 0]
    far = asked["reach"] == Reach.BEYOND
    lost = ~asked["reachable"]
    marks = [
        Marks(_places(asked[~far & ~lost]), "dot", 2.0, "#9a9a9a"),
        Marks(_places(asked[far]), "triangle", 5.5),
        Marks(_places(asked[lost]), "cross", 5.0),
    ]
    rows = [
        [
            number[row["code"]],
            row["name"],
            _text(row["children"]),
            _text(row["children_within"]),
            _text(row["children_beyond"]),
            _text(row["children_unreachable"]),
            _text(row["share_within"]),
            _text(row["mean_minutes"]),
        ]
        for row in counties.to_dict("records")
    ]
    head = ["序", "县(市、区)", "儿童", "时限内", "时限外", "不可达", "时限内占比(%)", "平均车程(分钟)"]
    return {
        "text": ["、".join(_figure(metrics[name]) for name in told if name in metrics) + "。"],
        "map": map_svg(
            counties.geometry,
            [_FILLS.get(shown, "dense") for shown in counties["shown"]],
            list(number.values()),
            marks,
            font=chinese_font(),
        ),
        "legend": (
            "圈内数字为县(序号同上表)。县:空白为已覆盖,点为外县机构覆盖,疏斜线为在建,密斜线为无运营机构。"
            "村(有儿童的):●时限内,▲时限外,×不可达。"
        ),
        "table": _table(head, rows, right=[2, 3, 4, 5, 6, 7], empty="本区域没有县级单位。"),
    }


def _figures(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """The figures with the scenarios in columns."""
    table = compare(scenarios).tables[SITING_SCENARIOS.name]
    rows = []
    for name in _FIGURES:
        values = [_text(value) for value in table[name]]
        if name == "objective":
            values = [f"{value} {unit}" for value, unit in zip(values, table["objective_unit"], strict=True)]
        rows.append([SITING_SCENARIOS.title_of(name), *values])
    return _table(["项目", *table["scenario"]], rows)


def _common(scenarios: Sequence[Scenario]) -> list[str]:
    if len(scenarios) < 2:
        return []
    shared = common_sites(scenarios)
    sites = scenarios[0].result.layers[SITING_SITES.name]
    named = sites.loc[sites["id"].isin(shared) & (sites["role"] == Role.NEW)]
    if not len(named):
        return ["各方案没有共有的新增点。"]
    return [f"各方案共有的新增点{len(named)}个:{'、'.join(_full_names(named))}。"]


def _scenario(scenario: Scenario, counties: gpd.GeoDataFrame, number: Mapping[str, str]) -> dict[str, Any]:
    sites = scenario.result.layers[SITING_SITES.name]
    gaps = scenario.result.tables[SITING_UNCOVERED.name]
    metrics = scenario.result.metrics
    new, closed = sites[sites["role"] == Role.NEW], sites[sites["role"] == Role.CLOSED]
    told = ("objective", "proved", "newly_covered", "share_covered", "cost")
    villages = scenario.result.layers[SITING_VILLAGES.name]
    missed = villages[villages["code"].isin(gaps["code"])]
    marks = [
        Marks(_places(missed), "triangle", 5.0, "#8a8a8a"),
        Marks(_places(sites[sites["role"] == Role.EXISTING]), "square", 9.0),
        Marks(_places(closed), "cross", 10.0),
        Marks(_places(new), "diamond", 15.0),
    ]
    rows = [
        [name, _text(row["children"]), _text(row["cost"])]
        for name, row in zip(_full_names(new), new.to_dict("records"), strict=True)
    ]
    return {
        "name": scenario.name,
        "text": [
            "、".join(_figure(metrics[name]) for name in told) + "。",
            *([f"拟关闭{len(closed)}个:{'、'.join(closed['name'])}。"] if len(closed) else []),
        ],
        "sites": _table(["新增机构点", "去往儿童", "费用(万元)"], rows, right=[1, 2], empty="没有新增点。"),
        "map": map_svg(
            counties.geometry, ["plain"] * len(counties), list(number.values()), marks, font=chinese_font()
        ),
        "gaps": list(_gap_lines(gaps)) or ["没有。"],
    }


def _gap_lines(gaps: pd.DataFrame) -> Iterable[str]:
    """The uncovered villages by name, one line a county and reason."""
    named = gaps.assign(county_name=gaps["county_name"].fillna(gaps["county"]))
    for (county, reason), group in named.groupby(["county_name", "reason"], sort=True):
        villages = ";".join(
            f"{township}:{'、'.join(part['name'])}" if township else "、".join(part["name"])
            for township, part in group.groupby(group["township_name"].fillna(""), sort=True)
        )
        yield f"{county}({reason},{len(group)}村,儿童{int(group['uncovered'].sum())}人) {villages}。"


def _parameters(stamp: Stamp) -> str:
    given = {name: value for name, value in stamp.params.items() if value is not None}
    return "、".join(f"{stamp.param_titles.get(name, name)} {_text(value)}" for name, value in given.items())


def _figure(metric: Metric) -> str:
    value = metric_value(metric)
    return f"{metric.title}{_text(value)}{metric.unit if metric.value is not None else ''}"


def _full_names(sites: pd.DataFrame) -> list[str]:
    return list(sites["county_name"].fillna("") + sites["name"])


def _places(frame: gpd.GeoDataFrame) -> np.ndarray:
    points = frame.geometry.to_numpy()
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def _text(value: Any) -> str:
    """A cell in words: 是/否, one decimal, a day as 2017-12-05, a dash for nothing."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return "—"
    if isinstance(value, bool | np.bool_):
        return _yes(bool(value))
    if isinstance(value, float | np.floating):
        return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return str(value)


def _yes(value: Any) -> str:
    return "是" if value else "否"


def _table(
    head: list[str], rows: list[list[str]], *, right: Sequence[int] = (), empty: str = "没有。"
) -> dict[str, Any]:
    return {"head": head, "rows": rows, "right": list(right), "empty": empty}
