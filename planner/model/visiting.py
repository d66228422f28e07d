"""The layers of the month's visits: who is due, who visits, and what `visit-routes` makes of them.

No row has a name, number or telephone of a child: files are told by their number, and names are joined by whoever
prints. A household is told by the lowest file number of its children.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd
import pandera.pandas as pa

from planner.model.layers import Chart, Layer, column, rows_of
from planner.model.visits import VisitKind
from planner.model.words import Grade


class Placed(StrEnum):
    """定位 of a household: its own point, its village's for want of one, or none."""

    HOME = "住址"
    VILLAGE = "按村驻地"
    NONE = "无定位"


class TravelMode(StrEnum):
    """How a visitor travels."""

    CAR = "汽车"
    MOTORBIKE = "摩托车"
    FOOT = "步行"


class NotPlanned(StrEnum):
    """Why a due visit is in no route."""

    ENTRUSTED = "住在县外,委托走访"
    UNLOCATED = "没有定位"
    NOBODY = "没有人负责"
    NO_ROAD = "无路可达"
    NO_DAY = "到下次应访前没有工作日"
    LIMIT = "单独一趟也超过每日时限"
    WINDOW = "单独一趟也赶不上时间窗"
    FULL = "到期前各工作日已排满"


class Change(StrEnum):
    """What became of a visit of the plan handed out before."""

    DAY = "改日期"
    VISITOR = "换走访人"
    ADDED = "新增"
    DROPPED = "取消"


@dataclass(frozen=True)
class Visitor:
    """Who visits, from where (EPSG:4544), and how; `villages` are those they answer for."""

    id: str
    name: str
    township: str
    villages: frozenset[str]
    mode: TravelMode
    office: tuple[float, float] | None


def visitors_of(frame: pd.DataFrame, *, mode: TravelMode, absent: str | None) -> list[Visitor]:
    """The visitors of rows of VISITORS, by number, without the `absent` (numbers or names, 顿号 between them).

    `mode` is that of those of whom none is told.
    """
    away = set((absent or "").replace(",", "、").replace(" ", "").split("、"))
    return [
        Visitor(
            id=row.id,
            name=row.name,
            township=row.township,
            villages=frozenset(row.villages.split("、")) if isinstance(row.villages, str) else frozenset(),
            mode=TravelMode(row.mode) if isinstance(row.mode, str) else mode,
            office=None if row.geometry is None else (row.geometry.x, row.geometry.y),
        )
        for row in rows_of(frame.sort_values("id"))
        if not {row.id, row.name} & away
    ]


_at_least_zero = pa.Check.ge(0)
_kinds = pa.Check.isin([str(kind) for kind in VisitKind])
_grades = pa.Check.isin([str(grade) for grade in Grade])


def _file() -> pa.Column:
    return column(str, "档案编号", personal=True)


def _visitor(title: str = "走访人编号", *, nullable: bool = False) -> pa.Column:
    return column(str, title, nullable=nullable)


DUE_VISITS = Layer(
    "due-visits",
    "应访儿童",
    {
        "file": _file(),
        "kind": column(str, "走访类别", checks=[_kinds]),
        "household": column(str, "户编号", personal=True),
        "township": column(str, "乡镇代码"),
        "village": column(str, "村(居)代码", nullable=True),
        "grade": column(str, "风险等级", checks=[_grades], personal=True),
        "due": column("datetime64[s]", "应访日", personal=True),
        "every_days": column(int, "间隔", unit="天", checks=[pa.Check.ge(1)]),
        "overdue_days": column(int, "逾期", unit="天", checks=[_at_least_zero]),
        "attempts": column(int, "未见到次数", unit="次", checks=[_at_least_zero]),
        "retry_by": column("datetime64[s]", "补访期限", nullable=True),
        "last_seen": column("datetime64[s]", "上次见到", nullable=True, personal=True),
        "at_school": column(bool, "在读"),
        "discreet": column(bool, "另行通知", personal=True),
        "visitor": _visitor("上次走访人", nullable=True),
        "placed": column(str, "定位", checks=[pa.Check.isin([str(item) for item in Placed])]),
        "origin": column(str, "数据来源"),
    },
    key=("file", "kind"),
    geometry="point",
    description="每名儿童每类走访一行:下一次应访日、间隔、逾期、未见到次数;点为住址,没有时为村委会驻地",
)
VISITORS = Layer(
    "visitors",
    "走访人",
    {
        "id": _visitor(),
        "name": column(str, "姓名"),
        "township": column(str, "乡镇代码"),
        "villages": column(str, "负责的村(顿号分隔)", nullable=True),
        "mode": column(
            str, "出行方式", nullable=True, checks=[pa.Check.isin([str(item) for item in TravelMode])]
        ),
        "origin": column(str, "数据来源"),
    },
    key=("id",),
    geometry="point",
    description="民政协理员,按乡镇;没有协理员的乡镇为乡镇民政办一人。点为出发和返回的村委会或乡镇",
)

VISIT_STOPS = Layer(
    "visit-stops",
    "走访停靠点",
    {
        "day": column("datetime64[s]", "日期"),
        "visitor": _visitor(),
        "order": column(int, "序"),
        "name": column(str, "走访人"),
        "township": column(str, "乡镇代码"),
        "village": column(str, "村(居)代码", nullable=True),
        "household": column(str, "户编号", personal=True),
        "kind": column(str, "走访类别", checks=[_kinds]),
        "grade": column(str, "最高风险等级", checks=[_grades], personal=True),
        "files": column(str, "档案编号(顿号分隔)", personal=True),
        "children": column(int, "儿童", unit="人"),
        "due": column("datetime64[s]", "最早应访日", nullable=True, personal=True),
        "arrives": column(str, "到达"),
        "begins": column(str, "开始"),
        "leaves": column(str, "离开"),
        "leg_min": column(float, "本段", unit="分钟", checks=[_at_least_zero]),
        "leg_km": column(float, "本段里程", unit="公里", nullable=True, checks=[_at_least_zero]),
        "way_min": column(float, "累计路程", unit="分钟", checks=[_at_least_zero]),
        "service_min": column(float, "走访用时", unit="分钟", checks=[_at_least_zero]),
        "persons": column(int, "走访人数", unit="人"),
        "discreet": column(bool, "另行通知", personal=True),
        "placed": column(str, "定位"),
        "origin": column(str, "数据来源"),
    },
    key=("day", "visitor", "order"),
    geometry="point",
    description="每人每天的走访次序和时刻;一户一个停靠点。保护个案标“另行通知”,纸面上不写详情",
    colour_by="grade",
    tones={str(Grade.HIGH): "bad", str(Grade.MIDDLE): "warn", str(Grade.LOW): "good"},
)
VISIT_LEGS = Layer(
    "visit-legs",
    "走访路段",
    {
        "day": column("datetime64[s]", "日期"),
        "visitor": _visitor(),
        "order": column(int, "序", personal=True),  # its line ends at a home
        "name": column(str, "走访人"),
        "minutes": column(float, "路程", unit="分钟", checks=[_at_least_zero]),
        "km": column(float, "里程", unit="公里", nullable=True, checks=[_at_least_zero]),
    },
    key=("day", "visitor", "order"),
    geometry="line",
    description="从出发点到各停靠点、再返回的路段,末段为返回",
)
VISIT_DAYS = Layer(
    "visit-days",
    "走访日程",
    {
        "day": column("datetime64[s]", "日期"),
        "visitor": _visitor(),
        "name": column(str, "走访人"),
        "township": column(str, "乡镇代码"),
        "households": column(int, "户数", unit="户"),
        "children": column(int, "儿童", unit="人"),
        "service_min": column(float, "走访用时", unit="分钟"),
        "travel_min": column(float, "路程", unit="分钟"),
        "total_min": column(float, "合计用时", unit="分钟"),
        "km": column(float, "里程", unit="公里", nullable=True),
        "departs": column(str, "出发"),
        "lunch": column(str, "午休", nullable=True),
        "returns": column(str, "返回"),
        "mode": column(str, "出行方式"),
    },
    key=("day", "visitor"),
    description="每人每天一行:户数、人数、用时、里程、出发和返回时刻;合计不含午休和等候",
)
VISIT_PLANNED = Layer(
    "visit-planned",
    "已排走访",
    {
        "file": _file(),
        "kind": column(str, "走访类别", checks=[_kinds]),
        "due": column("datetime64[s]", "应访日"),
        "household": column(str, "户编号", personal=True),
        "township": column(str, "乡镇代码"),
        "grade": column(str, "风险等级", checks=[_grades], personal=True),
        "overdue_days": column(int, "逾期", unit="天"),
        "day": column("datetime64[s]", "走访日"),
        "visitor": _visitor(),
        "order": column(int, "序"),
    },
    key=("file", "kind", "due"),
    description="每次应访排在哪天、由谁、第几站",
)
VISIT_UNPLANNED = Layer(
    "visit-unplanned",
    "未排入的走访",
    {
        "file": _file(),
        "kind": column(str, "走访类别", checks=[_kinds]),
        "due": column("datetime64[s]", "应访日"),
        "household": column(str, "户编号", personal=True),
        "township": column(str, "乡镇代码"),
        "village": column(str, "村(居)代码", nullable=True),
        "grade": column(str, "风险等级", checks=[_grades], personal=True),
        "overdue_days": column(int, "逾期", unit="天"),
        "reason": column(str, "原因", checks=[pa.Check.isin([str(item) for item in NotPlanned])]),
        "fix": column(str, "最省的办法"),
        "more_min": column(float, "需延长", unit="分钟", nullable=True),
        "on": column("datetime64[s]", "可改到", nullable=True),
        "discreet": column(bool, "另行通知", personal=True),
    },
    key=("file", "kind", "due"),
    description="没有排入路线的应访,逐次列出原因和试算出的最省办法;委托走访也列在这里",
)
VISIT_TOWNSHIPS = Layer(
    "visit-townships",
    "各乡镇完成与逾期",
    {
        "code": column(str, "乡镇代码"),
        "name": column(str, "乡镇"),
        "visitors": column(int, "走访人", unit="人"),
        "children": column(int, "应访儿童", unit="人", count=True),
        "due": column(int, "应访", unit="次"),
        "planned": column(int, "已排", unit="次"),
        "unplanned": column(int, "未排", unit="次"),
        "entrusted": column(int, "委托", unit="次"),
        "overdue": column(int, "已逾期儿童", unit="人", count=True),
        "most_overdue_days": column(int, "最长逾期", unit="天"),
        "minutes": column(float, "合计用时", unit="分钟"),
    },
    description="每乡镇应访、已排、未排、委托的次数,截至日已逾期的儿童",
)
VISIT_CHANGES = Layer(
    "visit-changes",
    "与上次路线的变化",
    {
        "household": column(str, "户编号", personal=True),
        "kind": column(str, "走访类别", checks=[_kinds]),
        "change": column(str, "变化", checks=[pa.Check.isin([str(item) for item in Change])]),
        "day_before": column("datetime64[s]", "原日期", nullable=True),
        "visitor_before": _visitor("原走访人", nullable=True),
        "day_after": column("datetime64[s]", "现日期", nullable=True),
        "visitor_after": _visitor("现走访人", nullable=True),
    },
    key=(),
    description="沿用上次路线时,改动的走访",
)

VISIT_LIST = Layer(
    "visit-list",
    "应访清单",
    {
        "file": column(str, "档案编号", nullable=True, personal=True),
        "kind": column(str, "走访类别", checks=[_kinds]),
        "grade": column(str, "风险等级", nullable=True, checks=[_grades], personal=True),
        "due": column("datetime64[s]", "应访日", nullable=True, personal=True),
        "overdue_days": column(int, "逾期", unit="天"),
        "township": column(str, "乡镇"),
        "village": column(str, "村(居)", nullable=True),
        "day": column("datetime64[s]", "排在", nullable=True),
        "visitor": column(str, "走访人", nullable=True),
        "reason": column(
            str, "没有排的原因", nullable=True, checks=[pa.Check.isin([str(item) for item in NotPlanned])]
        ),
        "fix": column(str, "最省的办法", nullable=True),
    },
    key=(),
    description="期内每次应访一行:排在哪天由谁,或没有排的原因。保护个案只写“另行通知”",
)
VISIT_PROGRESS = Layer(
    "visit-progress",
    "各乡镇走访完成情况",
    {
        "code": column(str, "乡镇代码"),
        "name": column(str, "乡镇"),
        "due": column(int, "应访", unit="次"),
        "planned": column(int, "已排", unit="次"),
        "done": column(int, "已访", unit="次"),
        "done_share": column(float, "完成率", unit="%", nullable=True),
        "overdue": column(int, "现已逾期儿童", unit="人", count=True),
        "first_missed": column(int, "首访超期儿童", unit="人", count=True),
    },
    description="定期走访和委托走访:期内应访、已排和见到儿童的次数,截至当天逾期和进册后没有按期首访的儿童",
    chart=Chart("name", "done_share", mark="bar"),
)

# One visitor's day, as a page draws it.
DAY_STOPS = Layer(
    "day-stops",
    "当天停靠点",
    {
        "order": column(int, "序"),
        "name": column(str, "停靠点", personal=True),
        "arrives": column(str, "到达"),
        "begins": column(str, "开始"),
        "leaves": column(str, "离开"),
        "kind": column(str, "走访类别", checks=[_kinds]),
        "grade": column(str, "最高风险等级", nullable=True, checks=[_grades], personal=True),
        "children": column(int, "儿童", unit="人"),
        "persons": column(int, "走访人数", unit="人"),
        "due": column("datetime64[s]", "最早应访日", nullable=True, personal=True),
        "leg_min": column(float, "本段", unit="分钟"),
        "leg_km": column(float, "本段里程", unit="公里", nullable=True),
    },
    key=("order",),
    geometry="point",
    description="一人一天的停靠点,按次序编号;保护个案只有次序和时刻",
    colour_by="grade",
    tones={str(Grade.HIGH): "bad", str(Grade.MIDDLE): "warn", str(Grade.LOW): "good"},
    marked_by="order",
)
DAY_LEGS = Layer(
    "day-legs",
    "当天路段",
    {
        "order": column(int, "序", personal=True),
        "name": column(str, "路段"),
        "minutes": column(float, "路程", unit="分钟"),
        "km": column(float, "里程", unit="公里", nullable=True),
    },
    key=("order",),
    geometry="line",
    description="一人一天的路段,末段为返回;到保护个案的路段不画",
)
DAY_BASE = Layer(
    "day-base",
    "出发和返回点",
    {
        "code": column(str, "走访人编号"),
        "name": column(str, "走访人"),
        "departs": column(str, "出发"),
        "returns": column(str, "返回"),
    },
    geometry="point",
    description="走访人出发和返回的村委会或乡镇",
)
