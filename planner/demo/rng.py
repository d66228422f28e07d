"""Chance in the demo: one stream per seed, county and theme.

So a county looks the same whether it is made alone or with the whole region, and one theme never moves
another.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Theme(IntEnum):
    """What a stream of chance decides; the numbers are part of the recipe and never change."""

    PLACES = 1
    DEMAND = 2
    INSTITUTIONS = 3
    FATES = 4
    PROTECTION = 5
    GROUND = 6
    ROSTERS = 7
    CHILDREN = 8
    VISITS = 9
    EVENTS = 10
    ROADS = 11


def stream(seed: int, theme: Theme, code: str = "0") -> np.random.Generator:
    """The generator of a theme in the division `code`; `seed` is at least 0."""
    return np.random.default_rng([seed, int(theme), int(code)])
