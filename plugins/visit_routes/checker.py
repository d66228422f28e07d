"""Whether a plan keeps what it must: looked up in the problem and the plan alone, with nothing of the solver's."""

from __future__ import annotations

from collections import defaultdict

from .problem import Plan, Problem, days_of, schedule

_HAIR = 1e-6


def find_faults(problem: Problem, plan: Plan) -> list[str]:
    """Every way in which a plan breaks the problem; empty for a sound one."""
    faults = []
    on_days: dict[int, list[int]] = defaultdict(list)
    by: dict[int, set[int]] = defaultdict(set)
    cost = sum(float(problem.left_out[stop]) for stop in plan.left_out)
    if len(plan.tours) != problem.tours:
        return [f"{len(plan.tours)} tours instead of {problem.tours}"]
    for tour, stops in enumerate(plan.tours):
        if not stops:
            continue
        told = schedule(problem, tour, stops)
        cost += told.travel + sum(float(problem.extra[stop, tour]) for stop in stops)
        if told.travel + told.service > problem.limit[tour] + _HAIR:
            faults.append(
                f"tour {tour} takes {told.travel + told.service:g} of {problem.limit[tour]:g} minutes"
            )
        if told.returns > problem.ends[tour] + _HAIR:
            faults.append(f"tour {tour} returns at {told.returns:g}, after {problem.ends[tour]:g}")
        if sum(float(problem.size[stop]) for stop in stops) > problem.room[tour] + _HAIR:
            faults.append(f"tour {tour} has no room for its stops")
        for visit in told.visits:
            stop = visit.stop
            on_days[stop].append(int(problem.day[tour]))
            by[stop].add(int(problem.visitor[tour]))
            if not problem.opens[stop] - _HAIR <= visit.begins <= problem.closes[stop] + _HAIR:
                faults.append(f"stop {stop} is visited at {visit.begins:g}, outside its window")
            if not problem.allowed[stop, tour]:
                faults.append(f"stop {stop} may not be on tour {tour}")
    for stop in range(problem.stops):
        days, out = sorted(on_days[stop]), plan.left_out.count(stop)
        wanted = [days_of(int(pattern)) for pattern in problem.patterns[stop] if pattern]
        if out + bool(days) != 1:
            faults.append(f"stop {stop} is planned on {days} and left out {out} times")
        elif days and days not in wanted:
            faults.append(f"stop {stop} is visited on days {days}, which is none of its patterns")
        if len(by[stop]) > 1:
            faults.append(f"stop {stop} is visited by {len(by[stop])} visitors")
    if abs(cost - plan.cost) > 1e-4 * max(1.0, abs(cost)):
        faults.append(f"the plan costs {cost:g}, not {plan.cost:g}")
    return faults
