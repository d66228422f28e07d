"""Long work: plugin runs with progress, stop, record and replay; imports of files."""

from planner.jobs.imports import ImportReport, import_file
from planner.jobs.ledgers import LedgerReport, import_ledger, import_rows, read_rosters, visits_by
from planner.jobs.results import load_result, stamp_of
from planner.jobs.roads import RoadsReport, close_roads, import_roads, travel_of
from planner.jobs.runs import find_area, replay, replay_differences, start_run, stop, wait

__all__ = [
    "ImportReport",
    "LedgerReport",
    "RoadsReport",
    "close_roads",
    "find_area",
    "import_file",
    "import_ledger",
    "import_roads",
    "import_rows",
    "load_result",
    "read_rosters",
    "replay",
    "replay_differences",
    "stamp_of",
    "start_run",
    "stop",
    "travel_of",
    "visits_by",
    "wait",
]
