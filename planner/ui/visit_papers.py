"""The papers of a visitor's day or month, made on the page: numbered, audited, offered for download."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from planner.errors import PlannerError
from planner.jobs.route_papers import write_route_papers
from planner.jobs.visit_plans import VisitPlan
from planner.store.roles import Act
from planner.ui import frame, session
from planner.ui.i18n import _

_MADE = "visit-papers"


def show_form(plan: VisitPlan, *, who: str, name: str, day: date) -> None:
    """Make the papers of a visitor for one day or the whole plan, with a reason, and offer them as one archive."""
    if not session.workspace().person.may(Act.CARRY_SHEETS):
        return
    st.markdown(f"#### {_('打印走访单和记录表')}")
    run = plan.run
    key = f"papers-{run}-{who}"
    of = run, who, day, plan.moves  # what was made before a move says what was true before it
    with st.form(key, border=False):
        places = st.columns([2, 1, 1, 1], vertical_alignment="bottom")
        reason = places[0].text_input(_("用途"), placeholder=_("如:1月定期走访"), max_chars=100)
        whole = places[1].checkbox(_("整月"))
        names = places[2].checkbox(_("印姓名和电话"), value=True)
        pressed = places[3].form_submit_button(_("制作"), icon=":material/print:", width="stretch")
    if pressed:
        st.session_state.pop(_MADE, None)
        try:
            content, serial = _archive(run, who, None if whole else day, reason=reason, names=names)
        except PlannerError as error:
            frame.tell(error)
            return
        st.session_state[_MADE] = (of, content, serial)
    made = st.session_state.get(_MADE)
    if made is None or made[0] != of:
        return
    st.download_button(
        _("下载 {serial}").format(serial=made[2]),
        made[1],
        f"{made[2]}.zip",
        mime="application/zip",
        icon=":material/download:",
        on_click="ignore",
        key=f"{key}-download",
    )
    st.caption(
        _("{name}的走访单、记录表和路线文件,带编号和用途,已记入审计;用后按编号收回。").format(name=name)
    )


def _archive(run: str, who: str, day: date | None, *, reason: str, names: bool) -> tuple[bytes, str]:
    """The papers as the command writes them, in one archive, and their serial; nothing is left on disk."""
    with TemporaryDirectory() as folder:
        papers = write_route_papers(
            session.workspace(), run, Path(folder), reason=reason, visitor=who, day=day, names=names
        )
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in papers.paths:
                archive.write(path, path.name)
        return content.getvalue(), papers.serial
