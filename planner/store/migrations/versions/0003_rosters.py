"""Rosters, duties and visits as sealed rows; income figures; rejected rows in the journal of imports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from planner.store.tables import Utc, code

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and let the journal count rejected rows."""
    op.add_column("imports", sa.Column("rejected", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "person_rows",
        sa.Column("id", code(32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("batch", sa.String(length=64), nullable=False),
        sa.Column("township", code(), nullable=False),
        sa.Column("village", code()),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_person_rows_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_rows")),
    )
    op.create_index(
        op.f("ix_person_rows_kind_batch_valid_from"), "person_rows", ["kind", "batch", "valid_from"]
    )
    op.create_table(
        "incomes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("yuan", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_incomes_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incomes")),
    )
