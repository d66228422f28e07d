"""docs/ledger_codes.md lists the codes that the readers give, each once, and no other."""

import re
from pathlib import Path

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
