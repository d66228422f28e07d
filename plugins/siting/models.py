"""The four bare location models, as pure functions of arrays; each answer carries its bound."""

from __future__ import annotations

from .answer import Infeasible, Siting
from .max_cover import max_cover
from .p_center import p_center
from .p_median import p_median
from .set_cover import set_cover

__all__ = ["Infeasible", "Siting", "max_cover", "p_center", "p_median", "set_cover"]
