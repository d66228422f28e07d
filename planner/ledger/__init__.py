"""Spreadsheets and geodata files → checked records, or every problem at once; reads no database."""

from planner.ledger.assistants import read_assistants
from planner.ledger.cadres import duties_of, read_cadres
from planner.ledger.children import CheckedLedger, ChildOutcome, read_children, refuse_elsewhere
from planner.ledger.demand import read_demand
from planner.ledger.divisions import read_divisions
from planner.ledger.feedback import write_feedback
from planner.ledger.grids import file_name
from planner.ledger.incomes import read_incomes
from planner.ledger.institutions import read_institutions
from planner.ledger.outcomes import CheckedRows, Outcome, RowOutcome
from planner.ledger.tally import Checked, CheckedDivisions, CheckedInstitutions, LedgerError
from planner.ledger.visits import read_visits

__all__ = [
    "Checked",
    "CheckedDivisions",
    "CheckedInstitutions",
    "CheckedLedger",
    "CheckedRows",
    "ChildOutcome",
    "LedgerError",
    "Outcome",
    "RowOutcome",
    "duties_of",
    "file_name",
    "read_assistants",
    "read_cadres",
    "read_children",
    "read_demand",
    "read_divisions",
    "read_incomes",
    "read_institutions",
    "read_visits",
    "refuse_elsewhere",
    "write_feedback",
]
