"""What a record says under the headings of the ledger."""

from __future__ import annotations

from datetime import date

import networkx as nx

from planner.documents.child_columns import COLUMNS, told
from planner.model.children import ChildRecord, ParentStatus
from planner.model.words import CategoryWord, ParentState, Sex

CHILD = ChildRecord(
    name="马小花",
    sex=Sex.FEMALE,
    father=ParentStatus((ParentState.PRISON,), term_months=42),
    mother=ParentStatus((ParentState.OK,)),
    categories=(CategoryWord.GUARDIANSHIP,),
    hukou_text="外县某镇",
    residence_text="甲村",
    birth=date(2010, 3, 5),
    residence="640324101201",
)


def test_every_column_has_its_own_title_and_unknown_places_their_codes() -> None:
    tree: nx.DiGraph = nx.DiGraph()
    tree.add_node("640324101", name="甲镇")
    says = told(CHILD, tree)
    assert len(says) == len(COLUMNS)
    assert (says["姓名"], says["身份证号"], says["父亲状况"]) == ("马小花", "未上户", "服刑(3年6个月)")
    assert (says["户籍地乡镇"], says["户籍地村"]) == ("外县某镇", None)
    assert (says["现居住地乡镇"], says["现居住地村"]) == ("甲镇", "640324101201")
