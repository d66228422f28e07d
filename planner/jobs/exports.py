"""Child files on their way out of the workspace: as the person's role sees them, numbered, marked, and audited.

The audit has the serial and the reason before the file is there; the file is there whole or not at all. No copy
is kept in the workspace, so none has to expire: the paper is its owner's, and says so.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import networkx as nx
import pandas as pd

from planner.documents import Mark, Stamp, xlsx_bytes
from planner.documents.child_columns import COLUMNS, name_of, told
from planner.documents.folder import reason_of
from planner.documents.names import safe_name
from planner.errors import InputError
from planner.model.layers import Layer, column
from planner.plugin import Result
from planner.store.audit import Action, record
from planner.store.child_records import record_of
from planner.store.children import ANY, ChildFile, Choice, take_files
from planner.store.masking import scrub
from planner.store.private_files import write_private
from planner.store.rates import within_rate
from planner.store.reads import has_demo_rows, read_all_divisions
from planner.store.roles import Act
from planner.store.workspace import Workspace

TITLE = "困境儿童档案"
_NUMBERS = ("月标准(元)", "坐标经度", "坐标纬度")
_OWN = {"档案编号": str, "版本": int, "核定类型": str, "核定等级": str, "起始日期": "datetime64[s]"}
FILES = Layer(
    "child-files",
    TITLE,
    {
        title: column(kind, title, nullable=True, personal=True)
        for title, kind in {
            **_OWN,
            **{item.title: float if item.title in _NUMBERS else str for item in COLUMNS},
        }.items()
    },
    key=("档案编号",),
    description="一人一档,每份档案一行;身份证号已遮盖",
)


@dataclass(frozen=True)
class Export:
    """A paper that was written: its serial, where it is, and how many files it tells of."""

    serial: str
    path: Path
    rows: int


def export_files(
    workspace: Workspace, out: Path, *, as_of: date, reason: str, choice: Choice = ANY
) -> Export:
    """Write the files of a day as an xlsx workbook to `out`, or under a name of ours where `out` is a folder.

    Raises AccessError for a role that takes no files out, InputError without a reason, where no file is found,
    or where `out` is not a place for it; then nothing is written.
    """
    at = datetime.now(UTC)
    serial = new_serial(at)
    tree = read_all_divisions(workspace, as_of=as_of)
    path = _path(workspace, out, f"{_subject(choice, tree)}_{as_of.isoformat()}_{serial}.xlsx")
    files = take_files(workspace, as_of=as_of, serial=serial, reason=reason, choice=choice)
    paper = _Paper(serial, at, path, as_of, reason)
    return _write(workspace, paper, FILES, files_frame(files, tree))


def write_marked(
    workspace: Workspace, out: Path, layer: Layer, frame: pd.DataFrame, *, as_of: date, reason: str
) -> Export:
    """Write a list about children that is cut to the person's role already, numbered, marked and audited.

    Raises as `export_files`.
    """
    workspace.person.check(Act.EXPORT_FILES)
    at = datetime.now(UTC)
    serial = new_serial(at)
    path = _path(workspace, out, f"{safe_name(layer.title)}_{as_of.isoformat()}_{serial}.xlsx")
    with within_rate(workspace, Action.EXPORT, serial) as connection:
        detail = {"as_of": as_of, "count": len(frame), "list": layer.name}
        record(connection, Action.EXPORT, serial, reason=reason, detail=detail)
    return _write(workspace, _Paper(serial, at, path, as_of, reason), layer, frame)


@dataclass(frozen=True)
class _Paper:
    """Number, time, place, day and reason of a paper that is about to be written."""

    serial: str
    at: datetime
    path: Path
    as_of: date
    reason: str


def _write(workspace: Workspace, paper: _Paper, layer: Layer, frame: pd.DataFrame) -> Export:
    person = workspace.person
    stamp = Stamp(
        title=layer.title,
        plugin="",
        run="",
        serial=paper.serial,
        as_of=paper.as_of,
        demo=has_demo_rows(workspace, as_of=paper.as_of),
        mark=Mark(f"{person.name}({person.login})", paper.at, scrub(paper.reason.strip())),
    )
    content = xlsx_bytes(Result(tables={layer.name: frame}), [layer], stamp)
    try:
        write_private(paper.path, content)
    except OSError as error:
        name = paper.path.name
        raise InputError(f"不能写文件“{name}”:{reason_of(error)}", "换一个可以写入的位置") from error
    return Export(paper.serial, paper.path, len(frame))


def files_frame(files: Sequence[ChildFile], tree: nx.DiGraph) -> pd.DataFrame:
    """A row for each file under the titles of FILES: what the rules say, then the columns of the ledger."""
    rows = [
        {
            "档案编号": file.file,
            "版本": file.version,
            "核定类型": "、".join(file.categories),
            "核定等级": file.grade,
            "起始日期": pd.Timestamp(file.valid_from),
            **told(record_of(file), tree),
        }
        for file in files
    ]
    return pd.DataFrame(rows, columns=list(FILES.columns))


def new_serial(at: datetime) -> str:
    """A number that no other paper has, e.g. DC20201231-1f0c9a3b7e."""
    return f"DC{at.astimezone():%Y%m%d}-{secrets.token_hex(5)}"


def _subject(choice: Choice, tree: nx.DiGraph) -> str:
    """What a file's name may say of its content: the division, or the number of the one file; never a person."""
    if choice.files is not None and len(choice.files) == 1:
        return f"{TITLE}_{safe_name(next(iter(choice.files))[:8])}"
    return f"{TITLE}_{safe_name(name_of(choice.area, tree))}" if choice.area else TITLE


def _path(workspace: Workspace, out: Path, name: str) -> Path:
    """Where to write. Raises InputError for a place in the workspace, no folder, or another kind of file."""
    try:
        path = out / name if out.is_dir() else out
        taken = path.is_dir() or path.resolve().is_relative_to(workspace.folder.resolve())
    except (OSError, ValueError) as error:  # too long, a null byte
        raise InputError("不能用这个文件名", "换一个短一些的、只含文字和数字的名字") from error
    if path.suffix.lower() != ".xlsx":
        raise InputError(f"“{out.name}”不是 xlsx 文件名,也不是已有的文件夹", "写成 文件.xlsx,或先建好文件夹")
    if not path.parent.is_dir():
        raise InputError(f"没有文件夹“{path.parent.name}”", "先建好文件夹,或换一个位置")
    if taken:
        raise InputError(f"不能写到“{path.name}”", "写到工作区外面的文件")
    return path
