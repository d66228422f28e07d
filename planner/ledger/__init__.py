"""Spreadsheets and geodata files → checked records, or every problem at once; reads no database."""

from planner.ledger.demand import read_demand
from planner.ledger.divisions import read_divisions
from planner.ledger.institutions import read_institutions
from planner.ledger.tally import Checked, CheckedDivisions, CheckedInstitutions, LedgerError

__all__ = [
    "Checked",
    "CheckedDivisions",
    "CheckedInstitutions",
    "LedgerError",
    "read_demand",
    "read_divisions",
    "read_institutions",
]
