"""What frames every page: the style sheet, the head, the demo banner, errors told in plain words."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import streamlit as st

from planner.errors import PlannerError, fault_code
from planner.maps import escape_html
from planner.ui import session
from planner.ui.i18n import COOKIE, LANGUAGES, _, language
from planner.ui.text import as_options, plain

_LOG = logging.getLogger(__name__)
_STYLE = Path(__file__).parent / "static" / "planner.css"
_SWITCHED = "language-switched"
_ICON = Path(__file__).parent / "static" / "icon.svg"


def begin() -> None:
    """The settings, the style and the language of the page; call it once, first."""
    st.set_page_config(page_title=_("困境儿童保障一张图"), page_icon=str(_ICON), layout="wide")
    st.html(_STYLE)
    # Streamlit has no text above the list of pages, and only English on the button for files.
    title, choose = (json.dumps(_(text), ensure_ascii=False) for text in ("困境儿童保障一张图", "选择文件"))
    st.html(
        f'<style>[data-testid="stSidebarHeader"]::before {{ content: {title}; }}'
        f'[data-testid="stFileUploaderDropzone"] button:has(p)::after {{ content: {choose}; }}</style>'
    )
    lang = "zh-CN" if language() == "zh" else "en"
    script = f"document.documentElement.lang = '{lang}'"
    if st.session_state.pop(_SWITCHED, False):
        # Loaded anew: a list to choose from keeps the words that it was first drawn with.
        script += f";document.cookie = '{COOKIE}={language()}; path=/; max-age=31536000; samesite=strict';"
        script += "location.reload();"
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def sidebar() -> None:
    """The language switch and what kind of map this is."""
    with st.sidebar:
        st.segmented_control(
            "语言 / Language",
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            default=None if "language" in st.session_state else language(),
            required=True,
            key="language",
            on_change=st.session_state.__setitem__,
            args=(_SWITCHED, True),
        )
        st.caption(_("内部工作用图 不得公开"))


def heading(title: str, summary: str = "") -> None:
    """The title of a page, its one-line summary, and the demo banner where rows are generated."""
    demo = (
        f'<div class="planner-demo" role="note">{escape_html(_demo_text())}</div>'
        if session.is_demo()
        else ""
    )
    st.html(
        f'{demo}<div class="planner-head"><h1>{escape_html(title)}</h1><p>{escape_html(summary)}</p></div>'
    )


def _demo_text() -> str:
    return _("示例数据:村点位、乡镇界、机构和儿童人数均为生成,不是真实情况")


def map_credits(*sources: str) -> list[str]:
    """What stands in the corner of every map: that it is internal, whether rows are generated, and the sources."""
    return [
        _("内部工作用图 不得公开"),
        *([_("示例数据")] if session.is_demo() else []),
        *sources,
    ]


def tell(error: PlannerError) -> None:
    """Show an error with every problem it names."""
    told = error.message + (f"。{error.fix}" if error.fix else "")
    st.error(plain(as_options(told)), icon=":material/error:")
    if error.problems:
        st.dataframe(
            [
                {_("位置"): item.where, _("问题"): item.message, _("处理办法"): as_options(item.fix)}
                for item in error.problems
            ],
            hide_index=True,
            alt=_("问题清单"),
        )


def script_failed(error: Exception) -> bool:
    """Tell the reader of a failure of ours by its code; the rest goes to the log of the server alone."""
    _LOG.error("page failed, code %s", fault_code(error), exc_info=error)
    st.error(
        _("页面出错,错误编号 {code}。请刷新重试;若再出现,把编号告诉维护人员").format(code=fault_code(error)),
        icon=":material/error:",
    )
    return True
