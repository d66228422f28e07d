"""Plans of duties side by side: the figures, and the places on which they differ."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from planner.documents.scenarios import Scenario
from planner.model.duty_plan import DUTY_DIFFERENCES, DUTY_PLAN, DUTY_SCENARIOS
from planner.plugin import Result

_HOLDERS = ("first", "second", "third")


def compare_duties(scenarios: Sequence[Scenario]) -> Result:
    """Up to three scenarios side by side, as the tables DUTY_SCENARIOS and DUTY_DIFFERENCES.

    A place that a scenario does not arrange, since another tier was asked for, counts there as vacant.
    """
    differing = _differences(scenarios)
    return Result(
        tables={
            DUTY_SCENARIOS.name: _figures(scenarios, len(differing)),
            DUTY_DIFFERENCES.name: differing,
        }
    )


def _figures(scenarios: Sequence[Scenario], differing: int) -> pd.DataFrame:
    rows = []
    for scenario in scenarios:
        values = {name: metric.value for name, metric in scenario.result.metrics.items()}
        told = {name: values.get(name) for name in DUTY_SCENARIOS.columns}
        rows.append(
            told
            | {
                "scenario": scenario.name,
                "run": scenario.stamp.run,
                "department_load": _range(values, "department"),
                "township_load": _range(values, "township"),
                "minutes": scenario.result.tables[DUTY_PLAN.name]["minutes"].mean(),
                "differing": differing,
            }
        )
    return DUTY_SCENARIOS.cast(pd.DataFrame(rows, columns=list(DUTY_SCENARIOS.columns)))


def _range(values: dict[str, float | int | str | None], tier: str) -> str:
    low, high = (values.get(f"{tier}_load_{end}") for end in ("min", "max"))
    return "—" if low is None else f"{low}–{high}"


def _differences(scenarios: Sequence[Scenario]) -> pd.DataFrame:
    plans = [scenario.result.tables[DUTY_PLAN.name].set_index("area") for scenario in scenarios]
    if not plans:
        return DUTY_DIFFERENCES.cast(DUTY_DIFFERENCES.empty())
    ids = pd.concat([plan["new"] for plan in plans], axis=1).fillna("")
    areas = sorted(ids.index[ids.nunique(axis=1) > 1])
    known = pd.concat(plans)
    told = known[~known.index.duplicated()].loc[areas]
    names = {holder: plan["new_name"].reindex(areas) for holder, plan in zip(_HOLDERS, plans, strict=False)}
    frame = told.assign(**{**dict.fromkeys(_HOLDERS), **names})
    return DUTY_DIFFERENCES.cast(frame.reset_index())
