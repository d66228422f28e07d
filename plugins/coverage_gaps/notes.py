"""What must be said beside the figures, in plain Chinese: the days, the gaps by name, what is an estimate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.model.coverage import COVERAGE_COUNTIES, COVERAGE_SITES, CatchmentMethod, Reach
from planner.model.institutions import InstitutionKind
from planner.plugin import Result
from planner.policy.indicators import COVERAGE_CLAUSE
from planner.policy.places import coordinates
from planner.roads import StraightLine, Travel
from planner.roads.snapping import TOO_FAR

from .params import Params, horizon_min

_NAMED_AT_MOST = 10
_METHODS = {
    CatchmentMethod.TWO_STEP: (
        "可达性方法2SFCA(Luo和Wang,2003):范围内不分远近;范围重叠处,一名儿童在每个机构都计一次,需求被重复计算。"
    ),
    CatchmentMethod.STEPS: (
        "可达性方法E2SFCA-step(Luo和Qi,2009):范围按车程分三等份,权重依次为1、0.68、0.22;范围重叠处,儿童仍被重复计算。"
    ),
    CatchmentMethod.GAUSS: (
        "可达性方法E2SFCA-gauss(Dai,2010):权重按高斯曲线从1降到范围边缘的0;范围重叠处,儿童仍被重复计算。"
    ),
    CatchmentMethod.THREE_STEP: (
        "可达性方法3SFCA(Wan等,2012):儿童先按权重在各机构间选择,需求的重复计算减轻;但权重乘了两次,"
        "离机构远的儿童计得不足,机构的服务水平因此虚高(膨胀),请与BFCA对照。"
    ),
    CatchmentMethod.BALANCED: (
        "可达性方法BFCA(Paez等,2019):每名儿童只计一次,每个机构的服务水平也只分一次;数值用来比较各村,不是床位率。"
    ),
}
_UNREACHABLE = (str(Reach.UNLOCATED), str(Reach.NO_SITE), str(Reach.NO_WAY))


def write_notes(
    result: Result,
    villages: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    params: Params,
    as_of: date,
    travel: Travel,
) -> tuple[str, ...]:
    """The notes of a result. `villages` are the rows of COVERAGE_VILLAGES with `listed` kept."""
    counties = result.layers[COVERAGE_COUNTIES.name]
    return (
        *_legal(counties, params, as_of),
        *_records(sites, result.tables[COVERAGE_SITES.name], params),
        *_access(villages, params, travel),
        *_roads(villages, sites, travel),
        *_single(villages, params),
        *_shared(villages, sites, params),
    )


def _legal(counties: pd.DataFrame, params: Params, as_of: date) -> Iterable[str]:
    total, covered = len(counties), int(counties["covered"].sum())
    if not total:
        yield "本区域没有县级单位,法定覆盖率不能给出;请先导入行政区划。"
        return
    gaps = counties[~counties["covered"]]
    listed = "、".join(gaps["name"] + "(" + gaps["status"] + ")")
    named = f"未覆盖:{listed}" if len(gaps) else "没有缺口"
    yield (
        f"法定口径({COVERAGE_CLAUSE}):截至{_day(as_of)},{total}个县级单位中{covered}个有运营中的{params.kind}。"
        f"{named}。县级单位按有无计,不按距离计;只有“运营”算覆盖,各类机构不能互相替代。"
    )
    if params.kind is not InstitutionKind.PROTECTION:
        yield f"{COVERAGE_CLAUSE}到2020年全覆盖的要求只针对未成年人保护机构;{params.kind}按同一口径计算,供参考。"
    if shared := list(counties.loc[counties["shared"], "name"]):
        yield f"由外县机构按辖区覆盖:{_names(shared)}。"
    if as_of >= params.target_day:
        yield f"目标日{_day(params.target_day)}已到,不再预计:预计覆盖即已覆盖。"
        return
    yield (
        f"按截至日所知的计划投用日,到{_day(params.target_day)}预计覆盖{int(counties['projected'].sum())}个县"
        "(在建的只计入预计,不计入已覆盖)。"
    )
    late = gaps[gaps["planned_opening"] <= pd.Timestamp(as_of)]
    if len(late):
        yield f"计划投用日已过、截至日仍在建:{_names(late['name'])};仍按计划计入预计,请核实。"


def _records(sites: pd.DataFrame, listed: pd.DataFrame, params: Params) -> Iterable[str]:
    if params.service is not None:
        yield f"“服务内容:{params.service}”只用于可达与承载;法定口径只看机构类型,不受它影响。"
        if not sites["offers"].any():
            yield f"没有一个{params.kind}登记了服务内容“{params.service}”,请核对写法与机构名录一致。"
    running = sites[sites["operating"]]
    if len(lost := running[~running["counted"]]):
        yield f"{len(lost)}个运营机构没有定位,不参加可达计算:{_names(lost['name'])}。请补经纬度。"
    if len(bare := running[running["beds"].isna()]):
        yield f"{len(bare)}个运营机构没有床位数据,不计入床位和可及床位(不当作0):{_names(bare['name'])}。请补床位。"
    if len(silent := sites[sites["state"].isna()]):
        yield f"{len(silent)}个{params.kind}在截至日没有状态记录,不计入:{_names(silent['name'])}。"
    narrow = listed[listed["county_name"].notna() & listed["serves"].isna() & listed["state"].notna()]
    if len(narrow):
        yield f"{len(narrow)}个{params.kind}的辖区不含本区域任何一个县,不计入法定覆盖:{_names(narrow['name'])}。"


def _access(villages: pd.DataFrame, params: Params, travel: Travel) -> Iterable[str]:
    if not villages["children"].sum():
        yield "本区域没有儿童或没有需求数据,占比和平均车程不能给出,记为“—”。"
    how = "按路网计算"
    if isinstance(travel, StraightLine):
        how = f"「估算」:直线距离×{travel.detour:g},每小时{travel.speed_kmh:g}公里,待道路数据替换"
    elif travel.estimated:
        how = "「估算」"
    yield (
        f"可达口径(规划参考,不是法定指标,不与法定覆盖率合并):到最近运营机构的车程,可跨县,"
        f"≤{params.limit_min:g}分钟为时限内(正好等于算时限内)。车程{how}。占比和平均数取4位小数。"
    )
    lost = villages[~villages["reachable"]].groupby("reach")["children"].sum()
    split = [f"{reason}{lost[reason]}人" for reason in _UNREACHABLE if lost.get(reason, 0)]
    if split:
        yield f"不可达儿童{int(lost.sum())}人,单列,不进平均数:{'、'.join(split)}。"
    unknown = villages[~villages["listed"]]
    if len(unknown):
        yield (
            f"需求表中有{len(unknown)}个村不在行政区划表中(儿童{int(unknown['children'].sum())}人),以代码列出、"
            f"按代码归县:{_names(unknown['code'])}。请在行政区划表中补上。"
        )
    stray = villages[villages["county_name"].isna()]
    if len(stray):
        yield (
            f"其中儿童{int(stray['children'].sum())}人所在的县不在行政区划表中,计入合计,不在任何一县:"
            f"{_names(sorted(stray['county'].unique()))}。"
        )


def _roads(villages: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, travel: Travel) -> Iterable[str]:
    """How far villages and sites lie from the road, and whom that puts out of reach."""
    snapped = travel.places(coordinates(villages))
    if snapped is None:
        return
    known = np.flatnonzero(~np.isnan(snapped.access_m))
    if len(known) and snapped.access_m[known].max() >= 1:
        far = known[np.argmax(snapped.access_m[known])]
        yield (
            f"村到最近的路的直线距离:中位{np.median(snapped.access_m[known]):.0f}米,"
            f"最远{snapped.access_m[far]:.0f}米({villages['name'].iloc[far]});这一段按步行和便道计入车程。"
        )
    lost = villages[snapped.reason == TOO_FAR]
    if len(lost):
        yield (
            f"{len(lost)}个村(儿童{int(lost['children'].sum())}人)离路太远,算不可达:{_names(lost['name'])}。"
            "请核对村点位,或补导入那里的道路。"
        )
    counted = sites[sites["counted"]]
    there = travel.places(coordinates(counted))
    if there is not None and len(off := counted[there.reason == TOO_FAR]):
        yield f"{len(off)}个运营机构离路太远,到不了:{_names(off['name'])}。"


def _single(villages: pd.DataFrame, params: Params) -> Iterable[str]:
    single = villages[villages["single"]]
    if len(single):
        yield (
            f"只靠一个机构:{len(single)}个村、儿童{int(single['children'].sum())}人,{params.limit_min:g}分钟内只有一个运营机构,"
            f"它一停用,这些儿童就在时限之外。第二近机构只找{horizon_min(params):g}分钟内的,没有则为空。"
        )


def _shared(villages: pd.DataFrame, sites: pd.DataFrame, params: Params) -> Iterable[str]:
    counted = sites[sites["counted"]]
    if not counted["beds"].notna().any():
        return
    yield (
        f"可及床位(规划参考):每千名儿童在{params.catchment_min:g}分钟内分得的床位,以床位为容量、本区域所选儿童为需求,"
        "可跨县;区域外的儿童不计,所以靠近边界处可能偏高。范围内没有机构为0,没有定位的村不给出。"
    )
    yield _METHODS[params.method]
    left_out = villages[villages["accessibility"].isna() & (villages["children"] > 0)]
    if len(left_out):
        yield (
            f"{len(left_out)}个村(儿童{int(left_out['children'].sum())}人)给不出可及床位(没有定位,或范围内的机构都没有床位数据),"
            "不进平均、基尼指数和最差的村。"
        )


def _names(names: Iterable[str]) -> str:
    """The names joined, cut after ten with their number."""
    listed = list(names)
    text = "、".join(listed[:_NAMED_AT_MOST])
    return f"{text}等{len(listed)}个" if len(listed) > _NAMED_AT_MOST else text


def _day(day: date) -> str:
    """A day as papers write it, e.g. 2017年12月5日."""
    return f"{day.year}年{day.month}月{day.day}日"
