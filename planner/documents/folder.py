"""A result as files in a folder: each complete or not there at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from planner.documents.geojson import geojson_bytes
from planner.documents.geopackage import gpkg_bytes
from planner.documents.names import distinct_names, safe_name
from planner.documents.stamp import Stamp
from planner.documents.workbook import xlsx_bytes
from planner.errors import InputError, last_part
from planner.model.layers import Layer
from planner.plugin import Result

_REASONS = {
    errno.EACCES: "没有写入权限",
    errno.EPERM: "没有写入权限",
    errno.EROFS: "所在磁盘只读",
    errno.ENOTDIR: "路径中有一段是文件,不是文件夹",
    errno.EEXIST: "它是文件,不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.ENAMETOOLONG: "路径太长",
}


def write_result(folder: Path, result: Result, makes: Sequence[Layer], stamp: Stamp) -> list[Path]:
    """Write a GeoJSON for each layer, one GeoPackage and one workbook; the paths in that order.

    The folder is made where it is missing; files of the same run, day and serial are replaced. Names are
    made here, never taken as they are. Raises InputError where the folder cannot be written to.
    """
    made = {layer.name: layer for layer in makes}
    stem = "_".join([safe_name(stamp.plugin), stamp.as_of.isoformat(), safe_name(stamp.serial)])
    contents = {
        f"{stem}_{file_name}.geojson": geojson_bytes(made[name], result.layers[name], stamp)
        for name, file_name in distinct_names(result.layers).items()
    }
    contents[f"{stem}.gpkg"] = gpkg_bytes(result, makes, stamp)
    contents[f"{stem}.xlsx"] = xlsx_bytes(result, makes, stamp)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            _write_whole(folder / name, content)
    except OSError as error:
        raise InputError(
            f"不能写入文件夹“{last_part(folder)}”:{reason_of(error)}", "请换一个可以写入的文件夹"
        ) from error
    return [folder / name for name in contents]


def reason_of(error: OSError) -> str:
    """Why a file could not be written, in Chinese."""
    return _REASONS.get(error.errno or 0, error.strerror or "系统拒绝")


def _write_whole(path: Path, content: bytes) -> None:
    """Write beside the target, then rename: a reader sees the old file or the new one, never a part."""
    part = path.with_name(f".{uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
