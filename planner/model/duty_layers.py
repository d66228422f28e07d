"""What plugins read of the rosters: cadres without their phones, present duties, 协理员, and children by grade."""

from __future__ import annotations

import pandera.pandas as pa

from planner.model.layers import Layer, column
from planner.model.rosters import CadreLevel
from planner.model.words import Grade

_level = pa.Check.isin([str(level) for level in CadreLevel])

CADRES = Layer(
    "cadres",
    "干部名册",
    {
        "id": column(str, "干部编号"),
        "name": column(str, "姓名"),
        "level": column(str, "级别", checks=[_level]),
        "county": column(str, "县代码"),
        "department": column(str, "部门", nullable=True),
        "township": column(str, "所在乡镇代码", nullable=True),
        "home_village": column(str, "老家所在村代码", nullable=True),
        "since": column("datetime64[s]", "任职起", nullable=True),
        "until": column("datetime64[s]", "任职止", nullable=True),
    },
    key=("id",),
    geometry="point",
    description="可以包联的干部和包联台账上的干部,点为办公地点(可缺);没有电话",
)
DUTIES = Layer(
    "duties",
    "包联关系",
    {
        "cadre": column(str, "干部编号"),
        "name": column(str, "姓名"),
        "level": column(str, "级别", checks=[_level]),
        "area": column(str, "包联区域"),
        "group": column(str, "组", nullable=True),
        "primary": column(bool, "主责"),
        "since": column("datetime64[s]", "起始日期", nullable=True),
        "until": column("datetime64[s]", "截止日期", nullable=True),
    },
    key=(),
    description="截至日登记的包联关系;区域为乡镇、村、组的代码,没有序号的组为村代码、冒号和组名",
)
ASSISTANTS = Layer(
    "assistants",
    "民政协理员",
    {
        "village": column(str, "村(居)代码"),
        "name": column(str, "姓名"),
    },
    key=(),
    description="截至日在任的民政协理员(儿童主任)",
)
GRADED = Layer(
    "graded-children",
    "分级儿童人数",
    {
        "area": column(str, "村或组"),
        "village": column(str, "村(居)代码"),
        "grade": column(str, "风险等级", checks=[pa.Check.isin([str(grade) for grade in Grade])]),
        "children": column(int, "儿童", unit="人", count=True, checks=[pa.Check.ge(0)]),
    },
    key=("area", "grade"),
    description="每组(不知道组的,每村)按风险等级的儿童人数;没有档案的村按需求表估计等级",
)
DUTY_INPUTS = (CADRES, DUTIES, ASSISTANTS, GRADED)
