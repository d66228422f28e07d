"""Every pair of parents' states in both rule sets, against tables written down from the policy by hand.

The tables name unordered pairs; a pair that no table names has no class and no tier. `pairs.json` holds the
same as cases, so that `planner policy check` can run them too; rewrite it with `python tests/golden/test_pairs.py`.
"""

import json
from itertools import product
from pathlib import Path

import pytest

from planner.policy.cases import check_cases, parse_cases

FILE = Path(__file__).with_name("pairs.json")
WORDS = [
    "ok",
    "deceased",
    "missing",
    "disabled",
    "ill",
    "prison",
    "remarried",
    "lost_contact",
    "drug_rehab",
    "other_restraint",
    "revoked",
    "deported",
    "unknown",
]

# 二(一) and 二(三) of the document; the empty clause is 「等情况」: double orphans
DOC_CLASSES = """
二(一)a  家庭困境  deceased: ill disabled
二(一)b  家庭困境  ill: ill disabled
二(一)b  家庭困境  disabled: disabled
二(三)a  监护困境  deceased: missing remarried prison
二(三)b  监护困境  missing: disabled prison
二(三)c  监护困境  disabled: prison
二(三)d  监护困境  missing: missing prison
二(三)d  监护困境  prison: prison
-        监护困境  deceased: deceased
"""
# as the document without 改嫁, and 「等情况」 for pairs of the national list that no clause has placed
MCA_CLASSES = """
二(一)a  家庭困境  deceased: ill disabled
二(一)b  家庭困境  ill: ill disabled
二(一)b  家庭困境  disabled: disabled
二(三)a  监护困境  deceased: missing prison
二(三)b  监护困境  missing: disabled prison
二(三)c  监护困境  disabled: prison
二(三)d  监护困境  missing: missing prison
二(三)d  监护困境  prison: prison
-        监护困境  deceased: deceased
-        监护困境  deceased: lost_contact drug_rehab other_restraint revoked deported
-        监护困境  missing: ill lost_contact drug_rehab other_restraint revoked deported
-        监护困境  disabled: lost_contact drug_rehab other_restraint revoked deported
-        监护困境  ill: prison lost_contact drug_rehab other_restraint revoked deported
-        监护困境  prison: lost_contact drug_rehab other_restraint revoked deported
-        监护困境  lost_contact: lost_contact drug_rehab other_restraint revoked deported
-        监护困境  drug_rehab: drug_rehab other_restraint revoked deported
-        监护困境  other_restraint: other_restraint revoked deported
-        监护困境  revoked: revoked deported
-        监护困境  deported: deported
"""
# 三(一): the pairs it names and those of 二(三)a–d; 死亡+重残/重病 to be reviewed; 不详 while it may still matter
DOC_TIERS = """
ORPH60  deceased: deceased
FWR50   deceased: missing remarried prison
FWR50   missing: missing disabled prison
FWR50   disabled: disabled prison
FWR50   prison: prison
REVIEW  deceased: disabled ill
REVIEW  unknown: deceased missing disabled ill prison remarried unknown
"""
# 62号 and 125号: both of the eight, or one 死亡/失踪 and the other of the eight
MCA_TIERS = """
ORPH60  deceased: deceased
FWR50   deceased: disabled ill prison lost_contact drug_rehab other_restraint revoked deported
FWR50   missing: disabled ill prison lost_contact drug_rehab other_restraint revoked deported
FWR50   disabled: disabled ill prison lost_contact drug_rehab other_restraint revoked deported
FWR50   ill: ill prison lost_contact drug_rehab other_restraint revoked deported
FWR50   prison: prison lost_contact drug_rehab other_restraint revoked deported
FWR50   lost_contact: lost_contact drug_rehab other_restraint revoked deported
FWR50   drug_rehab: drug_rehab other_restraint revoked deported
FWR50   other_restraint: other_restraint revoked deported
FWR50   revoked: revoked deported
FWR50   deported: deported
REVIEW  unknown: deceased missing disabled ill prison lost_contact drug_rehab other_restraint revoked deported unknown
"""


def rows(table):
    """(head words, unordered pair) of a table, line by line."""
    for line in table.strip().splitlines():
        head, others = line.split(":")
        *heads, one = head.split()
        for other in others.split():
            yield heads, frozenset((one, other))


def expected(classes, tiers, pair):
    held = [heads for heads, named in rows(classes) if named == pair]
    categories = list(dict.fromkeys(category for _, category in held))
    assert len(categories) <= 1
    return {
        "classify": {
            "clauses": [clause for clause, _ in held if clause != "-"],
            "categories": categories,
            "primary": categories[0] if categories else None,
        },
        "tier": next((heads[0] for heads, named in rows(tiers) if named == pair), "none"),
    }


def pair_cases():
    for mode, classes, tiers in (("doc2017", DOC_CLASSES, DOC_TIERS), ("mca2019", MCA_CLASSES, MCA_TIERS)):
        for father, mother in product(WORDS, WORDS):
            answers = expected(classes, tiers, frozenset((father, mother)))
            for kind, answer in answers.items():
                yield {
                    "id": f"{mode}-{kind}-{father}-{mother}",
                    "kind": kind,
                    "mode": mode,
                    "input": {"father": father, "mother": mother},
                    "expect": answer,
                }


def as_text():
    return "[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in pair_cases()) + "\n]\n"


def test_file_holds_the_tables():
    assert FILE.read_text("utf-8") == as_text()


def test_every_pair_in_both_rule_sets():
    cases = parse_cases(FILE.read_text("utf-8"))
    assert len(cases) == 2 * 2 * 13 * 13
    assert check_cases(cases) == []


@pytest.mark.parametrize("table", [DOC_CLASSES, MCA_CLASSES, DOC_TIERS, MCA_TIERS])
def test_tables_use_known_words_and_name_no_pair_twice(table):
    named = [(tuple(heads), pair) for heads, pair in rows(table)]
    assert {word for _, pair in named for word in pair} <= set(WORDS)
    assert len(named) == len(set(named))


if __name__ == "__main__":
    FILE.write_text(as_text(), "utf-8")
