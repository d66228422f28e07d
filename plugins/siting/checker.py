"""Re-computes an answer from the costs alone. Shares no code with what found it, on purpose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from .answer import Siting

Model = Literal["p_median", "max_cover", "set_cover", "p_center"]


def find_faults(
    siting: Siting,
    cost: npt.ArrayLike,
    *,
    model: Model,
    weights: npt.ArrayLike | None = None,
    count: int | None = None,
    fixed: Sequence[int] = (),
    limit: float = math.inf,
) -> tuple[str, ...]:
    """What is wrong with an answer, in words for the person who ran the model; empty when it is sound.

    The arguments are those that the model was given: `cost` (demand × candidate), `weights` (demand,) for
    p_median and max_cover, `count` for all but set_cover, `limit` for the covers.
    """
    matrix = np.asarray(cost, dtype=float)
    demand, candidates = matrix.shape
    faults = []
    if any(not 0 <= site < candidates for site in siting.sites) or len(siting.assigned) != demand:
        return ("选址结果与成本表的行列数不符",)
    if list(siting.sites) != sorted(set(siting.sites)):
        faults.append("选中的点有重复或未排序")
    if not set(fixed) <= set(siting.sites):
        faults.append("已有点没有全部保留")
    if count is not None and len(siting.sites) != count + len(fixed):
        faults.append(f"选中{len(siting.sites)}个点,应为{count + len(fixed)}个")

    paid = []
    for place, row in enumerate(matrix.tolist()):
        near = min((row[site] for site in siting.sites), default=math.inf)
        served = math.isfinite(near) and near <= limit
        goes_to = int(siting.assigned[place])
        paid.append(near if served else None)
        if not served and model != "max_cover" and any(map(math.isfinite, row)):
            faults.append(f"第{place + 1}个需求点可以到达,却没有满足")
        if not served and goes_to != -1:
            faults.append(f"第{place + 1}个需求点没有可达的点,却有去处")
        if served and (goes_to not in siting.sites or row[goes_to] != near):
            faults.append(f"第{place + 1}个需求点没有去最近的点")
    if list(siting.uncovered) != [place for place, near in enumerate(paid) if near is None]:
        faults.append("未覆盖的需求点名单不符")

    objective = _objective(model, paid, weights, len(siting.sites))
    if not math.isclose(objective, siting.objective, rel_tol=1e-9, abs_tol=1e-12):
        faults.append(f"目标值应为{objective:g},而不是{siting.objective:g}")
    worse = siting.bound - siting.objective if model != "max_cover" else siting.objective - siting.bound
    if math.isnan(worse) or worse > 0:
        faults.append("目标值优于界,不可能")
    if siting.proved != math.isclose(siting.bound, siting.objective, rel_tol=1e-6):
        faults.append("是否已证明最优与界不符")
    return tuple(faults)


def _objective(
    model: Model,
    paid: Sequence[float | None],
    weights: npt.ArrayLike | None,
    sites: int,
) -> float:
    if model == "set_cover":
        return float(sites)
    if model == "p_center":
        return max((near for near in paid if near is not None), default=0.0)
    if weights is None:
        raise ValueError(f"{model} is checked with the weights it was given")
    each = np.asarray(weights, dtype=float).tolist()
    pairs = [(weight, near) for weight, near in zip(each, paid, strict=True) if near is not None]
    return math.fsum(weight * near if model == "p_median" else weight for weight, near in pairs)
