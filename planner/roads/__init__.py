"""Travel time: by road where roads are known, else the straight-line estimate."""

from planner.roads.straight_line import StraightLine, Travel

__all__ = ["StraightLine", "Travel"]
