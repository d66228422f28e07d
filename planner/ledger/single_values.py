"""The values of a ledger's cells given one at a time, by the same readers: for corrections of a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, TypeVar

from planner.errors import InputError
from planner.ledger.cells import Cell, Fault
from planner.ledger.disability import certificate
from planner.ledger.id_numbers import Holder, birth_of, id_number, sex_of
from planner.ledger.person_names import person_name
from planner.ledger.readings import Reading
from planner.model.words import Sex

Value = TypeVar("Value")


def child_name(text: str) -> str:
    """A name. Raises InputError for what is none."""
    return _read("姓名", person_name, text)


def child_number(text: str) -> str:
    """An ID number of 18 digits. Raises InputError for what is none."""
    return _read("身份证号", partial(id_number, holder=Holder.CHILD), text)


def certificate_of(text: str) -> dict[str, Any]:
    """What the number of a disability certificate says, by the names of a record. Raises InputError."""
    cert = _read("残疾证号", certificate, text)
    return {
        "disability_cert": cert.number,
        "cert_reissued": cert.reissued,
        "disability_kind": cert.kind,
        "disability_grade": cert.grade,
    }


def number_tells(number: str) -> tuple[date | None, Sex]:
    """The birthday and the sex that a sound ID number tells."""
    return birth_of(number), sex_of(number)


def _read(column: str, parse: Callable[[Cell], Reading[Value | None]], text: str) -> Value:
    try:
        value = parse(text).value
    except Fault as fault:
        raise InputError(f"{column}:{fault.message}", fault.fix) from fault
    if value is None:
        raise InputError(f"{column}没有填写", f"填写{column}")
    return value
