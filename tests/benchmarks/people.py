"""The people of the demo: all of Ningxia, and a ledger of one county as a file."""

from __future__ import annotations

from collections.abc import Iterator

from planner.demo.content import make_content
from planner.demo.ledger_file import ledger_workbook
from planner.demo.people_content import make_people
from planner.demo.region import read_region
from planner.model.divisions import build_tree
from tests.benchmarks.figures import Figure, seconds

LARGEST = 49_998  # with 合计 and signatures as many rows as a ledger may have


def measure_people() -> Iterator[Figure]:
    """Three regions of 25,000 children; the sample ledgers of 同心."""
    region = read_region()
    content = make_content(region, region.counties, children=None, seed=0)
    yield Figure("people of the region", seconds(lambda: make_people(content, region, seed=0), 3), "s", 15)
    for children, target in ((5_000, 10), (LARGEST, 60)):
        county = make_content(region, ["640324"], children=children, seed=0)
        records = make_people(county, region, seed=0).children
        tree = build_tree(county.divisions)
        taken = seconds(lambda: ledger_workbook(records, tree=tree, area="640324"), 1)  # noqa: B023 - called at once
        yield Figure(f"ledger of {children:,} rows written", taken, "s", target)
