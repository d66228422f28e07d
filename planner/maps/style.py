"""How a layer looks: a class and a label for each feature, and the legend that explains them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.maps.neighbours import colours_apart
from planner.model.layers import Layer, Tone

# Dark, middle and light in this order also without colour: printed grey, a gap still stands out.
TONES: dict[Tone, str] = {
    "good": "#2a8c82",
    "shared": "#2a8c82",
    "planned": "#e9b44c",
    "warn": "#dd7a3b",
    "nominal": "#8d7aa8",
    "ended": "#9e2a2b",
    "bad": "#9e2a2b",
    "muted": "#c9c4b8",
    "info": "#3a6ea5",
}
_HATCHED: frozenset[Tone] = frozenset({"shared", "planned", "ended"})
_SEQUENCE = ("#f6e3b4", "#efbf72", "#e08f45", "#bf5a2e", "#7f2a22")
_NO_VALUE = "—"


@dataclass(frozen=True)
class LegendClass:
    """One entry of a legend: what it says, its colour, whether hatched, and how many features it holds.

    Points of a `quiet` class step back while many are in sight, so that the others stand out.
    """

    label: str
    colour: str
    hatched: bool = False
    quiet: bool = False
    count: int = 0


@dataclass(frozen=True)
class MapLayer:
    """A layer as the map draws it: shapes by address (or inline), class and label by position.

    `class_of` holds an index into `classes` for each feature of the geometry file, −1 to leave it out;
    `label_of` what the tooltip says beneath the name, `mark_of` what is written on a point (empty: nothing). A `note`
    stands in the legend for classes too many to list.
    """

    name: str
    title: str
    shape: Literal["point", "line", "polygon"]
    legend_title: str
    classes: tuple[LegendClass, ...]
    class_of: tuple[int, ...]
    label_of: tuple[str, ...]
    mark_of: tuple[str, ...] = ()
    address: str = ""
    inline: str = ""
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """The layer as the script of the map reads it."""
        return asdict(self)


def style_layer(
    layer: Layer,
    frame: gpd.GeoDataFrame,
    *,
    title: str,
    legend_title: str = "",
    shown: pd.Series | None = None,
    translate: Callable[[str], str] = str,
) -> MapLayer:
    """Classes, labels and legend of `frame`; features outside `shown` are left out but keep their place.

    Without a column to colour by, all features are of one class that bears the layer's title.
    """
    values = frame[layer.colour_by] if layer.colour_by else pd.Series([title] * len(frame), index=frame.index)
    unit = translate(layer.unit_of(layer.colour_by)) if layer.colour_by else ""
    if layer.colour_by and not layer.tones and _is_measured(values):
        good = layer.also_by.get(layer.colour_by, "low")
        classes, class_of = _by_quantile(values, unit, _SEQUENCE if good == "low" else _SEQUENCE[::-1])
    else:
        classes, class_of = _by_value(layer, values, frame.geometry)
    if shown is not None:
        class_of = np.where(shown.to_numpy(), class_of, -1)
    counts = np.bincount(class_of[class_of >= 0], minlength=len(classes))
    return MapLayer(
        name=layer.name,
        title=title,
        shape=_shape(layer, frame),
        legend_title=legend_title or title,
        classes=tuple(
            replace(item, label=translate(item.label), count=int(count))
            for item, count in zip(classes, counts, strict=True)
        ),
        class_of=tuple(int(item) for item in class_of),
        label_of=tuple(translate(label) for label in _labels(values, unit))
        if layer.colour_by
        else ("",) * len(frame),
        mark_of=tuple(map(_text, frame[layer.marked_by])) if layer.marked_by else (),
    )


def _shape(layer: Layer, frame: gpd.GeoDataFrame) -> Literal["point", "line", "polygon"]:
    if layer.geometry in ("point", "line", "polygon"):
        return layer.geometry
    kinds = " ".join(frame.geometry.dropna().geom_type.unique())
    return "polygon" if "Polygon" in kinds else "line" if "Line" in kinds else "point"


def _is_measured(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _by_value(layer: Layer, values: pd.Series, shapes: gpd.GeoSeries) -> tuple[list[LegendClass], np.ndarray]:
    """One class per value: in the order of the tones where declared, else in order of appearance.

    Values without a tone are coloured so that neighbours differ. A missing value is a class apart.
    """
    present = [value for value in pd.unique(values) if not pd.isna(value)]
    toned = [value for value in layer.tones if value in present]
    others = [value for value in present if value not in toned]
    order = [*toned, *others]
    positions = {value: position for position, value in enumerate(order)}
    class_of = np.array([positions.get(value, len(order)) for value in values], dtype=int)
    plain = class_of - len(toned)
    own = (plain >= 0) & (plain < len(others))
    colours = colours_apart(shapes[own], plain[own], len(others))
    classes = [
        LegendClass(_text(value), TONES[tone], tone in _HATCHED, tone == "good")
        for value, tone in ((value, layer.tones[value]) for value in toned)
    ]
    classes += [LegendClass(_text(value), colour) for value, colour in zip(others, colours, strict=True)]
    if values.isna().any():
        classes.append(LegendClass(_NO_VALUE, TONES[layer.tones.get(None, "muted")]))
    return classes, class_of


def _by_quantile(
    values: pd.Series, unit: str, colours: Sequence[str]
) -> tuple[list[LegendClass], np.ndarray]:
    """Up to five classes of about equally many features; infinite and missing values are a class apart.

    A lowest value that more than a fifth of the features share, as 0 often is, is a class of its own.
    """
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    finite = np.isfinite(numbers)
    if not finite.any():
        return [LegendClass(_NO_VALUE, TONES["muted"])], np.zeros(len(numbers), dtype=int)
    lowest = numbers == numbers[finite].min()
    if np.count_nonzero(lowest) * len(colours) <= np.count_nonzero(finite):
        lowest[:] = False
    own = int(lowest.any())
    rest = numbers[finite & ~lowest]
    edges = np.unique(np.quantile(rest, np.linspace(0, 1, len(colours) + 1 - own))) if len(rest) else rest
    ranges = [f"{_text(float(low))}–{_text(float(high))}" for low, high in itertools.pairwise(edges)]
    alone = [_text(float(value)) for value in numbers[lowest][:1]]
    names = [*alone, *(ranges or [_text(float(edge)) for edge in edges])]
    classes = [
        LegendClass(f"{name} {unit}".strip(), colour) for name, colour in zip(names, colours, strict=False)
    ]
    class_of = np.where(lowest, 0, own + np.searchsorted(edges[1:-1], numbers, side="left"))
    class_of[~finite] = len(classes)
    if not finite.all():
        classes.append(LegendClass(_NO_VALUE, TONES["muted"]))
    return classes, class_of


def _labels(values: pd.Series, unit: str) -> list[str]:
    return [f"{_text(value)} {unit}".strip() for value in values]


def _text(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "是" if value else "否"
    if value is None or (isinstance(value, float) and not np.isfinite(value)) or value is pd.NaT:
        return _NO_VALUE
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(value)
