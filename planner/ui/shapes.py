"""The geometry files that pages have made and the map fetches, newest last, a bounded number of them."""

from __future__ import annotations

import threading
from collections import OrderedDict

from planner.maps import GeometryFile

ADDRESS = "/geometry"
_KEPT = 64
_files: OrderedDict[str, bytes] = OrderedDict()
_lock = threading.Lock()


def publish(file: GeometryFile) -> str:
    """Serve `file`; returns its address. Raises ValueError for one that must stay inline."""
    if file.inline:
        raise ValueError(f"{file.name} 含个人信息,不得成为静态文件")
    with _lock:
        _files[file.name] = file.content
        _files.move_to_end(file.name)
        while len(_files) > _KEPT:
            _files.popitem(last=False)
    return f"{ADDRESS}/{file.name}"


def content(name: str) -> bytes | None:
    """The bytes of a published file, None where there is none of that name."""
    with _lock:
        return _files.get(name)
