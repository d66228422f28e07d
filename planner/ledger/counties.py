"""Counties as people write them: by code, by name, by the name of their prefecture, inside an address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import networkx as nx

from planner.ledger.cells import Cell, Fault, comparable, show, text, unpadded
from planner.model.divisions import Level, ancestor_code, at_level, is_code, level_of, subtree
from planner.model.institutions import split_list

_OWN_COUNTY = {"本县", "全县"}


@dataclass(frozen=True)
class Counties:
    """The counties of a division tree, by every way to write them.

    `named` maps a compared name or short name to county codes, `wider` that of a prefecture or region to
    all counties it holds.
    """

    tree: nx.DiGraph
    named: Mapping[str, tuple[str, ...]]
    wider: Mapping[str, tuple[str, ...]]

    def name(self, code: str) -> str:
        """The name of a county; its code where the tree does not hold it."""
        return str(self.tree.nodes[code]["name"]) if code in self.tree else code

    def county(self, cell: Cell) -> str | None:
        """The county that a cell names, by name or by the code of it or of anything below it."""
        words = text(cell)
        if words is None:
            return None
        if is_code(code := _as_code(words)):
            if level_of(code) < Level.COUNTY:
                raise Fault(f"“{show(cell)}”不到县一级", "请填县(市、区)的代码或名称")
            county = ancestor_code(code, Level.COUNTY)
            if county not in self.tree:
                raise Fault(f"县代码“{county}”不在已导入的区划中", "请核对代码,或先导入该县区划")
            return county
        found = self.named.get(comparable(words), ())
        if len(found) > 1:
            raise Fault(f"“{show(cell)}”有{len(found)}个:{'、'.join(found)}", "请改填区划代码")
        if not found:
            raise Fault(f"没有叫“{show(cell)}”的县(市、区)", self._nearest(words))
        return found[0]

    def jurisdiction(self, cell: Cell) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """(county codes, other words) of a list of codes and names; a prefecture stands for its counties.

        The other words are not known above the townships: see `lies_within`.
        """
        codes: list[str] = []
        others = []
        for words in split_list(text(cell)):
            found = self._counties_of(words)
            codes += found
            if not found:
                others.append(words)
        return tuple(dict.fromkeys(codes)), tuple(others)

    def lies_within(self, words: str, county: str) -> bool:
        """Whether a word names something inside a county (a township, a village, or 本县)."""
        if words in _OWN_COUNTY:
            return True
        if is_code(code := _as_code(words)):
            return code in self.tree and code.startswith(county)
        nodes = self.tree.nodes
        wanted = comparable(words)
        return county in self.tree and any(
            wanted in (comparable(nodes[code]["name"]), comparable(nodes[code]["short"]))
            for code in subtree(self.tree, county)
        )

    def unknown_area(self, words: str) -> Fault:
        """The fault of a word of a jurisdiction that names no area."""
        return Fault(f"辖区中的“{show(words)}”不在已导入的区划中", self._nearest(words))

    def in_address(self, address: str | None) -> str | None:
        """The one county whose full name stands in an address; None where there is none or several."""
        if address is None:
            return None
        written = comparable(address)
        full = {comparable(self.name(code)): code for codes in self.named.values() for code in codes}
        found = {code for name, code in full.items() if name in written}
        return found.pop() if len(found) == 1 else None

    def _counties_of(self, words: str) -> tuple[str, ...]:
        if not is_code(code := _as_code(words)):
            return self.named.get(comparable(words)) or self.wider.get(comparable(words), ())
        if code not in self.tree or level_of(code) > Level.COUNTY:
            return ()
        return tuple(at_level(self.tree, Level.COUNTY, within=code))

    def _nearest(self, words: str) -> str:
        known = {
            comparable(self.name(code)): self.name(code) for codes in self.named.values() for code in codes
        }
        close = get_close_matches(comparable(words), known, n=2, cutoff=0.4)
        hint = f"是否为{'、'.join(f'“{known[item]}”' for item in close)}?" if close else ""
        return f"{hint}请填已导入的县(市、区)名称或代码"


def counties_of(tree: nx.DiGraph) -> Counties:
    """The counties of a division tree, ready to be looked up."""
    named: dict[str, list[str]] = defaultdict(list)
    wider: dict[str, list[str]] = defaultdict(list)
    for code, node in tree.nodes(data=True):
        if node["level"] > Level.COUNTY:
            continue
        spellings = {comparable(node["name"]), comparable(node["short"])}
        if node["level"] is Level.COUNTY:
            for spelling in spellings:
                named[spelling].append(code)
        else:
            below = at_level(tree, Level.COUNTY, within=code)
            for spelling in spellings:
                wider[spelling] += below
    return Counties(
        tree,
        {name: tuple(sorted(codes)) for name, codes in named.items()},
        {name: tuple(sorted(codes)) for name, codes in wider.items()},
    )


def _as_code(words: str) -> str:
    code = comparable(words)
    return unpadded(code) if is_code(code) else code
