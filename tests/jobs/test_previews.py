"""Ledgers looked at before they are imported: what is shown is what is written, or nothing is."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from planner.errors import AccessError, ConflictError, InputError
from planner.jobs import Fate, Submission, confirm, import_ledger, preview, read_rosters
from planner.jobs.previews import FieldChange
from planner.ledger import Upload
from planner.store.audit_log import read_audit
from planner.store.children import count_files
from planner.store.journal import Source
from planner.store.people import add_user, find_person
from planner.store.protected import child_versions, person_rows
from planner.store.reads import import_log
from planner.store.roles import Role
from planner.store.tables import incomes
from planner.store.workspace import create_workspace
from planner.store.writes import save_divisions
from tests.ledger.papers import AS_OF, child, county_tree, id_of, new_book, two_levels
from tests.ledger.test_feedback import saved_bytes

COUNTY, TOWN, OTHER_TOWN = "640324", "640324101", "640324106"
KEYS = ["no", "name", "sex", "id", "birth", "h_town", "h_village", "h_group", "r_town", "r_village", "r_group",
        "kind", "father", "mother", "guardian", "relation", "phone", "school"]  # fmt: skip
