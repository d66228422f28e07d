"""Rows of child files: which of their versions hold, who may see them, and how their content is sealed.

A version's `valid_from` is never before that of the version before it, so the newest version that had begun by a
day is the one that holds on it. Who may see a file is decided by who holds it now, whatever day is asked for:
after a transfer the former holder sees none of it, not even the days before.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypedDict, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, false, func, or_, select, true

from planner.model.children import Closing
from planner.model.demand import Category
from planner.model.divisions import Level
from planner.model.words import Grade
from planner.store.keys import KeyRing
from planner.store.protected import child_versions
from planner.store.scope import Scope
from planner.store.sealing import Place, open_sealed, seal

# What sealed content is bound to: the row, and who holds it, so that no row can be handed to somebody else.
BOUND = ("id", "file", "version", "township", "village")
_VERSIONS = child_versions.c
_ALL = true()
VERSION = (
    _VERSIONS.id,
    _VERSIONS.file,
    _VERSIONS.version,
    _VERSIONS.township,
    _VERSIONS.village,
    _VERSIONS.hukou_village,
    _VERSIONS.grade,
    _VERSIONS.categories,
    _VERSIONS.valid_from,
    _VERSIONS.valid_to,
    _VERSIONS.recorded_at,
    _VERSIONS.content,
)


Cut = Callable[[dict[str, Any], str], dict[str, Any]]
_Content = TypeVar("_Content")


class _Told(TypedDict, total=False):
    """What a list tells of a child; the rest of its content is passed over unread."""

    name: Any
    id_number: Any


class _Envelope(TypedDict, Generic[_Content], total=False):
    """What is sealed in a row: whose file it is, why it is closed, whether it is erased, and what it tells."""

    person: str
    closing: Closing
    erased: bool
    content: _Content


_WHOLE = msgspec.json.Decoder(_Envelope[dict[str, Any]])
_LISTED = msgspec.json.Decoder(_Envelope[_Told])


@dataclass(frozen=True, slots=True)
class ChildFile:
    """A version of a child's file: what stands in the clear, and the content.

    `township` holds the file, `village` is the one of residence in it, `categories` are codes; `content` is
    what the reader may see of it. A closed file has the day on which it was closed in `valid_to`, and why; of one
    that `is_erased` nobody knows any more whose it was.
    """

    file: str
    version: int
    township: str
    village: str | None
    hukou_village: str | None
    grade: str | None
    categories: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    recorded_at: datetime
    content: Mapping[str, Any]
    closing: Closing | None = None
    is_erased: bool = False

    @property
    def area(self) -> str:
        """The smallest division that holds the file."""
        return self.village or self.township


@dataclass(frozen=True)
class Choice:
    """Which of the files in scope are asked for; None: any.

    Those of a division (by township, or by village of residence), of a grade, of a class, of some numbers.
    """

    area: str | None = None
    grade: Grade | None = None
    category: Category | None = None
    files: frozenset[str] | None = None

    def condition(self) -> ColumnElement[bool]:
        """The same as a condition on versions."""
        conditions: list[ColumnElement[bool]] = [true()]
        if self.area is not None:
            conditions.append(within(Scope(frozenset({self.area})), _VERSIONS.township, _VERSIONS.village))
        if self.grade is not None:
            conditions.append(_VERSIONS.grade == str(self.grade))
        if self.category is not None:
            conditions.append(_VERSIONS.categories.contains(str(self.category), autoescape=True))
        if self.files is not None:
            conditions.append(_VERSIONS.file.in_(sorted(self.files)))
        return and_(*conditions)


ANY = Choice()


def within(
    scope: Scope, township: ColumnElement[str], village: ColumnElement[str | None]
) -> ColumnElement[bool]:
    """Whether a file lies in `scope`: by its township, or in a village's scope by its village."""
    if scope.areas is None:
        return true()
    small = frozenset(area for area in scope.areas if len(area) >= Level.VILLAGE)
    conditions = [Scope(scope.areas - small).condition(township)]
    if small:
        conditions.append(and_(village.isnot(None), Scope(small).condition(func.coalesce(village, ""))))
    return or_(false(), *conditions)


def newest(scope: Scope, *, among: ColumnElement[bool] = _ALL) -> Select[Any]:
    """The newest version of every file in `scope`, whether it still holds or not, for `files_of`.

    `among` is a condition on the file alone: where few are asked for, no others are looked through.
    """
    last = _last(among, newest=func.max(_VERSIONS.version))
    return (
        select(*VERSION)
        .join(last, and_(last.c.file == _VERSIONS.file, last.c.newest == _VERSIONS.version))
        .where(within(scope, _VERSIONS.township, _VERSIONS.village))
    )


def held(scope: Scope) -> Select[Any]:
    """The files whose newest version lies in `scope`."""
    return newest(scope).with_only_columns(_VERSIONS.file)


def is_open(day: date) -> ColumnElement[bool]:
    """Whether a version is not closed on a day."""
    return or_(_VERSIONS.valid_to.is_(None), _VERSIONS.valid_to > day)


def since(day: date) -> Select[Any]:
    """Of every file the version that holds on `day`, and all that begin after it, for `files_of`.

    For counting anew what the files of a village amount to; oldest first.
    """
    last = _last(_ALL, begun=func.max(case((_VERSIONS.valid_from <= day, _VERSIONS.version))))
    of_day = and_(last.c.file == _VERSIONS.file, _VERSIONS.version >= func.coalesce(last.c.begun, 0))
    return select(*VERSION).join(last, of_day).order_by(_VERSIONS.file, _VERSIONS.version)


def on_day(scope: Scope, *, as_of: date, known_at: datetime | None) -> Select[Any]:
    """The versions that hold on `as_of`, as known at `known_at` (None: now), of the files of that day in `scope`.

    Only of files that lie in `scope` now as well.
    """
    later = child_versions.alias("later")

    def begun(versions: Any) -> ColumnElement[bool]:
        known = true() if known_at is None else versions.recorded_at <= known_at
        return and_(versions.valid_from <= as_of, known)

    newer = exists().where(
        later.c.file == _VERSIONS.file, later.c.version > _VERSIONS.version, begun(later.c)
    )
    statement = select(*VERSION).where(
        begun(_VERSIONS), ~newer, is_open(as_of), within(scope, _VERSIONS.township, _VERSIONS.village)
    )
    if scope.areas is None:
        return statement
    ever = select(_VERSIONS.file).where(within(scope, _VERSIONS.township, _VERSIONS.village))
    now = newest(scope, among=_VERSIONS.file.in_(ever)).with_only_columns(_VERSIONS.file)
    return statement.where(_VERSIONS.file.in_(now))


def files_of(ring: KeyRing, rows: Iterable[Any], cut: Cut | None = None) -> list[tuple[str, ChildFile]]:
    """The files of some rows, with whose file each is (the ID, or what stands for it).

    `cut` is handed the content and the holding division, and answers what the reader may see. Raises SealError.
    """
    with uncollected():
        return [_opened(_WHOLE, ring, row, cut) for row in rows]


def listed(ring: KeyRing, rows: Iterable[Any], cut: Cut) -> list[ChildFile]:
    """As `files_of`, with no more of the content than a list tells: the name and the ID number."""
    return [_opened(_LISTED, ring, row, cut)[1] for row in rows]


def _opened(
    decoder: msgspec.json.Decoder[Any], ring: KeyRing, row: Any, cut: Cut | None
) -> tuple[str, ChildFile]:
    row_id, file, version, township, village, hukou, grade, categories, begun, ended, recorded, content = row
    place = Place(child_versions.name, "content", (row_id, file, version, township, village))
    envelope = decoder.decode(open_sealed(ring, place, content))
    content = envelope["content"]
    if cut is not None:
        content = cut(content, village or township)
    codes = tuple(categories.split(",")) if categories else ()
    told = (file, version, township, village, hukou, grade, codes, begun, ended, recorded, content)
    return envelope["person"], ChildFile(*told, envelope.get("closing"), envelope.get("erased", False))


def sealed(
    ring: KeyRing,
    values: Mapping[str, Any],
    person: str,
    content: Mapping[str, Any],
    closing: Closing | None = None,
    *,
    is_erased: bool = False,
) -> bytes:
    """The content of a row with those clear values. Raises TypeError for what JSON does not hold."""
    envelope: dict[str, Any] = {"person": person, "content": content}
    if closing is not None:
        envelope["closing"] = str(closing)
    if is_erased:
        envelope["erased"] = True
    text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    place = Place(child_versions.name, "content", tuple(values[name] for name in BOUND))
    return seal(ring, place, text.encode())


def _last(among: ColumnElement[bool], **versions: ColumnElement[int]) -> Subquery:
    """Of each of the files, the versions that are asked for."""
    columns = (version.label(name) for name, version in versions.items())
    return select(_VERSIONS.file, *columns).where(among).group_by(_VERSIONS.file).subquery("last")


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collection of garbage, which finds none among thousands of files that are all in use."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # count the new ones among the old, without a look at each
            gc.freeze()
            gc.unfreeze()
        if was_on:
            gc.enable()
