"""Which rule set is in force from which day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from planner.store.tables import Utc, code

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; without a row the default rule set is in force."""
    op.create_table(
        "rule_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule_set", code(20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("who", code(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_sets")),
    )
