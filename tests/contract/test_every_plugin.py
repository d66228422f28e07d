"""Every registered plugin passes the contract."""

import pytest

from planner.registry import find_plugin, find_plugins
from planner.testing import check_plugin


def test_none_is_broken():
    assert find_plugins().broken == []


@pytest.mark.parametrize("name", sorted(find_plugins().plugins))
def test_contract(name):
    check_plugin(find_plugin(name))
