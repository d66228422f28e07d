"""R-MASK: whatever a role is handed, on every surface, is searched for the canary child; no more than the table of
roles allows is there, and that much is there indeed, so that the search is known to find."""

import logging

import pytest

from planner.demo.ledger_file import ledger_workbook
from planner.store.reads import read_all_divisions
from planner.store.workspace import open_workspace
from tests.cli.county import (
    DAY,
    GUARDIAN_NUMBER,
    HOME,
    NAME,
    NUMBER,
    PEOPLE,
    PHONE,
    STORY,
    database,
    record,
    server,
    staffed,
    words_of,
)

__all__ = ["database", "server", "staffed"]

CANARY = {"name": NAME, "id": NUMBER, "guardian id": GUARDIAN_NUMBER, "phone": PHONE, "address": HOME}
CANARY |= {"story": STORY, "reporter": "马隐告"}
REST = {"name", "phone", "address"}
NAMED = {"name"}
# What of the canary may be on which surface, by login; whatever is not named here may be nowhere.
ALLOWED = {
    "minzheng": {
        "list": NAMED,
        "show": REST,
        "history": REST,
        "find": NAMED,
        "reveal": {"name", "id", "guardian id"},
        "export": REST,
        "export one": REST,
        "switch": NAMED,
        "switch list": NAMED,
        "feedback": {"name", "id", "phone"},
    },
    "xieliyuan": {
        "list": NAMED,
        "show": REST,
        "history": REST,
        "find": NAMED,
        "switch": NAMED,
        "events": {"name", "story"},
    },
    "linxiang": {"feedback": {"name", "id", "phone"}},  # the paper that they themselves sent in
}
ALLOWED["zhiban"] = ALLOWED["minzheng"] | {"events": {"name", "story", "reporter"}}
ALLOWED["xiangzhen"] = {key: words for key, words in ALLOWED["minzheng"].items() if key != "reveal"}
TOLD = {"tasks": {"minzheng", "zhiban", "xiangzhen", "xieliyuan"}, "audit": {"shenji"}}


@pytest.fixture
def sent(staffed, tmp_path):
    """A ledger in which somebody sends the canary."""
    workspace = open_workspace(staffed.folder)
    tree = read_all_divisions(workspace, as_of=DAY)
    workspace.engine.dispose()
    child = record(residence_group="3组", guardian_id=None, remark=None)
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger_workbook([child], tree=tree, area="640101"))
    return path


@pytest.fixture
def surfaces(planner, staffed, sent, tmp_path, caplog):
    """Everything that somebody is handed, by surface; what goes to standard error and to logs together as `errors`."""
    caplog.set_level(logging.DEBUG)

    def gather(login):
        outbox = tmp_path / login
        outbox.mkdir()
        given: dict[str, str] = {}
        errors: list[str] = []

        def run(surface, *arguments, typed=None, paper=None):
            place = ("--workspace", staffed.folder, "--as", login)
            ways = [()] if paper else [(), ("--json",)]
            done = [planner(*arguments, *place, *way, typed=typed) for way in ways]
            given[surface] = "".join(item.out for item in done)
            errors.extend(item.err for item in done)
            if paper:
                assert not given[surface] or paper.is_file()
                given[surface] += paper.name + words_of(paper) if paper.is_file() else ""

        run("list", "child", "list")
        run("show", "child", "show", staffed.file)
        run("history", "child", "show", staffed.file, "--history")
        run("find", "child", "find", typed=NUMBER)
        run("reveal", "child", "reveal", staffed.file, "--reason", "办理津贴")
        for surface, chosen in (("export", ()), ("export one", (staffed.file,))):
            out = outbox / f"{surface}.xlsx"
            run(surface, "child", "export", *chosen, "--reason", "核对", "--out", out, paper=out)
        out = outbox / "switch.xlsx"
        run("switch", "policy", "switch", "--to", "mca2019")
        run("switch list", "policy", "switch", "--to", "mca2019", "--out", out, paper=out)
        given["switch list"] = words_of(out) if out.is_file() else ""
        run("tasks", "tasks", "list")
        run("events", "events", "list")
        run("audit", "audit", "list")
        out = outbox / "feedback.xlsx"
        run("feedback", "import", "ledger", sent, "--dry-run", "--feedback", out, paper=out)
        given["feedback"] = words_of(out) if out.is_file() else ""
        given["errors"] = "".join(errors) + caplog.text
        return given

    return gather


@pytest.mark.parametrize("login", list(PEOPLE))
def test_nobody_is_handed_more_than_the_table_allows(surfaces, staffed, login):
    given = surfaces(login)
    assert len(given) == 14
    allowed = ALLOWED.get(login, {})
    for surface, text in given.items():
        found = {word for word, value in CANARY.items() if value in text}
        assert found == allowed.get(surface, set()), (login, surface)
    for surface, logins in TOLD.items():
        assert bool(given[surface]) == (login in logins) or '": []' in given[surface], (login, surface)
    assert (staffed.file in given["tasks"]) == (login in TOLD["tasks"])
    assert ("按证件查找档案" in given["audit"]) == (login in TOLD["audit"])
