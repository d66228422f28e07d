"""`workspace.toml`: what a folder must hold to be a workspace."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from planner.errors import WorkspaceError, last_part
from planner.store.private_files import write_private

SETTINGS = "workspace.toml"
FORMAT = 1


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


def write_settings(folder: Path, settings: Mapping[str, Any]) -> None:
    """Write the settings at once: a folder has the old ones or the new ones."""
    write_private(folder / SETTINGS, tomli_w.dumps({"format": FORMAT, **settings}).encode())
