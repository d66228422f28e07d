"""Travel time: by road where roads are known, else the straight-line estimate."""

from planner.roads.network import RoadNetwork
from planner.roads.straight_line import StraightLine, Travel, Ways, with_factors
from planner.roads.travel import RoadTravel

__all__ = ["RoadNetwork", "RoadTravel", "StraightLine", "Travel", "Ways", "with_factors"]
