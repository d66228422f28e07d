"""Colours of many classes: neighbours differ, whatever their number; places in one line, in one place, or nowhere."""

import itertools

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point, box

from planner.maps.neighbours import colours_apart


def series(*shapes):
    return gpd.GeoSeries(list(shapes), crs=4544)


def grid(side, shape):
    return series(*(shape(x, y) for y in range(side) for x in range(side)))


def square(x, y):
    return box(x, y, x + 1, y + 1)


def test_few_classes_have_a_colour_each():
    made = colours_apart(grid(3, Point), np.arange(9) % 5, 5)
    assert len(set(made)) == 5
    assert colours_apart(series(), np.array([], dtype=int), 0) == []


@pytest.mark.parametrize("shape", [Point, square])
def test_neighbours_of_many_classes_differ(shape):
    side = 7
    made = np.array(colours_apart(grid(side, shape), np.arange(side * side), side * side)).reshape(side, side)
    assert (made[:, 1:] != made[:, :-1]).all()
    assert (made[1:] != made[:-1]).all()
    assert len(set(made.ravel())) <= 8


def test_a_class_of_scattered_places_differs_from_all_beside_it():
    class_of = np.arange(49)
    class_of[[0, 24, 48]] = 0  # two corners and the middle
    made = colours_apart(grid(7, square), class_of, 49)
    assert made[0] not in {made[class_of[at]] for at in (1, 7, 8, 16, 17, 18, 23, 25, 30, 31, 32, 40, 41, 47)}


def test_places_in_one_line_and_in_one_place():
    line = colours_apart(series(*(Point(x, 0) for x in range(20))), np.arange(20), 20)
    assert all(first != second for first, second in itertools.pairwise(line))
    assert len(colours_apart(series(*[Point(0, 0)] * 20), np.arange(20), 20)) == 20


def test_more_neighbours_of_one_another_than_the_palette_has_colours():
    together = series(*(box(0, 0, 1, 1) for _ in range(15)))
    made = colours_apart(together, np.arange(15), 15)
    assert len(set(made)) == 15
    assert all(len(colour) == 7 for colour in made)


def test_places_that_nobody_knows():
    assert len(colours_apart(series(*[None] * 13), np.arange(13), 13)) == 13
    assert len(colours_apart(series(Point(0, 0), Point(1, 1), *[None] * 13), np.arange(15), 15)) == 15
