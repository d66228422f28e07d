"""Accessibility as arrays: floating catchments, nearest sites, the curve of minutes, equity.

Minutes come as CSR, shape (villages, sites): what is stored is a way, an explicit zero one of 0 minutes;
what is not stored is beyond reach and enters nothing. Capacity has shape (sites,), population (villages,);
both are finite and at least 0: a site whose capacity is unknown is left out by whoever calls.

The rule for zeros: a village without a site in its catchment has accessibility 0, one whose sites have no
capacity likewise; where nobody lives in a site's catchment it has no ratio, and the villages in there, which
have no population either, are NaN. A way whose weight is 0 is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from planner.model.coverage import CatchmentMethod

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Decay = Callable[[Floats, float], Floats]
# Luo & Qi (2009), slow decay: the thirds of the catchment.
STEP_WEIGHTS = np.array([1.0, 0.68, 0.22])


@dataclass(frozen=True, eq=False)
class Catchment:
    """Who counts where, and who gets what: the form that all five measures share.

    demand = weightsᵀ · (counted × population), ratio = capacity ÷ demand,
    accessibility = given_villages × (weights · (given_sites × ratio)).
    `weights` has shape (villages, sites), `counted` and `given_villages` (villages,), `given_sites` (sites,).
    """

    weights: csr_array
    counted: Floats
    given_villages: Floats
    given_sites: Floats

    def demand(self, population: Floats) -> Floats:
        """The population that each site counts, shape (sites,): what its capacity is divided by."""
        return np.asarray(self.weights.T @ (self.counted * population))

    def accessibility(self, capacity: Floats, population: Floats) -> Floats:
        """Capacity for each one of the population that a village has access to, shape (villages,)."""
        demand = self.demand(population)
        nobody = demand <= 0
        ratio = np.divide(capacity, demand, out=np.zeros(len(capacity)), where=~nobody)
        got = self.given_villages * (self.weights @ (self.given_sites * ratio))
        if nobody.any():
            got[self.weights @ nobody.astype(float) > 0] = np.nan
        return np.asarray(got)


def accessibility(
    minutes: csr_array,
    capacity: Floats,
    population: Floats,
    *,
    method: CatchmentMethod,
    catchment_min: float,
) -> Floats:
    """Capacity for each one of the population that a village has access to, shape (villages,).

    Zeros and NaN by the rule above. Of 2SFCA, E2SFCA and 3SFCA the mean weighted by population is the
    capacity in reach ÷ the population; BFCA hands out ratios, see `balanced`. Raises ValueError for arrays of
    another shape, for what is negative or not finite in them, and for a catchment of 0 minutes.
    """
    for name, values, size in zip(
        ("population", "capacity"), (population, capacity), minutes.shape, strict=True
    ):
        if np.shape(values) != (size,):
            raise ValueError(f"{name} must have shape ({size},), not {np.shape(values)}")
        if not (np.isfinite(values) & (np.asarray(values) >= 0)).all():
            raise ValueError(f"{name} must be finite and at least 0")
    if not catchment_min > 0:
        raise ValueError(f"the catchment must be more than 0 minutes, not {catchment_min}")
    return METHODS[method](minutes, catchment_min).accessibility(capacity, population)


def flat(minutes: Floats, catchment_min: float) -> Floats:
    """Weight 1 within the catchment, its edge included (Luo & Wang 2003)."""
    return np.ones_like(minutes)


def steps(minutes: Floats, catchment_min: float) -> Floats:
    """Weights 1, 0.68, 0.22 for the thirds of the catchment, each with its upper edge (Luo & Qi 2009)."""
    third = (minutes > catchment_min / 3).view(np.int8) + (minutes > catchment_min * 2 / 3).view(np.int8)
    return STEP_WEIGHTS[third]


def gauss(minutes: Floats, catchment_min: float) -> Floats:
    """The Gauss curve of Dai (2010), from 1 at 0 minutes down to 0 at the edge of the catchment."""
    edge = np.exp(-0.5)
    return np.asarray((np.exp(-0.5 * (minutes / catchment_min) ** 2) - edge) / (1 - edge))


def weigh(minutes: csr_array, *, catchment_min: float, decay: Decay) -> csr_array:
    """The weights of the ways, in the shape of `minutes`; 0 beyond the catchment."""
    weights = decay(minutes.data, catchment_min) * (minutes.data <= catchment_min)
    return csr_array((weights, minutes.indices, minutes.indptr), shape=minutes.shape)


def two_step(minutes: csr_array, catchment_min: float, *, decay: Decay = flat) -> Catchment:
    """2SFCA (Luo & Wang 2003) where `decay` is flat, else E2SFCA (Luo & Qi 2009; Dai 2010).

    A site counts every village in its catchment in full, so where catchments overlap a child is counted at
    several sites (the inflation of demand: Paez, Higgins & Vivona 2019).
    """
    weights = weigh(minutes, catchment_min=catchment_min, decay=decay)
    villages, sites = minutes.shape
    return Catchment(weights, np.ones(villages), np.ones(villages), np.ones(sites))


def enhanced_steps(minutes: csr_array, catchment_min: float) -> Catchment:
    """E2SFCA with steps (Luo & Qi 2009)."""
    return two_step(minutes, catchment_min, decay=steps)


def enhanced_gauss(minutes: csr_array, catchment_min: float) -> Catchment:
    """E2SFCA with the Gauss curve (Dai 2010)."""
    return two_step(minutes, catchment_min, decay=gauss)


def three_step(minutes: csr_array, catchment_min: float) -> Catchment:
    """3SFCA (Wan, Zou & Sternberg 2012) with the Gauss curve: a village chooses among its sites by weight.

    This damps the double counting of 2SFCA. But the share of the choice is multiplied by the weight once
    more, so a village counts Σw² ÷ Σw ≤ 1 of its children in all: those far from every site count little,
    and the level of service of the sites is inflated for it. Demand and service stay out of balance (Paez,
    Higgins & Vivona 2019); `balanced` counts each child once.
    """
    weights = weigh(minutes, catchment_min=catchment_min, decay=gauss)
    chosen = _inverse(weights, axis=1)
    weights.data = weights.data**2
    return Catchment(weights, chosen, chosen, np.ones(minutes.shape[1]))


def balanced(minutes: csr_array, catchment_min: float) -> Catchment:
    """BFCA (Paez, Higgins & Vivona 2019) with the Gauss curve: each child counts once, each ratio is given once.

    A village's children are shared out over its sites (rows sum to 1), a site's ratio over its villages
    (columns sum to 1). So Σ accessibility = Σ ratios: it puts villages in order and is no rate of places.
    """
    weights = weigh(minutes, catchment_min=catchment_min, decay=gauss)
    by_village, by_site = _inverse(weights, axis=1), _inverse(weights, axis=0)
    return Catchment(weights, by_village, np.ones(minutes.shape[0]), by_site)


METHODS: Mapping[CatchmentMethod, Callable[[csr_array, float], Catchment]] = {
    CatchmentMethod.TWO_STEP: two_step,
    CatchmentMethod.STEPS: enhanced_steps,
    CatchmentMethod.GAUSS: enhanced_gauss,
    CatchmentMethod.THREE_STEP: three_step,
    CatchmentMethod.BALANCED: balanced,
}


def nearest(minutes: csr_array, *, besides: Indices | None = None) -> tuple[Indices, Floats]:
    """Of each village the nearest site (−1: none) and its minutes (inf: none); of a tie the first listed.

    `besides`, shape (villages,), names one site for each village to leave out: with the nearest it gives the
    second nearest.
    """
    ways = minutes.tocoo()
    rows, columns = (np.asarray(part, dtype=np.int64) for part in ways.coords)
    kept = np.ones(len(rows), dtype=bool) if besides is None else columns != besides[rows]
    rows, columns, data = rows[kept], columns[kept], ways.data[kept]
    order = np.lexsort((columns, data, rows))
    village, first = np.unique(rows[order], return_index=True)
    site = np.full(minutes.shape[0], -1, dtype=np.int64)
    nearest_min = np.full(minutes.shape[0], np.inf)
    site[village], nearest_min[village] = columns[order][first], data[order][first]
    return site, nearest_min


def children_within(nearest_min: Floats, children: npt.NDArray[np.int64], at_min: Floats) -> Indices:
    """Children whose nearest site is at most each of `at_min` minutes away, shape (len(at_min),).

    `nearest_min` is inf where no site can be reached, NaN where that is not known: neither is ever within.
    """
    order = np.argsort(nearest_min, kind="stable")
    known = nearest_min[order][: np.count_nonzero(~np.isnan(nearest_min))]
    total = np.concatenate([[0], np.cumsum(children[order][: len(known)])])
    return np.asarray(total[np.searchsorted(known, at_min, side="right")], dtype=np.int64)


def per_place(children: npt.ArrayLike, places: npt.ArrayLike) -> Floats:
    """Children for each place, by element; NaN where there are no children, or no places, or not known."""
    given, at = np.asarray(children, dtype=float), np.asarray(places, dtype=float)
    return np.divide(given, at, out=np.full(given.shape, np.nan), where=(given > 0) & (at > 0))


def gini(values: Floats, weights: Floats) -> float:
    """The Gini coefficient of `values` ≥ 0, each held by `weights` people: 0 all alike, towards 1 unequal.

    Half the mean absolute difference of any two people ÷ the mean, from the Lorenz curve. NaN where nobody
    is weighed, nothing is there to share, or a value is NaN.
    """
    order = np.argsort(values, kind="stable")
    people = np.cumsum(weights[order])
    held = np.cumsum((values * weights)[order])
    if not len(people) or not (people[-1] > 0 and held[-1] > 0):
        return float("nan")
    before = np.concatenate([[0.0], held[:-1]])
    area = np.sum(weights[order] * (before + held)) / (people[-1] * held[-1])
    return float(max(0.0, 1 - area))


def shortfall(accessibility: Floats, population: Floats) -> tuple[Floats, float]:
    """What each village lacks of the mean, as people: population × (1 − accessibility ÷ mean), at least 0; the mean.

    So a village without any access lacks it for all its people. The mean is weighted by population over the
    villages with a value: NaN for nobody. Where it is 0 or NaN nothing is lacking or known: all are NaN.
    """
    known = ~np.isnan(accessibility) & (population > 0)
    mean = float(np.average(accessibility[known], weights=population[known])) if known.any() else np.nan
    if not mean > 0:
        return np.full(len(accessibility), np.nan), mean
    return np.maximum(1 - accessibility / mean, 0) * population, mean


def _inverse(weights: csr_array, *, axis: int) -> Floats:
    """1 ÷ the sum of each row (axis 1) or column (axis 0); 0 where a village or a site has no way."""
    sums = np.asarray(weights.sum(axis=axis), dtype=np.float64)
    return np.divide(1.0, sums, out=np.zeros(len(sums)), where=sums > 0)
