"""A file as it is handed in: by its path, or in memory, so that an upload leaves nothing on the disk."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_LONGEST_NAME = 100


@dataclass(frozen=True)
class Upload:
    """A file in memory; `name` is what its sender calls it, for people to read and never a path to open."""

    name: str
    content: bytes

    @classmethod
    def received(cls, name: str, content: bytes) -> Self:
        """An upload under the last part of `name`, without signs that hide or turn text, at most 100 long."""
        shown = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
        last = re.split(r"[/\\]", shown)[-1].strip()
        return cls(last[-_LONGEST_NAME:].strip() or "未命名", content)


Paper = Path | Upload
