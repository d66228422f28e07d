"""The plugin as a whole: contract, a small world by eye, options from the form, stops."""

from __future__ import annotations

from planner.testing import check_plugin
from plugins.siting import siting


def test_contract():
    check_plugin(siting)
