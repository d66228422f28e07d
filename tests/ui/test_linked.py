"""What a map and its tables share: the area, the chosen feature, the order of the rows."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import streamlit as st
from shapely import Point, box

from planner.model.layers import METRIC_CRS, Layer, column
from planner.ui import linked, shapes
from planner.ui.linked import LinkedLayer, View, change, in_area, link, view


def layer(name: str, *columns: str, geometry: Any = None, personal: bool = False, key=("code",)) -> Layer:
    declared = {item: column(str, item, personal=personal and item == "name") for item in columns}
    return Layer(name, name, declared, key=key, geometry=geometry)


def villages(*codes: str) -> LinkedLayer:
    """A point for each code, 10 km apart to the east, the first at 105° E."""
    points = [Point(500_000 + 10_000 * number, 4_200_000) for number in range(len(codes))]
    frame = gpd.GeoDataFrame({"code": codes, "name": codes}, geometry=points, crs=METRIC_CRS)
    return link(layer("villages", "code", "name", geometry="point"), frame)


def counties(*codes: str) -> LinkedLayer:
    squares = [
        box(500_000 + 10_000 * n, 4_200_000, 510_000 + 10_000 * n, 4_210_000) for n in range(len(codes))
    ]
    frame = gpd.GeoDataFrame({"code": codes, "name": codes}, geometry=squares, crs=METRIC_CRS)
    return link(layer("counties", "code", "name", geometry="polygon"), frame)


def table(**columns: list[Any]) -> LinkedLayer:
    return link(layer("table", *columns, key=(next(iter(columns)),)), pd.DataFrame(columns))


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session of its own."""
    kept: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", kept)
    return kept


# The area

A, B = "640323100200", "640324100200"


@pytest.mark.parametrize(
    ("area", "inside"),
    [
        (None, [True, True, True]),
        ("64", [True, True, True]),
        ("640323", [True, False, True]),
        ("640323100", [True, False, False]),
        (A, [True, False, False]),
        ("640999", [False, False, False]),
    ],
)
def test_rows_lie_in_an_area_by_their_code(area: str | None, inside: list[bool]) -> None:
    assert in_area(villages(A, B, "640323200200"), area).tolist() == inside


@pytest.mark.parametrize("name", ["code", "village", "county"])
def test_the_village_or_the_county_stands_in_for_the_code(name: str) -> None:
    item = table(id=["a", "b"], **{name: ["640323", "640324"]})
    assert in_area(item, "640323").tolist() == [True, False]


def test_the_code_goes_before_the_village_and_the_village_before_the_county() -> None:
    item = table(code=["640323"], village=[B], county=["640324"])
    assert in_area(item, "640323").tolist() == [True]
    item = table(id=["a"], village=[A], county=["640324"])
    assert in_area(item, "640323").tolist() == [True]


def test_a_table_without_any_of_them_is_of_every_area() -> None:
    assert in_area(table(day=["2017", "2018"]), "640323").tolist() == [True, True]
    assert in_area(villages(), "640323").tolist() == []


def test_the_index_of_the_frame_is_kept() -> None:
    item = villages(A, B)
    moved = LinkedLayer(item.layer, item.frame.set_axis([7, 9]), item.file, item.codes)
    assert in_area(moved, "640323").to_dict() == {7: True, 9: False}


# The order of the rows


@pytest.mark.parametrize(
    ("now", "order"),
    [
        (View(), [0, 1, 2]),
        (View(pinned="640323200200"), [2, 0, 1]),
        (View(area="640323"), [0, 2]),
        (View(area="640323", pinned="640323200200"), [2, 0]),
        (View(area="640323", pinned=B), [0, 2]),
        (View(area="640999", pinned=A), []),
        (View(pinned="unknown"), [0, 1, 2]),
    ],
)
def test_the_rows_of_the_area_the_pinned_one_first(now: View, order: list[int]) -> None:
    assert linked._row_order(villages(A, B, "640323200200"), now) == order


def test_where_no_row_lies_in_the_area_those_that_hold_it_are_shown() -> None:
    item = counties("640323", "640324")
    assert linked._row_order(item, View(area=A)) == [0]
    assert linked._row_order(item, View(area="64")) == [0, 1]
    assert linked._row_order(item, View(area="640999")) == []


# Codes


def test_features_are_known_by_their_key() -> None:
    assert villages(A, B).codes == (A, B)
    frame = pd.DataFrame({"code": ["1", "2"], "kind": ["a", "b"]})
    assert link(layer("pairs", "code", "kind", key=("code", "kind")), frame).codes == ("1|a", "2|b")
    assert link(layer("none", "code", key=()), frame[["code"]]).codes == ()
    assert villages().codes == ()


def test_only_what_has_a_place_has_a_file() -> None:
    assert table(code=["1"]).file is None
    made = villages(A)
    assert made.file is not None
    assert made.file.name.startswith("villages-")


# The view


def test_a_view_is_kept_and_changed_under_its_key(session: dict[str, Any]) -> None:
    assert view("one") == View()
    change("one", area="640323", turn=2)
    change("one", focus=("villages", A))
    assert view("one") == View(area="640323", focus=("villages", A), turn=2)
    assert view("two") == View()


def test_a_click_on_the_map_chooses_the_row_and_shows_its_table(session: dict[str, Any]) -> None:
    layers = {"villages": villages(A, B), "table": table(code=["1"])}
    choose = linked._on_map_click("k", layers)
    session["k-map"] = {"last_active_drawing": {"layer": "villages", "code": B, "click": 1}}
    choose()
    now = view("k")
    assert (now.focus, now.pinned, now.turn) == (("villages", B), B, 1)
    assert session["k-table"] == "villages"
    assert session[linked._rows_key("k", "villages")]["selection"]["rows"] == [0]
    assert linked._row_order(layers["villages"], now) == [1, 0]


@pytest.mark.parametrize(
    "answer",
    [None, {}, {"last_active_drawing": None}, {"last_active_drawing": {"layer": "other", "code": A}}],
)
def test_a_click_on_nothing_changes_nothing(session: dict[str, Any], answer: Any) -> None:
    session["k-map"] = answer
    linked._on_map_click("k", {"villages": villages(A)})()
    assert view("k") == View()
    assert "k-table" not in session


def test_a_clicked_feature_outside_the_area_selects_no_row(session: dict[str, Any]) -> None:
    change("k", area="640323")
    session["k-map"] = {"last_active_drawing": {"layer": "villages", "code": B}}
    linked._on_map_click("k", {"villages": villages(A, B)})()
    assert session[linked._rows_key("k", "villages")]["selection"]["rows"] == []


def test_other_rows_or_another_order_are_another_table(session: dict[str, Any]) -> None:
    keys = []
    for changes in ({}, {"area": "640323"}, {"pinned": A}, {"pinned": B}):
        change("k", **changes)
        keys.append(linked._rows_key("k", "villages"))
    assert len(set(keys)) == 4
    change("k", focus=("villages", A), turn=9)
    assert linked._rows_key("k", "villages") == keys[-1]


# Where to look


def test_without_an_area_all_that_has_a_place_is_looked_at() -> None:
    layers = {"villages": villages(A, B), "counties": counties("640323"), "table": table(code=["1"])}
    found = linked._fit(layers, None)
    assert found is not None
    (south, west), (north, east) = found
    assert west == pytest.approx(105.0, abs=1e-4)
    assert east == pytest.approx(105.114, abs=1e-3)
    assert 37.9 < south < north < 38.1
    assert linked._fit({"table": table(code=["1"])}, None) is None


def test_an_area_is_looked_at_by_what_lies_in_it() -> None:
    layers = {"villages": villages(A, B), "table": table(code=["1"])}
    found = linked._fit(layers, B)
    assert found is not None
    (south, west), (north, east) = found
    assert (south, west) == (north, east)
    assert west == pytest.approx(105.114, abs=1e-3)
    assert linked._fit(layers, "640999") is None
    assert linked._fit({}, None) is None
    unplaced = link(
        layer("villages", "code", geometry="point"),
        gpd.GeoDataFrame({"code": [A]}, geometry=[None], crs=METRIC_CRS),
    )
    assert linked._fit({"villages": unplaced}, A) is None


# What the map is given


def test_points_outside_the_area_are_left_out_and_areas_stay() -> None:
    assert linked._map_layer(villages(A, B), "640323").class_of == (0, -1)
    assert linked._map_layer(counties("640323", "640324"), "640323").class_of == (0, 0)


def test_shapes_go_by_address_and_personal_ones_inside(session: dict[str, Any]) -> None:
    item = villages(A)
    drawn = linked._map_layer(item, None)
    assert item.file is not None
    assert (drawn.address, drawn.inline) == (f"/geometry/{item.file.name}", "")
    assert shapes.content(item.file.name) == item.file.content
    homes = link(
        layer("homes", "code", "name", geometry="point", personal=True),
        gpd.GeoDataFrame(
            {"code": ["1"], "name": ["某家"]}, geometry=[Point(500_000, 4_200_000)], crs=METRIC_CRS
        ),
    )
    drawn = linked._map_layer(homes, None)
    assert drawn.address == ""
    assert "某家" in drawn.inline
    assert homes.file is not None
    assert shapes.content(homes.file.name) is None


def test_a_table_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="no geometry"):
        linked._map_layer(table(code=["1"]), None)
