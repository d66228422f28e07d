"""Cases for single cells: a normaliser by name, the raw cell, and what the reader answers, as plain values.

The shapes are those of tests/golden/dirty_cells.json: an outcome or a value, and the code where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import networkx as nx
import pandas as pd

from planner.errors import InputError
from planner.ledger.amounts import amount
from planner.ledger.cells import Cell, Fault
from planner.ledger.home_points import HOME_BOX, lon_lat_pair
from planner.ledger.id_numbers import Holder, id_number
from planner.ledger.partial_days import birthday
from planner.ledger.person_names import person_name
from planner.ledger.phones import phones
from planner.ledger.places import places_of
from planner.ledger.readings import Remark
from planner.model.divisions import build_tree

Answer = list[Any]

# The place the cases speak of; 新庄村 is in two townships.
_DIVISIONS = [
    ("640324", "同心县", None),
    ("640324101", "河西镇", "640324"),
    ("640324106", "丁塘镇", "640324"),
    ("640324101201", "马家湾村", "640324101"),
    ("640324101202", "新庄村", "640324101"),
    ("640324106201", "新庄村", "640324106"),
]


def run_case(fn: str, args: Sequence[Any], *, tree: nx.DiGraph | None = None) -> Answer:
    """What the normaliser of that name answers, in the shape in which the cases expect it.

    `tree` holds the divisions for norm_village, by default those the cases speak of. Raises InputError for
    a name that is none.
    """
    if fn not in _NORMALISERS:
        raise InputError(f"没有名为“{fn}”的单元格规则", f"可用:{'、'.join(_NORMALISERS)}")
    if fn == "norm_village":
        return _village(*args, tree=tree)
    return _NORMALISERS[fn](*args)


def case_tree() -> nx.DiGraph:
    """The divisions that the cases speak of."""
    return build_tree(pd.DataFrame(_DIVISIONS, columns=["code", "name", "parent"]))


def _id(cell: Cell, holder: str = "child") -> Answer:
    """[accept, normalised, warn or reject; the number; the code]."""
    try:
        reading = id_number(cell, Holder(holder))
    except Fault as fault:
        return ["reject", None, fault.code]
    if (code := _warning(reading.remarks)) is not None:
        return ["warn", reading.value, code]
    cleaned = any(remark.code == "N-ID-CLEANED" for remark in reading.remarks)
    return ["normalised" if cleaned else "accept", reading.value, None]


def _date(cell: Cell, system: object = None) -> Answer:
    """[2012-03-05 or 2012-03, day or month, the code]; `system` 1904 names the other date system."""
    try:
        reading = birthday(cell, date1904=str(system).lower() in ("1904", "true"))
    except Fault as fault:
        return [None, None, fault.code]
    if reading.value is None:
        return [None, None, None]
    return [reading.value.text, "day" if reading.value.day else "month", _warning(reading.remarks)]


def _village(township: Cell, village: Cell, *, tree: nx.DiGraph | None = None) -> Answer:
    """[the name of the village, the code]."""
    places = places_of(tree if tree is not None else case_tree())
    try:
        return [places.name(places.find_village(township, village)), None]
    except Fault as fault:
        return [None, fault.code]


def _name(cell: Cell) -> Answer:
    try:
        reading = person_name(cell)
    except Fault as fault:
        return [None, fault.code]
    return [reading.value, _warning(reading.remarks)]


def _phone(cell: Cell) -> Answer:
    try:
        reading = phones(cell)
    except Fault as fault:
        return [None, fault.code]
    return [list(reading.value), _warning(reading.remarks)]


def _lonlat(lon: Cell, lat: Cell) -> Answer:
    reading = lon_lat_pair(lon, lat, box=HOME_BOX)
    return [list(reading.value) if reading.value else None, _warning(reading.remarks)]


def _amount(cell: Cell) -> Answer:
    try:
        reading = amount(cell)
    except Fault as fault:
        return [None, fault.code]
    return [None if reading.value is None else float(reading.value), None]


def _warning(remarks: Sequence[Remark]) -> str | None:
    return next((remark.code for remark in remarks if remark.is_warning), None)


_NORMALISERS: Mapping[str, Callable[..., Answer]] = {
    "norm_id": _id,
    "norm_date": _date,
    "norm_village": _village,
    "norm_name": _name,
    "norm_phone": _phone,
    "norm_lonlat": _lonlat,
    "norm_amount": _amount,
}
