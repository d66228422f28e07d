"""Frozen dataclasses of plain values as JSON text and back; the same value always gives the same text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from sys import intern
from types import NoneType, UnionType
from typing import Any, Self, TypeVar, Union, get_args, get_origin, get_type_hints

from planner.errors import InputError

Record = TypeVar("Record")


class Stored:
    """A frozen dataclass that the store keeps as JSON text."""

    __slots__ = ()

    def to_json(self) -> str:
        """The record as JSON text; equal records give equal texts."""
        return to_json(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote. Raises InputError where it cannot be read."""
        return from_json(cls, text)


def to_json(record: Any) -> str:
    """The fields of a dataclass by name; days, decimals and words as text, what is None left out."""
    return json.dumps(_plain(record), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(kind: type[Record], text: str) -> Record:
    """What `to_json` wrote. Raises InputError where the text is not a `kind` this version knows."""
    try:
        return kind(**_fields_of(kind, json.loads(text)))
    except (ValueError, TypeError, ArithmeticError) as error:
        raise InputError(f"保存的{kind.__name__}不能读取", "它可能由别的版本写入,请用那个版本打开") from error


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        told = {item.name: getattr(value, item.name) for item in fields(value)}
        return {name: _plain(item) for name, item in told.items() if item is not None}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _fields_of(kind: type, told: Any) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise TypeError(f"no object: {kind.__name__}")
    hints = _hints(kind)
    if unknown := sorted(set(told) - set(hints)):
        raise TypeError(f"unknown fields: {unknown}")
    return {name: _typed(hints[name], value) for name, value in told.items()}


def _typed(hint: Any, value: Any) -> Any:
    """`value` as the type that a field declares. Raises ValueError or TypeError where it is none."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        (inner,) = [item for item in get_args(hint) if item is not NoneType]
        return None if value is None else _typed(inner, value)
    if origin is tuple:
        if not isinstance(value, list):
            raise TypeError("no list")
        return tuple(_typed(get_args(hint)[0], item) for item in value)
    if isinstance(hint, type) and is_dataclass(hint):
        return hint(**_fields_of(hint, value))
    if hint in (date, datetime):
        return hint.fromisoformat(value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint in (str, int, float, bool):
        if type(value) is not hint:
            raise TypeError(f"no {hint.__name__}")
        return intern(value) if hint is str else value  # thousands of records name the same places
    return hint(value)  # an enumeration, a decimal
