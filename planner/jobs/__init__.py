"""Long work: plugin runs with progress, stop, record and replay; imports of files."""

from planner.jobs.closings import ClosedFile, close_file, close_of_age
from planner.jobs.corrections import correct
from planner.jobs.duties import Acceptance, accept_duties, preview_acceptance
from planner.jobs.duty_papers import PAPERS as DUTY_PAPERS
from planner.jobs.duty_papers import make_duty_papers
from planner.jobs.imports import ImportReport, import_file
from planner.jobs.ledgers import import_ledger
from planner.jobs.networks import Network, chain_above, gap_frame, read_network, township_frame, village_frame
from planner.jobs.plans import LedgerReport
from planner.jobs.previews import Fate, Preview, PreviewRow, Submission, confirm, preview
from planner.jobs.regroupings import RegroupingReport, regroup
from planner.jobs.results import load_result, stamp_of
from planner.jobs.roads import RoadsReport, close_roads, import_roads, travel_of
from planner.jobs.rosters import import_rows, read_rosters, visits_by
from planner.jobs.route_papers import RoutePapers, write_route_papers
from planner.jobs.runs import find_area, replay, replay_differences, start_run, stop, wait
from planner.jobs.scenarios import (
    COMPARED,
    MOST_COMPARED,
    coverage_beside,
    read_scenarios,
    scenario_runs,
    start_each,
)
from planner.jobs.transfers import accept, decline, hand_over, withdraw

__all__ = [
    "COMPARED",
    "DUTY_PAPERS",
    "MOST_COMPARED",
    "Acceptance",
    "ClosedFile",
    "Fate",
    "ImportReport",
    "LedgerReport",
    "Network",
    "Preview",
    "PreviewRow",
    "RegroupingReport",
    "RoadsReport",
    "RoutePapers",
    "Submission",
    "accept",
    "accept_duties",
    "chain_above",
    "close_file",
    "close_of_age",
    "close_roads",
    "confirm",
    "correct",
    "coverage_beside",
    "decline",
    "find_area",
    "gap_frame",
    "hand_over",
    "import_file",
    "import_ledger",
    "import_roads",
    "import_rows",
    "load_result",
    "make_duty_papers",
    "preview",
    "preview_acceptance",
    "read_network",
    "read_rosters",
    "read_scenarios",
    "regroup",
    "replay",
    "replay_differences",
    "scenario_runs",
    "stamp_of",
    "start_each",
    "start_run",
    "stop",
    "township_frame",
    "travel_of",
    "village_frame",
    "visits_by",
    "wait",
    "withdraw",
    "write_route_papers",
]
