import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point

from planner.differences import differences
from planner.plugin import Metric, Result


def result(*, minutes=(1.0, np.nan), point=None, value=2, notes=("a",), names=("甲", None)):
    rows = pd.DataFrame({"name": names, "minutes": list(minutes)})
    places = gpd.GeoDataFrame({"code": ["1"]}, geometry=[point or Point(0, 0)], crs="EPSG:4544")
    return Result({"places": places}, {"rows": rows}, {"count": Metric("数", value, "个")}, notes)


def test_the_same_result_has_no_differences():
    assert differences(result(), result()) == []
    again = result()
    again.tables["rows"].index = [5, 6]
    assert differences(result(), again) == []
    assert differences(result(names=("甲", None)), result(names=("甲", np.nan))) == []
    assert differences(Result(), Result()) == []


def test_each_difference_is_named():
    assert differences(result(), result(minutes=(1.0 + 1e-12, np.nan))) == ["“rows”的列“minutes”有1行不同"]
    assert differences(result(), result(minutes=(1.0, 0.0))) == ["“rows”的列“minutes”有1行不同"]
    assert differences(result(), result(point=Point(0, 1))) == ["“places”的列“geometry”有1行不同"]
    assert differences(result(), result(value=3)) == ["指标“数”(count):2 与 3"]
    assert differences(result(), result(notes=())) == ["说明不同"]
    assert differences(result(), result(names=("甲",), minutes=(1.0,))) == ["“rows”的行数:2 与 1"]
    assert differences(result(), Result(result().layers, {}, result().metrics, ("a",))) == [
        "图层或表“rows”只在其中一个结果中"
    ]


def test_rows_in_another_order_and_renamed_columns_differ():
    turned = result()
    turned.tables["rows"].columns = ["name", "hours"]
    assert differences(result(), turned) == ["“rows”的列不同"]
    assert len(differences(result(), result(names=(None, "甲"), minutes=(np.nan, 1.0)))) == 2


def test_a_metric_with_another_title_differs():
    one = Result(metrics={"n": Metric("甲", 1)})
    other = Result(metrics={"n": Metric("乙", 1)})
    assert differences(one, other) == ["指标“甲”(n)的说明不同"]
