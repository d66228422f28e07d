"""未成年人保护机构 of the demo: what became of each county on the way to full cover by 2020 (四(二)).

The chosen counties are drawn in an order of chance and meet the fates below in turn. So any five counties
or more have, whatever the seed, one newly covered in each of 2018, 2019 and 2020, one with its institution
still 在建 at the end of 2020 (opening in 2021), and one never covered; fewer counties have the first ones of
the list. Two or three counties of one prefecture, where five others remain, share an institution of the
prefecture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import cycle

import numpy as np

from planner.demo.county import County
from planner.demo.rng import Theme, stream
from planner.demo.sites import MARK, Site, built, day_in, in_town
from planner.model.divisions import Level, ancestor_code
from planner.model.institutions import DatedState, InstitutionKind, InstitutionState

States = tuple[DatedState, ...]
Fate = Callable[[np.random.Generator], States]

SERVICES = ("临时监护", "应急庇护", "个案评估", "家庭教育指导")


def _opened(year: int, chance: np.random.Generator) -> States:
    """Built within one to two years, opened in `year`, up to three months behind the plan."""
    opening = day_in(year, chance)
    begun = opening - timedelta(days=int(chance.integers(360, 720)))
    return built(opening, begun=begun, planned=opening - timedelta(days=int(chance.integers(0, 90))))


def _building(chance: np.random.Generator) -> States:
    """Begun in 2020, to open in 2021, and so it did."""
    planned = day_in(2021, chance, months=(3, 7))
    return (
        DatedState(InstitutionState.BUILDING, day_in(2020, chance), planned),
        DatedState(InstitutionState.OPERATING, planned + timedelta(days=int(chance.integers(0, 90)))),
    )


def _delayed(chance: np.random.Generator) -> States:
    """Promised for 2020, put off in 2020, opened in 2021."""
    put_off = day_in(2020, chance, months=(6, 9))
    planned = day_in(2021, chance, months=(3, 7))
    return (
        DatedState(InstitutionState.BUILDING, day_in(2018, chance), put_off + timedelta(days=60)),
        DatedState(InstitutionState.BUILDING, put_off, planned),
        DatedState(InstitutionState.OPERATING, planned + timedelta(days=int(chance.integers(0, 90)))),
    )


def _never(chance: np.random.Generator) -> States:
    """No institution at all."""
    return ()


def _nominal(chance: np.random.Generator) -> States:
    """A plate on the door since 2018 or 2019, nothing behind it."""
    return (DatedState(InstitutionState.NOMINAL, day_in(int(chance.integers(2018, 2020)), chance)),)


def _closed(chance: np.random.Generator) -> States:
    """Operating since 2015, closed in 2019."""
    return (
        DatedState(InstitutionState.OPERATING, day_in(2015, chance)),
        DatedState(InstitutionState.CLOSED, day_in(2019, chance)),
    )


def _early(chance: np.random.Generator) -> States:
    """Operating before the policy came."""
    return _opened(int(chance.integers(2015, 2018)), chance)


REQUIRED: tuple[Fate, ...] = (
    partial(_opened, 2020),
    _building,
    _never,
    partial(_opened, 2019),
    partial(_opened, 2018),
)
FURTHER: tuple[Fate, ...] = (
    _early,
    _nominal,
    _early,
    partial(_opened, 2019),
    _delayed,
    partial(_opened, 2020),
    _closed,
    partial(_opened, 2018),
    _early,
    partial(_opened, 2019),
    partial(_opened, 2020),
    partial(_opened, 2018),
    partial(_opened, 2020),
    _early,
)
_SHARED_AT_MOST = 3


def protection_sites(counties: Sequence[County], prefectures: Mapping[str, str], *, seed: int) -> list[Site]:
    """The institutions of the chosen counties, by county; `prefectures` maps their codes to names."""
    order = sorted(counties, key=lambda county: stream(seed, Theme.FATES, county.code).random())
    required, others = order[: len(REQUIRED)], order[len(REQUIRED) :]
    shared = _shared(others)
    alone = [county for county in others if county not in shared]
    fates = [*zip(required, REQUIRED, strict=False), *zip(alone, cycle(FURTHER), strict=False)]
    sites = [_site(county, fate, seed=seed) for county, fate in fates]
    if shared:
        sites.append(_site(shared[0], partial(_opened, 2019), seed=seed, serves=shared, of=prefectures))
    return sorted((site for site in sites if site.states), key=lambda site: site.county)


def _shared(counties: Sequence[County]) -> list[County]:
    """Two or three counties, by code, of the prefecture with most of them; none where each has only one."""
    by_prefecture: dict[str, list[County]] = defaultdict(list)
    for county in counties:
        by_prefecture[ancestor_code(county.code, Level.PREFECTURE)].append(county)
    most = max(by_prefecture.values(), key=len, default=[])
    return sorted(most[:_SHARED_AT_MOST], key=lambda county: county.code) if len(most) > 1 else []


def _site(
    county: County,
    fate: Fate,
    *,
    seed: int,
    serves: Sequence[County] = (),
    of: Mapping[str, str] | None = None,
) -> Site:
    """The institution of a county, or, where it `serves` several, of their prefecture (named in `of`)."""
    chance = stream(seed, Theme.PROTECTION, county.code)
    owner = of[ancestor_code(county.code, Level.PREFECTURE)] if of else county.name
    point, address = in_town(county, chance)
    beds = int(chance.integers(12, 31)) * (2 if serves else 1)
    return Site(
        name=f"{owner}未成年人保护中心{MARK}",
        kind=InstitutionKind.PROTECTION,
        tier="市" if serves else "县",
        county=county.code,
        jurisdiction=tuple(item.code for item in serves),
        services=SERVICES,
        beds=beds,
        staff=4 + beds // 4,
        address=address,
        point_m=point,
        states=fate(chance),
    )
