"""Long work: plugin runs with progress, stop, record and replay; imports of files."""

from planner.jobs.closings import ClosedFile, close_file, close_of_age
from planner.jobs.corrections import correct
from planner.jobs.expiring import ExpiredFile, Expiry, erase_expired, list_expired
from planner.jobs.imports import ImportReport, import_file
from planner.jobs.ledgers import import_ledger
from planner.jobs.plans import LedgerReport
from planner.jobs.previews import Fate, Preview, PreviewRow, Submission, confirm, preview
from planner.jobs.regroupings import RegroupingReport, regroup
from planner.jobs.results import load_result, stamp_of
from planner.jobs.roads import RoadsReport, close_roads, import_roads, travel_of
from planner.jobs.rosters import import_rows, read_rosters, visits_by
from planner.jobs.route_papers import RoutePapers, write_route_papers
from planner.jobs.runs import find_area, replay, replay_differences, start_run, stop, wait
from planner.jobs.scenarios import coverage_beside, read_scenarios, scenario_runs
from planner.jobs.transfers import accept, decline, hand_over, withdraw

__all__ = [
    "ClosedFile",
    "ExpiredFile",
    "Expiry",
    "Fate",
    "ImportReport",
    "LedgerReport",
    "Preview",
    "PreviewRow",
    "RegroupingReport",
    "RoadsReport",
    "RoutePapers",
    "Submission",
    "accept",
    "close_file",
    "close_of_age",
    "close_roads",
    "confirm",
    "correct",
    "coverage_beside",
    "decline",
    "erase_expired",
    "find_area",
    "hand_over",
    "import_file",
    "import_ledger",
    "import_roads",
    "import_rows",
    "list_expired",
    "load_result",
    "preview",
    "read_rosters",
    "read_scenarios",
    "regroup",
    "replay",
    "replay_differences",
    "scenario_runs",
    "stamp_of",
    "start_run",
    "stop",
    "travel_of",
    "visits_by",
    "wait",
    "withdraw",
    "write_route_papers",
]
