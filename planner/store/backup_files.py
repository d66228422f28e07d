"""The file of a backup: a head in the clear, then sealed pieces that open in their order alone, the last one known.

The head names the key and when the backup was made. Each file has a key of its own, made of the ring's by a
salt, so pieces can be numbered for nonces (a STREAM construction: Hoang, Reyhanitabar, Rogaway, Vizár 2015).
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag

from planner.errors import WorkspaceError
from planner.store.keys import KeyRing

SUFFIX = ".backup"
_MAGIC = b"planner backup 1\n"
_SALT_BYTES = 16
_LENGTH_BYTES = 4
_LONGEST_HEAD = 1000
_LONGEST_PIECE = 1 << 26
_NONCE_BYTES = 12
_LAST, _NOT_LAST = b"\x01", b"\x00"


@dataclass(frozen=True)
class BackupHead:
    """What a backup says in the clear: the fingerprint of its key, when it was made, the salt of its own key."""

    key: str
    made: datetime
    salt: bytes


def write_backup_file(path: Path, ring: KeyRing, pieces: Iterable[bytes]) -> None:
    """Write sealed `pieces` to `path`, which only its owner may read; it is there whole or not at all."""
    made = datetime.now(UTC).replace(microsecond=0)
    salt = secrets.token_bytes(_SALT_BYTES)
    key = ring.newest
    told = {"key": key.id, "made": made.isoformat(), "salt": salt.hex()}
    head = _MAGIC + json.dumps(told).encode() + b"\n"
    sealing = key.of_backup(salt)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(head)
            for number, (piece, mark) in enumerate(_marked(pieces)):
                sealed = sealing.encrypt(number.to_bytes(_NONCE_BYTES), piece, head + mark)
                file.write(len(sealed).to_bytes(_LENGTH_BYTES) + sealed)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read_head(path: Path) -> BackupHead:
    """What a backup says in the clear. Raises WorkspaceError for a file that is none."""
    try:
        with path.open("rb") as file:
            return _head_of(path, file)[0]
    except OSError as error:
        raise WorkspaceError(f"备份文件 {path.name} 打不开:{error.strerror}", "核对路径和权限") from error


def read_backup_file(path: Path, ring: KeyRing) -> Iterator[bytes]:
    """The pieces of a backup, one by one. Raises WorkspaceError where it was changed, cut off, or is another key's."""
    try:
        with path.open("rb") as file:
            head, bound = _head_of(path, file)
            key = ring.find(head.key)
            if key is None:
                raise WorkspaceError(
                    f"备份 {path.name} 是用密钥 {head.key} 加密的,密钥文件里没有它",
                    "用 --key-file 指明做备份时的密钥文件",
                )
            sealing = key.of_backup(head.salt)
            number, sealed = 0, _piece(path, file)
            while sealed:
                following = _piece(path, file)
                mark = _NOT_LAST if following else _LAST
                try:
                    yield sealing.decrypt(number.to_bytes(_NONCE_BYTES), sealed, bound + mark)
                except InvalidTag as error:
                    raise _spoiled(path) from error
                number, sealed = number + 1, following
            if not number:
                raise _spoiled(path)
    except OSError as error:
        raise WorkspaceError(f"备份文件 {path.name} 打不开:{error.strerror}", "核对路径和权限") from error


def _marked(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The pieces, each with whether it is the last."""
    before: bytes | None = None
    for piece in pieces:
        if before is not None:
            yield before, _NOT_LAST
        before = piece
    if before is None:
        raise ValueError("a backup has at least one piece")
    yield before, _LAST


def _head_of(path: Path, file: BinaryIO) -> tuple[BackupHead, bytes]:
    """The head, and the bytes it is written in."""
    magic = file.read(len(_MAGIC))
    line = file.readline(_LONGEST_HEAD)
    try:
        told = json.loads(line)
        head = BackupHead(told["key"], datetime.fromisoformat(told["made"]), bytes.fromhex(told["salt"]))
    except (ValueError, KeyError, TypeError):
        head = None
    if magic != _MAGIC or head is None or head.made.tzinfo is None:
        raise WorkspaceError(f"{path.name} 不是本程序的备份文件", "选择用 planner backup create 做的文件")
    return head, magic + line


def _piece(path: Path, file: BinaryIO) -> bytes:
    """The next sealed piece, empty at the end."""
    told = file.read(_LENGTH_BYTES)
    length = int.from_bytes(told)
    sealed = file.read(length) if length <= _LONGEST_PIECE else b""
    if told and (len(told) < _LENGTH_BYTES or not sealed or len(sealed) < length):
        raise _spoiled(path)
    return sealed


def _spoiled(path: Path) -> WorkspaceError:
    return WorkspaceError(f"备份 {path.name} 已损坏或被改动过,没有恢复", "换一份备份;现有数据没有动")
