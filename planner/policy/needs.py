"""需求 of a child as its file shows it, and the files counted as demand: what siting and coverage weigh."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date

import pandas as pd

from planner.model.children import ChildRecord
from planner.model.demand import AgeBand, Category, Need
from planner.model.words import Placement, SchoolStatus
from planner.policy.ages import age_on
from planner.policy.classification import classify
from planner.policy.from_record import facts
from planner.policy.rules import RuleSet

# Care that a 儿童福利机构 gives or arranges; 亲属抚养 and 依法收养 ask nothing of an institution.
_BY_INSTITUTION = frozenset({Placement.INSTITUTION_ORPHAN, Placement.INSTITUTION_TEMPORARY, Placement.FOSTER})
_BANDS = ((7, AgeBand.EARLY), (15, AgeBand.SCHOOL), (18, AgeBand.YOUTH))
_COLUMNS = ["village", "age_band", "category", "need"]


def need_of(record: ChildRecord) -> Need | None:
    """The one need by which a child counts; of several the rarer service: 安置, 送教, 康复."""
    if record.placement in _BY_INSTITUTION:
        return Need.PLACEMENT
    if record.school_status is SchoolStatus.HOME_TEACHING:
        return Need.HOME_TEACHING
    return Need.REHABILITATION if record.rehab_need or record.device_need else None


def age_band(birth: date, day: date) -> AgeBand | None:
    """The band of completed years on `day`; None before birth and from the 18th birthday on."""
    age = age_on(birth, day)
    return next((band for until, band in _BANDS if 0 <= age < until), None)


def demand_of(records: Iterable[ChildRecord], day: date, rules: RuleSet) -> pd.DataFrame:
    """The files counted by village, age_band, category (the primary one) and need (missing: none), sorted.

    The last column is children. A file counts at the village of residence, of 户籍 where residence is
    elsewhere. One without village, birthday, band or class is in no row.
    """
    tally: Counter[tuple[str, str, str, str | None]] = Counter()
    for record in records:
        band = age_band(record.birth, day) if record.birth else None
        category = classify(facts(record, day, rules=rules), rules).primary
        if record.village is None or band is None or category is None:
            continue
        need = need_of(record)
        tally[record.village, str(band), str(category), None if need is None else str(need)] += 1
    ordered = sorted(tally, key=lambda key: (*key[:3], key[3] or ""))
    rows = [(*key, tally[key]) for key in ordered]
    return pd.DataFrame(rows, columns=[*_COLUMNS, "children"])


def demand_in(
    villages: Collection[str], records: Iterable[ChildRecord], day: date, rules: RuleSet
) -> pd.DataFrame:
    """As `demand_of` for `villages` alone, each of which has a row.

    A village without a child has a row of 0: the counts before are no longer its own.
    """
    counted = demand_of((item for item in records if item.village in villages), day, rules)
    empty = pd.DataFrame(
        [
            (village, str(AgeBand.SCHOOL), str(Category.FAMILY), None, 0)
            for village in sorted(set(villages) - set(counted["village"]))
        ],
        columns=counted.columns,
    )
    return pd.concat([frame for frame in (counted, empty) if len(frame)] or [counted], ignore_index=True)
