"""Transfers of child files between townships: offered, then accepted, declined or withdrawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from planner.store.tables import Utc, code

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "transfers",
        sa.Column("id", code(36), nullable=False),
        sa.Column("file", code(36), nullable=False),
        sa.Column("township", code(), nullable=False),
        sa.Column("to_village", code(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("offered", Utc(), nullable=False),
        sa.Column("ended", Utc()),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    op.create_index(op.f("ix_transfers_file"), "transfers", ["file"])
