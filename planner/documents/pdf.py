"""PDF by typst: a template of ours, filled with data that stays data. The font is embedded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from planner.errors import InputError

_HERE = Path(__file__).parent
_TEMPLATES = _HERE / "templates"
# A font that comes with the program goes first.
_BUNDLED = _HERE / "fonts"
_FONTS = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "Noto Serif CJK SC",
    "SimSun",
)


def pdf_bytes(template: str, data: Mapping[str, Any]) -> bytes:
    """The template `templates/{template}.typ` as PDF, with `data` (JSON values) as its `data`.

    Text of `data` is shown as it is, never read as markup. Raises InputError where no Chinese font is found.
    """
    return _compiled(template, data, "pdf")


def page_images(template: str, data: Mapping[str, Any], *, dots_per_inch: float = 100) -> list[bytes]:
    """The pages of the same paper as PNG, to be looked at. Raises as `pdf_bytes`."""
    pages = _compiled(template, data, "png", dots_per_inch)
    return pages if isinstance(pages, list) else [pages]


def chinese_font() -> str:
    """The name of the Chinese font that papers are set in. Raises InputError where none is installed."""
    known = set(_fonts().families())
    for name in _FONTS:
        if name in known:
            return name
    raise InputError(
        "没有找到中文字体,不能生成PDF",
        f"安装 Noto Sans CJK(Debian:fonts-noto-cjk),或把一种中文字体文件放进 {_BUNDLED}",
    )


@cache
def _fonts() -> typst.Fonts:
    paths = [str(_BUNDLED)] if _BUNDLED.is_dir() else []
    return typst.Fonts(include_system_fonts=True, font_paths=paths)


def _compiled(
    template: str, data: Mapping[str, Any], form: Literal["pdf", "png"], dots_per_inch: float | None = None
) -> Any:
    filled = {**data, "font": chinese_font()}
    return typst.compile(
        (_TEMPLATES / f"{template}.typ").read_bytes(),
        format=form,
        ppi=dots_per_inch,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(filled, ensure_ascii=False, allow_nan=False)},
    )
