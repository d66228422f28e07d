"""A run may have a name: a scenario that people speak of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the name; runs from before have none."""
    op.add_column("runs", sa.Column("name", sa.String(length=60)))
