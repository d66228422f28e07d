"""行政区划: codes, levels, names, and the tree that ties them together.

A code is region 2 digits, prefecture 4, county 6, township 9, village 12; a group (组) has no official
code and is written as the village code, a hyphen and its number (GB/T 2260, GB/T 10114).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum

import networkx as nx
import pandas as pd

from planner.errors import InputError, Problem


class Level(IntEnum):
    """The level of a division; the value is the number of digits of its code (a group adds its own)."""

    REGION = 2
    PREFECTURE = 4
    COUNTY = 6
    TOWNSHIP = 9
    VILLAGE = 12
    GROUP = 13

    @property
    def title(self) -> str:
        """The level in Chinese."""
        return _LEVEL_TITLES[self]


_LEVEL_TITLES = {
    Level.REGION: "自治区",
    Level.PREFECTURE: "地级市",
    Level.COUNTY: "县(市、区)",
    Level.TOWNSHIP: "乡镇(街道)",
    Level.VILLAGE: "村(居)",
    Level.GROUP: "组",
}
_CODE = re.compile(r"(?:\d{2}|\d{4}|\d{6}|\d{9}|\d{12}(?:-\d{1,3})?)", re.ASCII)
_CODE_FIX = "代码应为2、4、6、9或12位数字,组为村代码加“-序号”"
_LEVELS_BY_LENGTH = {int(level): level for level in Level if level is not Level.GROUP}
# Longest first: 社区居民委员会 must not leave 社区居民 behind.
_SUFFIXES: dict[Level, tuple[str, ...]] = {
    Level.REGION: ("回族自治区", "自治区", "省"),
    Level.PREFECTURE: ("市",),
    Level.COUNTY: ("县", "市", "区"),
    Level.TOWNSHIP: ("街道办事处", "民族乡", "街道", "镇", "乡"),
    Level.VILLAGE: (
        "社区居民委员会",
        "村民委员会",
        "居民委员会",
        "社区居委会",
        "村委会",
        "居委会",
        "社区",
        "村",
    ),
    Level.GROUP: ("村民小组", "小组", "组"),
}


def is_code(text: str) -> bool:
    """Whether `text` has the form of a division code."""
    return _CODE.fullmatch(text) is not None


def level_of(code: str) -> Level:
    """The level of a code. Raises InputError where the form is wrong."""
    if not is_code(code):
        raise InputError(f"“{code}”不是区划代码", _CODE_FIX)
    return Level.GROUP if "-" in code else _LEVELS_BY_LENGTH[len(code)]


def ancestor_code(code: str, level: Level) -> str:
    """The code of the division of `level` that holds `code` (itself at its own level).

    Raises InputError where `code` lies above `level`.
    """
    if level_of(code) < level:
        raise InputError(f"区划代码“{code}”没有{level.title}一级", f"请给出{level.title}或以下的代码")
    return code if level is Level.GROUP else code[: int(level)]


def parent_code(code: str) -> str | None:
    """The code one level up, None for a region."""
    level = level_of(code)
    if level is Level.REGION:
        return None
    levels = list(Level)
    return ancestor_code(code, levels[levels.index(level) - 1])


def short_name(name: str, level: Level) -> str:
    """The name without the word for its kind, e.g. 马家湾村委会 → 马家湾, 大水坑镇 → 大水坑.

    A name that would shrink to fewer than two characters keeps its word (中区, 新村).
    """
    for suffix in _SUFFIXES[level]:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name.removesuffix(suffix)
    return name


def build_tree(divisions: pd.DataFrame) -> nx.DiGraph:
    """The division tree: an edge from each division to the ones it holds.

    `divisions` has the columns code, name and parent (None or empty for a top row, whose own parent may be
    absent). Nodes carry `name`, `short` and `level`. Raises InputError naming every malformed or duplicate
    code, every orphan (a parent named but not there) and every parent of a wrong level.
    """
    codes = divisions["code"].astype(str)
    problems = [
        Problem(f"区划代码“{code}”出现不止一次", "保留一行") for code in codes[codes.duplicated()].unique()
    ]
    tree: nx.DiGraph = nx.DiGraph()
    for code, name in zip(codes, divisions["name"], strict=True):
        if not is_code(code):
            problems.append(Problem(f"“{code}”不是区划代码", _CODE_FIX))
            continue
        level = level_of(code)
        tree.add_node(code, name=name, short=short_name(name, level), level=level)
    for code, parent in zip(codes, divisions["parent"], strict=True):
        if code not in tree or not isinstance(parent, str) or not parent:
            continue
        if parent in tree:
            if level_of(parent) >= level_of(code):
                problems.append(Problem(f"“{code}”的上级“{parent}”级别不对", "上级须高于本级"))
            else:
                tree.add_edge(parent, code)
        else:
            problems.append(Problem(f"“{code}”的上级“{parent}”不在区划表中", "补上该上级,或更正上级代码"))
    if problems:
        raise InputError("区划表不成一棵树", problems=problems)
    return tree


def parent(tree: nx.DiGraph, code: str) -> str | None:
    """The division that holds `code`, None at the top."""
    return next(iter(tree.predecessors(code)), None)


def children(tree: nx.DiGraph, code: str) -> list[str]:
    """The divisions directly under `code`, by code."""
    return sorted(tree.successors(code))


def path(tree: nx.DiGraph, code: str) -> list[str]:
    """From the top of the tree down to `code`, both included."""
    steps = [code]
    while (above := parent(tree, steps[-1])) is not None:
        steps.append(above)
    return steps[::-1]


def full_name(tree: nx.DiGraph, code: str, *, below: Level = Level.PREFECTURE) -> str:
    """The names from below the level `below` down to `code`, joined, e.g. 盐池县大水坑镇新建村委会."""
    return "".join(tree.nodes[step]["name"] for step in path(tree, code) if tree.nodes[step]["level"] > below)


def at_level(tree: nx.DiGraph, level: Level, *, within: str | None = None) -> list[str]:
    """The codes of one level, by code, in the whole tree or under (and including) `within`."""
    nodes: Iterable[str] = tree.nodes if within is None else subtree(tree, within)
    return sorted(code for code in nodes if tree.nodes[code]["level"] is level)


def subtree(tree: nx.DiGraph, code: str) -> Iterator[str]:
    """`code` and everything below it."""
    yield code
    yield from nx.descendants(tree, code)
