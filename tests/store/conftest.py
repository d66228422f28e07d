"""An empty workspace, and rows small enough to check by eye."""

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from planner.model.layers import STORE_CRS
from planner.store.audit import lines
from planner.store.children import NewVersion, save_versions
from planner.store.database import postgresql_engine, sqlite_engine
from planner.store.journal import Source, enter_journal
from planner.store.person_rows import PersonRow, save_rows
from planner.store.roles import Person
from planner.store.scope import scope_of
from planner.store.workspace import create_workspace
from tests.store.postgresql import running_server

COUNTY, VILLAGE, OTHER = "640101", "640101001001", "640102001001"


def source(as_of=None, rows=1):
    return Source(name="文件.csv", sha256="0" * 64, as_of=as_of, read=rows, accepted=rows, skipped=0)


def division_rows(*rows, origin="文件.csv"):
    """Rows of (code, name, parent, (lon, lat) or None)."""
    frame = pd.DataFrame([row[:3] for row in rows], columns=["code", "name", "parent"]).astype("str")
    points = [None if row[3] is None else Point(row[3]) for row in rows]
    return gpd.GeoDataFrame(frame.assign(origin=origin), geometry=points, crs=STORE_CRS)


def demand_rows(*rows):
    """Rows of (village, age band, category, need, children)."""
    frame = pd.DataFrame(rows, columns=["village", "age_band", "category", "need", "children"])
    return frame.assign(origin="文件.csv")


def institution_rows(*rows, origin="文件.csv"):
    """Rows of (id, name, county, beds, (lon, lat) or None)."""
    frame = pd.DataFrame([row[:4] for row in rows], columns=["id", "name", "county", "beds"])
    frame = frame.assign(
        kind="未成年人保护机构",
        tier="县",
        jurisdiction=None,
        services=None,
        staff=float("nan"),
        address=None,
        origin=origin,
    )
    points = [None if row[4] is None else Point(row[4]) for row in rows]
    return gpd.GeoDataFrame(frame, geometry=points, crs=STORE_CRS)


def state_rows(*rows):
    """Rows of (institution, since, state, planned opening)."""
    frame = pd.DataFrame(rows, columns=["institution", "since", "state", "planned_opening"])
    return frame.astype({"since": "datetime64[s]", "planned_opening": "datetime64[s]"})


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL server, started when first asked for."""
    with running_server() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    """Where a workspace keeps its data: None for SQLite, the address of an empty schema on PostgreSQL."""
    if request.param == "sqlite":
        yield None
    else:
        with request.getfixturevalue("server").schema() as address:
            yield address


@pytest.fixture
def engine(database, tmp_path):
    """An engine of an empty database, of the kinds that workspaces have."""
    made = sqlite_engine(tmp_path / "plain.sqlite") if database is None else postgresql_engine(database)
    yield made
    made.dispose()


@pytest.fixture
def workspace(tmp_path, database):
    made = create_workspace(tmp_path / "workspace", database)
    yield made
    made.engine.dispose()


@pytest.fixture
def tree_rows():
    """A region, two counties, a township and a village each."""
    return division_rows(
        ("64", "示例自治区", None, None),
        ("6401", "示例市", "64", None),
        (COUNTY, "甲县", "6401", None),
        ("640101001", "甲一镇", COUNTY, None),
        (VILLAGE, "近村", "640101001", (106.2, 38.4)),
        ("640102", "乙县", "6401", None),
        ("640102001", "乙一镇", "640102", None),
        (OTHER, "乙村", "640102001", None),
    )


DAY_2018, DAY_2020 = date(2018, 12, 31), date(2020, 12, 31)

TOWN, NEXT_TOWN = "640101001", "640102001"


def id_number(serial, *, prefix="640101", born="20120305"):
    """A generated ID number with a valid check digit (GB 11643)."""
    body = f"{prefix}{born}{serial:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def acting(workspace, role, *areas, login="somebody", duty_officer=False, ip="10.0.0.7"):
    """The workspace as a person with that role in those areas has it."""
    person = Person(login, "某人", role, scope_of(areas), duty_officer=duty_officer)
    return workspace.acting_as(person, ip)


def a_child(serial=1, *, village=VILLAGE, township=None, **changes):
    """A new file of a generated child; other values may be given."""
    number = id_number(serial)
    values = {
        "person": number,
        "township": township or village[:9],
        "village": village,
        "hukou_village": village,
        "grade": "中",
        "categories": ("监护困境",),
        "valid_from": date(2018, 1, 1),
        "content": {"name": f"马{'一二三四五六七八九'[serial % 9]}明", "id_number": number, "remark": ""},
    }
    return NewVersion(**{**values, **changes})


def save(workspace, *versions):
    """Save versions in a transaction of their own; their files."""
    with workspace.writing() as connection:
        return save_versions(connection, versions)


def save_visit(workspace, content, day=DAY_2018, village=VILLAGE):
    """A sealed row of a person that holds from a day on."""
    with workspace.writing() as connection:
        stamp = enter_journal(connection, "visits", source())
        row = PersonRow(village[:9], village, content, f"visit|{content}")
        save_rows(connection, "visit", [row], valid_from=day, stamp=stamp)


def audit_lines(workspace, *actions):
    """What the audit says, oldest first, of some actions or all."""
    with workspace.reading() as connection:
        found = reversed(lines(connection, newest=10_000))
        return [line for line in found if not actions or line.action in actions]
