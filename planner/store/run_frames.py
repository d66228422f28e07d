"""The layers and tables that runs made: one sealed Parquet file each."""

from __future__ import annotations

import io
from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, insert, select, update

from planner.store.keys import KeyRing
from planner.store.sealing import Place, open_sealed, seal
from planner.store.tables import run_frames


def save_packed(connection: Connection, ring: KeyRing, run_id: str, packed: Mapping[str, bytes]) -> None:
    """Write the packed frames of a run, by name."""
    rows = [
        {"run": run_id, "name": name, "content": seal(ring, _place(run_id, name), content)}
        for name, content in packed.items()
    ]
    if rows:
        connection.execute(insert(run_frames), rows)


def seal_plain(connection: Connection, ring: KeyRing) -> None:
    """Seal the frames of a workspace from before there were keys."""
    for run, name, content in connection.execute(select(run_frames)).all():
        row = update(run_frames).where(run_frames.c.run == run, run_frames.c.name == name)
        connection.execute(row.values(content=seal(ring, _place(run, name), content)))


def unseal(ring: KeyRing, run_id: str, name: str, content: bytes) -> pd.DataFrame:
    """A frame from its row."""
    return _unpacked(open_sealed(ring, _place(run_id, name), content))


def _place(run_id: str, name: str) -> Place:
    return Place(run_frames.name, "content", (run_id, name))


def pack(frame: pd.DataFrame) -> bytes:
    """A frame as one Parquet file."""
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    return content.getvalue()


def _unpacked(content: bytes) -> pd.DataFrame:
    # pyarrow's threads may outlive the interpreter: a Python file in their hands would end the process.
    from pyarrow import BufferReader
    from pyarrow.parquet import read_schema

    geographic = b"geo" in (read_schema(BufferReader(content)).metadata or {})  # GeoParquet says so itself
    read = gpd.read_parquet if geographic else pd.read_parquet
    return read(BufferReader(content))
