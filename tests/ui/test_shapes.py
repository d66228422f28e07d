"""The geometry files that the map may fetch."""

from __future__ import annotations

from collections import OrderedDict

import pytest

from planner.maps import GeometryFile
from planner.ui import shapes


@pytest.fixture(autouse=True)
def _nothing_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "_files", OrderedDict())


def file(name: str, *, inline: bool = False) -> GeometryFile:
    return GeometryFile(name, name.encode(), inline)


def test_a_published_file_is_found_by_its_address() -> None:
    address = shapes.publish(file("a.geojson"))
    assert address == "/geometry/a.geojson"
    assert shapes.content("a.geojson") == b"a.geojson"


@pytest.mark.parametrize("name", ["b.geojson", "", "../a.geojson", "A.geojson"])
def test_an_unknown_name_has_no_content(name: str) -> None:
    shapes.publish(file("a.geojson"))
    assert shapes.content(name) is None


def test_a_personal_file_is_refused_and_not_kept() -> None:
    with pytest.raises(ValueError, match="个人信息"):
        shapes.publish(file("child.geojson", inline=True))
    assert shapes.content("child.geojson") is None


def test_only_so_many_are_kept_and_the_oldest_goes_first() -> None:
    for number in range(70):
        shapes.publish(file(f"{number}.geojson"))
    kept = [number for number in range(70) if shapes.content(f"{number}.geojson") is not None]
    assert kept == list(range(6, 70))


def test_what_is_published_again_is_young_again() -> None:
    for number in range(64):
        shapes.publish(file(f"{number}.geojson"))
    shapes.publish(file("0.geojson"))
    shapes.publish(file("64.geojson"))
    assert shapes.content("0.geojson") is not None
    assert shapes.content("1.geojson") is None
