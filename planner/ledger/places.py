"""Townships and villages as people write them, found among the known divisions.

A name counts with or without the word for its kind (马家湾, 马家湾村, 马家湾村委会, 马家湾村村民委员会), and with
the names of the divisions above before it. Look-ups are by dictionary; only a name that is not found is
compared with all others, to ask 「是否为…?」.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import networkx as nx

from planner.ledger.cells import Cell, Fault, comparable, show, text
from planner.ledger.gone_places import Gone, gone_of
from planner.model.divisions import Level, ancestor_code, is_code, level_of

_KINDS = {
    Level.TOWNSHIP: ("街道办事处", "民族乡", "街道", "镇", "乡"),
    Level.VILLAGE: (
        "社区居民委员会",
        "村(居)民委员会",
        "村民委员会",
        "居民委员会",
        "社区居委会",
        "村(居)委会",
        "行政村",
        "村委会",
        "居委会",
        "社区",
        "村",
    ),
}
_GROUP = re.compile(r"(.+?)(\d{1,3}|[一二三四五六七八九十]{1,3})(?:组|队|社|小组|村民小组|生产队)")
_ABROAD = re.compile(r"(县|市|区|省|境|本地)外|外(县|市|省|地|区|出|乡镇)|务工|随父母外出|^其他(县|市|省)")
_PROVINCES = re.compile(
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南"
    "|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|新疆|台湾|香港|澳门"
)
_OTHER_COUNTY = re.compile(r"[\u4e00-\u9fff]{2,}?(?:市|县|(?<!社)区|州|盟|旗)")
_NUMERALS = {numeral: number for number, numeral in enumerate("一二三四五六七八九", start=1)}


class PlaceFault(Fault):
    """A place that is not found; `part` is the cell at fault, 乡镇 or 村."""

    def __init__(self, part: str, message: str, fix: str, code: str) -> None:
        super().__init__(message, fix, code)
        self.part = part


@dataclass(frozen=True)
class Area:
    """An area as a ledger writes it: the code of the village (12 digits), the 组, the words.

    `outside`: not in the county. Then `code` may be None, or that of a village or township of another one.
    `change` tells what became of a village that is no more, where the code is that of its successor.
    """

    text: str
    code: str | None = None
    group: str | None = None
    outside: bool = False
    change: str | None = None

    @property
    def township(self) -> str | None:
        """The code of the township; None where the place is not known."""
        return None if self.code is None else ancestor_code(self.code, Level.TOWNSHIP)


@dataclass(frozen=True)
class Places:
    """The townships and villages of a tree. Those of `county` go first; all are at home where it is None.

    `townships` and `villages` map names as compared to codes, `villages_of` the same for each township.
    `wider` maps names of regions, prefectures and counties to the counties they hold, longest first.
    """

    tree: nx.DiGraph
    county: str | None
    townships: Mapping[str, tuple[str, ...]]
    villages: Mapping[str, tuple[str, ...]]
    villages_of: Mapping[str, Mapping[str, tuple[str, ...]]]
    wider: Mapping[str, frozenset[str]]
    gone: Gone
    _found: dict[tuple[str, str, str], Area | PlaceFault] = field(default_factory=dict, compare=False)

    def name(self, code: str) -> str:
        """The name of a division; its code where the tree does not hold it."""
        return str(self.tree.nodes[code]["name"]) if code in self.tree else code

    def is_township(self, words: str) -> bool:
        """Whether words are the name of a township at home (the name of a sheet)."""
        title = comparable(words)
        return bool(self._gone_township(words)) or any(
            bare == _bare(words, Level.TOWNSHIP) or comparable(self.name(code)) in title
            for bare, codes in self.townships.items()
            for code in codes
            if self.at_home(code)
        )

    def at_home(self, code: str) -> bool:
        """Whether a division lies in the county."""
        return self.county is None or code.startswith(self.county)

    def counties_named(self, words: str) -> set[str]:
        """The counties that words may mean: 同心县, 同心县河西镇, or the name of a township."""
        counties, _ = self._above(words)
        if counties:
            return counties
        return {code[:6] for code in self.townships.get(_bare(words, Level.TOWNSHIP), ())}

    def find(self, township: Cell, village: Cell, group: Cell = None) -> Area | None:
        """The area that two or three cells name; None where all of them are blank.

        Raises PlaceFault for a village without township (E-TOWNSHIP-BLANK), one that several townships have
        (E-VILLAGE-AMBIGUOUS), and names that are not known (E-TOWNSHIP-UNKNOWN, E-VILLAGE-UNKNOWN).
        """
        told = tuple(text(cell) or "" for cell in (township, village, group))
        if not any(told):
            return None
        key = told[0], told[1], told[2]
        if key not in self._found:
            try:
                self._found[key] = self._area(*key)
            except PlaceFault as fault:
                self._found[key] = fault
        found = self._found[key]
        if isinstance(found, PlaceFault):
            raise PlaceFault(found.part, found.message, found.fix, found.code)
        return found

    def find_township(self, cell: Cell) -> str:
        """The code of a township at home. Raises PlaceFault."""
        words = text(cell) or ""
        if (old := self._gone_township(words)) is not None:
            raise self._is_gone("乡镇", old)
        codes, outside = self._township(words)
        if outside or not codes:
            raise PlaceFault("乡镇", f"“{show(words)}”不是本县的乡镇", "请填本县的乡镇", "E-TOWNSHIP-UNKNOWN")
        return self._only(codes, words)

    def find_village(self, township: Cell, village: Cell) -> str:
        """The code of a village at home; the township may be blank where only one has that village."""
        town, words = text(township) or "", text(village) or ""
        if not town and words:
            return self._village_alone(words)
        area = self.find(township, village)
        if area is None:
            raise PlaceFault("村", "没有填写", "请填乡镇和村(居)", "E-VILLAGE-BLANK")
        if area.change is not None:
            raise PlaceFault("村", area.change, "请填现在的乡镇和村(居)", "E-VILLAGE-GONE")
        if area.code is None or area.outside:
            raise PlaceFault("村", f"“{show(town + words)}”不在本县", "请填本县的村", "E-VILLAGE-UNKNOWN")
        return area.code

    def _area(self, town: str, village: str, group: str) -> Area:
        words = "".join(dict.fromkeys(item for item in (town, village, group) if item))
        if not town:
            if _ABROAD.search(village):
                return Area(words, outside=True)
            self._refuse_without_township(village or group)
        if (old := self._gone_township(town)) is not None:
            moved = self._moved(old, village, group, words)
            if moved is None:
                raise self._is_gone("乡镇", old)
            return moved
        codes, outside = self._township(town)
        if outside:
            code = self._outside_code(codes, village)
            return Area(words, code, group_words(group), outside=True)
        code = self._only(codes, town)
        if not village:
            raise PlaceFault("村", "没有填写", f"请填{self.name(code)}的村(居)", "E-VILLAGE-BLANK")
        if (moved := self._moved(code, village, group, words)) is not None:
            return moved
        bare, inside = self._split_group(code, village)
        found = self._in_township(code, bare)
        return Area(words, found, group_words(group or inside))

    def _gone_township(self, words: str) -> str | None:
        """The old code of a township at home that is no more, where none of that name is there today."""
        if (code := comparable(words)) in self.gone.successors:
            return code if level_of(code) is Level.TOWNSHIP and self.at_home(code) else None
        counties, rest = self._above(words)
        if not self.gone.townships or (counties and self.county is not None and self.county not in counties):
            return None
        for name in dict.fromkeys((_bare(words, Level.TOWNSHIP), _bare(rest, Level.TOWNSHIP))):
            old = [code for code in self.gone.townships.get(name, ()) if self.at_home(code)]
            if len(old) == 1 and not any(map(self.at_home, self.townships.get(name, ()))):
                return old[0]
        return None

    def _moved(self, township: str, village: str, group: str, words: str) -> Area | None:
        """The area of today of a village that is no more; None where the cell names no such village.

        Raises PlaceFault where it was split and the cells do not tell which part is meant.
        """
        known = self.gone.villages_of.get(township)
        if not known or self._lookup(township, village) or self._coded(village, Level.VILLAGE):
            return None
        bare, inside = village, ""
        code = comparable(village)
        coded = code in self.gone.successors and code.startswith(township) and level_of(code) is Level.VILLAGE
        found = (code,) if coded else self._lookup(township, village, known)
        if not found and (match := _GROUP.fullmatch(comparable(village))):
            bare, inside = match[1], comparable(village).removeprefix(match[1])
            if self._lookup(township, bare):
                return None
            found = self._lookup(township, bare, known)
        if len(found) != 1:
            return None
        moved = self.gone.now(found[0], group_words(group or inside), self.tree)
        if moved is None:
            raise self._is_gone("村", found[0])
        return Area(
            words,
            moved.code,
            moved.group,
            outside=not self.at_home(moved.code),
            change=self._told(moved.change.old, moved.code),
        )

    def _told(self, old: str, new: str) -> str:
        """What became of an old division, which is `new` today."""
        change = self.gone.successors[old][0]
        verb = "并入" if change.renames_groups else "改为"
        where = self.name(new) if level_of(old) is Level.TOWNSHIP else self._as_village(new)
        if level_of(old) is Level.VILLAGE and not new.startswith(old[: Level.TOWNSHIP]):
            where = self.name(new[: Level.TOWNSHIP]) + where
        return f"“{change.name}”自{change.day.isoformat()}起{verb}{where}"

    def _is_gone(self, part: str, old: str) -> PlaceFault:
        """The fault of a division that is no more and that nobody can follow, telling what became of it."""
        changes = self.gone.successors[old]
        moved = self.gone.now(old, None, self.tree)
        if moved is not None:
            told = self._told(old, moved.code)
        else:
            parts = "、".join(dict.fromkeys(self.name(change.new) for change in changes))
            told = f"“{changes[0].name}”自{changes[0].day.isoformat()}起拆分为{parts}"
        code = "E-TOWNSHIP-GONE" if part == "乡镇" else "E-VILLAGE-GONE"
        return PlaceFault(part, told, "请填现在的乡镇和村(居)", code)

    def _refuse_without_township(self, village: str) -> None:
        home = [code for code in self.villages.get(_bare(village, Level.VILLAGE), ()) if self.at_home(code)]
        towns = [self.name(code) for code in dict.fromkeys(code[:9] for code in home)]
        if len(towns) > 1:
            self._refuse_ambiguous(village, towns)
        hint = f"“{show(village)}”在{towns[0]};" if towns else ""
        fix = f"{hint}请填写乡镇;合并单元格以外的空格不会自动补全"
        raise PlaceFault("乡镇", "没有填写", fix, "E-TOWNSHIP-BLANK")

    def _refuse_ambiguous(self, village: str, towns: Iterable[str]) -> None:
        raise PlaceFault(
            "村", f"“{show(village)}”在{'、'.join(towns)}均有", "请填写乡镇", "E-VILLAGE-AMBIGUOUS"
        )

    def _village_alone(self, words: str) -> str:
        """The code of a village at home without its township."""
        if (coded := self._coded(words, Level.VILLAGE)) is not None:
            return coded
        bare = _bare(words, Level.VILLAGE)
        home = [code for code in self.villages.get(bare, ()) if self.at_home(code)]
        towns = list(dict.fromkeys(code[:9] for code in home))
        if len(towns) > 1:
            self._refuse_ambiguous(words, [self.name(code) for code in towns])
        if len(home) == 1:
            return home[0]
        if home:
            return self._exact(home, words, Level.VILLAGE)
        gone = [code for names in self.gone.villages_of.values() for code in names.get(bare, ())]
        if len(gone) == 1 and self.at_home(gone[0]):
            raise self._is_gone("村", gone[0])
        raise self._unknown_village(words, None)

    def _township(self, words: str) -> tuple[list[str], bool]:
        """(codes, whether it lies outside the county). Raises PlaceFault for a name that nobody has."""
        if (coded := self._coded(words, Level.TOWNSHIP)) is not None:
            return [coded], not self.at_home(coded)
        counties: set[str] = set()
        rest = comparable(words)
        found = list(self.townships.get(_bare(words, Level.TOWNSHIP), ()))
        if not found:
            counties, rest = self._above(words)
            found = list(self.townships.get(_bare(rest, Level.TOWNSHIP), ())) if rest else []
        if counties:
            here = [code for code in found if code[:6] in counties]
            away = self.county is not None and self.county not in counties
            if here or away:
                return here, away
        elif rest:
            home = [code for code in found if self.at_home(code)]
            if home:
                return home, False
            if found:
                return found, True
        if _ABROAD.search(words) or _PROVINCES.match(rest) or _OTHER_COUNTY.match(rest):
            return [], True
        raise self._unknown_township(words, rest)

    def _above(self, words: str) -> tuple[set[str], str]:
        """The counties that the beginning of `words` names, by their own or a wider name, and the rest."""
        rest = comparable(words)
        counties: set[str] = set()
        while True:
            name = next((name for name in self.wider if rest.startswith(name)), None)
            if name is None:
                return counties, rest
            below = self.wider[name]
            counties = (counties & below) or set(below)
            rest = rest.removeprefix(name)

    def _only(self, codes: list[str], words: str) -> str:
        return codes[0] if len(codes) == 1 else self._exact(codes, words, Level.TOWNSHIP)

    def _exact(self, codes: list[str], words: str, level: Level) -> str:
        """Of several that share a bare name, the one whose full name is written."""
        full = [code for code in codes if comparable(self.name(code)) == comparable(words)]
        if len(full) == 1:
            return full[0]
        part, code = (
            ("乡镇", "E-TOWNSHIP-AMBIGUOUS") if level is Level.TOWNSHIP else ("村", "E-VILLAGE-AMBIGUOUS")
        )
        names = "、".join(f"“{self.name(item)}”" for item in codes)
        raise PlaceFault(part, f"“{show(words)}”可能是{names}", "请写全名", code)

    def _split_group(self, township: str, village: str) -> tuple[str, str]:
        """(village, 组) of a cell that may hold both, e.g. 马家湾村3组."""
        if self._lookup(township, village) or not (match := _GROUP.fullmatch(comparable(village))):
            return village, ""
        return match[1], comparable(village).removeprefix(match[1])

    def _lookup(
        self, township: str, village: str, own: Mapping[str, tuple[str, ...]] | None = None
    ) -> tuple[str, ...]:
        """The codes that a name may mean in a township; `own` are its villages where not those of today."""
        if own is None:
            own = self.villages_of.get(township, {})
        found = own.get(_bare(village, Level.VILLAGE), ())
        if found:
            return found
        _, rest = self._above(village)
        for name in (comparable(self.name(township)), _bare(self.name(township), Level.TOWNSHIP)):
            if rest.startswith(name) and (
                found := own.get(_bare(rest.removeprefix(name), Level.VILLAGE), ())
            ):
                return found
        return ()

    def _in_township(self, township: str, village: str) -> str:
        if (coded := self._coded(village, Level.VILLAGE)) is not None and coded.startswith(township):
            return coded
        found = self._lookup(township, village)
        if not found:
            raise self._unknown_village(village, township)
        return found[0] if len(found) == 1 else self._exact(list(found), village, Level.VILLAGE)

    def _outside_code(self, townships: list[str], village: str) -> str | None:
        """The village of another county, or its township; None where the tree does not know the place."""
        if len(townships) != 1:
            return None
        found = self._lookup(townships[0], self._split_group(townships[0], village)[0]) if village else ()
        return found[0] if len(found) == 1 else townships[0]

    def _coded(self, words: str, level: Level) -> str | None:
        code = comparable(words)
        return code if is_code(code) and code in self.tree and level_of(code) is level else None

    def _unknown_township(self, words: str, rest: str) -> PlaceFault:
        home = {name: codes for name, codes in self.townships.items() if any(map(self.at_home, codes))}
        close = get_close_matches(_bare(rest or words, Level.TOWNSHIP), home, n=2, cutoff=0.5)
        named = "、".join(f"“{self.name(home[name][0])}”" for name in close)
        fix = f"是否为{named}?" if named else "请填本县的乡镇(街道);在县外的请写“县外”或所在省、市、县"
        return PlaceFault("乡镇", f"没有叫“{show(words)}”的乡镇", fix, "E-TOWNSHIP-UNKNOWN")

    def _unknown_village(self, words: str, township: str | None) -> PlaceFault:
        bare = _bare(words, Level.VILLAGE)
        elsewhere = [code for code in self.villages.get(bare, ()) if self.at_home(code)]
        if township is not None and elsewhere:
            towns = "、".join(dict.fromkeys(self.name(code[:9]) for code in elsewhere))
            message = f"“{show(words)}”不在{self.name(township)},在{towns}"
            return PlaceFault("村", message, "请核对乡镇和村", "E-VILLAGE-TOWNSHIP")
        known = self.villages_of.get(township, {}) if township else self.villages
        close = get_close_matches(bare, known, n=2, cutoff=0.5)
        named = "、".join(f"“{self._as_village(known[name][0])}”" for name in close)
        where = self.name(township) if township else "本县"
        fix = f"是否为{named}?" if named else "请核对村名,或先导入含有它的区划表"
        return PlaceFault("村", f"{where}没有叫“{show(words)}”的村(居)", fix, "E-VILLAGE-UNKNOWN")

    def _as_village(self, code: str) -> str:
        """A village's name as people say it: 马家湾村, not 马家湾村民委员会."""
        name = self.name(code)
        bare = _bare(name, Level.VILLAGE)
        return f"{bare}社区" if "社区" in name else bare if bare.endswith("村") else f"{bare}村"


def places_of(tree: nx.DiGraph, county: str | None = None) -> Places:
    """The townships and villages of a division tree, ready to be looked up; also those that are no more, where the
    graph tells their `successors`."""
    townships: dict[str, list[str]] = defaultdict(list)
    villages: dict[str, list[str]] = defaultdict(list)
    villages_of: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for code, node in sorted(tree.nodes(data=True)):
        if node["level"] is Level.TOWNSHIP:
            townships[_bare(node["name"], Level.TOWNSHIP)].append(code)
        elif node["level"] is Level.VILLAGE:
            bare = _bare(node["name"], Level.VILLAGE)
            villages[bare].append(code)
            villages_of[ancestor_code(code, Level.TOWNSHIP)][bare].append(code)
    return Places(
        tree=tree,
        county=county,
        townships=_frozen(townships),
        villages=_frozen(villages),
        villages_of={town: _frozen(names) for town, names in villages_of.items()},
        wider=_wider_names(tree),
        gone=gone_of(tree.graph.get("successors", ()), tree, _bare),
    )


def _frozen(names: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(codes) for name, codes in names.items()}


def _wider_names(tree: nx.DiGraph) -> dict[str, frozenset[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for code, node in tree.nodes(data=True):
        if node["level"] > Level.COUNTY:
            continue
        below = (
            {code}
            if node["level"] is Level.COUNTY
            else {item for item in nx.descendants(tree, code) if tree.nodes[item]["level"] is Level.COUNTY}
        )
        for name in {comparable(node["name"]), comparable(node["short"])}:
            names[name] |= below
    ordered = sorted(names, key=len, reverse=True)
    return {name: frozenset(names[name]) for name in ordered}


def _bare(name: str, level: Level) -> str:
    """A name as compared, without the words for its kind: 马家湾村村民委员会 → 马家湾; at least two characters.

    新村委会 is 新村, whose own last character looks like such a word.
    """
    bare = comparable(name)
    while True:
        suffix = next((item for item in _KINDS[level] if bare.endswith(item)), None)
        if suffix is None:
            return bare
        stem = bare.removesuffix(suffix)
        if len(stem) < 2:
            return f"{stem}村" if suffix.startswith("村") and stem else bare
        bare = stem


def group_words(words: str) -> str | None:
    """组 as stored: 3组 for 3, 三组, 第三村民小组; other words as written."""
    if not words:
        return None
    bare = comparable(words).removeprefix("第")
    match = re.fullmatch(
        r"(\d{1,3}|[一二三四五六七八九十]{1,3})(?:村民小组|小组|组|队|社|生产队)?", bare, re.ASCII
    )
    if match is None:
        return words
    number = _number(match[1])
    return f"{number}组" if number else words


def _number(words: str) -> int:
    """3 for 3 or 三, 12 for 十二; 0 for no number."""
    if words.isdecimal():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return _NUMERALS.get(words, 0)
    if (tens and tens not in _NUMERALS) or (ones and ones not in _NUMERALS):
        return 0
    return 10 * _NUMERALS.get(tens, 1) + _NUMERALS.get(ones, 0)
