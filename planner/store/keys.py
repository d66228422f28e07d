"""The key file: the secrets that protected data rest on, kept outside the workspace and outside its backups.

It holds a ring of keys. The newest seals; the others still open what they sealed, so that an old backup can be
read as long as its key stays in the ring. Each use has a key of its own, made of the secret by HKDF: sealing,
blind index, audit. A key is named by its fingerprint, which tells nothing of the secret.
"""

from __future__ import annotations

import base64
import os
import secrets
import stat
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import tomli_w
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from planner.errors import WorkspaceError, last_part
from planner.store.private_files import create_private, write_private

VARIABLE = "PLANNER_KEY_FILE"
FINGERPRINT_BYTES = 8
_SECRET_BYTES = 32
_HEAD = (
    "# 困境儿童保障一张图的密钥。丢了它,加密的内容谁也打不开:请单独备份,\n"
    "# 不要和工作区或数据库的备份放在一起,不要给别人看。最后一个密钥用来加密,前面的用来打开旧内容。\n"
)


@dataclass(frozen=True)
class Key:
    """One secret, its fingerprint (hex), and the keys made of it."""

    secret: bytes = field(repr=False)
    made: datetime
    id: str = field(init=False)
    sealing: AESGCM = field(init=False, repr=False, compare=False)
    index: bytes = field(init=False, repr=False)
    audit: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        made = {
            "id": self._derived("fingerprint", FINGERPRINT_BYTES).hex(),
            "sealing": AESGCM(self._derived("sealing", 32)),
            "index": self._derived("blind index", 32),
            "audit": self._derived("audit", 32),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def of_backup(self, salt: bytes) -> AESGCM:
        """The key that seals one backup, which has that salt."""
        return AESGCM(self._derived("backup", 32, salt))

    def _derived(self, use: str, length: int, salt: bytes | None = None) -> bytes:
        return HKDF(SHA256(), length, salt=salt, info=f"planner/{use}".encode()).derive(self.secret)


@dataclass(frozen=True)
class KeyRing:
    """The keys of a workspace, oldest first, at least one."""

    keys: tuple[Key, ...]

    @property
    def newest(self) -> Key:
        """The key that seals."""
        return self.keys[-1]

    def find(self, key_id: str) -> Key | None:
        """The key with that fingerprint."""
        return self._by_id.get(key_id)

    @cached_property
    def _by_id(self) -> dict[str, Key]:
        return {key.id: key for key in self.keys}


class KeyFile:
    """A key file that is in use. What another process adds to it is seen at the next look at the ring."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: tuple[tuple[int, ...], KeyRing] | None = None

    @property
    def ring(self) -> KeyRing:
        """The keys. Raises WorkspaceError where the file is missing, malformed, or open to others."""
        try:
            state = self.path.stat()
        except OSError as error:
            raise WorkspaceError(
                f"没有密钥文件 {last_part(self.path)}",
                f"把它放回原处(没有另外指明时在工作区文件夹旁边),或用 --key-file 文件(或环境变量 {VARIABLE})指明它在哪里",
            ) from error
        version = (state.st_ino, state.st_mtime_ns, state.st_size, state.st_mode)
        if self._known is None or self._known[0] != version:
            if others := stat.S_IMODE(state.st_mode) & 0o077:
                raise WorkspaceError(
                    f"密钥文件 {last_part(self.path)} 别人也能读写(多出权限 {others:03o})",
                    f"执行 chmod 600 {last_part(self.path)}",
                )
            self._known = version, _read(self.path)
        return self._known[1]

    def add_key(self) -> Key:
        """Add a key, which seals from now on; the file is replaced at once."""
        key = _new_key()
        write_private(self.path, _written([*self.ring.keys, key]))
        return key


def key_path(folder: Path, given: Path | None = None, kept: str | None = None) -> Path:
    """Where the key file of the workspace `folder` lies: as given, as $PLANNER_KEY_FILE says, as its settings
    say (`kept`), or beside the folder. Raises WorkspaceError for a place within the workspace."""
    named = given or os.environ.get(VARIABLE) or kept
    path = Path(named).resolve() if named else default_path(folder)
    if path.is_relative_to(folder.resolve()):
        raise WorkspaceError(
            f"密钥文件 {last_part(path)} 在工作区里面:备份工作区时钥匙会跟着锁一起走",
            "放到工作区外面,用 --key-file 文件 指明",
        )
    return path


def default_path(folder: Path) -> Path:
    """The key file beside a workspace."""
    whole = folder.resolve()
    return whole.with_name(f"{whole.name}.key")


def create_key_file(path: Path) -> KeyFile:
    """Make a key file with one new key. Raises WorkspaceError where there is a file already, or none can be."""
    try:
        create_private(path, _written([_new_key()]))
    except FileExistsError as error:
        raise WorkspaceError(
            f"密钥文件 {last_part(path)} 已经存在,没有覆盖",
            "它可能是另一个工作区的钥匙;用 --key-file 换一个文件名",
        ) from error
    except OSError as error:
        raise WorkspaceError(
            f"不能写密钥文件 {last_part(path)}:{error.strerror}", "请核对路径和权限"
        ) from error
    return KeyFile(path)


def _new_key() -> Key:
    return Key(secrets.token_bytes(_SECRET_BYTES), datetime.now(UTC).replace(microsecond=0))


def _written(keys: list[Key]) -> bytes:
    rows = [{"made": key.made, "secret": base64.b64encode(key.secret).decode()} for key in keys]
    return (_HEAD + tomli_w.dumps({"keys": rows})).encode()


def _read(path: Path) -> KeyRing:
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["keys"]
        keys = tuple(Key(base64.b64decode(row["secret"], validate=True), row["made"]) for row in rows)
        if not keys or any(len(key.secret) != _SECRET_BYTES for key in keys):
            raise ValueError("no keys, or short ones")
    except (OSError, ValueError, KeyError, TypeError) as error:
        # Not told as the cause: the text of the error may hold a piece of the secret.
        raise WorkspaceError(
            f"密钥文件 {last_part(path)} 不能用({type(error).__name__})", "从密钥文件的备份恢复"
        ) from None
    return KeyRing(keys)
