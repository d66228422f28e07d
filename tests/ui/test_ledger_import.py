"""The import of ledgers on the page: handed in, looked at, confirmed once."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from planner.demo.ledger_file import ledger_workbook
from planner.jobs import import_ledger
from planner.jobs.known_files import known_files
from planner.ledger import Upload
from planner.model.children import ChildRecord
from planner.store.people import add_user, find_person
from planner.store.reads import import_log, read_all_divisions
from planner.store.roles import Role
from planner.store.workspace import Workspace
from planner.ui import session
from tests.ledger.papers import HEADINGS, child, new_book, two_levels
from tests.ui import shown
from tests.ui.conftest import COUNTY, DAY, Visit
from tests.ui.shown import unescaped

NAME = "附件3 台账(12月).xlsx"


def records(workspace: Workspace) -> list[ChildRecord]:
    return sorted((item.record for item in known_files(workspace).values()), key=lambda item: item.key)


def paper(workspace: Workspace, changed: list[ChildRecord]) -> bytes:
    tree = read_all_divisions(workspace, as_of=DAY)
    return ledger_workbook(changed, tree=tree, area=COUNTY)


def roster(workspace: Workspace) -> bytes:
    """A new officer of one village, and one of a township that is none."""
    tree = read_all_divisions(workspace, as_of=DAY)
    township = f"{COUNTY}100"
    village = next(code for code in sorted(tree) if code.startswith(township) and code != township)
    places = f"{tree.nodes[township]['name']},{tree.nodes[village]['name']}"
    return f"乡镇,村,姓名,电话\n{places},马建国,13900000001\n没有镇,某村,马花,\n".encode()


def transferred(workspace: Workspace) -> list[ChildRecord]:
    """The children of the demo, of whom the first is in another school."""
    first, *others = records(workspace)
    return [replace(first, school="盐池二小"), *others]


def handed_in(app: AppTest, content: bytes, name: str = NAME, kind: str | None = None) -> AppTest:
    if kind is not None:
        if kind is not None:
        app.selectbox(key="ledger-kind").select(kind)
    app.file_uploader(key="ledger-file").set_value((name, content, "application/octet-stream")).run()
    app.button(key="ledger-check").click().run()
    assert not app.exception
    return app


def two_sheets() -> bytes:
    """Two ledgers of which neither is called by its township."""
    book, first = new_book("甲")
    keys = [key for key in HEADINGS if key != "blank"]
    two_levels(first, [child(21)], keys=keys)
    two_levels(book.create_sheet("乙"), [child(23), child(25)], keys=keys)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def counts(app: AppTest) -> dict[str, str]:
    words = ("读取", "新增", "变更", "无变化", "拒绝", "跳过")
    return {item.label: item.value for item in app.metric if item.label in words}


def keys(app: AppTest) -> set[str]:
    return {item.key for item in app.button if item.key}


def test_a_ledger_is_looked_at_then_confirmed_and_not_imported_twice(visit: Visit, fresh: Workspace) -> None:
    content = paper(fresh, transferred(fresh))
    before = len(import_log(fresh))
    app = handed_in(visit("data", of=fresh), content)
    figures = {word: int(number) for word, number in counts(app).items()}
    assert figures["读取"] == sum(figures.values()) - figures["读取"] == 62
    assert (figures["变更"], figures["拒绝"], figures["跳过"]) == (1, 0, 2)
    assert len(import_log(fresh)) == before
    changes = shown.tables(app)[-1]
    assert changes[["字段", "变为"]].to_numpy().tolist() == [["学校", "盐池二小"]]
    app.button(key="ledger-confirm").click().run()
    assert [item.value for item in app.success] == [
        "**附件3 台账\\(12月\\)\\.xlsx** · 已导入:新增 0,变更 1,撤下 0,拒绝 0,跳过 61"
    ]
    assert "ledger-confirm" not in keys(app)
    assert import_log(fresh)["文件"].iloc[0] == NAME
    app.run()  # a reload of the page
    assert len(import_log(fresh)) == before + 1
    again = handed_in(visit("data", of=fresh), content)
    assert (counts(again)["变更"], counts(again)["无变化"]) == ("0", "60")
    assert "ledger-confirm" not in keys(again)
    assert any("没有要写入的内容" in item.value for item in again.info)


def test_what_somebody_changed_meanwhile_is_shown_anew(visit: Visit, fresh: Workspace) -> None:
    content = paper(fresh, transferred(fresh))
    app = handed_in(visit("data", of=fresh), content)
    import_ledger(fresh, Upload("别人.xlsx", content))
    before = len(import_log(fresh))
    app.button(key="ledger-confirm").click().run()
    assert not app.exception
    assert any("有人改动过" in item.value for item in app.error)
    assert counts(app)["变更"] == "0"
    assert len(import_log(fresh)) == before


def test_rows_are_filtered_and_read_in_full(visit: Visit, fresh: Workspace) -> None:
    app = handed_in(visit("data", of=fresh), roster(fresh), "名册.csv", "民政协理员名册")
    table = shown.tables(app)[1]
    assert table["行"].tolist() == [2, 3]
    assert table["问题"].tolist()[1] == "没有这个乡镇"
    app.button_group(key="ledger-filter").set_value("拒绝").run()
    table = shown.tables(app)[1]
    assert table["行"].tolist() == [3]
    key = f"ledger-rows-{app.session_state['ledger-draft'].shown.digest[:8]}-拒绝"
    app.session_state[key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert any("第3行" in item.value for item in app.markdown)


def test_what_gives_way_in_a_roster_is_told(visit: Visit, fresh: Workspace) -> None:
    app = handed_in(visit("data", of=fresh), roster(fresh), "名册.csv", "民政协理员名册")
    assert shown.tables(app)[-1].columns.tolist() == ["原有内容"]
    app.button(key="ledger-drop").click().run()
    assert not counts(app)


def test_a_faulty_file_is_told_under_its_own_name_and_in_the_words_of_the_form(
    visit: Visit, fresh: Workspace
) -> None:
    app = handed_in(visit("data", of=fresh), b"a,b\n1,2\n", "附件 一.csv")
    assert "附件 一" in app.error[0].value
    assert [item.value for item in app.info] == ["没有写入任何内容。改好后再核对。"]
    two = two_sheets()
    app = handed_in(visit("data", of=fresh), two, "两张表.xlsx")
    assert "请用“工作表”指定其中一个" in unescaped(app.error[0].value)
    app.selectbox(key="ledger-sheet").select("乙").run()
    app.button(key="ledger-check").click().run()
    assert counts(app)["读取"] == "2"


def test_without_a_file_one_is_asked_for(visit: Visit) -> None:
    app = visit("data")
    app.button(key="ledger-check").click().run()
    assert [item.value for item in app.warning] == ["请先选择文件。"]


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.PLANNER])
def test_who_may_not_import_is_told_so(
    visit: Visit, fresh: Workspace, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(fresh, "someone", name="某", role=role, areas=[COUNTY])
    acting = fresh.acting_as(find_person(fresh, "someone"))
    monkeypatch.setattr(session, "workspace", lambda: acting)
    app = visit("data", of=fresh)
    assert any(f"您的角色是{role}" in item.value for item in app.info)
    assert "ledger-check" not in keys(app)
    english = visit("data", of=fresh, language="en")
    assert any("may not import ledgers" in item.value for item in english.info)


def test_the_preview_reads_as_english(visit: Visit, fresh: Workspace) -> None:
    content = paper(fresh, transferred(fresh))
    app = handed_in(visit("data", of=fresh, language="en"), content)
    assert {item.label for item in app.metric} >= {
        "Read",
        "New",
        "Changed",
        "Unchanged",
        "Rejected",
        "Skipped",
    }
    assert list(shown.tables(app)[-1]) == ["Row", "Person", "Field", "Before", "After"]
