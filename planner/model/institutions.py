"""The six kinds of institution, their dated states, and what each may be asked for (四(二), 三(四)–三(六))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

import pandas as pd

from planner.model.names import comparable


class InstitutionKind(StrEnum):
    """机构类型; kinds are not interchangeable (四(二))."""

    PROTECTION = "未成年人保护机构"
    WELFARE = "儿童福利机构"
    SOCIAL_WELFARE = "社会福利机构"
    REHABILITATION = "残疾儿童康复机构"
    CHILDREN_HOME = "儿童之家"
    SPECIAL_SCHOOL = "特殊教育学校"


class InstitutionState(StrEnum):
    """机构状态; only 运营 counts as existing (四(二))."""

    OPERATING = "运营"
    BUILDING = "在建"
    CLOSED = "停用"
    NOMINAL = "挂牌未运营"


@dataclass(frozen=True)
class DatedState:
    """A state that an institution enters on `since` (None: from the beginning of the records).

    `planned_opening` is what the plan of that day promised; it feeds only projections.
    """

    state: InstitutionState
    since: date | None = None
    planned_opening: date | None = None


def institution_id(kind: str, name: str, county: str) -> str:
    """The id of an institution: 「jg-」 and ten hexadecimal digits.

    The same wherever it is read, and however spaces and brackets of its name are typed.
    """
    return "jg-" + sha256(f"{kind}|{comparable(name)}|{county}".encode()).hexdigest()[:10]


def state_on(states: Sequence[DatedState], day: date) -> DatedState | None:
    """The newest state entered on or before `day`; None before the first. Of equal days the last listed wins."""
    entered = [item for item in states if item.since is None or item.since <= day]
    return sorted(entered, key=lambda item: item.since or date.min)[-1] if entered else None


def states_on(states: pd.DataFrame, day: date) -> pd.DataFrame:
    """As `state_on` for many institutions at once: the row in force on `day`, indexed by institution.

    `states` has the columns institution, since (datetime, NaT: from the beginning), state and
    planned_opening. Institutions without a state by that day are not in the answer.
    """
    entered = states[~(states["since"] > pd.Timestamp(day))]
    by_day = entered.sort_values("since", kind="stable", na_position="first")
    return by_day.drop_duplicates("institution", keep="last").set_index("institution")


def split_list(text: str | None) -> tuple[str, ...]:
    """The items of a cell such as 「康复、送教;临时监护」, in order, without blanks or repeats."""
    if not text:
        return ()
    for separator in "、,;;，； \n\t/":
        text = text.replace(separator, "、")
    return tuple(dict.fromkeys(item for item in text.split("、") if item))
