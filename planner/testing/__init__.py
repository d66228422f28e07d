"""For plugin authors: `check_plugin(my_plugin)` is one test that every plugin, ours or anyone's, must pass."""

from planner.plugin import rows_behind
from planner.testing.contract import ROW_UNITS, check_plugin
from planner.testing.sources import ALLOWED, FORBIDDEN
from planner.testing.world import AS_OF, make_context, tiny_world

__all__ = [
    "ALLOWED",
    "AS_OF",
    "FORBIDDEN",
    "ROW_UNITS",
    "check_plugin",
    "make_context",
    "rows_behind",
    "tiny_world",
]
