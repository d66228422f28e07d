"""The import of ledgers of persons in three steps: hand in, look at what would change, confirm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from planner.errors import ConflictError, PlannerError
from planner.jobs.plans import LedgerReport
from planner.jobs.previews import Preview, Submission, confirm, preview
from planner.ledger import Upload, sheet_names
from planner.model.days import FIRST_DAY, LAST_DAY
from planner.model.divisions import Level, at_level
from planner.model.papers import LEDGERS
from planner.plugin import Progress
from planner.store.roles import Act
from planner.ui import frame, ledger_preview, session
from planner.ui.i18n import _
from planner.ui.place_import import CRS
from planner.ui.text import plain

Report = Callable[[Progress], None]
_DRAFT, _SHEETS = "ledger-draft", "ledger-sheets"
# What is no workbook of today is offered, too: the reader says what to do with it.
_TYPES = ["xlsx", "csv", "xls", "xlsm"]


@dataclass
class _Draft:
    """A submission that was looked at: on the way to be confirmed, or imported.

    Changed in place: between the commit and the mark that it is done nothing may call Streamlit, which could
    end the script there.
    """

    shown: Preview
    told: PlannerError | None = None
    confirming: bool = False
    done: LedgerReport[Any] | None = None


def show() -> None:
    """The form, and below it where the submission stands."""
    person = session.workspace().person
    if not person.may(Act.EDIT_FILES):
        st.info(
            _("您的角色是{role},不能导入台账和名册;请由县民政或乡镇经办办理。").format(role=_(person.role)),
            icon=":material/lock:",
        )
        return
    submission = _form()
    if submission is not None:
        _look_at(submission)
    draft: _Draft | None = st.session_state.get(_DRAFT)
    if draft is None:
        return
    if draft.confirming:
        _import(draft)
        st.rerun()
    if draft.told is not None:
        frame.tell(draft.told)
    if draft.done is not None:
        _show_done(draft, draft.done)
        return
    with st.container(key="ledger-preview"):
        ledger_preview.show_summary(draft.shown)
        _buttons(draft)
        ledger_preview.show_rows(draft.shown)


def _form() -> Submission | None:
    """What the reader hands in, when they have just sent it."""
    with st.container(border=True):
        left, middle, right = st.columns(3)
        kind = left.selectbox(
            _("台账种类"), list(LEDGERS), format_func=lambda name: _(LEDGERS[name]), key="ledger-kind"
        )
        as_of = _which_day(middle)
        crs = None
        if kind == "ledger":
            crs = right.selectbox(
                _("坐标系"), list(CRS), format_func=lambda name: _(CRS[name]), key="ledger-crs"
            )
        sent_file = st.file_uploader(_("台账文件(xlsx、CSV,20 MB 以内)"), type=_TYPES, key="ledger-file")
        sheet, county = _which_sheet(sent_file), _which_county(kind)
        sent = st.button(
            _("核对"),
            type="primary",
            icon=":material/fact_check:",
            disabled=sent_file is None,  # the file is on its way after it was chosen
            key="ledger-check",
        )
        st.caption(_("选好文件先核对,不写入;看过结果再确认导入。文件只在内存里,不留在服务器上。"))
    if not sent or sent_file is None:
        return None
    upload = Upload.received(sent_file.name, sent_file.getvalue())
    return Submission(kind, upload, as_of, sheet, county, crs)


def _which_day(place: DeltaGenerator) -> date | None:
    """The day that the file speaks of where the reader names one."""
    named = place.selectbox(
        _("数据截至日"),
        [False, True],
        format_func=lambda named: _("另外指定") if named else _("按文件的填报日期"),
        help=_("文件没有写填报日期的,用今天。"),
        key="ledger-day-named",
    )
    if not named:
        return None
    day = place.date_input(
        _("指定的日期"),
        "today",
        format="YYYY-MM-DD",
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        key="ledger-day",
    )
    return day if isinstance(day, date) else None


def _which_sheet(sent_file: UploadedFile | None) -> str | None:
    """The only sheet to read, asked for where the file has several."""
    if sent_file is None:
        return None
    read_id, names = st.session_state.get(_SHEETS, (None, ()))
    if read_id != sent_file.file_id:
        try:
            names = sheet_names(sent_file.getvalue(), sent_file.name)
        except PlannerError:  # told when the file is looked at
            names = ()
        st.session_state[_SHEETS] = (sent_file.file_id, names)
    if len(names) < 2:
        return None
    return st.selectbox(
        _("工作表"),
        [None, *names],
        format_func=lambda name: name or _("自动:各乡镇的工作表,或唯一合适的一个"),
        placeholder=_("自动:各乡镇的工作表,或唯一合适的一个"),
        key="ledger-sheet",
    )


def _which_county(kind: str) -> str | None:
    """The county that the file is of, asked for where there are several."""
    tree = session.tree(session.newest_day())
    counties = at_level(tree, Level.COUNTY)
    if len(counties) < 2 or kind == "incomes":
        return None
    return st.selectbox(
        _("县"),
        [None, *counties],
        format_func=lambda code: tree.nodes[code]["name"] if code else _("自动:由文件认出"),
        placeholder=_("自动:由文件认出"),
        key="ledger-county",
    )


def _look_at(submission: Submission) -> None:
    """Keep the preview of a submission; where there can be none say why."""
    st.session_state.pop(_DRAFT, None)
    try:
        shown = _with_progress(
            _("正在核对"), lambda report: preview(session.workspace(), submission, report=report)
        )
    except PlannerError as error:
        frame.tell(error)
        st.info(_("没有写入任何内容。改好后再核对。"))
        return
    st.session_state.pop("ledger-filter", None)
    st.session_state[_DRAFT] = _Draft(shown)


def _import(draft: _Draft) -> None:
    """Import what was shown; where it would do something else by now, look at it again and say so."""

    def done(report: Report) -> None:
        draft.done = confirm(session.workspace(), draft.shown, report=report)

    def again(report: Report) -> None:
        draft.shown = preview(session.workspace(), draft.shown.submission, report=report)

    draft.told = None
    try:
        try:
            _with_progress(_("正在导入"), done)
        except ConflictError as error:
            draft.told = error
            _with_progress(_("重新核对"), again)
    except PlannerError as error:
        draft.told = error
    finally:
        draft.confirming = False


def _with_progress(title: str, work: Callable[[Report], Any]) -> Any:
    """Do some work under a line that says how far it is, and take the line away."""
    place = st.empty()

    def told(progress: Progress) -> None:
        bar.progress(progress.share or 0.0, text=f"{title} · {_(progress.doing)} …")

    try:
        with place.container():
            bar = st.progress(0.0, text=f"{title} …")
            return work(told)
    finally:
        place.empty()


def _buttons(draft: _Draft) -> None:
    if not draft.shown.writes:
        st.info(_("没有要写入的内容:文件里的行已在系统中,或都没有通过核对。"), icon=":material/info:")
    with st.container(horizontal=True):
        if draft.shown.writes:
            st.button(
                _("确认导入"),
                type="primary",
                icon=":material/check:",
                key="ledger-confirm",
                on_click=_begin,
                args=(draft,),
            )
        ledger_preview.show_feedback(draft.shown, written=False)
        st.button(_("放弃"), icon=":material/close:", key="ledger-drop", on_click=_drop)


def _begin(draft: _Draft) -> None:
    draft.confirming = draft.done is None


def _drop() -> None:
    st.session_state.pop(_DRAFT, None)


def _show_done(draft: _Draft, done: LedgerReport[Any]) -> None:
    counts = _(
        "已导入:新增 {added},变更 {changed},撤下 {removed},拒绝 {rejected},无变化 {same},跳过 {skipped}"
    ).format(
        added=done.added,
        changed=done.changed,
        removed=done.removed,
        rejected=done.checked.rejected,
        same=done.checked.unchanged,
        skipped=done.checked.skipped - done.checked.unchanged,
    )
    st.success(f"**{plain(draft.shown.submission.upload.name)}** · {counts}", icon=":material/check_circle:")
    ledger_preview.show_feedback(draft.shown, written=True)
