"""The tables of the protection layer: child files and their transfers, protection events, tasks, users, the audit chain.

`content` is sealed (see `sealing`); beside it in the clear stand only codes, dates, the grade and blind indexes.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from planner.store.tables import Utc, code, metadata

_HOLDING = ("file", "version", "valid_from", "valid_to", "recorded_at", "township", "village", "id")

# Versions are only ever added; erasing alone rewrites them (see `erasing`). `township` holds the file; the village is
# the one of residence in it.
child_versions = Table(
    "child_versions",
    metadata,
    Column("id", code(32), primary_key=True),
    Column("file", code(36), nullable=False),
    Column("version", Integer, nullable=False),
    Column("township", code(), nullable=False),
    Column("village", code()),
    Column("hukou_village", code()),
    Column("grade", String(10)),
    Column("categories", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("recorded_at", Utc, nullable=False),
    Column("import_id", Integer, ForeignKey("imports.id")),
    Column("person_index", String(64), nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("file", "version"),
    # Which version holds, and for whom, is found without touching the sealed content.
    Index("ix_child_versions_holding", *_HOLDING),
)

# Likewise only ever added. Whose event it is, and who reported it, stand in the content.
child_events = Table(
    "child_events",
    metadata,
    Column("id", code(32), primary_key=True),
    Column("event", code(36), nullable=False),
    Column("version", Integer, nullable=False),
    Column("township", code(), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("recorded_at", Utc, nullable=False),
    Column("reporter_index", String(64), nullable=False),
    Column("file_index", String(64)),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("event", "version"),
)

# Rosters, duties and visits: persons, too. Of the rows of a `batch` those of the newest import hold together: a
# township's roster is replaced as a whole, a visit is corrected by itself.
person_rows = Table(
    "person_rows",
    metadata,
    Column("id", code(32), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("batch", String(64), nullable=False),
    Column("township", code(), nullable=False),
    Column("village", code()),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("recorded_at", Utc, nullable=False),
    Column("import_id", Integer, ForeignKey("imports.id"), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index(None, "kind", "batch", "valid_from"),
)

# A file on its way from one township to another; at most one of a file is pending. The reasons are sealed.
transfers = Table(
    "transfers",
    metadata,
    Column("id", code(36), primary_key=True),
    Column("file", code(36), nullable=False, index=True),
    Column("township", code(), nullable=False),
    Column("to_village", code(), nullable=False),
    Column("day", Date, nullable=False),
    Column("state", String(10), nullable=False),
    Column("offered", Utc, nullable=False),
    Column("ended", Utc),
    Column("content", LargeBinary, nullable=False),
)

# A planned visit moved to another day or visitor, or (`undoes`) such a move taken back; rows are only ever added. The
# household is told by a file's number; the reason is sealed.
visit_moves = Table(
    "visit_moves",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", code(36), nullable=False, unique=True),
    Column("run", String(32), ForeignKey("runs.id"), nullable=False, index=True),
    Column("household", code(36), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("from_visitor", code(64), nullable=False),
    Column("to_day", Date, nullable=False),
    Column("to_visitor", code(64), nullable=False),
    Column("undoes", code(36)),
    Column("who", code(64), nullable=False),
    Column("at", Utc, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("file", code(36), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("due", Date, nullable=False),
    Column("state", String(10), nullable=False),
    Column("created", Utc, nullable=False),
    Column("closed", Utc),
    Index(None, "state", "due"),
)

users = Table(
    "users",
    metadata,
    Column("login", code(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(10), nullable=False),
    Column("areas", JSON, nullable=False),
    Column("duty_officer", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    Column("created", Utc, nullable=False),
    Column("changed", Utc, nullable=False),
)

# Only ever added to; `mac` binds a line to the one before (see `audit`).
audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ip", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("key", String(16), nullable=False),
    Column("mac", String(64), nullable=False),
)
