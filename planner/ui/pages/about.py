"""Where the geography comes from, what the figures mean, and what this map may be used for."""

from __future__ import annotations

import streamlit as st

import geodata
from planner.ui import frame
from planner.ui.i18n import _

_MEASURES = (
    "法定覆盖:一个县(市、区)在截至日有至少一家状态为“运营”、辖区包含本县的同类机构,即为覆盖(四(二))。",
    "可达:儿童所在村到最近运营机构的分钟数不超过时限(恰好等于也算)。这是规划参考,不是法定指标,两者不合成一个数。",
    "没有导入道路时,分钟数按直线米数 × 1.4、时速 40 公里估算,处处标明“估算”。",
    "不能给出的数显示“—”并写明原因;不可达的儿童单独计数,不进入平均。",
)


def show() -> None:
    """Draw the page."""
    frame.heading(_("说明与来源"), _("依据宁政发〔2017〕86号"))
    st.markdown(f"#### {_('两种口径')}")
    for line in _MEASURES:
        st.markdown(f"- {_(line)}")
    st.markdown(f"#### {_('地理数据来源')}")
    for item in geodata.catalog().values():
        if isinstance(item, dict):
            st.text(f"{item['title']}({item['date']})")
            st.caption(f"{_('来源')}:{item['source']}")
            st.caption(f"{_('许可')}:{item['licence']}")
    for credit in geodata.credits():
        st.caption(credit)
