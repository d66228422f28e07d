"""What a page shows of the work network in force on a day: the villages by holder, the gaps."""

from __future__ import annotations

import pandera.pandas as pa

from planner.model.layers import Layer, column
from planner.model.network import GapKind

HELD, VACANT = "有人负责", "空缺"
NETWORK_TOWNSHIPS = Layer(
    "network-townships",
    "各乡镇谁负责",
    {
        "code": column(str, "乡镇代码"),
        "name": column(str, "乡镇"),
        "held": column(str, "县级干部", checks=[pa.Check.isin([HELD, VACANT])]),
        "leader": column(str, "县级领导", nullable=True),
    },
    geometry="polygon",
    description="截至日各乡镇的县级领导;面可缺",
    colour_by="held",
    tones={HELD: "muted", VACANT: "bad"},
)
NETWORK_VILLAGES = Layer(
    "network-villages",
    "各村谁负责",
    {
        "code": column(str, "村(居)代码"),
        "name": column(str, "村(居)"),
        "township_name": column(str, "乡镇"),
        "holder": column(str, "包村干部", nullable=True),
        "department": column(str, "部门", nullable=True),
        "leader": column(str, "县级领导", nullable=True),
        "assistant": column(str, "民政协理员", nullable=True),
    },
    geometry="point",
    description="截至日各村的责任人,按包村干部着色;点为村委会驻地(可缺)",
    colour_by="holder",
    tones={None: "bad"},
)
NETWORK_GAPS = Layer(
    "network-gaps",
    "网络缺口",
    {
        "code": column(str, "区域代码"),
        "name": column(str, "区域"),
        "kind": column(str, "缺什么", checks=[pa.Check.isin([str(kind) for kind in GapKind])]),
        "cadres": column(str, "有关人员", nullable=True),
        "why": column(str, "原因", nullable=True),
    },
    key=(),
    description="空缺、没有民政协理员的村、两名主责、日期重叠、级别不符、外乡镇干部包组",
)
