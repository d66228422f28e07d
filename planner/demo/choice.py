"""Which counties the demo is asked for, by code or by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from planner.errors import InputError, Problem
from planner.model.divisions import Level, short_name


def choose_counties(wanted: Iterable[str] | None, names: Mapping[str, str]) -> list[str]:
    """The codes of the wanted counties, sorted, each once; all of `names` (code → name) where none is wanted.

    A county is wanted by its code, its name, or its name without 县, 市 or 区. Raises InputError naming every
    word that fits no county, with the nearest ones.
    """
    words = [str(word).strip() for word in wanted or ()]
    spelled = {spelling: code for code, name in names.items() for spelling in _spellings(code, name)}
    problems = [
        Problem(f"没有代码或名称为“{word}”的县(市、区)", _nearest(word, spelled, names))
        for word in dict.fromkeys(words)
        if word not in spelled
    ]
    if problems:
        raise InputError("示例中没有所要的县", problems=problems)
    return sorted({spelled[word] for word in words} or names)


def _spellings(code: str, name: str) -> tuple[str, str, str]:
    return code, name, short_name(name, Level.COUNTY)


def _nearest(word: str, spelled: Mapping[str, str], names: Mapping[str, str]) -> str:
    if below := sorted(code for code in names if len(word) >= 4 and code.startswith(word)):
        close = below
    else:
        found = get_close_matches(word, spelled, n=6, cutoff=0.4)
        close = list(dict.fromkeys(spelled[item] for item in found))[:3] or sorted(names)
    return "可用:" + "、".join(f"{names[code]}({code})" for code in close)
