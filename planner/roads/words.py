"""The classes and surfaces of roads, and how files spell them, one-way marks and columns."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from planner.model.names import comparable

# From the widest to the narrowest; a slip road counts with its class.
CLASSES = {
    "motorway": "高速公路",
    "trunk": "国道",
    "primary": "省道",
    "secondary": "县道",
    "tertiary": "乡道",
    "unclassified": "村道",
    "residential": "街巷",
    "service": "通道",
    "track": "机耕路",
}
SURFACES = {"paved": "硬化", "gravel": "砂石", "unpaved": "土路", "unknown": "不明"}
OTHER_CLASS = "unclassified"

_CLASS_WORDS = {
    "motorway": "motorway motorway_link 高速 高速公路 快速路",
    "trunk": "trunk trunk_link 国道 一级 一级公路 主干道 主干路",
    "primary": "primary primary_link 省道 二级 二级公路 次干道 次干路",
    "secondary": "secondary secondary_link 县道 三级 三级公路 支路",
    "tertiary": "tertiary tertiary_link 乡道 四级 四级公路",
    "unclassified": "unclassified road unknown 村道 农村公路 其他 其它 专用公路",
    "residential": "residential living_street 街巷 街道 小区道路 内部道路 巷道",
    "service": "service 通道 便道",
    "track": "track track_grade1 track_grade2 track_grade3 track_grade4 track_grade5 机耕路 机耕道 土路 等外 等外路 等外公路 大车路",
}
_BY_CLASS_WORD = {word: name for name, words in _CLASS_WORDS.items() for word in words.split()}
# Ways that no car may use: known, and left out.
NOT_FOR_CARS = frozenset(
    [
        "footway",
        "path",
        "pedestrian",
        "steps",
        "cycleway",
        "bridleway",
        "corridor",
        "platform",
        "elevator",
        "trail",
        "crossing",
        "via_ferrata",
        "construction",
        "proposed",
        "planned",
        "abandoned",
        "razed",
        "raceway",
        "bus_guideway",
        "busway",
        "escape",
        "rest_area",
        "services",
        "bus_stop",
        "步行道",
        "人行道",
        "步道",
        "自行车道",
        "小路",
        "山路",
        "台阶",
        "在建",
        "规划",
        "铁路",
    ]
)
_SURFACE_WORDS = {
    "paved": "paved asphalt chipseal concrete concrete:plates concrete:lanes paving_stones sett cobblestone "
    "unhewn_cobblestone bricks metal wood 沥青 沥青路 柏油 水泥 水泥路 水泥混凝土 沥青混凝土 混凝土 硬化 铺装 有铺装",
    "gravel": "gravel fine_gravel compacted pebblestone 砂石 砂石路 碎石 碎石路 砾石 简易铺装",
    "unpaved": "unpaved dirt earth ground grass mud sand clay rock soil 土 土路 素土 泥土 未硬化 未铺装",
}
_BY_SURFACE_WORD = {word: name for name, words in _SURFACE_WORDS.items() for word in words.split()}
_FORWARD = frozenset(["yes", "true", "1", "1.0", "y", "f", "ft", "是", "单行", "单向", "正向"])
_BACKWARD = frozenset(["-1", "-1.0", "reverse", "backward", "tf", "反向", "逆向"])

COLUMNS = {
    "class": "class highway fclass road_class roadclass type 等级 道路等级 公路等级 技术等级 行政等级 类别 道路类别 道路类型 类型",
    "surface": "surface 路面 路面类型 铺装",
    "oneway": "oneway one_way 单行 单行道 单向 是否单行",
    "speed": "speed speed_kmh kmh 车速 速度 行车速度",
    "maxspeed": "maxspeed max_speed 限速 最高限速",
    "name": "name 名称 路名 道路名称 路线名称",
}
_COLUMN_OF = {word: name for name, words in COLUMNS.items() for word in words.split()}


def known_columns(columns: Collection[str]) -> dict[str, str]:
    """Which column of a file says what: `COLUMNS` key → the column as the file writes it, the first that fits."""
    found: dict[str, str] = {}
    for column in columns:
        name = _COLUMN_OF.get(comparable(str(column)))
        if name is not None:
            found.setdefault(name, str(column))
    return found


def class_of(value: Any) -> str | None:
    """The class that a word means; None for a word that is not known."""
    return _BY_CLASS_WORD.get(_word(value))


def surface_of(value: Any) -> str:
    """The surface that a word means; "unknown" where it says nothing known."""
    return _BY_SURFACE_WORD.get(_word(value), "unknown")


def oneway_of(value: Any, *, letters: bool = False) -> int:
    """1 along the line, −1 against it, 0 both ways.

    `letters`: the file writes F (along), T (against) and B (both), as Geofabrik's shapefiles do; else T is
    "true" and F "false".
    """
    word = _word(value)
    if word in ("t", "f"):
        return (-1 if word == "t" else 1) if letters else int(word == "t")
    return 1 if word in _FORWARD else -1 if word in _BACKWARD else 0


def kmh_of(value: Any) -> float:
    """A speed in km/h as files write it ("60", "60 km/h", "40 mph"); NaN where there is none."""
    word = _word(value)
    factor = 1.609344 if word.endswith("mph") else 1.0
    for unit in ("km/h", "kmh", "kph", "mph", "公里/小时", "千米/小时"):
        word = word.removesuffix(unit)
    try:
        speed = float(word) * factor
    except ValueError:
        return float("nan")
    return speed if 0 < speed < 1_000 else float("nan")


def _word(value: Any) -> str:
    if value is None or value != value:
        return ""
    return comparable(str(value))
