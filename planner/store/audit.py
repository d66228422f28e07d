"""The audit: who did what to which object, when, from where, why, and how it ended; lines are only ever added.

Each line carries an HMAC over itself and the line before, with a key that is not in the database: nobody who has
the database alone can change, insert or remove a line unnoticed. The end of the chain is kept outside too (see
`head`). A line is written in the transaction of what it tells: both are kept or neither.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select

from planner.store.head import START, HeadFile, Link
from planner.store.keys import Key, KeyFile
from planner.store.masking import scrub
from planner.store.protected import audit
from planner.store.roles import Person

TRAIL = "planner_trail"
_NUMBER = re.compile(r"[0-9A-Za-z-]{1,40}")
DONE, FAILED, REFUSED, MISSING = "成功", "失败", "拒绝", "没有找到"


class Action(StrEnum):
    """What may be done to an object."""

    CREATE = "新建工作区"
    UPGRADE = "升级工作区"
    ROTATE = "更换密钥"
    BACKUP = "备份"
    RESTORE = "从备份恢复"
    IMPORT = "导入"
    RUN = "运行插件"
    NAME_RUN = "命名运行"
    MOVE_VISIT = "改排走访"
    SERVE = "打开网页服务"
    USER_ADD = "新增用户"
    USER_DISABLE = "停用用户"
    USER_LIST = "查看用户"
    AUDIT_LIST = "查看审计"
    AUDIT_VERIFY = "核对审计链"
    LIST = "查看档案名单"
    READ = "查看档案"
    FIND = "按证件查找档案"
    REVEAL = "查看完整证件号"
    EXPORT = "导出档案"
    SAVE = "保存档案"
    TRANSFER_LIST = "查看待转接档案"
    TRANSFER = "跨乡镇转接"
    CORRECT = "更正档案"
    CLOSE = "关闭档案"
    ARCHIVE = "查看期满档案"
    ERASE = "清除档案身份信息"
    REGROUP = "区划调整"
    EVENT_READ = "查看保护事件"
    EVENT_SAVE = "保存保护事件"
    TASK_SAVE = "保存待办"
    RULES_SWITCH = "更换规则集"
    DUTIES = "调整包联"
    ROAD_SPEED = "修改车速"
    ROAD_CLOSE = "封闭道路"
    ROAD_OPEN = "恢复道路"
    COMMAND = "执行命令"
    GAP = "审计链中断"


@dataclass
class Trail:
    """What one transaction adds to the chain: on whose account, with which keys, and how far it has come."""

    person: Person
    ip: str
    keys: KeyFile
    head: HeadFile
    before: Link | None = None
    last: Link | None = None

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Around the commit: tell the outside head of the lines before and after it."""
        if self.before is None or self.last is None:
            yield
            return
        with self.head.moved(self.before, self.last):
            yield


@dataclass(frozen=True)
class Line:
    """A line of the chain. `detail` is JSON and holds codes and numbers, nothing personal."""

    number: int
    at: datetime
    who: str
    role: str
    action: str
    object: str
    reason: str
    ip: str
    result: str
    detail: str
    key: str
    mac: str = field(default="")

    def mac_after(self, before: str, key: Key) -> str:
        """The MAC that the line must bear after a line with the MAC `before` (hex)."""
        told = [before, self.number, self.at.astimezone(UTC).isoformat(), self.who, self.role, self.action]
        told += [self.object, self.reason, self.ip, self.result, self.detail, self.key]
        return hmac.new(key.audit, json.dumps(told).encode(), sha256).hexdigest()


def record(
    connection: Connection,
    action: Action,
    object: str = "",
    *,
    reason: str = "",
    result: str = DONE,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add a line on the account of whom the transaction is for; `connection` comes from `Workspace.writing`.

    Numbers that look like an ID or a phone are masked in the reason and the object; `detail` must hold codes and
    numbers alone, never a child's data.
    """
    trail = trail_of(connection)
    before = trail.last or _begin(connection, trail)
    trail.last = _append(
        connection, trail, before, action, scrub(object), scrub(reason), result, detail or {}
    )


def typed(number: str) -> str:
    """What somebody typed for the number of a file or a transfer, as the audit keeps it: it may be a name."""
    return scrub(number) if _NUMBER.fullmatch(number) else "(不是编号)"


def trail_of(connection: Connection) -> Trail:
    """On whose account the transaction of a connection from `Workspace.writing` stands."""
    trail: Trail = connection.get_execution_options()[TRAIL]
    return trail


def tip(connection: Connection) -> Link:
    """The last line in the database."""
    row = connection.execute(
        select(audit.c.number, audit.c.mac).order_by(audit.c.number.desc()).limit(1)
    ).first()
    return START if row is None else Link(*row)


def lines(connection: Connection, *, newest: int, who: str | None = None) -> list[Line]:
    """The newest lines, newest first, of everybody or of one login."""
    statement = select(audit).order_by(audit.c.number.desc()).limit(newest)
    if who is not None:
        statement = statement.where(audit.c.who == who)
    return [Line(**row._mapping) for row in connection.execute(statement)]


def _begin(connection: Connection, trail: Trail) -> Link:
    """The line that the next one follows: the last in the database, unless lines that were there are gone.

    Then the chain goes on from the outside head, so that the gap stays in it for good; whatever is not as it
    should be is written down as a line of its own.
    """
    found, head = tip(connection), trail.head.read()
    trail.before = found
    if head is None:
        return _gap(connection, trail, found, "头文件缺失", found)
    behind = found.number < head.confirmed.number
    if behind or (found.number == head.confirmed.number and found != head.confirmed):
        trail.before = head.confirmed
        return _gap(connection, trail, head.confirmed, "有记录被删除或改动", found)
    if head.announced is not None and found == head.confirmed:
        return _gap(connection, trail, found, "一次写入没有完成", found)
    return found


def _gap(connection: Connection, trail: Trail, before: Link, what: str, found: Link) -> Link:
    detail = {"found": found.number}
    return _append(connection, trail, before, Action.GAP, what, "", FAILED, detail)


def _append(
    connection: Connection,
    trail: Trail,
    before: Link,
    action: Action,
    object: str,
    reason: str,
    result: str,
    detail: Mapping[str, Any],
) -> Link:
    key = trail.keys.ring.newest
    line = Line(
        number=before.number + 1,
        at=datetime.now(UTC),
        who=trail.person.login,
        role=trail.person.role,
        action=action,
        object=object,
        reason=reason,
        ip=trail.ip,
        result=result,
        detail=json.dumps(detail, ensure_ascii=False, default=_text_of, sort_keys=True),
        key=key.id,
    )
    mac = line.mac_after(before.mac, key)
    connection.execute(insert(audit).values({**vars(line), "mac": mac}))
    return Link(line.number, mac)


def _text_of(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"an audit detail holds codes and numbers, not {type(value).__name__}")
