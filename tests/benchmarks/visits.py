"""A county's month of visits: how long it takes, and how it compares with OR-Tools at equal time.

Both are given the same problems, township by township, with about sixty visitors: the first three of each roster.
Visits and travel are counted here from the plans alone.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from planner.demo.workspace import make_demo
from planner.jobs.visiting import read_due_visits, read_visitors
from planner.model.layers import DIVISIONS
from planner.model.visiting import DUE_VISITS, VISIT_STOPS, VISITORS, visitors_of
from planner.plugin import Context
from planner.policy.visit_rules import month_from
from planner.policy.workdays import load_days_off
from planner.roads import StraightLine
from planner.store.reads import read_layer
from planner.store.scope import EVERYTHING
from plugins.visit_routes import visit_routes
from plugins.visit_routes.checker import find_faults
from plugins.visit_routes.params import Params
from plugins.visit_routes.problem import Plan, Problem, days_of, schedule
from plugins.visit_routes.ruin_recreate import Search
from plugins.visit_routes.stops import stops_of
from plugins.visit_routes.townships import Township, township_of, ways_of
from tests.benchmarks.figures import Figure, seconds

COUNTY, AS_OF = "640522", date(2020, 12, 31)
VISITORS_A_TOWNSHIP = 3
SECONDS_A_TOWNSHIP = 3.0
_UNIT = 100  # whole numbers of OR-Tools: hundredths of a minute
_TRIAL_STEPS = 200


def measure_visits() -> Iterator[Figure]:
    """A township and a county by the plugin; then both solvers on the county's townships."""
    with tempfile.TemporaryDirectory() as folder:
        layers = county_layers(Path(folder) / "demo")
    few = {**layers, VISITORS.name: _few(layers[VISITORS.name])}
    town = str(layers[DUE_VISITS.name]["township"].value_counts().index[0])
    visit_routes(Context(layers, AS_OF), visit_routes.params(township=town, iterations=10))  # compiled first
    for title, frames, chosen, most in (
        ("a township's month of visits", layers, town, 20),
        ("a county's month of visits, 60 visitors", few, None, 180),
    ):
        taken = seconds(
            lambda: visit_routes(Context(frames, AS_OF), visit_routes.params(township=chosen)),  # noqa: B023 - called at once
            1,
        )
        yield Figure(title, taken, "s", most)
    ours, theirs = compared(few, seconds_each=SECONDS_A_TOWNSHIP)
    yield Figure("visits that OR-Tools plans and we do not", [theirs[0] - ours[0]], "", 0)
    yield Figure("our travel as a share of OR-Tools'", [ours[1] / theirs[1]], "", 1)


def county_layers(folder: Path) -> dict[str, pd.DataFrame]:
    """What the plugin reads of a demo county, made in `folder`."""
    workspace = make_demo(folder, counties=[COUNTY])
    scope = EVERYTHING.narrowed(COUNTY)
    layers = {
        DIVISIONS.name: read_layer(workspace, DIVISIONS, scope, as_of=AS_OF),
        DUE_VISITS.name: read_due_visits(workspace, scope, as_of=AS_OF),
        VISITORS.name: read_visitors(workspace, scope, as_of=AS_OF),
        VISIT_STOPS.name: VISIT_STOPS.empty(),
    }
    workspace.engine.dispose()
    return layers


def compared(
    layers: dict[str, pd.DataFrame], *, seconds_each: float
) -> tuple[tuple[int, float], tuple[int, float]]:
    """(visits planned, minutes of travel) of ours and of OR-Tools, over all townships."""
    sums = np.zeros((2, 2))
    for township in townships(layers):
        for row, solve in enumerate((our_plan, their_plan)):
            plan = solve(township.problem, seconds_each)
            if faults := find_faults(township.problem, plan):
                raise AssertionError(f"{township.code}: {faults[:3]}")
            sums[row] += counted(township.problem, plan)
    (our_visits, our_travel), (their_visits, their_travel) = sums
    return (int(our_visits), float(our_travel)), (int(their_visits), float(their_travel))


def townships(layers: dict[str, pd.DataFrame]) -> list[Township]:
    """The problems of a county's townships that have a stop to plan; nobody has lunch, which OR-Tools does not know."""
    params = Params(lunch_min=0)
    month = month_from(date(2021, 1, 1), week="周一至周五", days_off=load_days_off())
    due, visitors = (
        layers[DUE_VISITS.name],
        visitors_of(layers[VISITORS.name], mode=params.mode, absent=params.absent),
    )
    made = (
        township_of(
            str(code),
            stops_of(rows, month, params),
            [item for item in visitors if item.township == code],
            month,
            params,
            ways_of(StraightLine(), params),
        )
        for code, rows in due.groupby("township")
    )
    return [township for township in made if township.problem.stops]


def counted(problem: Problem, plan: Plan) -> tuple[int, float]:
    """How many stops are planned, each on every day of its pattern, and the minutes of travel."""
    visits = sum(len(stops) for stops in plan.tours)
    travel = sum(schedule(problem, tour, stops).travel for tour, stops in enumerate(plan.tours) if stops)
    return visits, travel


def our_plan(problem: Problem, limit_s: float) -> Plan:
    """The plan of our search, with as many steps as fit into the time, measured on a short trial."""
    began = time.monotonic()
    Search(problem, total_steps=_TRIAL_STEPS, seed=0).improve(_TRIAL_STEPS)
    took = time.monotonic() - began
    steps = max(_TRIAL_STEPS, int(_TRIAL_STEPS * (limit_s * 0.9 - took) / took))
    search = Search(problem, total_steps=steps, seed=0)
    while search.steps < steps and time.monotonic() < began + limit_s:
        search.improve(max(1, steps // 50))
    return search.plan


def their_plan(problem: Problem, limit_s: float) -> Plan:
    """The plan of OR-Tools' guided local search: a vehicle for each tour, a copy of a stop for each visit.

    Which vehicles the copies of a stop may have together is told as the list of all that will do.
    """
    copies = [
        (stop, number)
        for stop in range(problem.stops)
        for number in range(len(days_of(int(problem.patterns[stop, 0]))))
    ]
    offices = len(problem.minutes[0]) - problem.stops
    # Nodes: the offices, then the copies.
    place = np.array([*range(offices), *(int(problem.place[stop]) for stop, _ in copies)])
    manager = pywrapcp.RoutingIndexManager(
        len(place), problem.tours, problem.start.tolist(), problem.end.tolist()
    )
    routing = pywrapcp.RoutingModel(manager)
    service = np.array([0.0] * offices + [float(problem.service[stop]) for stop, _ in copies])
    works = {}
    for tour in range(problem.tours):
        key = (int(problem.mode[tour]), int(problem.visitor[tour]))
        if key not in works:
            ways = problem.minutes[problem.mode[tour]][np.ix_(place, place)]
            extra = np.array([0.0] * offices + [float(problem.extra[stop, tour]) for stop, _ in copies])
            works[key] = (
                routing.RegisterTransitMatrix(_whole(ways + service[:, None])),
                routing.RegisterTransitMatrix(_whole(ways + extra[None, :])),
            )
        routing.SetArcCostEvaluatorOfVehicle(works[key][1], tour)
    transits = [
        works[int(problem.mode[tour]), int(problem.visitor[tour])][0] for tour in range(problem.tours)
    ]
    limits = [int(problem.limit[tour] * _UNIT) for tour in range(problem.tours)]
    routing.AddDimensionWithVehicleTransitAndCapacity(transits, 0, limits, True, "work")
    _bind(problem, manager, routing, copies, offices)
    found = routing.SolveWithParameters(_parameters(limit_s))
    return _plan_of(problem, manager, routing, found, copies, offices)


def _bind(problem, manager, routing, copies, offices) -> None:
    """Days, visitors and prices of the copies of each stop."""
    solver = routing.solver()
    of_stop: dict[int, list[int]] = {}
    for node, (stop, _) in enumerate(copies, start=offices):
        of_stop.setdefault(stop, []).append(manager.NodeToIndex(node))
    days = int(problem.day.max()) + 1
    for stop, indexes in of_stop.items():
        price = int(problem.left_out[stop] * _UNIT / len(indexes))
        for index in indexes:
            routing.AddDisjunction([index], price)
        choices = [days_of(int(bits)) for bits in problem.patterns[stop] if bits]
        allowed = [
            [who * days + day for day in chosen]
            for who in range(int(problem.visitor.max()) + 1)
            for chosen in choices
        ]
        if len(indexes) == 1:
            routing.VehicleVar(indexes[0]).SetValues([-1, *(tours[0] for tours in allowed)])
        else:
            cars = [routing.VehicleVar(index) for index in indexes]
            solver.Add(solver.AllowedAssignments(cars, [*allowed, [-1] * len(indexes)]))


def _parameters(limit_s: float):
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(limit_s * 1000))
    return parameters


def _plan_of(problem, manager, routing, found, copies, offices) -> Plan:
    tours, cost = [], 0.0
    for tour in range(problem.tours):
        index, stops = routing.Start(tour), []
        while found is not None and not routing.IsEnd(index := found.Value(routing.NextVar(index))):
            stops.append(copies[manager.IndexToNode(index) - offices][0])
        tours.append(tuple(stops))
        if stops:
            cost += schedule(problem, tour, tuple(stops)).travel
            cost += sum(float(problem.extra[stop, tour]) for stop in stops)
    out = tuple(sorted(set(range(problem.stops)) - {stop for stops in tours for stop in stops}))
    return Plan(tuple(tours), out, cost + sum(float(problem.left_out[stop]) for stop in out))


def _whole(minutes: np.ndarray) -> list[list[int]]:
    return np.round(np.minimum(minutes, 1e5) * _UNIT).astype(int).tolist()


def _few(visitors: pd.DataFrame) -> pd.DataFrame:
    """The first of each township's roster."""
    return visitors.sort_values("id").groupby("township").head(VISITORS_A_TOWNSHIP).reset_index(drop=True)
