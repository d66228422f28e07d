"""Small problems that can be checked by eye: stops on a line, ten minutes apart."""

import numpy as np

from plugins.visit_routes.problem import Problem

NEVER = np.inf


def line(positions, *, days=1, patterns=None, visitors=1, **changes):
    """Stops at `positions` (minutes from the office at 0) and a tour for each visitor and day, 8:00 to 18:00."""
    where = np.array([0.0, *positions])
    stops, tours = len(positions), days * visitors
    values = {
        "minutes": np.abs(where[:, None] - where[None])[None],
        "place": np.arange(1, stops + 1),
        "service": np.full(stops, 20.0),
        "size": np.ones(stops),
        "opens": np.zeros(stops),
        "closes": np.full(stops, NEVER),
        "patterns": np.array(patterns or [[1]] * stops, dtype=np.int64).reshape(
            stops, len(patterns[0]) if patterns else 1
        ),
        "left_out": np.full(stops, 10_000.0),
        "day": np.tile(np.arange(days), visitors),
        "visitor": np.repeat(np.arange(visitors), days),
        "mode": np.zeros(tours, dtype=np.int64),
        "start": np.zeros(tours, dtype=np.int64),
        "end": np.zeros(tours, dtype=np.int64),
        "begins": np.full(tours, 480.0),
        "ends": np.full(tours, 1080.0),
        "limit": np.full(tours, 480.0),
        "room": np.full(tours, NEVER),
        "lunch_from": np.full(tours, 720.0),
        "lunch": np.zeros(tours),
        "allowed": np.ones((stops, tours), dtype=bool),
        "extra": np.zeros((stops, tours)),
    }
    return Problem(**{**values, **changes})
