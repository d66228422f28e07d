"""What the import of a ledger would do, as a page shows it: counts that add up, every row, every change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import pandas as pd
import streamlit as st

from planner.documents.names import safe_name
from planner.jobs import Fate, Preview, PreviewRow
from planner.model.papers import LEDGERS
from planner.ui.i18n import _
from planner.ui.text import as_options, day, plain

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TO_CHECK = "需核对"
_ALL = "全部"
_HEAD_PX, _ROW_PX, _MOST_HEIGHT_PX = 38, 35, 420
_MOST_NOTICES = 30


def show(shown: Preview) -> None:
    """The counts, the notices of the file, the rows by what becomes of them, and what would change."""
    name = plain(shown.submission.upload.name)
    kind = _(LEDGERS[shown.submission.kind])
    st.markdown(f"#### {_('核对结果')}")
    st.markdown(f"**{name}** · {plain(kind)} · {_('数据截至日')} {day(shown.day)}")
    _show_counts(shown)
    if shown.notices:
        with st.expander(f"{_('文件提示')} · {len(shown.notices)}", expanded=len(shown.notices) <= 3):
            st.markdown("\n".join(f"- {plain(as_options(text))}" for text in shown.notices[:_MOST_NOTICES]))
    _show_rows(shown)
    _show_changes(shown.rows)
    if shown.removed:
        st.markdown(f"##### {_('新名册中没有、将撤下的')} · {len(shown.removed)}")
        st.dataframe({_("原有内容"): list(shown.removed)}, hide_index=True, alt=_("将撤下的名册内容"))


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


def _show_rows(shown: Preview) -> None:
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
    table = pd.DataFrame(
        {
            _("工作表"): [row.sheet for row in kept],
            _("行"): [row.row for row in kept],
            _("结果"): [_outcome(row) for row in kept],
            _("人员"): [row.who for row in kept],
            _("问题"): ["、".join(map(_, row.kinds)) for row in kept],
            _("说明"): [" ".join(_told(row)) for row in kept],
        }
    )
    if len({row.sheet for row in rows}) == 1:
        table = table.drop(columns=_("工作表"))
    event = st.dataframe(
        table,
        hide_index=True,
        height=min(_MOST_HEIGHT_PX, _HEAD_PX + _ROW_PX * max(1, len(kept))),
        column_config={
            _("行"): st.column_config.NumberColumn(width=56, format="%d"),
            _("结果"): st.column_config.TextColumn(width=96),
            _("人员"): st.column_config.TextColumn(width=84),
            _("问题"): st.column_config.TextColumn(width=190),
            _("说明"): st.column_config.TextColumn(width="large"),
        },
        on_select="rerun",
        selection_mode="single-row",
        key=f"ledger-rows-{shown.digest[:8]}-{chosen}",  # a choice is one of these very rows
        alt=_("各行的处理结果"),
    )
    st.caption(_("选中一行,在这里看它的全部说明。"))
    for number in event["selection"]["rows"]:
        if number < len(kept):
            _show_row(kept[number])


def _show_row(row: PreviewRow) -> None:
    with st.container(border=True, key="ledger-row-chosen"):
        place = f"{row.sheet} · {_('行')} {row.row}" if row.sheet else f"{_('行')} {row.row}"
        st.markdown(f"**{plain(place)}** · {_outcome(row)} · {plain(row.who)}")
        changes = [f"{_(item.title)}: {item.before or '—'} → {item.after or '—'}" for item in row.changes]
        told = [*map(as_options, row.messages), *changes] or [_("没有问题。")]
        st.markdown("\n".join(f"- {plain(text)}" for text in told))


def _told(row: PreviewRow) -> list[str]:
    """All that is said of a row, with the fields that it changes."""
    fields = _("、").join(_(change.title) for change in row.changes)
    return [*([fields] if fields else []), *map(as_options, row.messages)]


def _outcome(row: PreviewRow) -> str:
    return f"{_(row.fate)}({_(_TO_CHECK)})" if row.warns else _(row.fate)


def _show_changes(rows: Sequence[PreviewRow]) -> None:
    changes = [(row, change) for row in rows for change in row.changes]
    if not changes:
        return
    st.markdown(f"##### {_('将变更的内容')}")
    table = {
        _("行"): [row.row for row, _change in changes],
        _("人员"): [row.who for row, _change in changes],
        _("字段"): [_(change.title) for _row, change in changes],
        _("原来"): [change.before or "—" for _row, change in changes],
        _("变为"): [change.after or "—" for _row, change in changes],
    }
    st.dataframe(
        table,
        hide_index=True,
        height=min(_MOST_HEIGHT_PX, _HEAD_PX + _ROW_PX * len(changes)),
        column_config={_("行"): st.column_config.NumberColumn(width=56, format="%d")},
        alt=_("将变更的内容"),
    )
