"""Ledgers looked at before they are imported: what each row would do, as the person's role may see it.

A submission lies in memory alone. It is confirmed by the digest of what was shown, so that nothing else is
written: where somebody has changed what it rests on, the submission is refused, and can be looked at again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

import networkx as nx

from planner.errors import InputError
from planner.jobs.ledgers import plan_ledger
from planner.jobs.plans import Change, Content, LedgerReport, Place, Plan, Report, carry_out, in_silence
from planner.jobs.rosters import plan_rows
from planner.ledger import UNCHANGED, CheckedRows, Outcome, RowOutcome, Upload, feedback
from planner.model.divisions import full_name
from planner.model.field_titles import FIELD_TITLES, in_words
from planner.model.finding_words import FINDING_WORDS
from planner.model.papers import LEDGERS
from planner.model.visits import Visit
from planner.store.audit import Action, record
from planner.store.masking import seen
from planner.store.roles import Person
from planner.store.workspace import Workspace


class Fate(StrEnum):
    """What becomes of a row; the value is the word people use. Every row that is read has one."""

    NEW = "新增"
    CHANGED = "变更"
    SAME = "无变化"
    REJECTED = "拒绝"
    SKIPPED = "跳过"


@dataclass(frozen=True)
class Submission:
    """A file of a kind of LEDGERS as somebody hands it in, and what they say of it.

    `as_of` None: the day that the file declares, else today.
    """

    kind: str
    upload: Upload
    as_of: date | None = None
    sheet: str | None = None
    county: str | None = None
    crs: str | None = None


@dataclass(frozen=True)
class FieldChange:
    """A field that would change, in words, as the person may see it; `before` is empty where nothing stood."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class PreviewRow:
    """What a row would do. `warns` says that it is taken and asks to be checked; `who` names it to its reader."""

    sheet: str | None
    row: int
    fate: Fate
    warns: bool
    who: str
    kinds: tuple[str, ...]
    messages: tuple[str, ...]
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Preview:
    """What the import of a submission would do, and the digest to confirm it by.

    `removed` tells the rows of rosters that would give way, in words.
    """

    submission: Submission
    digest: str
    day: date
    rows: tuple[PreviewRow, ...]
    removed: tuple[str, ...]
    notices: tuple[str, ...]
    checked: CheckedRows[Any]

    @property
    def counts(self) -> Mapping[Fate, int]:
        """How many rows have each fate; together they are all that were read."""
        found = Counter(row.fate for row in self.rows)
        return {fate: found[fate] for fate in Fate}

    @property
    def writes(self) -> bool:
        """Whether a confirmation would change anything."""
        return bool(self.removed or self.counts[Fate.NEW] or self.counts[Fate.CHANGED])

    def feedback(self, *, written: bool) -> bytes:
        """The workbook to send back: the file as it was sent, with a column of what becomes of each row."""
        return feedback(self.submission.upload, self.checked, written=written)


def preview(workspace: Workspace, submission: Submission, *, report: Report = in_silence) -> Preview:
    """What the import of a submission would do; nothing of it is written.

    That old values of files were shown is in the audit. Raises InputError for a faulty file, AccessError for
    who may not import it.
    """
    plan = _plan(workspace, submission, report)
    showing = _Showing(workspace.person, plan.tree)
    changes: dict[Place, list[Change]] = defaultdict(list)
    for change in plan.changes:
        changes[change.place].append(change)
    rows = tuple(showing.row(row, changes[row.sheet, row.row]) for row in plan.checked.rows)
    if plan.changed_places or plan.removed:
        shown = {"as_of": plan.day, "count": len(plan.changed_places) + len(plan.removed)}
        with workspace.writing() as connection:
            record(connection, Action.LIST, f"导入预览 {submission.kind}", detail=shown)
    return Preview(
        submission=submission,
        digest=plan.digest,
        day=plan.day,
        rows=rows,
        removed=tuple(showing.entry(item.content, item.area) for item in plan.removed),
        notices=tuple(showing.text(str(notice)) for notice in plan.checked.notices),
        checked=plan.checked,
    )


def confirm(
    workspace: Workspace, shown: Preview, *, report: Report = in_silence
) -> LedgerReport[CheckedRows[Any]]:
    """Import the submission that was shown. Raises ConflictError where that would do something else by now."""
    make = partial(_plan, workspace, shown.submission, report)
    return carry_out(workspace, make, expected=shown.digest, report=report)


def _plan(workspace: Workspace, given: Submission, report: Report) -> Plan[Any]:
    if given.kind not in LEDGERS:
        raise InputError(f"不能导入“{given.kind}”", f"可导入 {'、'.join(LEDGERS)}")
    if given.kind == "ledger":
        plan: Plan[Any] = plan_ledger(
            workspace,
            given.upload,
            as_of=given.as_of,
            otherwise=date.today(),
            sheet=given.sheet,
            county=given.county,
            crs=given.crs,
            report=report,
        )
        return plan
    return plan_rows(
        workspace,
        given.kind,
        given.upload,
        as_of=given.as_of,
        sheet=given.sheet,
        county=given.county,
        report=report,
    )


@dataclass(frozen=True)
class _Showing:
    """Puts rows into words, as the person may see them."""

    person: Person
    tree: nx.DiGraph

    def row(self, row: RowOutcome[Any], changes: Sequence[Change]) -> PreviewRow:
        """A row, what it does, and what must be said of it."""
        return PreviewRow(
            sheet=row.sheet,
            row=row.row,
            fate=_fate(row, changes),
            warns=row.outcome is Outcome.WARN,
            who=self.text("、".join(_names(row.record))),
            kinds=tuple(dict.fromkeys(FINDING_WORDS[code] for code in row.codes)),
            messages=tuple(map(self.text, row.messages)),
            changes=tuple(item for change in changes for item in self._fields(change)),
        )

    def text(self, text: str) -> str:
        """Words on the person's own file, without the numbers that they may not see."""
        area = min(self.person.scope.areas or {""})
        return str(seen(self.person, {"text": text}, area).get("text", ""))

    def entry(self, content: Content, area: str) -> str:
        """A whole entry in one line."""
        shown = seen(self.person, content, area)
        words = (in_words(key, shown[key], self._place) for key in FIELD_TITLES if key in shown)
        return ",".join(filter(None, words))

    def _fields(self, change: Change) -> Iterable[FieldChange]:
        old, new = change.before, change.after
        if old is None:
            return
        seen_old, seen_new = (seen(self.person, content, change.area) for content in (old, new))
        for key, title in FIELD_TITLES.items():
            if old.get(key) == new.get(key) or (key not in seen_old and key not in seen_new):
                continue
            before, after = (in_words(key, shown.get(key), self._place) for shown in (seen_old, seen_new))
            yield FieldChange(title, before, f"{after}(遮盖的部分不同)" if before == after else after)

    def _place(self, code: str) -> str:
        village, _, group = code.partition("-")
        name = full_name(self.tree, village) if village in self.tree else village
        return f"{name}{group}组" if group else name


def _fate(row: RowOutcome[Any], changes: Sequence[Change]) -> Fate:
    if row.outcome is Outcome.REJECT:
        return Fate.REJECTED
    if row.outcome is Outcome.SKIP:
        return Fate.SAME if UNCHANGED in row.codes else Fate.SKIPPED
    return Fate.CHANGED if any(change.old is not None for change in changes) else Fate.NEW


def _names(record: Any) -> Iterable[str]:
    """Whom a record is about: a child, an officer, the cadres of a row, the visitors of a visit."""
    if isinstance(record, tuple):
        return dict.fromkeys(duty.cadre for duty in record)
    if isinstance(record, Visit):
        return record.by
    name = getattr(record, "name", None)
    return [name] if name else []
