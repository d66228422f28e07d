"""The demo workspace: what is true of Ningxia, and everything else generated, marked 示例."""

from planner.demo.workspace import DATA_DAY, make_demo

__all__ = ["DATA_DAY", "make_demo"]
