"""Long work: plugin runs with progress, stop, record and replay; imports of files."""

from planner.jobs.imports import ImportReport, import_file
from planner.jobs.results import load_result
from planner.jobs.runs import find_area, replay, replay_differences, start_run, stop, wait

__all__ = [
    "ImportReport",
    "find_area",
    "import_file",
    "load_result",
    "replay",
    "replay_differences",
    "start_run",
    "stop",
    "wait",
]
