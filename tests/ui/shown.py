"""What a page of AppTest shows: every text that reaches the reader, and the frames of its tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

# What is in a message to the browser and is not shown: names of widgets, icons, formats.
_INNER = {"id", "form_id", "element_id", "icon", "format", "type", "key", "json_args", "url", "script_hash"}


def texts(app: AppTest) -> Iterator[str]:
    """Every text of the page and its side bar, but for tables, the map and HTML."""
    for part in (app.main, app.sidebar):
        for node in part:
            if node.type not in ("html", "dataframe", "component_instance"):
                yield from _strings(getattr(node, "proto", None))


def tables(app: AppTest) -> list[pd.DataFrame]:
    """The tables as they are shown, from above to below."""
    return [item.value for item in app.dataframe]


def html(app: AppTest) -> list[str]:
    """The bodies of what is set as HTML."""
    return [node.proto.body for node in app.main if node.type == "html"]


def prose(app: AppTest) -> list[list[list[str]]]:
    """The tables to be read, from above to below: the cells of each row, the first row being the headings."""
    return [
        [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr.*?</tr>", body)]
        for body in html(app)
        if "planner-table" in body
    ]


def map_arguments(app: AppTest) -> list[str]:
    """What the map is handed, as JSON."""
    return [node.proto.json_args for node in app.main if node.type == "component_instance"]


def drawn(app: AppTest) -> dict[str, Any]:
    """What the map is to draw."""
    (arguments,) = map_arguments(app)
    (state,) = re.findall(r"plannerMap\.update\((.*)\);", json.loads(arguments)["feature_group"])
    return json.loads(state)


def headings(app: AppTest) -> list[str]:
    """The bodies of the page's heading."""
    return [body for body in html(app) if "planner-head" in body and "<h1>" in body]


def unescaped(text: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def _strings(message: Any) -> Iterator[str]:
    if message is None or not hasattr(message, "ListFields"):
        return
    for field, value in message.ListFields():
        if field.name in _INNER:
            continue
        for item in value if field.is_repeated else [value]:
            if isinstance(item, str):
                yield item
            else:
                yield from _strings(item)
