"""Spreadsheets and geodata files → checked records, or every problem at once; reads no database."""

from planner.ledger.assistants import read_assistants
from planner.ledger.cadres import duties_of, read_cadres
from planner.ledger.children import CheckedLedger, ChildOutcome, read_children, refuse_elsewhere
from planner.ledger.demand import read_demand
from planner.ledger.divisions import read_divisions
from planner.ledger.feedback import feedback, write_feedback
from planner.ledger.grids import file_name
from planner.ledger.incomes import read_incomes
from planner.ledger.institutions import read_institutions
from planner.ledger.outcomes import (
    UNCHANGED,
    CheckedRows,
    Outcome,
    RowOutcome,
    leave_unchanged,
    refuse_beyond,
)
from planner.ledger.regroupings import read_regrouping
from planner.ledger.single_values import certificate_of, child_name, child_number, number_tells
from planner.ledger.tally import Checked, CheckedDivisions, CheckedInstitutions, LedgerError
from planner.ledger.uploads import Paper, Upload
from planner.ledger.visits import read_visits
from planner.ledger.workbooks import sheet_names

__all__ = [
    "UNCHANGED",
    "Checked",
    "CheckedDivisions",
    "CheckedInstitutions",
    "CheckedLedger",
    "CheckedRows",
    "ChildOutcome",
    "LedgerError",
    "Outcome",
    "Paper",
    "RowOutcome",
    "Upload",
    "certificate_of",
    "child_name",
    "child_number",
    "duties_of",
    "feedback",
    "file_name",
    "leave_unchanged",
    "number_tells",
    "read_assistants",
    "read_cadres",
    "read_children",
    "read_demand",
    "read_divisions",
    "read_incomes",
    "read_institutions",
    "read_regrouping",
    "read_visits",
    "refuse_beyond",
    "refuse_elsewhere",
    "sheet_names",
    "write_feedback",
]
