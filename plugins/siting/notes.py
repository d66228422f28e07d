"""What must be said beside the figures, in plain Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from planner.model.siting import SITING_SITES, SITING_UNCOVERED, SITING_VILLAGES, Change, Role
from planner.roads import StraightLine, Travel

from .options import Answer, Model
from .params import Candidates, Chance, Existing, Params, StabilityParams
from .question import Question

_NAMED_AT_MOST = 10


def write_notes(
    question: Question, answer: Answer, frames: Mapping[str, pd.DataFrame], params: Params, travel: Travel
) -> tuple[str, ...]:
    """The notes of an answer, from its frames by layer name."""
    return tuple(_notes(question, answer, frames, params, travel))


def _notes(
    question: Question, answer: Answer, frames: Mapping[str, pd.DataFrame], params: Params, travel: Travel
) -> Iterable[str]:
    villages, sites = frames[SITING_VILLAGES.name], frames[SITING_SITES.name]
    new = sites[sites["role"] == Role.NEW]
    if not len(question.task.weights):
        yield "本区域没有有定位的儿童,无从选址。"
    else:
        named = new["county_name"].fillna("") + new["name"]
        yield f"目标“{params.model}”:新增{len(new)}个,{joined(named) or '没有选中任何点'}。"
    if answer.proved:
        yield "界与目标值相合,已证明没有更好的选法。"
    else:
        yield (
            f"没有证明最优:最好的选法至多比它好{answer.gap * 100:.2f}%。"
            if np.isfinite(answer.gap)
            else "没有证明最优。"
        )
    yield _how(travel, params)
    yield "选址是规划参考,不是法定指标,不与法定覆盖率(四(二))合并;只有“运营”的机构算现有。"
    where = (
        "每个乡镇离全体儿童最近的村(无驻地点位时代替乡镇驻地)"
        if params.candidates is Candidates.SEATS
        else "每个有定位的村"
    )
    yield f"候选点{int((~question.places['existing']).sum())}个:{where}。"
    yield from _options(params)
    if params.existing is Existing.CLOSABLE:
        yield from _closings(question, sites)
    offers = question.task.offers
    if offers is not None and len(question.existing) and not offers[question.existing].any():
        yield "没有一个现有机构登记了康复、送教或安置,原已覆盖为0。请核对机构名录的服务内容。"
    yield from _gaps(question, villages, frames[SITING_UNCOVERED.name])


def _how(travel: Travel, params: Params) -> str:
    if isinstance(travel, StraightLine):
        return (
            f"车程「估算」:直线距离×{travel.detour:g},每小时{travel.speed_kmh:g}公里,待道路数据替换;"
            f"≤{params.limit_min:g}分钟为时限内。"
        )
    return f"车程{'「估算」' if travel.estimated else '按路网计算'};≤{params.limit_min:g}分钟为时限内。"


def _options(params: Params) -> Iterable[str]:
    if params.existing is Existing.CLOSABLE:
        yield "现有机构可关闭:每关一个,可在别处多设一个。"
    if params.times > 1:
        yield f"后备覆盖:每村要有{params.times}个不同的机构在时限内才算覆盖;车程为到这些机构的平均数。"
    if params.county_share is not None:
        yield f"每个县时限内的儿童不少于{params.county_share:g}%(分母为有定位的儿童)。"
    if params.new_capacity is not None or params.bed_capacity:
        yield "有容量限制:满了的机构不再接收,一个村的去处不一定是最近的机构。"
    if params.by_service:
        yield "按服务分开:康复、送教、安置各算各的;现有机构只接名录中登记了的服务。"
    if params.budget is not None:
        yield f"总预算{params.budget:g}万元,单价为所填参数,不是概算。"
    elif params.model is not Model.SET_COVER or params.existing is Existing.CLOSABLE:
        yield "费用按所填单价计,不是概算。"


def _closings(question: Question, sites: pd.DataFrame) -> Iterable[str]:
    closed = sites.loc[sites["role"] == Role.CLOSED, "name"]
    if len(closed):
        yield f"拟关闭{len(closed)}个:{joined(closed)}。"
    if shared := len(question.task.kept):
        yield f"{shared}个现有机构在本区域以外,或还管本区域以外的县,一律保留。"


def _gaps(question: Question, villages: pd.DataFrame, uncovered: pd.DataFrame) -> Iterable[str]:
    if question.lost:
        yield f"{len(question.lost)}个运营机构没有定位,不参加选址:{joined(question.lost)}。请补经纬度。"
    lost = villages[villages["change"] == Change.UNLOCATED]
    if len(lost):
        yield f"{len(lost)}个村没有定位(儿童{int(lost['children'].sum())}人),不参加选址:{joined(lost['name'])}。"
    if len(uncovered):
        parts = uncovered.groupby("reason", sort=True)["uncovered"].agg(["size", "sum"])
        told = "、".join(f"{reason}{part['size']}村{part['sum']}人" for reason, part in parts.iterrows())
        yield f"仍有{len(uncovered)}个村的{int(uncovered['uncovered'].sum())}名儿童未覆盖:{told}。名单见“仍未覆盖的村”。"


def joined(names: Iterable[str]) -> str:
    """The names joined, cut after ten with their number."""
    listed = list(names)
    text = "、".join(listed[:_NAMED_AT_MOST])
    return f"{text}等{len(listed)}个" if len(listed) > _NAMED_AT_MOST else text


def stability_notes(
    layer: pd.DataFrame, draws: int, params: StabilityParams, travel: Travel
) -> Iterable[str]:
    """The notes of the stability, from its layer SITING_STABILITY."""
    how = (
        "泊松抽样(平均数为现有人数)"
        if params.chance is Chance.POISSON
        else f"每名儿童以{params.keep:g}%的概率仍在册"
    )
    yield f"抽样{draws}次,每村人数各自独立:{how};每次用贪心加交换重新选{params.count}个点,不证明最优。"
    usual = layer[layer["usual"]]
    if len(usual):
        told = "、".join(
            f"{name}{share:.0f}%" for name, share in zip(usual["name"], usual["share"], strict=True)
        )
        yield f"按现有人数选中的点和它们被选中的次数比例:{told}。"
    else:
        yield "没有有定位的儿童,或没有候选点,无从选址。"
    yield "车程「估算」,待道路数据替换。" if travel.estimated else "车程按路网计算。"
