"""Which kind of institution may be offered for which service, and the nearest one that may (三(四)–三(六))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planner.errors import InputError
from planner.model.institutions import InstitutionKind
from planner.policy.rules import RuleSet, Status
from planner.policy.words import Placement, Service


@dataclass(frozen=True)
class Site:
    """An institution on offer: who, of which kind, how far by road (minutes or metres alike; inf: no way)."""

    id: str
    kind: InstitutionKind
    distance: float


def eligible_kinds(
    service: Service, rules: RuleSet, *, paper: str = "", after_two_years: bool = False
) -> dict[InstitutionKind, Status]:
    """The kinds that may be offered, each with how sure that is; empty without the paper the service needs.

    `paper` is the number of the police or court paper; `after_two_years`: a street child unidentified so long.
    """
    rule = rules.services.value[service]
    if rule.needs_paper and not paper.strip():
        return {}
    return rule.kinds | (rule.kinds_after_two_years if after_two_years else {})


def needed_paper(service: Service, rules: RuleSet) -> str:
    """The paper without which the service is not offered; empty where none is needed."""
    return rules.services.value[service].needs_paper


def nearest_site(
    sites: Iterable[Site], service: Service, rules: RuleSet, *, paper: str = "", after_two_years: bool = False
) -> Site | None:
    """The nearest reachable site of an eligible kind, ties by id; None where there is none."""
    kinds = eligible_kinds(service, rules, paper=paper, after_two_years=after_two_years)
    offered = [site for site in sites if site.kind in kinds and site.distance < float("inf")]
    return min(offered, key=lambda site: (site.distance, site.id), default=None)


def check_orphan_way(word: str, rules: RuleSet) -> Placement:
    """One of the four ways of 三(四) for a child without parents. Raises InputError for any other."""
    for way in rules.orphan_ways.value:
        if word in (way, way.label):
            return way
    ways = "、".join(way.label for way in rules.orphan_ways.value)
    raise InputError(f"“{word}”不是三(四)规定的安置方式", f"可用:{ways}")
