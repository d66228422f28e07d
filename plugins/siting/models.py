"""The four bare location models, as pure functions of arrays; each answer carries its bound."""

from __future__ import annotations

from .answer import Infeasible, Siting

__all__ = ["Infeasible", "Siting"]
