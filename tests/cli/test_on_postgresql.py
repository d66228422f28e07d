"""From nothing to a result with the data on a PostgreSQL server."""

import pytest

from planner.store.settings import read_settings
from tests.cli.test_data import files
from tests.store.postgresql import running_server

__all__ = ["files"]


@pytest.fixture
def address():
    with running_server() as server, server.schema() as made:
        yield made


def test_from_nothing_to_a_result(planner, files, address):
    folder = files / "workspace"
    made = planner("init", folder, "--database", address)
    assert made.code == 0, made.err
    assert read_settings(folder)["database"] == address
    for kind in ("divisions", "institutions", "demand"):
        path = files / f"{kind}.csv"
        done = planner("import", kind, path, "--workspace", folder, "--as-of", "2020-12-31")
        assert done.code == 0, done.err
    ran = planner("run", "coverage-gaps", "--workspace", folder, "--json")
    assert ran.code == 0, ran.err
    assert ran.json["metrics"]["children_total"]["value"] == 7
    assert planner("replay", ran.json["run"], "--workspace", folder).code == 0
    assert planner("keys", "rotate", "--workspace", folder).code == 0
    assert "审计链完整" in planner("audit", "verify", "--workspace", folder).out
    again = planner("init", files / "second", "--database", address)
    assert (again.code, "已有别的工作区的表" in again.err) == (2, True)
