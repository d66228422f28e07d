"""Names of files, tables and sheets, made from what others called things, and safe wherever they end up."""

from __future__ import annotations

import re
from collections.abc import Iterable

_UNSAFE = re.compile(r"[^0-9A-Za-z_\u3400-\u9fff]+")
# Windows opens a device instead of a file of such a name; the other prefixes belong to SQLite and GeoPackage.
_RESERVED = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d|(?:gpkg|rtree|sqlite)_.*)")
_MAX_BYTES = 60


def safe_name(text: str) -> str:
    """Letters, digits, Chinese characters, _ and - out of `text`, at most 60 bytes; never empty or reserved."""
    name = _UNSAFE.sub("-", text).encode()[:_MAX_BYTES].decode(errors="ignore").strip("-_") or "unnamed"
    return f"x-{name}" if _RESERVED.fullmatch(name) else name


def distinct_names(texts: Iterable[str], *, taken: Iterable[str] = ()) -> dict[str, str]:
    """A safe name for each text, no two alike (upper and lower case count as alike), none in `taken`."""
    used = {name.lower() for name in taken}
    names = {}
    for text in texts:
        name = base = safe_name(text)
        number = 1
        while name.lower() in used:
            number += 1
            name = f"{base}-{number}"
        used.add(name.lower())
        names[text] = name
    return names
