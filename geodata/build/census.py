"""The census of 2020 by county, with codes beside the names."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def make_census(sources: Path, divisions: pd.DataFrame) -> pd.DataFrame:
    """Residents on 2020-11-01 by county: code, name, population, population_0_14, by code.

    Raises ValueError naming every county that is in one table and not in the other.
    """
    counts = pd.read_csv(sources / "census_2020.csv")
    counties = divisions.loc[divisions["level"] == "county", ["code", "name"]]
    alone = sorted(set(counts["name"]) ^ set(counties["name"]))
    if alone:
        raise ValueError(f"普查表与区划表的县对不上:{'、'.join(alone)};请更正 census_2020.csv")
    return counties.merge(counts, on="name", validate="one_to_one").sort_values("code", ignore_index=True)
