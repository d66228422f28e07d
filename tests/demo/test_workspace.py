"""The demo's workspace: the same for the same seed, and no workspace until it is whole."""

import pytest

from planner.demo import make_demo, workspace
from planner.errors import InputError, WorkspaceError
from planner.store.workspace import open_workspace


def test_a_demo_that_was_cut_off_is_no_workspace(tmp_path, monkeypatch):
    def cut_off(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(workspace, "save_demand", cut_off)
    with pytest.raises(KeyboardInterrupt):
        make_demo(tmp_path / "demo", counties=["640323"], children=20)
    with pytest.raises(WorkspaceError, match=r"没有 workspace\.toml"):
        open_workspace(tmp_path / "demo")


def test_a_whole_demo_opens(tmp_path):
    make_demo(tmp_path / "demo", counties=["640323"], children=20).engine.dispose()
    open_workspace(tmp_path / "demo").engine.dispose()
    with pytest.raises(InputError, match="不是空的"):
        make_demo(tmp_path / "demo", counties=["640323"], children=20)
