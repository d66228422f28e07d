"""A visitor's day that can be checked by eye: stops a hundredth of a degree apart, north-east of the office."""

import itertools
from datetime import UTC, date, datetime

from planner.documents import Mark, Stamp
from planner.model.route_sheets import LeftOut, RouteSheet, SheetStop, VisitForm

DAY = date(2021, 1, 5)
OFFICE = (106.2, 38.4)
FILE = "1f0c9a3b-7e12-4b61-8f1a-1234567890ab"
LONG = "阿卜杜拉·买买提·热合曼江·古丽仙尔汗"
MARKUP = "*粗* #strong[x] $1$ <b>&amp;</b> @x"
STAMP = Stamp(
    title="困境儿童走访路线单",
    plugin="",
    run="20210101-00000001",
    serial="DC20210101-1f0c9a3b7e",
    as_of=date(2020, 12, 31),
    demo=True,
    mark=Mark("王某(wang)", datetime(2021, 1, 4, 8, 0, tzinfo=UTC), "走访"),
)


def stop(order, **changes):
    """The stop of that order: 7 minutes and 5 km from the one before."""
    values = {
        "order": order,
        "arrives": f"{8 + order // 6:02d}:{10 * (order % 6):02d}",
        "leg_min": 7.0,
        "way_min": 7.0 * order,
        "leg_km": 5.0,
        "way_km": 5.0 * order,
        "village": "马家湾村",
        "group": "3组",
        "household": "1f0c9a3b",
        "children": ("马小雨",),
        "grade": "中",
        "due": date(2021, 1, 8),
        "phones": ("13895001234",),
        "notes": ("2人同去",),
        "point": (round(OFFICE[0] + 0.01 * order, 5), round(OFFICE[1] + 0.01 * (order % 4), 5)),
    }
    return SheetStop(**{**values, **changes})


def hidden(order):
    """A discreet stop into which everything got that must not be printed."""
    return stop(order, discreet=True, children=("马隐名",), village="隐村", phones=("13895007777",))


def sheet(*stops, **changes):
    """A day with these stops, the way in straight legs."""
    places = [OFFICE, *(item.point for item in stops if item.point and not item.discreet), OFFICE]
    values = {
        "visitor": "王协理",
        "day": DAY,
        "start": "大水坑镇新建村",
        "mode": "摩托车",
        "departs": "08:00",
        "returns": "17:20",
        "households": len(stops),
        "children": len(stops),
        "travel_min": 96.0,
        "total_min": 380.0,
        "km": 88.25,
        "stops": stops,
        "start_point": OFFICE,
        "ways": tuple(itertools.pairwise(places)) if stops else (),
        "left_out": (LeftOut("新庄村", "0a1b2c3d", date(2021, 1, 6), "到期前各工作日已排满", "多排一天"),),
    }
    return RouteSheet(**{**values, **changes})


def form(**changes):
    """The record form of a planned visit."""
    values = {
        "file": FILE,
        "visitor": "王协理",
        "day": DAY,
        "kind": "定期走访",
        "county": "同心县",
        "township": "河西镇",
        "village": "马家湾村村民委员会",
        "group": "3组",
        "name": "马小雨",
        "sex": "女",
        "birth": "2010-03-05",
        "categories": "监护困境",
        "grade": "高",
        "guardian": "马大山",
        "relation": "祖父",
        "phones": ("13895001234",),
    }
    return VisitForm(**{**values, **changes})
