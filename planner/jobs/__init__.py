"""Long work: plugin runs with progress, stop, record and replay; imports of files."""

from planner.jobs.imports import ImportReport, import_file
from planner.jobs.ledgers import import_ledger
from planner.jobs.plans import LedgerReport
from planner.jobs.previews import Fate, Preview, PreviewRow, Submission, confirm, preview
from planner.jobs.results import load_result, stamp_of
from planner.jobs.rosters import import_rows, read_rosters, visits_by
from planner.jobs.runs import find_area, replay, replay_differences, start_run, stop, wait

__all__ = [
    "Fate",
    "ImportReport",
    "LedgerReport",
    "Preview",
    "PreviewRow",
    "Submission",
    "confirm",
    "find_area",
    "import_file",
    "import_ledger",
    "import_rows",
    "load_result",
    "preview",
    "read_rosters",
    "replay",
    "replay_differences",
    "stamp_of",
    "start_run",
    "stop",
    "visits_by",
    "wait",
]
