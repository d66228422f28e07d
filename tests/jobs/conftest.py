"""A small workspace on disk, and plugins of every temper installed where child processes find them."""

import importlib
import os
import shutil
import sys
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest

from planner.model.layers import STORE_CRS
from planner.store.journal import Source
from planner.store.workspace import Workspace, create_workspace
from planner.store.writes import save_demand, save_divisions, save_institutions
from planner.testing import tiny_world

DAY = date(2020, 12, 31)
TRIALS = Path(__file__).with_name("trial_plugins.py")
NAMES = ("steps", "copies", "crash", "refusal", "deaf", "death", "drift")


def fill(workspace: Workspace) -> Workspace:
    """Puts the tiny world into a workspace."""
    world = tiny_world()
    divisions, demand, institutions = (
        gpd.GeoDataFrame(world[name]).to_crs(STORE_CRS) for name in ("divisions", "demand", "institutions")
    )

    def source(name: str, rows: int) -> Source:
        return Source(name=name, sha256=name, as_of=DAY, read=rows, accepted=rows, skipped=0)

    save_divisions(workspace, divisions.drop(columns="level"), source("divisions", len(divisions)))
    save_institutions(
        workspace,
        institutions.drop(columns="state").assign(address=None),
        world["institution-states"],
        source("institutions", len(institutions)),
    )
    save_demand(workspace, demand.drop(columns="geometry"), source("demand", len(demand)))
    return workspace


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """The folder of a filled workspace; copy it, do not write to it."""
    folder = tmp_path_factory.mktemp("world") / "workspace"
    fill(create_workspace(folder)).engine.dispose()
    return folder


def copied(folder: Path, into: Path) -> Path:
    """A copy of a workspace, with the key file and the audit's head that lie beside it; the folder."""
    for beside in folder.parent.glob(f"{folder.name}.*"):
        shutil.copy(beside, into)
    return shutil.copytree(folder, into / folder.name)


@pytest.fixture
def folder(filled, tmp_path):
    """The folder of a small workspace of one's own."""
    return copied(filled, tmp_path)


@pytest.fixture
def trials(tmp_path, monkeypatch):
    """Installs the trial plugins for this process and its children."""
    site = tmp_path / "site"
    info = site / "trial_plugins-1.0.dist-info"
    info.mkdir(parents=True)
    shutil.copy(TRIALS, site)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: trial-plugins\nVersion: 1.0\n")
    lines = [f"trial-{name} = trial_plugins:trial_{name}" for name in NAMES]
    (info / "entry_points.txt").write_text("\n".join(["[planner.plugins]", *lines, ""]))
    before = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), *([before] if before else [])]))
    monkeypatch.syspath_prepend(str(site))
    importlib.invalidate_caches()
    yield site
    sys.modules.pop("trial_plugins", None)
