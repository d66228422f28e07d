"""Files as they are handed in."""

from __future__ import annotations

from hashlib import sha256

from planner.errors import InputError, last_part
from planner.ledger.uploads import Paper, Upload


def digest_of(path: Paper) -> str:
    """SHA-256 of a file's bytes, in hexadecimal. Raises InputError where it cannot be read."""
    if isinstance(path, Upload):
        return sha256(path.content).hexdigest()
    try:
        with path.open("rb") as file:
            digest = sha256()
            while block := file.read(1 << 20):
                digest.update(block)
            return digest.hexdigest()
    except OSError as error:
        raise InputError(f"不能读文件“{last_part(path)}”:{error.strerror}", "请核对路径和权限") from error
