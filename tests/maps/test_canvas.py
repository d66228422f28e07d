"""The map: no address but our own, and nothing in what it is handed that a script or a template would run."""

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import _get_feature_group_string

from planner.maps import ASSETS, LegendClass, MapLayer, SelectionGroup, asset_folders, make_map
from planner.maps.canvas import script_json

NINGXIA = ((35.2, 104.2), (39.5, 107.7))
PAYLOAD = "`${document.title='x'}</script><img src=x onerror=document.title='x'>"
TEMPLATES = ["{{ 7*7 }}", "{% x", "{# x", "{{{ 7*7 }}}", "{{'x'}}", "{{", "}}", "{%- raw -%}"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON | st.text(alphabet='</script>{%#}`$&\\"\u2028\u2029!-'))
def test_any_value_comes_back_and_nothing_can_end_or_run_a_script(value):
    text = script_json(value)
    assert json.loads(text) == value
    assert not set("<>&`$\u2028\u2029") & set(text)
    assert not re.search(r"\{[{%#]", text)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_what_is_no_json_is_refused(value):
    with pytest.raises(ValueError, match="JSON"):
        script_json(value)


def layer_of(text):
    """A layer that says `text` wherever it says anything."""
    return MapLayer(
        name="places",
        title=text,
        shape="point",
        legend_title=text,
        classes=(LegendClass(text, "#000000", count=1),),
        class_of=(0,),
        label_of=(text,),
        inline=json.dumps({"type": "FeatureCollection", "features": [{"properties": {"name": text}}]}),
    )


def handed_over(group):
    """What reaches the script of the map, by the way that streamlit-folium takes."""
    canvas = make_map(NINGXIA)
    canvas.get_root().render()
    script = _get_feature_group_string(group, canvas)
    canvas.get_root().render()  # folium makes a template of every script it is given
    (state,) = re.findall(r"plannerMap\.update\((.*)\);", script)
    return json.loads(state)


@pytest.mark.parametrize("text", [PAYLOAD, *TEMPLATES, "\u2028", "</script>", '"', "\\", ""])
def test_text_reaches_the_map_as_it_was_written(text):
    layer = layer_of(text)
    state = handed_over(SelectionGroup([layer], focus=("places", text), credits_=[text]))
    assert state["layers"] == [json.loads(json.dumps(layer.as_json()))]
    assert state["focus"] == ["places", text]
    assert state["credits"] == [text]


@given(st.text(alphabet=st.sampled_from("{}%#'-_ax7")))
def test_no_text_is_taken_for_a_template(text):
    assert handed_over(SelectionGroup([layer_of(text)]))["layers"][0]["title"] == text


def test_the_state_holds_the_layers_from_below_to_above_and_where_to_look():
    layers = [layer_of("下"), layer_of("上")]
    state = handed_over(SelectionGroup(layers, fit=NINGXIA, turn=3))
    assert [item["title"] for item in state["layers"]] == ["下", "上"]
    assert state["fit"] == [[35.2, 104.2], [39.5, 107.7]]
    assert (state["turn"], state["focus"], state["credits"]) == (3, None, [])


def test_the_page_of_the_map_names_no_other_host():
    page = make_map(NINGXIA).get_root().render()
    addresses = re.findall(r"""(?:src|href)=["']([^"']*)["']""", page)
    assert sorted(addresses) == [
        f"{ASSETS}/leaflet/leaflet.css",
        f"{ASSETS}/leaflet/leaflet.js",
        f"{ASSETS}/map/planner-map.css",
        f"{ASSETS}/map/planner-map.js",
    ]
    assert "://" not in html.unescape(page)
    assert not re.search(r"@import|url\(\s*[\"']?//", page)
    assert not re.search(r"jquery|bootstrap|font-?awesome|awesome-markers|cdn", page, re.IGNORECASE)


def test_our_own_script_and_style_name_no_host():
    for path in asset_folders()["map"].iterdir():
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        assert not re.search(r"innerHTML\s*=|insertAdjacentHTML|document\.write|\beval\(", text)


def test_the_map_opens_amid_its_bounds_in_a_canvas_without_tiles():
    page = make_map(((35.0, 104.0), (39.0, 107.0))).get_root().render()
    assert "center: [37.0, 105.5]" in page
    assert re.search(r'"?preferCanvas"?: true', page)
    assert re.search(r'"?maxZoom"?: 16', page)
    assert "tileLayer" not in page
    assert "plannerMap.attach(" in page


def test_two_maps_of_one_area_are_the_same_script():
    def script():
        canvas = make_map(NINGXIA)
        return canvas.get_root().render().replace(canvas.get_name(), "map")

    numbered = re.compile(r"[0-9a-f]{32}")
    assert numbered.sub("", script()) == numbered.sub("", script())


def test_the_assets_are_there():
    folders = asset_folders()
    assert set(folders) == {"leaflet", "map"}
    for name in ("leaflet.js", "leaflet.css"):
        assert (folders["leaflet"] / name).is_file()
    for name in ("planner-map.js", "planner-map.css"):
        assert (folders["map"] / name).is_file()
    # What leaflet.css refers to lies beside it.
    style = (folders["leaflet"] / "leaflet.css").read_text(encoding="utf-8")
    for name in re.findall(r"url\((images/[^)]+)\)", style):
        assert (folders["leaflet"] / name).is_file()
