"""`workspace.toml`: what a folder must hold to be a workspace."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from planner.errors import InputError, WorkspaceError, last_part
from planner.store.private_files import write_private

SETTINGS = "workspace.toml"
FORMAT = 1
ERASE_AFTER_YEARS = "erase_after_years"
_MOST_YEARS = 100


def read_settings(folder: Path) -> dict[str, Any]:
    """The settings of the workspace in `folder`. Raises WorkspaceError where there are none that we can use."""
    path = folder / SETTINGS
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WorkspaceError(
            f"“{last_part(folder)}”不是工作区:没有 {SETTINGS}", "核对目录,或用 planner init 目录 新建"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorkspaceError(f"“{last_part(path)}”不能读:{error}", "从备份恢复这个文件") from error
    if settings.get("format") != FORMAT:
        raise WorkspaceError(
            f"工作区“{last_part(folder)}”是第{settings.get('format')}种格式,本程序用第{FORMAT}种",
            "请安装较新的程序",
        )
    return settings


def years_kept(folder: Path) -> int:
    """How many years after its closing a file still tells who the child is.

    Raises InputError where the workspace has not said so: what is erased does not come back, and how long such
    files are kept is for the county to say. WorkspaceError for what is no number of years.
    """
    told = read_settings(folder).get(ERASE_AFTER_YEARS)
    if told is None:
        raise InputError(
            "还没有规定档案关闭后保留几年,什么也不清除",
            f"按档案管理的规定定下年数,在 {SETTINGS} 里加一行,如 {ERASE_AFTER_YEARS} = 10",
        )
    if not isinstance(told, int) or isinstance(told, bool) or not 1 <= told <= _MOST_YEARS:
        raise WorkspaceError(
            f"{SETTINGS} 里的 {ERASE_AFTER_YEARS} 不能用", f"填1到{_MOST_YEARS}的整数,单位是年"
        )
    return told


def write_settings(folder: Path, settings: Mapping[str, Any]) -> None:
    """Write the settings at once: a folder has the old ones or the new ones."""
    write_private(folder / SETTINGS, tomli_w.dumps({"format": FORMAT, **settings}).encode())
