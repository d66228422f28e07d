"""What the import of a ledger would do, as a page shows it: counts that add up, every row, every change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import streamlit as st

from planner.documents.names import safe_name
from planner.jobs.previews import Fate, Preview, PreviewRow
from planner.model.papers import LEDGERS
from planner.ui import prose_tables
from planner.ui.i18n import _
from planner.ui.prose_tables import ProseRow, Tone
from planner.ui.text import as_options, day, plain

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TO_CHECK = "需核对"
_ALL = "全部"
_ON_A_PAGE = 50
_MOST_REMOVED = 200
_MOST_NOTICES = 30


def show_summary(shown: Preview) -> None:
    """Which file it is, the counts, the notices of the file, and what would give way."""
    name = plain(shown.submission.upload.name)
    kind = _(LEDGERS[shown.submission.kind])
    st.markdown(f"#### {_('核对结果')}")
    st.markdown(f"**{name}** · {plain(kind)} · {_('数据截至日')} {day(shown.day)}")
    _show_counts(shown)
    if shown.notices:
        with st.expander(f"{_('文件提示')} · {len(shown.notices)}", expanded=len(shown.notices) <= 3):
            st.markdown("\n".join(f"- {plain(as_options(text))}" for text in shown.notices[:_MOST_NOTICES]))
    if shown.removed:
        st.markdown(f"##### {_('新名册中没有、将撤下的')} · {len(shown.removed)}")
        told = [ProseRow([[text]]) for text in shown.removed[:_MOST_REMOVED]]
        prose_tables.show(_("将撤下的名册内容"), [_("原有内容")], told)


def show_feedback(shown: Preview, *, written: bool) -> None:
    """The button that gives the file back, with a column of what becomes of each row; made when it is pressed."""
    told = "导入结果" if written else "核对结果"
    st.download_button(
        _("下载回执(原表加处理结果)"),
        lambda: shown.feedback(written=written),
        f"{safe_name(PurePath(shown.submission.upload.name).stem)}-{told}.xlsx",
        mime=_XLSX,
        icon=":material/download:",
        on_click="ignore",
        key="ledger-feedback",
    )


def _show_counts(shown: Preview) -> None:
    counts = {"读取": len(shown.rows), **{str(fate): number for fate, number in shown.counts.items()}}
    places = st.container(key="cards-preview").columns(len(counts))
    for place, (word, number) in zip(places, counts.items(), strict=True):
        place.metric(_(word), f"{number:,}", border=True)
    st.caption(_("读取的行 = 新增 + 变更 + 无变化 + 拒绝 + 跳过(合计行、表尾等);现在还没有写入。"))


def show_rows(shown: Preview) -> None:
    """Every row by what becomes of it, with what is said of it and the fields that it changes."""
    rows = shown.rows
    numbers = {
        _ALL: len(rows),
        **{str(fate): sum(row.fate is fate for row in rows) for fate in Fate},
        _TO_CHECK: sum(row.warns for row in rows),
    }
    options = [word for word, number in numbers.items() if number or word == _ALL]
    chosen = st.pills(
        _("按处理结果筛选"),
        options,
        format_func=lambda word: f"{_(word)} {numbers[word]:,}",
        default=_ALL,
        required=True,
        key="ledger-filter",
    )
    kept = [row for row in rows if chosen in (_ALL, None, row.fate) or (chosen == _TO_CHECK and row.warns)]
    several = len({row.sheet for row in rows}) > 1
    headings = [_(word) for word in ("行", "结果", "人员", "问题", "说明")]
    shown_rows = _page(kept, f"ledger-page-{shown.digest[:8]}-{chosen}")
    prose_tables.show(
        _("各行的处理结果"), headings, [_prose(row, several_sheets=several) for row in shown_rows]
    )


def _page(rows: Sequence[PreviewRow], key: str) -> Sequence[PreviewRow]:
    """The rows of the page that the reader turned to."""
    pages = -(-len(rows) // _ON_A_PAGE)
    if pages <= 1:
        return rows
    number = int(
        st.number_input(
            _("第几页(共 {n} 页,每页 {n1} 行)").format(n=pages, n1=_ON_A_PAGE),
            1,
            pages,
            1,
            key=key,
            width=260,
        )
    )
    return rows[(number - 1) * _ON_A_PAGE : number * _ON_A_PAGE]


def _prose(row: PreviewRow, *, several_sheets: bool) -> ProseRow:
    changes = [f"{_(item.title)}: {item.before or '—'} → {item.after or '—'}" for item in row.changes]
    outcome = f"{_(row.fate)}({_(_TO_CHECK)})" if row.warns else _(row.fate)
    place = [row.sheet, str(row.row)] if several_sheets and row.sheet else [str(row.row)]
    kinds = list(map(_, row.kinds))
    return ProseRow(
        [place, [outcome], [row.who], kinds, [*map(as_options, row.messages), *changes]], _tone(row)
    )


def _tone(row: PreviewRow) -> Tone:
    if row.warns:
        return "warn"
    if row.fate is Fate.REJECTED:
        return "bad"
    return "quiet" if row.fate in (Fate.SAME, Fate.SKIPPED) else ""
