"""docs/ledger_codes.md lists the codes that the readers give, each once, and no other."""

import re
from pathlib import Path

from planner.model.finding_words import FINDING_WORDS

ROOT = Path(__file__).parents[2]
CODE = re.compile(r'"([EWNS]-[A-Z0-9]+(?:-[A-Z0-9]+)*)"')


def test_the_table_lists_every_code_once():
    listed = re.findall(
        r"^\| ([EWNS]-[A-Z0-9-]+) \|", (ROOT / "docs/ledger_codes.md").read_text("utf-8"), re.MULTILINE
    )
    given = {
        code
        for path in (ROOT / "planner/ledger").glob("*.py")
        for code in CODE.findall(path.read_text("utf-8"))
    }
    assert sorted(listed) == sorted(given)
    assert set(FINDING_WORDS) == given


def test_the_words_of_the_codes_tell_them_apart():
    assert len(set(FINDING_WORDS.values())) == len(FINDING_WORDS)
    assert max(map(len, FINDING_WORDS.values())) <= 12
