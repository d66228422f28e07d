"""Saving versions of child files: all of a batch or none, and never over what somebody else has saved since."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, insert

from planner.errors import AccessError, ConflictError, InputError, Problem
from planner.model.children import Closing
from planner.model.divisions import Level, is_code, level_of
from planner.store.audit import Action, record, trail_of
from planner.store.child_rows import ChildFile, files_of, newest, sealed
from planner.store.dated import holding
from planner.store.keys import KeyRing
from planner.store.masking import restored, seen
from planner.store.protected import child_versions
from planner.store.roles import Act, Person
from planner.store.scope import EVERYTHING
from planner.store.sealing import index_of, indexes_of
from planner.store.tables import divisions

_VERSIONS = child_versions.c
_AT_ONCE = 5000
Item = TypeVar("Item")


@dataclass(frozen=True)
class NewVersion:
    """A version to be saved. `file` None makes a new file; else `expected` is the version the editor worked on.

    `person` is the ID number, or what stands for it where there is none; None keeps what the file has. What in
    `content` (JSON) is as the editor was shown it, masked or not, stays as it is. `valid_to` and `closing` close
    the file.
    """

    township: str
    village: str | None
    hukou_village: str | None
    grade: str | None
    categories: tuple[str, ...]
    valid_from: date
    content: Mapping[str, Any]
    person: str | None = None
    file: str | None = None
    expected: int = 0
    valid_to: date | None = None
    closing: Closing | None = None


@dataclass(frozen=True)
class _Known:
    """What a file has at its newest version."""

    person: str
    file: ChildFile


def save_versions(
    connection: Connection, versions: Iterable[NewVersion], *, import_id: int | None = None
) -> list[str]:
    """Save versions, one a file, and answer with their files; `connection` comes from `Workspace.writing`.

    They are taken 5 000 at a time, so that those of an import need not lie in memory at once. Raises ConflictError naming every file that has a newer version than expected, or whose child has a file
    already; InputError for a file that is not in the person's scope, or not there; AccessError for a holder
    beyond that scope, or a role that may not save.
    """
    return _save(connection, versions, trail_of(connection).person, import_id=import_id)


def move_versions(connection: Connection, versions: Sequence[NewVersion], *, import_id: int) -> None:
    """As `save_versions`, wherever the files are and go, with whole content: whoever calls this has made sure
    that the person may have it so. Raises as `save_versions`, but for scope."""
    person = trail_of(connection).person
    _save(connection, versions, replace(person, scope=EVERYTHING), import_id=import_id, whole=True)


def _save(
    connection: Connection,
    versions: Iterable[NewVersion],
    editor: Person,
    *,
    import_id: int | None,
    whole: bool = False,
) -> list[str]:
    editor.check(Act.EDIT_FILES)
    saved: list[str] = []
    for part in batched(versions):
        rows = _save_batch(connection, part, editor, import_id=import_id, whole=whole)
        saved += [row["file"] for row in rows]
        if import_id is None:
            for row in rows:
                record(connection, Action.SAVE, row["file"], detail={"version": row["version"]})
    if import_id is not None:
        record(connection, Action.SAVE, detail={"import": import_id, "count": len(saved)})
    return saved


def _save_batch(
    connection: Connection,
    versions: Sequence[NewVersion],
    editor: Person,
    *,
    import_id: int | None,
    whole: bool,
) -> list[dict[str, Any]]:
    """The rows as they were saved."""
    ring = trail_of(connection).keys.ring
    known = _known(connection, editor, ring, [item.file for item in versions if item.file])
    _check_versions(versions, known)
    for item in versions:
        _check_places(editor, item)
    made = {"recorded_at": datetime.now(UTC), "import_id": import_id}
    rows, persons = [], {}
    for item in versions:
        row, person = _row(ring, editor, item, known.get(item.file or ""), whole=whole)
        rows.append(row | made)
        persons[row["file"]] = person
    _check_unheld(connection, ring, persons, {row["file"]: row["valid_from"] for row in rows})
    if rows:
        connection.execute(insert(child_versions), rows)
    return rows


def find_holders(
    connection: Connection, ring: KeyRing, persons: Collection[str], *, on: date
) -> dict[str, tuple[str, str]]:
    """The file of each of these children that is not closed by the day `on`, wherever it is, and its township.

    For saving and imports, which tell the township and no more.
    """
    return {
        person: held[0][:2]
        for person, files in _files_of_children(connection, ring, persons).items()
        if (held := [item for item in files if item[2] is None or item[2] > on])
    }


def _files_of_children(
    connection: Connection, ring: KeyRing, persons: Collection[str]
) -> dict[str, list[tuple[str, str, date | None]]]:
    """Every file of these children: which, who holds it, and when it was closed."""
    by_index = {index: person for person in persons for index in indexes_of(ring, person)}
    found: dict[str, list[tuple[str, str, date | None]]] = {}
    for batch in batched(list(by_index)):
        wanted = (_VERSIONS.person_index, _VERSIONS.file, _VERSIONS.township, _VERSIONS.valid_to)
        held = newest(EVERYTHING).with_only_columns(*wanted)
        rows = connection.execute(held.where(_VERSIONS.person_index.in_(batch)).order_by(_VERSIONS.file))
        for index, *file in rows:
            found.setdefault(by_index[index], []).append(tuple(file))
    return found


def batched(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in pieces that a database takes at once."""
    rest = iter(items)
    while piece := list(islice(rest, _AT_ONCE)):
        yield piece


def _known(connection: Connection, person: Person, ring: KeyRing, files: list[str]) -> dict[str, _Known]:
    """What the files have, of those that are in the person's scope."""
    known: dict[str, _Known] = {}
    for batch in batched(files):
        rows = connection.execute(newest(person.scope, among=_VERSIONS.file.in_(batch)))
        known |= {file.file: _Known(whose, file) for whose, file in files_of(ring, rows)}
    return known


def _check_versions(versions: Sequence[NewVersion], known: Mapping[str, _Known]) -> None:
    files = [item.file for item in versions if item.file]
    if len(set(files)) < len(files):
        raise ValueError("two versions of one file in a batch")
    if absent := [file for file in files if file not in known]:
        raise InputError(
            "没有这份档案", "核对编号;不归您管辖的档案同样查不到", [Problem(file) for file in absent]
        )
    late = [item for item in versions if item.file and item.expected != known[item.file].file.version]
    if late:
        raise ConflictError(
            f"{len(late)}份档案在您编辑时已被别人修改,没有保存",
            "重新打开,对照两个版本后再保存",
            [Problem(f"档案 {item.file} 已是第{known[item.file or ''].file.version}版") for item in late],
        )
    if closed := [item.file for item in versions if item.file and known[item.file].file.valid_to is not None]:
        raise ConflictError(
            "档案已经关闭,不能再改",
            "核对编号;孩子回到台账时另建档案",
            [Problem(str(file)) for file in closed],
        )
    for item in versions:
        begun = known[item.file].file.valid_from if item.file else None
        if begun is not None and item.valid_from < begun:
            raise InputError(
                f"档案 {item.file} 已有{begun}起的版本,不能再存{item.valid_from}起的",
                f"用{begun}或以后的日期",
            )


def _check_places(person: Person, item: NewVersion) -> None:
    places = [place for place in (item.village, item.hukou_village) if place is not None]
    if not is_code(item.township) or level_of(item.township) is not Level.TOWNSHIP:
        raise ValueError(f"no township: {item.township}")
    if not all(is_code(place) and level_of(place) >= Level.VILLAGE for place in places):
        raise ValueError(f"no villages: {places}")
    if item.village is not None and not item.village.startswith(item.township):
        raise ValueError(f"village {item.village} is not in {item.township}")
    if not person.scope.holds(item.township):
        raise AccessError(f"{item.township}不归您管辖,没有保存", "跨乡镇转接请由县民政办理")


def _row(
    ring: KeyRing, editor: Person, item: NewVersion, known: _Known | None, *, whole: bool
) -> tuple[dict[str, Any], str]:
    """The row of a version, and whose file it is."""
    person, content = item.person, item.content
    if known is not None:
        person, before = person or known.person, known.file.content
        if not whole:
            content = restored(content, before, seen(editor, before, known.file.area))
    if not person:
        raise ValueError("a new file needs to say whose it is")
    values = {
        "id": secrets.token_hex(16),
        "file": item.file or str(uuid4()),
        "version": 1 if known is None else known.file.version + 1,
        "township": item.township,
        "village": item.village,
        "hukou_village": item.hukou_village,
        "grade": item.grade,
        "categories": ",".join(item.categories),
        "valid_from": item.valid_from,
        "valid_to": item.valid_to,
        "person_index": index_of(ring, person),
    }
    return values | {"content": sealed(ring, values, person, content, item.closing)}, person


def _names_of(connection: Connection, codes: Collection[str]) -> dict[str, str]:
    """The newest names of divisions, by code."""
    rows = connection.execute(
        holding(divisions, "code", as_of=date.max, where=divisions.c.code.in_(sorted(set(codes))))
    )
    return {row.code: row.name for row in rows}


def _check_unheld(
    connection: Connection, ring: KeyRing, persons: Mapping[str, str], begins: Mapping[str, date]
) -> None:
    """Raises ConflictError for children who have another file on the day from which theirs `begins`; tells its
    township and no more."""
    own = Counter(index_of(ring, person) for person in persons.values())
    files = _files_of_children(connection, ring, set(persons.values()))
    problems = [Problem("同一个孩子在这一批里出现不止一次") for number in own.values() if number > 1]
    held = []
    for file, person in persons.items():
        for other, township, ended in files.get(person, ()):
            if other != file and (ended is None or ended > begins[file]):
                held.append(township)
    names = _names_of(connection, held) if held else {}
    problems += [
        Problem(f"这个孩子已有档案,由{names.get(item, item)}管理", "请用“跨乡镇转接”") for item in held
    ]
    if problems:
        raise ConflictError("有孩子已经建过档案,没有保存", problems=problems)
