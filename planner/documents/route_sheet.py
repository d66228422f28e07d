"""路线单, 走访记录表 and the bundle of a visitor as PDF: what the template shows, and nothing it must not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planner.documents.pdf import chinese_font, pdf_bytes
from planner.documents.qr_codes import amap_link, geo_link, qr_svg
from planner.documents.route_map import route_svg
from planner.documents.stamp import Stamp
from planner.model.route_sheets import (
    DISCREET,
    LeftOut,
    RouteSheet,
    SheetStop,
    VisitForm,
    day_in_words,
)
from planner.model.visits import Concern, Measure, VisitWay

ROUTE_SHEET, VISIT_FORM = "困境儿童走访路线单", "困境儿童走访记录表"
HEADS = (
    "序", "到达时间", "村/组", "户(编号)", "儿童姓名", "等级", "到期日",
    "本段", "累计", "电话", "要点", "导航", "见到", "签字",
)  # fmt: skip
LEFT_OUT_HEADS = ("村/组", "户(编号)", "到期日", "原因", "办法")
RETURNED = (("份数", "回收人", "回收日期"), ("销毁人", "监销人", "销毁日期"))
# What a visitor looks at under 政策落实.
BENEFITS = ("津贴到账", "低保", "医保", "残疾补贴")
_TEMPLATE = "route_sheet"
_NOTHING = "—"


def route_papers_pdf(
    sheets: Sequence[RouteSheet], forms: Sequence[VisitForm], stamp: Stamp, *, amap: bool = False
) -> bytes:
    """Route sheets (A4 landscape), then record forms (A4 portrait, one child each), each with its own page numbers.

    A stop with a place has a QR code: `geo:` (WGS84), or with `amap` a navigation link (GCJ-02). Raises
    InputError where no Chinese font is installed.
    """
    return pdf_bytes(_TEMPLATE, papers_data(sheets, forms, stamp, amap=amap))


def papers_data(
    sheets: Sequence[RouteSheet], forms: Sequence[VisitForm], stamp: Stamp, *, amap: bool = False
) -> dict[str, Any]:
    """What the template `route_sheet` shows."""
    return {
        "title": ROUTE_SHEET,
        "form_title": VISIT_FORM,
        "notice": stamp.notice,
        "mark": stamp.mark_text,
        "serial": stamp.serial,
        "as_of": stamp.as_of_text,
        "demo": stamp.demo,
        "heads": HEADS,
        "left_heads": LEFT_OUT_HEADS,
        "returned": RETURNED,
        "sheets": [_sheet(sheet, amap=amap) for sheet in sheets],
        "forms": [_form(form) for form in forms],
        "concerns": [str(concern) for concern in Concern],
        "benefits": BENEFITS,
        "ways": [str(way) for way in VisitWay],
        "measures": [str(measure) for measure in Measure],
    }


def head_of(sheet: RouteSheet) -> list[tuple[str, str]]:
    """The head of a route sheet: title and value, in order."""
    kilometres = _NOTHING if sheet.km is None else f"{sheet.km:.1f}公里"
    return [
        ("走访人", sheet.visitor),
        ("日期", day_in_words(sheet.day)),
        ("出发/返回点", sheet.start),
        ("出行方式", sheet.mode),
        ("出发–返回", f"{sheet.departs}–{sheet.returns}" + (f",{sheet.lunch}起午休" if sheet.lunch else "")),
        ("户数/人数", f"{sheet.households}户 {sheet.children}人"),
        ("总里程", kilometres),
        ("预计用时", f"{sheet.total_min:.0f}分钟(路程{sheet.travel_min:.0f}分钟)"),
    ]


def cells_of(stop: SheetStop) -> list[str]:
    """The cells of a stop under HEADS up to 要点; a discreet one tells its order and times alone."""
    times = [_way(stop.leg_km, stop.leg_min), _way(stop.way_km, stop.way_min)]
    if stop.discreet:
        return [str(stop.order), stop.arrives, DISCREET, "", "", "", "", *times, "", DISCREET]
    return [
        str(stop.order),
        stop.arrives,
        stop.place,
        stop.household,
        "、".join(stop.children),
        stop.grade,
        stop.due.isoformat() if stop.due else "",
        *times,
        "、".join(stop.phones),
        ";".join(stop.notes),
    ]


def left_out_cells(item: LeftOut) -> list[str]:
    """The cells of a visit that was not planned under LEFT_OUT_HEADS."""
    if item.discreet:
        return [DISCREET, "", "", item.reason, ""]
    return [item.place, item.household, item.due.isoformat() if item.due else "", item.reason, item.fix]


def form_rows(form: VisitForm) -> list[list[tuple[str, str]]]:
    """The head of a record form, row by row: title and value."""
    return [
        [("县(市、区)", form.county), ("乡镇", form.township), ("村(居)", form.village), ("组", form.group)],
        [("儿童姓名", form.name), ("性别", form.sex), ("出生日期", form.birth), ("风险等级", form.grade)],
        [("困境类型", form.categories), ("走访类别", form.kind), ("计划日期", form.day.isoformat())],
        [("监护人姓名", form.guardian), ("关系", form.relation), ("电话", "、".join(form.phones))],
    ]


def _sheet(sheet: RouteSheet, *, amap: bool) -> dict[str, Any]:
    link = amap_link if amap else geo_link
    return {
        "head": head_of(sheet),
        "who": f"{sheet.visitor} {sheet.day.isoformat()}",
        "map": route_svg(sheet, font=chinese_font()),
        "rows": [
            {
                "cells": cells_of(stop),
                "discreet": stop.discreet,
                "high": stop.grade == "高",
                "code": None if stop.discreet or stop.point is None else qr_svg(link(stop.point)),
            }
            for stop in sheet.stops
        ],
        "left": [left_out_cells(item) for item in sheet.left_out],
        "code_mm": 17 if amap else 14,
    }


def _form(form: VisitForm) -> dict[str, Any]:
    return {
        "file": form.file,
        "who": f"{form.visitor} {form.day.isoformat()}",
        "visitor": form.visitor,
        "rows": form_rows(form),
    }


def _way(kilometres: float | None, minutes: float) -> str:
    told = f"{minutes:.0f}分钟"
    return told if kilometres is None else f"{kilometres:.1f}公里\n{told}"
