"""The tables. Dated rows are only ever added: what holds is the newest known row of a key (see `dated`).

`valid_from` is the day in the world from which a row holds, `valid_to` the first day on which it no longer
does (null: open), `recorded_at` when it came to be known. Geometry is WKB in EPSG:4490.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

# The newest migration; a workspace of another revision is not opened.
REVISION = "0009"


def _read_instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class Utc(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC without a zone in every database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """To the database. Raises ValueError for an instant without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """From the database."""
        return None if value is None else value.replace(tzinfo=UTC)

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        """As `process_result_value`; SQLite keeps the text, which is read in one step, for lists have thousands."""
        return _read_instant if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def code(length: int = 16) -> String:
    """The type of a code or another word that is sorted by: in byte order, the same in every database."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _dated(name: str, key: str, *columns: Column[Any]) -> Table:
    """A table of dated rows: an id, the columns, the dates, and the import that brought them."""
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        *columns,
        Column("valid_from", Date, nullable=False),
        Column("valid_to", Date),
        Column("recorded_at", Utc, nullable=False),
        Column("import_id", Integer, ForeignKey("imports.id"), nullable=False),
        Index(None, key, "valid_from"),
    )


# The name of a file about persons is sealed: people name files after children. In the clear it has another one then.
imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("as_of", Date),
    Column("recorded_at", Utc, nullable=False),
    Column("read", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    Column("rejected", Integer, nullable=False, server_default="0"),
    Column("who", code(64)),
    Column("sealed_name", LargeBinary),
)

divisions = _dated(
    "divisions",
    "code",
    Column("code", code(), nullable=False),
    Column("name", Text, nullable=False),
    Column("parent", code()),
    Column("origin", Text, nullable=False),
    Column("geometry", LargeBinary),
)

institutions = _dated(
    "institutions",
    "institution",
    Column("institution", code(), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("tier", Text),
    Column("county", code(6), nullable=False),
    Column("jurisdiction", Text),
    Column("services", Text),
    Column("beds", Float),
    Column("staff", Float),
    Column("address", Text),
    Column("origin", Text, nullable=False),
    Column("geometry", LargeBinary),
)

# The days of a state are its own: since when, and what was planned. An import replaces the whole history of
# the institutions that it names.
institution_states = Table(
    "institution_states",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("institution", code(), nullable=False, index=True),
    Column("since", Date),
    Column("state", Text, nullable=False),
    Column("planned_opening", Date),
    Column("recorded_at", Utc, nullable=False),
    Column("import_id", Integer, ForeignKey("imports.id"), nullable=False),
)

# What became of a division that is no more: for a split one a row for each new one, with the 组 where one goes there.
successors = Table(
    "successors",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("old", code(), nullable=False),
    Column("name", Text, nullable=False),
    Column("new", code(), nullable=False),
    Column("group", Text),
    Column("renames_groups", Boolean, nullable=False),
    Column("day", Date, nullable=False),
    Column("recorded_at", Utc, nullable=False),
    Column("import_id", Integer, ForeignKey("imports.id"), nullable=False),
)

# An import replaces all the rows of the villages that it names.
demand = _dated(
    "demand",
    "village",
    Column("village", code(), nullable=False),
    Column("age_band", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("need", Text),
    Column("children", Integer, nullable=False),
    Column("origin", Text, nullable=False),
)

incomes = Table(
    "incomes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("yuan", Text, nullable=False),  # a decimal as written: no database rounds it
    Column("source", Text, nullable=False),
    Column("recorded_at", Utc, nullable=False),
    Column("import_id", Integer, ForeignKey("imports.id"), nullable=False),
)

# The one that began last by a day is in force on it; without any the default is.
rule_sets = Table(
    "rule_sets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule_set", code(20), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("recorded_at", Utc, nullable=False),
    Column("who", code(64), nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("plugin", Text, nullable=False),
    Column("plugin_version", Text, nullable=False),
    Column("params", JSON, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("known_at", Utc, nullable=False),
    Column("area", String(16)),
    Column("seed", Integer, nullable=False),
    Column("time_limit_s", Float),
    Column("work_limit", Integer),
    Column("who", Text, nullable=False),
    Column("replay_of", String(32)),
    Column("state", String(10), nullable=False, index=True),
    Column("cause", String(10)),
    Column("doing", Text),
    Column("share", Float),
    Column("work", Integer, nullable=False, default=0),
    Column("stop_wished", Boolean, nullable=False, default=False),
    Column("pid", Integer),
    Column("pid_created", Float),
    Column("created", Utc, nullable=False),
    Column("started", Utc),
    Column("finished", Utc),
    Column("duration_s", Float),
    Column("message", Text),
    Column("exit_code", Integer),
    Column("metrics", JSON(none_as_null=True)),
    Column("notes", JSON, nullable=False, default=list),
    Column("input_hashes", JSON, nullable=False, default=dict),
    Column("name", String(60)),
    Column("tables", JSON, nullable=False, default=list),
)

# The layers and tables that a run made, each as one Parquet file (EPSG:4544).
run_frames = Table(
    "run_frames",
    metadata,
    Column("run", String(32), ForeignKey("runs.id"), primary_key=True),
    Column("name", String(100), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# A road network as one compressed archive (planner.roads.RoadNetwork); the newest one known holds. `sha256` is of
# the network itself, `report` what the import told of it.
road_networks = Table(
    "road_networks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("origin", Text, nullable=False),
    Column("report", JSON, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("recorded_at", Utc, nullable=False),
    Column("import_id", Integer, ForeignKey("imports.id"), nullable=False),
)

# Speeds that go before those of the program; of a class and surface the newest holds.
road_speeds = Table(
    "road_speeds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("road_class", code(), nullable=False),
    Column("surface", code(), nullable=False),
    Column("kmh", Float, nullable=False),
    Column("source", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("recorded_at", Utc, nullable=False),
)

# Edges closed and opened again, by network; of an edge the newest row holds.
road_closures = Table(
    "road_closures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("edge", Integer, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("recorded_at", Utc, nullable=False),
    Index(None, "sha256", "edge"),
)
