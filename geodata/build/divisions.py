"""The division table: region, prefectures, counties, townships and villages with level and kind."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

REGION = "64"
# The level of a file's rows, and how many digits of a code name the division above.
_FILES = {
    "provinces.csv": ("region", 0),
    "cities.csv": ("prefecture", 2),
    "areas.csv": ("county", 4),
    "streets.csv": ("township", 6),
    "villages.csv": ("village", 9),
}
# The kind is written in the last digits of a code, as the first number of each range. Names do not tell it:
# 铁西村委会 is a unit of a state farm. GB/T 2260 (counties), GB/T 10114 (townships), and the rules for
# statistical division codes of the National Bureau of Statistics (villages).
_KINDS: dict[str, dict[int, str]] = {
    "region": {0: "自治区"},
    "prefecture": {0: "地级市"},
    "county": {1: "市辖区", 21: "县", 81: "县级市"},
    "township": {1: "街道", 100: "镇", 200: "乡", 400: "其他"},
    "village": {1: "居委会", 200: "村委会", 400: "其他"},
}


def make_divisions(sources: Path) -> pd.DataFrame:
    """The divisions of Ningxia: code, name, parent, level, kind (all str), by code, so parents come first."""
    tables = [_read_level(sources / name, level, digits) for name, (level, digits) in _FILES.items()]
    return pd.concat(tables).sort_values("code", ignore_index=True)


def _read_level(file: Path, level: str, parent_digits: int) -> pd.DataFrame:
    rows = pd.read_csv(file, dtype=str)[["code", "name"]]
    return rows.assign(
        parent=rows["code"].str[:parent_digits],
        level=level,
        kind=[_kind(level, int(code[parent_digits:])) for code in rows["code"]],
    )


def _kind(level: str, number: int) -> str:
    first = max(first for first in _KINDS[level] if first <= number)
    return _KINDS[level][first]
