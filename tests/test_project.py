"""The project as it is handed on: its lock, its wheel, and what its files may not name."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = ("planner/", "plugins/", "geodata/")
# Written apart, so that this file does not hold what it looks for.
FOREIGN_HOSTS = [
    "".join(parts)
    for parts in [
        ("cdn.js", "delivr.net"),
        ("unp", "kg.com"),
        ("cdnjs.cloud", "flare.com"),
        ("code.jq", "uery.com"),
        ("maxcdn.boot", "strapcdn.com"),
        ("d3", "js.org"),
        ("fonts.google", "apis.com"),
        ("registry.npm", "js.org"),
        ("files.python", "hosted.org"),
        ("pypi", ".org"),
        ("registry.npm", "mirror"),
        ("mirrors.", "aliyun"),
        ("pypi.", "tuna"),
    ]
]


def project_files() -> list[str]:
    """Every file of the project that git does not ignore, as paths from its root."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = sorted(set(filter(None, listed.stdout.decode().split("\0"))))
    return [name for name in names if (ROOT / name).is_file() or (ROOT / name).is_symlink()]


def pins() -> dict[str, Version]:
    """The pinned version of each package of the lock."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    matches = [
        re.fullmatch(r"([a-z0-9-]+)==([^\s;]+)(?: ;.*)?", line) for line in lines if line[:1] not in ("", "#")
    ]
    assert None not in matches, "every line of the lock is name==version"
    return {match[1]: Version(match[2]) for match in matches if match}


def test_the_lock_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "--" not in lock
    assert "://" not in lock
    assert "@" not in lock


def test_the_lock_satisfies_the_project() -> None:
    project = PROJECT["project"]
    wanted = [
        *project["dependencies"],
        *project["optional-dependencies"]["dev"],
        *PROJECT["build-system"]["requires"],
    ]
    pinned = pins()
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        assert name in pinned, f"{name} is not pinned: make lock"
        assert requirement.specifier.contains(pinned[name]), (
            f"{requirement} against {pinned[name]}: make lock"
        )


def test_what_is_installed_is_what_is_locked() -> None:
    assert {name: Version(version(name)) for name in pins()} == pins()


def test_every_plugin_that_the_project_names_is_installed() -> None:
    named = PROJECT["project"]["entry-points"]["planner.plugins"]
    installed = {point.name: point.value for point in entry_points(group="planner.plugins")}
    assert named.items() <= installed.items()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the project's files, so that nothing left over gets in."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in project_files():
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target, follow_symlinks=False)
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    # The scripts that make the geodata need packages that a user does not have.
    expected = {
        name
        for name in project_files()
        if name.startswith(PACKAGES) and not name.startswith("geodata/build/")
    }
    assert inside == expected


def test_the_wheel_names_the_command_the_plugins_and_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        information = {Path(name).name: name for name in archive.namelist() if ".dist-info/" in name}
        points = archive.read(information["entry_points.txt"]).decode()
        metadata = archive.read(information["METADATA"]).decode()
    assert "planner = planner.cli:main" in points
    for name, value in PROJECT["project"]["entry-points"]["planner.plugins"].items():
        assert f"{name} = {value}" in points
    assert "License-Expression: Apache-2.0" in metadata
    assert "LICENSE" in information


def test_no_file_names_a_cdn_or_a_registry() -> None:
    pattern = re.compile("|".join(map(re.escape, FOREIGN_HOSTS)).encode())
    named = {
        name: found.group().decode()
        for name in project_files()
        if (ROOT / name).is_file() and (found := pattern.search((ROOT / name).read_bytes()))
    }
    assert named == {}


def test_no_test_is_skipped() -> None:
    pattern = re.compile(r"mark\.(?:skip|xfail)|pytest\.(?:skip|xfail|importorskip)\b")
    skipping = [
        name
        for name in project_files()
        if name.startswith("tests/")
        and name.endswith(".py")
        and pattern.search((ROOT / name).read_text("utf-8"))
    ]
    assert skipping == []
