"""Why there is no answer: the villages and counties by name, and what would work."""

from __future__ import annotations

import numpy as np

from planner.errors import InputError

from .notes import joined
from .options import NoAnswer
from .params import Params
from .question import Question


def no_answer(question: Question, error: NoAnswer, params: Params) -> InputError:
    """The reasons for which there is none, with the villages and counties by name and what would work."""
    villages = question.villages
    names = villages["county_name"].fillna("").astype(str) + villages["name"].astype(str)
    blocking = list(dict.fromkeys(names.iloc[question.asking[list(error.demand)]]))
    codes = sorted({str(code) for code in villages["county"].to_numpy()[question.asking]})
    named = dict(zip(villages["county"], villages["county_name"], strict=True))
    counties = [str(named.get(codes[county], codes[county])) for county in error.counties]
    causes = []
    if counties:
        causes.append(f"达不到最低覆盖比例的县:{joined(counties)}")
    if blocking:
        causes.append(f"做不到的村:{joined(blocking)}")
    fixes = []
    if error.smallest_limit is not None:
        fixes.append(f"把车程时限放宽到{np.ceil(error.smallest_limit * 100) / 100:g}分钟")
    if error.smallest_count is not None:
        fixes.append(f"把新增个数增加到{error.smallest_count}个")
    if error.smallest_budget is not None:
        fixes.append(f"把总预算增加到{error.smallest_budget:g}万元")
    other = "换一种候选点,或放宽容量、后备覆盖、最低覆盖比例"
    return InputError(
        "按这些条件没有可行的选址。" + ";".join(causes or ["容量或预算不够"]),
        f"其余条件不变时,可以{';或'.join(fixes)}" if fixes else other,
    )
