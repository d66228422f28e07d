"""Long work: plugin runs with progress, stop, record and replay; imports of files."""

from planner.jobs.imports import ImportReport, import_file
from planner.jobs.ledgers import LedgerReport, import_ledger, import_rows, read_rosters, visits_by
from planner.jobs.results import load_result, stamp_of
from planner.jobs.runs import find_area, replay, replay_differences, start_run, stop, wait
from planner.jobs.scenarios import coverage_beside, read_scenarios, scenario_runs

__all__ = [
    "ImportReport",
    "LedgerReport",
    "coverage_beside",
    "find_area",
    "import_file",
    "import_ledger",
    "import_rows",
    "load_result",
    "read_rosters",
    "read_scenarios",
    "replay",
    "replay_differences",
    "scenario_runs",
    "stamp_of",
    "start_run",
    "stop",
    "visits_by",
    "wait",
]
