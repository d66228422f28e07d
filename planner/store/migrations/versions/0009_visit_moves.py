"""Planned visits moved to another day or visitor, beside the run that planned them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from planner.store.tables import Utc, code

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "visit_moves",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", code(36), nullable=False),
        sa.Column("run", sa.String(length=32), nullable=False),
        sa.Column("household", code(36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("from_visitor", code(64), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("to_visitor", code(64), nullable=False),
        sa.Column("undoes", code(36)),
        sa.Column("who", code(64), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_visit_moves_run_runs")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_visit_moves")),
        sa.UniqueConstraint("id", name=op.f("uq_visit_moves_id")),
    )
    op.create_index(op.f("ix_visit_moves_run"), "visit_moves", ["run"])
