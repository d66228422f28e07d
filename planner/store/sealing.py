"""Sealed content: AES-GCM, so that who has the database alone can neither read it nor change or move it.

What is sealed is bound to its place: the same bytes in another table, column or row do not open. A sealed
value is a format byte, the fingerprint of its key, a nonce, and the ciphertext with its tag.
"""

from __future__ import annotations

import hmac
import os
import unicodedata
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from planner.errors import PlannerError
from planner.store.keys import FINGERPRINT_BYTES, Key, KeyRing

_FORMAT = b"\x01"
_NONCE_BYTES = 12
_HEAD_BYTES = len(_FORMAT) + FINGERPRINT_BYTES
_TEXT_FROM = _HEAD_BYTES + _NONCE_BYTES


class SealError(PlannerError):
    """Sealed content that does not open: it was changed or moved, or its key is not in the ring."""


class Place(NamedTuple):
    """Where sealed content belongs: table, column, and the values that tell its row from any other."""

    table: str
    column: str
    row: tuple[str | int | None, ...]

    def bound(self) -> bytes:
        """The place in bytes, a different one for every place: the words and numbers as Python writes them."""
        return ascii((self.table, self.column, *self.row)).encode()


def seal(ring: KeyRing, place: Place, content: bytes) -> bytes:
    """`content` sealed with the newest key."""
    key = ring.newest
    head = _FORMAT + bytes.fromhex(key.id)
    nonce = os.urandom(_NONCE_BYTES)
    return head + nonce + key.sealing.encrypt(nonce, content, head + place.bound())


def open_sealed(ring: KeyRing, place: Place, sealed: bytes) -> bytes:
    """What was sealed at `place`. Raises SealError where it was changed or moved, or its key is not in the ring."""
    head = sealed[:_HEAD_BYTES]  # thousands are opened at once: here every step counts
    if head[:1] != _FORMAT or len(sealed) <= _TEXT_FROM:
        raise _spoiled(place)
    key = ring.find(head[1:].hex())
    if key is None:
        raise SealError(
            f"表 {place.table} 中有内容是用密钥 {head[len(_FORMAT) :].hex()} 加密的,密钥文件里没有它",
            "换回含有这个密钥的密钥文件",
        )
    try:
        return key.sealing.decrypt(sealed[_HEAD_BYTES:_TEXT_FROM], sealed[_TEXT_FROM:], head + place.bound())
    except InvalidTag as error:
        raise _spoiled(place) from error


def index_of(ring: KeyRing, text: str) -> str:
    """The blind index of a text: equal texts have equal ones, and without the key it tells nothing (hex, 64)."""
    return _index(ring.newest, text)


def indexes_of(ring: KeyRing, text: str) -> list[str]:
    """The blind indexes under which a text may stand, one for each key of the ring, newest first."""
    return [_index(key, text) for key in reversed(ring.keys)]


def _index(key: Key, text: str) -> str:
    # However a number was typed: full width, small x, with spaces.
    normal = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return hmac.new(key.index, normal.encode(), sha256).hexdigest()


def _spoiled(place: Place) -> SealError:
    which = "、".join(str(part) for part in place.row[:2])
    return SealError(
        f"表 {place.table} 中一条加密内容({which})打不开:它被改动过,或被挪了位置",
        "从备份恢复数据库:planner backup restore",
    )
