"""Divisions, institutions with their states, demand, imports, runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from planner.store.tables import Utc, code

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date()),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "runs",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("plugin_version", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", Utc(), nullable=False),
        sa.Column("area", sa.String(length=16)),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("time_limit_s", sa.Float()),
        sa.Column("work_limit", sa.Integer()),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("replay_of", sa.String(length=32)),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("cause", sa.String(length=10)),
        sa.Column("doing", sa.Text()),
        sa.Column("share", sa.Float()),
        sa.Column("work", sa.Integer(), nullable=False),
        sa.Column("stop_wished", sa.Boolean(), nullable=False),
        sa.Column("pid", sa.Integer()),
        sa.Column("pid_created", sa.Float()),
        sa.Column("created", Utc(), nullable=False),
        sa.Column("started", Utc()),
        sa.Column("finished", Utc()),
        sa.Column("duration_s", sa.Float()),
        sa.Column("message", sa.Text()),
        sa.Column("exit_code", sa.Integer()),
        sa.Column("metrics", sa.JSON(none_as_null=True)),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("input_hashes", sa.JSON(), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_runs")),
        sa.UniqueConstraint("id", name=op.f("uq_runs_id")),
    )
    op.create_index(op.f("ix_runs_state"), "runs", ["state"])
    op.create_table(
        "demand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("village", code(), nullable=False),
        sa.Column("age_band", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("need", sa.Text()),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_demand_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand")),
    )
    op.create_index(op.f("ix_demand_village_valid_from"), "demand", ["village", "valid_from"])
    op.create_table(
        "divisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", code(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent", code()),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("geometry", sa.LargeBinary()),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_divisions_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_divisions")),
    )
    op.create_index(op.f("ix_divisions_code_valid_from"), "divisions", ["code", "valid_from"])
    op.create_table(
        "institution_states",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution", code(), nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("planned_opening", sa.Date()),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_institution_states_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_states")),
    )
    op.create_index(op.f("ix_institution_states_institution"), "institution_states", ["institution"])
    op.create_table(
        "institutions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution", code(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text()),
        sa.Column("county", code(6), nullable=False),
        sa.Column("jurisdiction", sa.Text()),
        sa.Column("services", sa.Text()),
        sa.Column("beds", sa.Float()),
        sa.Column("staff", sa.Float()),
        sa.Column("address", sa.Text()),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("geometry", sa.LargeBinary()),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_institutions_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institutions")),
    )
    op.create_index(
        op.f("ix_institutions_institution_valid_from"), "institutions", ["institution", "valid_from"]
    )
    op.create_table(
        "run_frames",
        sa.Column("run", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_run_frames_run")),
        sa.PrimaryKeyConstraint("run", "name", name=op.f("pk_run_frames")),
    )
