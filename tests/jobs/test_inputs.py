import geopandas as gpd
import pandas as pd
from shapely import Point

from planner.jobs.inputs import hash_frame


def frame(**changes):
    columns = {"code": ["1", "2"], "name": ["甲", None], "minutes": [0.1, float("nan")], **changes}
    return gpd.GeoDataFrame(columns, geometry=[Point(0, 1), None], crs="EPSG:4544")


def test_the_same_content_has_the_same_hash():
    assert hash_frame(frame()) == hash_frame(frame())
    assert hash_frame(frame()) == hash_frame(frame().set_index(pd.Index([7, 8])))
    assert hash_frame(frame()) == hash_frame(frame(name=pd.Series(["甲", None], dtype=object)))
    assert len(hash_frame(pd.DataFrame())) == 64


def test_any_change_changes_the_hash():
    changed = [
        frame(minutes=[0.1 + 1e-12, float("nan")]),
        frame(code=["1", "3"]),
        frame().iloc[::-1],
        frame().rename(columns={"name": "title"}),
        frame().set_geometry([Point(0, 1.000001), None], crs="EPSG:4544"),
        frame().drop(columns="geometry"),
    ]
    hashes = {hash_frame(item) for item in [frame(), *changed]}
    assert len(hashes) == len(changed) + 1
