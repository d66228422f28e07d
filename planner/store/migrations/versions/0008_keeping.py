"""Names of files about persons are sealed; what became of a division that is no more.

Names that stood in the clear until now are forgotten: a migration has no key to seal them with.
"""

from __future__ import annotations

from pathlib import PurePath

import sqlalchemy as sa
from alembic import op

from planner.model.layers import DEMO_ORIGIN
from planner.model.papers import LEDGERS
from planner.store.tables import Utc, code

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the sealed name and the table of successors; take names of children out of the clear."""
    op.add_column("imports", sa.Column("sealed_name", sa.LargeBinary()))
    op.create_table(
        "successors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("old", code(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("new", code(), nullable=False),
        sa.Column("group", sa.Text()),
        sa.Column("renames_groups", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_successors_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_successors")),
    )
    _forget_names(op.get_bind())


def _forget_names(connection: sa.Connection) -> None:
    imports = sa.table("imports", sa.column("id"), sa.column("kind"), sa.column("name"), sa.column("sha256"))
    demand = sa.table("demand", sa.column("import_id"), sa.column("origin"))
    wanted = imports.c.kind.in_(sorted(LEDGERS))
    for row in connection.execute(sa.select(imports).where(wanted)).all():
        named = sa.update(imports).where(imports.c.id == row.id)
        ending = PurePath(row.name).suffix.lower()
        name = f"{LEDGERS[row.kind]} {row.sha256[:8]}{ending if ending in ('.xlsx', '.csv') else ''}"
        connection.execute(named.values(name=name))
    ledgers = sa.select(imports.c.id).where(imports.c.kind == "ledger")
    told = demand.c.import_id.in_(ledgers) & (demand.c.origin != DEMO_ORIGIN)
    connection.execute(sa.update(demand).where(told).values(origin=LEDGERS["ledger"]))
