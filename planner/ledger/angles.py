"""Longitude and latitude as people write them: decimal degrees, degrees-minutes-seconds, one cell or two."""

from __future__ import annotations

import re
import unicodedata

from planner.ledger.cells import Cell, Fault, is_blank, show

# Before NFKC, which would turn ″ into two ′.
_MARKS = str.maketrans(
    {"″": '"', "“": '"', "”": '"', "〃": '"', "秒": '"', "′": "'", "‘": "'", "’": "'", "´": "'", "分": "'"}
    | {"°": "°", "º": "°", "˚": "°", "度": "°", "−": "-"}
)
_SIDES = {"东经": "E", "西经": "W", "北纬": "N", "南纬": "S", "经度": "E", "纬度": "N"}
_ANGLE = re.compile(
    r"(?:(?P<before>[NSEW])\s*[::]?)?\s*(?P<deg>[+-]?\d+(?:\.\d+)?)"
    r"(?:\s*°\s*(?:(?P<min>\d+(?:\.\d+)?)\s*'\s*(?:(?P<sec>\d+(?:\.\d+)?)\s*(?:\"|'')?)?)?)?"
    r"(?(before)|\s*(?P<after>[NSEW])?)",
    re.ASCII,
)
_BETWEEN = re.compile(r"[\s,;、/|()]*")
_FIX = "请填十进制度数,如105.91和36.98"


def degrees(cell: Cell) -> float | None:
    """One angle in degrees (or one projected coordinate in metres), from a number or text."""
    if is_blank(cell):
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise Fault(f"“{show(cell)}”不是经纬度", _FIX)
    if isinstance(cell, int | float):
        return float(cell)
    (value, _), *more = _angles(cell)
    if more:
        raise Fault(f"“{show(cell)}”里不止一个数", _FIX)
    return value


def lon_lat(cell: Cell) -> tuple[float, float] | None:
    """Both angles of one cell, longitude first unless letters or words say otherwise."""
    if is_blank(cell):
        return None
    if not isinstance(cell, str):
        raise Fault(f"“{show(cell)}”不是一对经纬度", "请填成“105.91,36.98”")
    found = _angles(cell)
    if len(found) != 2:
        raise Fault(f"“{show(cell)}”不是一对经纬度", "请填成“105.91,36.98”")
    (first, first_side), (second, second_side) = found
    if first_side in ("N", "S") or second_side in ("E", "W"):
        return second, first
    return first, second


def _angles(cell: str) -> list[tuple[float, str]]:
    """The angles in a text, each with its side (N, S, E, W or empty). Raises Fault on anything else in it."""
    words = "".join(mark for mark in cell if unicodedata.category(mark) != "Cf")
    for word, letter in _SIDES.items():
        words = words.replace(word, letter)
    words = (
        unicodedata.normalize("NFKC", words.translate(_MARKS)).upper().replace("LON", "E").replace("LAT", "N")
    )
    found = []
    end = 0
    for match in _ANGLE.finditer(words):
        if not _BETWEEN.fullmatch(words[end : match.start()]):
            raise Fault(f"“{show(cell)}”不是经纬度", _FIX)
        found.append((_value(match, cell), match["before"] or match["after"] or ""))
        end = match.end()
    if not found or not _BETWEEN.fullmatch(words[end:]):
        raise Fault(f"“{show(cell)}”不是经纬度", _FIX)
    return found


def _value(match: re.Match[str], cell: str) -> float:
    whole, minutes, seconds = float(match["deg"]), float(match["min"] or 0), float(match["sec"] or 0)
    if minutes >= 60 or seconds >= 60:
        raise Fault(f"“{show(cell)}”的分或秒超过60", "请核对")
    value = abs(whole) + minutes / 60 + seconds / 3600
    side = match["before"] or match["after"]
    return -value if whole < 0 or side in ("S", "W") else value
