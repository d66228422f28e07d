"""The demo workspace: what is true of Ningxia, and everything else generated, marked 示例."""

from planner.demo.days import DATA_DAY
from planner.demo.workspace import make_demo

__all__ = ["DATA_DAY", "make_demo"]
