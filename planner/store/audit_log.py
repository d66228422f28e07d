"""Reading the audit: its lines, and whether the chain is whole, with none changed, missing, or cut off."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from planner.store.audit import Action, Line, lines, record
from planner.store.head import START, Head, Link
from planner.store.keys import KeyRing
from planner.store.protected import audit
from planner.store.roles import Act
from planner.store.workspace import Workspace

_AT_ONCE = 1000


@dataclass(frozen=True)
class Verdict:
    """How many lines the chain has; where it is broken, the number of the first bad line and what is wrong.

    `first_bad` is None with a `problem` where no line is bad and yet the end cannot be vouched for. A `notice`
    is no proof of anything wrong.
    """

    lines: int
    first_bad: int | None = None
    problem: str = ""
    notice: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problem


def read_lines(workspace: Workspace, *, newest: int, who: str | None = None) -> list[Line]:
    """The newest lines, newest first, of everybody or of one login. Only 审计 may; that they did is a line too.

    Raises AccessError for anybody else.
    """
    workspace.person.check(Act.READ_AUDIT)
    with workspace.writing() as connection:
        found = lines(connection, newest=newest, who=who)
        record(connection, Action.AUDIT_LIST, detail={"count": len(found)})
    return found


def verify(workspace: Workspace) -> Verdict:
    """Check the whole chain with the keys of the ring, and its end against the head outside the database."""
    head = workspace.head.read()  # first: the database is never behind a head that was confirmed before
    ring = workspace.ring
    last, at_head = START, START if head and head.confirmed == START else None
    statement = select(audit).order_by(audit.c.number)
    with (
        workspace.reading() as connection,
        connection.execute(statement, execution_options={"yield_per": _AT_ONCE}) as rows,
    ):
        for row in rows:
            line = Line(**row._mapping)
            if problem := _fault(line, last, ring):
                return Verdict(last.number, *problem)
            last = Link(line.number, line.mac)
            if head and last.number == head.confirmed.number:
                at_head = last
    return _at_the_end(last, head, at_head)


def _fault(line: Line, before: Link, ring: KeyRing) -> tuple[int, str] | None:
    """The number of the bad line and what is wrong with it; None for a good one."""
    expected = before.number + 1
    if line.number != expected:
        return expected, f"第{expected}条记录不见了"
    key = ring.find(line.key)
    if key is None:
        return line.number, f"第{line.number}条记录用的密钥 {line.key} 不在密钥文件里"
    if line.mac_after(before.mac, key) != line.mac:
        return line.number, f"第{line.number}条记录被改动过,或它前面被插入过记录"
    return None


def _at_the_end(last: Link, head: Head | None, at_head: Link | None) -> Verdict:
    if head is None:
        return Verdict(last.number, None, "数据库外的审计链头文件缺失或损坏,不能断定末尾没有被删")
    if at_head is None:
        bad = last.number + 1
        return Verdict(last.number, bad, f"第{bad}条到第{head.confirmed.number}条记录被删除了")
    if at_head != head.confirmed:
        return Verdict(last.number, at_head.number, f"第{at_head.number}条记录与数据库外的链头不符")
    if head.announced is not None and last == head.confirmed:
        return Verdict(
            last.number, notice=f"第{head.announced.number}条记录的写入没有完成(程序中断),或在那一刻被删除"
        )
    return Verdict(last.number)
