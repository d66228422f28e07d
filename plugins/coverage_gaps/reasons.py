"""Why a figure of a row is null: a key while computing, words for the reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.plugin import REASONS


def explain(values: pd.Series, cases: Sequence[tuple[Any, str]], *, otherwise: str) -> pd.Series:
    """Why each null of `values` is null: the key of the first case that holds; null where there is a value."""
    conditions = [np.broadcast_to(np.asarray(condition, dtype=bool), len(values)) for condition, _ in cases]
    keys = np.select(conditions, [key for _, key in cases], default=otherwise)
    return pd.Series(keys, index=values.index, dtype="str").where(values.isna())


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with the keys of its `…_reason` columns put in words, as people read them."""
    reasons = [name for name in table.columns if name.endswith("_reason")]
    return table.assign(**{name: table[name].map(REASONS).astype("str") for name in reasons})
