"""The import of ledgers on the page: handed in, looked at, confirmed once."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from planner.demo.ledger_file import ledger_workbook
from planner.jobs.known_files import known_files
from planner.jobs.ledgers import import_ledger
from planner.ledger import Upload
from planner.model.children import ChildRecord
from planner.store.people import add_user, find_person
from planner.store.reads import import_log, read_all_divisions
from planner.store.roles import Role
from planner.store.workspace import Workspace
from planner.ui import i18n, session
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
    app.button_group(key="ledger-filter").set_value("变更").run()
    ((_, row),) = shown.prose(app)
    assert row[1] == "变更"
    assert row[4].endswith("→ 盐池二小")
    app.button(key="ledger-confirm").click().run()
    assert [item.value for item in app.success] == [
        "**附件3 台账\\(12月\\)\\.xlsx** · 已导入:新增 0,变更 1,撤下 0,拒绝 0,无变化 59,跳过 2"
    ]
    assert "ledger-confirm" not in keys(app)
    assert import_log(fresh)["文件"].iloc[0] == NAME
    app.run()  # a reload of the page
    assert len(import_log(fresh)) == before + 1
    again = handed_in(visit("data", of=fresh), content)
    assert (counts(again)["变更"], counts(again)["无变化"]) == ("0", "60")
    assert "ledger-confirm" not in keys(again)
    assert any("没有要写入的内容" in item.value for item in again.info)


def test_an_upload_touches_no_disk(visit: Visit, fresh: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    content = paper(fresh, transferred(fresh))
    app = visit("data", of=fresh)

    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryDirectory", "TemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
    app = handed_in(app, content)
    assert app.session_state["ledger-draft"].shown.feedback(written=False)[:2] == b"PK"
    app.button(key="ledger-confirm").click().run()
    assert app.success


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
    gone, rows = shown.prose(app)
    assert gone[0] == ["原有内容"]
    assert [row[:2] for row in rows] == [["行", "结果"], ["2", "新增"], ["3", "拒绝"]]
    assert rows[2][3] == "没有这个乡镇"
    assert rows[2][4].startswith("第3行 乡镇(A列):没有叫“没有镇”的乡镇")
    app.button_group(key="ledger-filter").set_value("拒绝").run()
    assert [row[0] for row in shown.prose(app)[1]] == ["行", "3"]


def test_many_rows_come_in_pages(visit: Visit, fresh: Workspace) -> None:
    app = handed_in(visit("data", of=fresh), paper(fresh, records(fresh)))
    (rows,) = shown.prose(app)
    assert len(rows) == 51
    app.number_input[0].set_value(2).run()
    (rows,) = shown.prose(app)
    assert [row[1] for row in rows[1:]] == ["无变化"] * 10 + ["跳过"] * 2


def test_a_preview_can_be_dropped(visit: Visit, fresh: Workspace) -> None:
    app = handed_in(visit("data", of=fresh), roster(fresh), "名册.csv", "民政协理员名册")
    assert counts(app)["拒绝"] == "1"
    app.button(key="ledger-drop").click().run()
    assert not counts(app)


def test_a_hostile_file_stays_text(visit: Visit, fresh: Workspace) -> None:
    nasty = "`${document.title='x'}</script><img src=x onerror=document.title='x'>"
    content = f"乡镇,村,姓名,电话\n{nasty},某村,马花,\n".encode()
    app = handed_in(visit("data", of=fresh), content, f"{nasty}.csv", "民政协理员名册")
    bodies = "".join(shown.html(app))
    assert "<img" not in bodies
    assert "`" not in bodies


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


def test_without_a_file_there_is_nothing_to_check(visit: Visit) -> None:
    assert visit("data").button(key="ledger-check").disabled


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


def test_the_preview_reads_as_english(
    visit: Visit, fresh: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    # AppTest shows options in the language of the test, not of the session.
    monkeypatch.setattr(i18n, "language", lambda: "en")
    app = handed_in(visit("data", of=fresh, language="en"), paper(fresh, transferred(fresh)))
    assert {"Read", "New", "Changed", "Unchanged", "Rejected", "Skipped"} <= {
        item.label for item in app.metric
    }
    (rows,) = shown.prose(app)
    assert rows[0] == ["Row", "Outcome", "Person", "Problem", "Notes"]
