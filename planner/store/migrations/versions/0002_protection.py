"""Child files, protection events, tasks, users, the audit chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from planner.store.tables import Utc, code

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and let the journal of imports say who."""
    op.add_column("imports", sa.Column("who", code(64)))
    op.create_table(
        "child_versions",
        sa.Column("id", code(32), nullable=False),
        sa.Column("file", code(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("township", code(), nullable=False),
        sa.Column("village", code()),
        sa.Column("hukou_village", code()),
        sa.Column("grade", sa.String(length=10)),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("import_id", sa.Integer()),
        sa.Column("person_index", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_child_versions_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_versions")),
        sa.UniqueConstraint("file", "version", name=op.f("uq_child_versions_file")),
    )
    op.create_index(op.f("ix_child_versions_person_index"), "child_versions", ["person_index"])
    op.create_index(
        "ix_child_versions_holding",
        "child_versions",
        ["file", "version", "valid_from", "valid_to", "recorded_at", "township", "village", "id"],
    )
    op.create_table(
        "child_events",
        sa.Column("id", code(32), nullable=False),
        sa.Column("event", code(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("township", code(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("reporter_index", sa.String(length=64), nullable=False),
        sa.Column("file_index", sa.String(length=64)),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_events")),
        sa.UniqueConstraint("event", "version", name=op.f("uq_child_events_event")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file", code(36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created", Utc(), nullable=False),
        sa.Column("closed", Utc()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_tasks_file"), "tasks", ["file"])
    op.create_index(op.f("ix_tasks_state_due"), "tasks", ["state", "due"])
    op.create_table(
        "users",
        sa.Column("login", code(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("duty_officer", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created", Utc(), nullable=False),
        sa.Column("changed", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_users")),
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
