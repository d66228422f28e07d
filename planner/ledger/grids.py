"""The cells of a file, sheet by sheet, with the row numbers that Excel shows; and which kind a file is."""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from planner.errors import InputError, last_part
from planner.ledger.cells import Cell, is_blank
from planner.ledger.uploads import Paper, Upload

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_WRITTEN = MOST_ROWS + 10_000  # of a sheet: with titles, 合计, signatures, and a header on every page
HEAD_ROWS = 15  # a header stands below a title, a unit and a date line, not deeper
_AT_ONCE: int = getattr(os, "O_NONBLOCK", 0)  # a pipe that nobody writes to must not keep us waiting
ACCEPTED = "请提供 xlsx、CSV、GeoJSON 或 GeoPackage 文件"

Cells = Sequence[Cell]


@dataclass(frozen=True)
class Grid:
    """One sheet, or one layer: its non-blank rows by number.

    `lettered` says whether columns have letters (a sheet) or only names (a layer, whose row 0 holds the
    names of the fields). `merged` lists (first row, last row, column from 0) of cells merged downwards.
    `shapes` holds geometry by row in the file's own `crs`; `broken` says of a row why its shape cannot
    be read.
    """

    rows: Mapping[int, Cells]
    sheet: str | None = None
    lettered: bool = True
    date1904: bool = False
    merged: Sequence[tuple[int, int, int]] = ()
    hidden: frozenset[int] = frozenset()
    shapes: Mapping[int, BaseGeometry] = field(default_factory=dict)
    broken: Mapping[int, str] = field(default_factory=dict)
    crs: str | None = None
    notices: tuple[str, ...] = ()


def read_content(path: Paper) -> bytes:
    """The bytes of an uploaded or named file.

    Raises InputError if it is absent, empty, over 20 MB, or no plain file: a pipe or a device has no end.
    """
    content = path.content if isinstance(path, Upload) else _bytes_of(path)
    _refuse_large(file_name(path), len(content))
    if not content.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise InputError(f"文件“{file_name(path)}”是空的", "请确认选对了文件")
    return content


def _bytes_of(path: Path) -> bytes:
    told = _readable(last_part(path))
    try:
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | _AT_ONCE)) as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise InputError(f"“{told}”不是普通文件", "请先把内容存成文件,再给出这个文件")
            _refuse_large(file_name(path), state.st_size)
            return file.read(MOST_BYTES + 1)
    except IsADirectoryError as error:
        raise InputError(f"“{told}”是文件夹", "请给出其中的文件") from error
    except FileNotFoundError as error:
        raise InputError(f"找不到文件“{told}”", "请核对路径") from error
    except (OSError, ValueError) as error:
        raise InputError(f"不能读取文件“{told}”", "请检查读取权限,并关闭正在打开它的程序") from error


def _refuse_large(name: str, size: int) -> None:
    if size > MOST_BYTES:
        raise InputError(f"文件“{name}”有{size / 2**20:.1f} MB,超过20 MB", "请拆分后导入")


def digest_of(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return sha256(content).hexdigest()


def file_name(path: Paper) -> str:
    """The name of a file as text that can be shown and stored, even where its bytes are GBK and not UTF-8."""
    return _readable(path.name)


def _readable(path: str) -> str:
    written = os.fsencode(path)
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return written.decode(errors="replace")


def nonblank(rows: Mapping[int, Cells]) -> dict[int, Cells]:
    """The rows in which something is written. Raises InputError where there are more than a sheet may have."""
    kept = {number: cells for number, cells in rows.items() if not all(map(is_blank, cells))}
    refuse_long(len(kept), MOST_WRITTEN)
    return kept


def refuse_long(rows: int, most: int = MOST_ROWS) -> None:
    """Raises InputError beyond 50 000 rows of data; 合计, footers and repeated headers are none."""
    if rows > most:
        raise InputError(f"数据超过{MOST_ROWS}行", "请拆分成几个文件导入")


def read_csv(content: bytes, name: str) -> Grid:
    """A delimited text file: UTF-8 with or without BOM, UTF-16 with BOM, or GB18030; comma, tab or semicolon.

    Raises InputError for another encoding, binary content, or an unclosed quotation mark.
    """
    text, encoding = _decode(content, name)
    head = text[:4096].splitlines()[:20]
    delimiter = max(",\t;,", key=lambda mark: sum(line.count(mark) for line in head))
    rows: dict[int, Cells] = {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if not all(map(is_blank, cells)):
                rows[number] = cells
            if len(rows) > MOST_WRITTEN:
                break
    except csv.Error as error:
        raise InputError(
            f"文件“{name}”第{reader.line_num}行附近的引号不成对", "请检查该处的英文双引号,或另存为 xlsx"
        ) from error
    notices = ("按 GB18030 编码读取",) if encoding == "gb18030" else ()
    return Grid(nonblank(rows), notices=notices)


def _decode(content: bytes, name: str) -> tuple[str, str]:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text, encoding
    raise InputError(f"认不出文件“{name}”的内容或编码", f"{ACCEPTED};CSV 请另存为“CSV UTF-8”")
