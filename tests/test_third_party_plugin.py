"""Follows docs/write-a-plugin.md to the letter, in packages that pip installs apart from everything else."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "write-a-plugin.md"
_BLOCK = re.compile(r"```(python|toml|console)\n(.*?)```", re.DOTALL)

PROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "{package}"
version = "2.0"
[tool.setuptools]
py-modules = ["{module}"]
[project.entry-points."planner.plugins"]
{entry}
"""


def blocks(language):
    return [text for name, text in _BLOCK.findall(PAGE.read_text(encoding="utf-8")) if name == language]


def commands():
    return [line.removeprefix("$ ") for block in blocks("console") for line in block.splitlines()]


class Site:
    """A folder that pip installs into, first on the path of what is run."""

    def __init__(self, folder, cwd):
        self.folder = folder
        self.cwd = cwd
        self.env = {
            **os.environ,
            "PYTHONPATH": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        self.env.pop("PLANNER_WORKSPACE", None)

    def run(self, *words, code=0):
        done = subprocess.run(words, cwd=self.cwd, env=self.env, capture_output=True, text=True)
        assert done.returncode == code, f"{words}\n{done.stdout}\n{done.stderr}"
        return done

    def install(self, *projects):
        self.run(
            sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
            "--no-build-isolation", "--target", str(self.folder), *map(str, projects),
        )  # fmt: skip

    def planner(self, *words, code=0):
        return self.run("planner", *words, code=code)


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """The page followed up to the installation."""
    folder = tmp_path_factory.mktemp("author")
    project = folder / "project"
    project.mkdir()
    source, test = blocks("python")
    (declaration,) = blocks("toml")
    (project / "crowded_villages.py").write_text(source, encoding="utf-8")
    (project / "test_crowded_villages.py").write_text(test, encoding="utf-8")
    (project / "pyproject.toml").write_text(declaration, encoding="utf-8")
    site = Site(folder / "site", project)
    assert commands()[0] == "pip install --no-deps --no-build-isolation ."
    site.install(".")
    return site


def test_it_is_one_file_and_one_line(followed):
    ours = [line for line in blocks("toml")[0].splitlines() if "crowded_villages:" in line]
    assert len(ours) == 1
    assert len(blocks("python")) == 2


def test_the_commands_of_the_page_work(followed):
    """Every line of the page but the installation, in its order."""
    done = {}
    for command in commands()[1:]:
        words = command.split()
        done[command] = followed.run(*([sys.executable, "-m", *words, "-p", "no:cacheprovider"] if words[0] == "pytest" else words))  # fmt: skip
    assert "crowded-villages  儿童较多的村" in done["planner list"].stdout
    page = done["planner run crowded-villages --help"].stdout
    assert "--least 整数" in page
    assert "至少(人),默认20" in page
    record = json.loads(next(text.stdout for command, text in done.items() if command.endswith("--json")))
    assert record["plugin"] == "crowded-villages"
    assert record["params"] == {"least": 1, "need": "康复"}
    rows = record["tables"]["crowded-counties"]
    assert [row["code"] for row in rows] == ["640323"]
    assert record["metrics"]["villages"]["value"] == rows[0]["villages"] > 0
    assert {path.suffix for path in (followed.cwd / "results").iterdir()} == {".geojson", ".gpkg", ".xlsx"}
    (tested,) = (text for command, text in done.items() if command.startswith("pytest"))
    assert "1 passed" in tested.stdout


def test_its_form_is_made_from_its_parameters(followed):
    script = (
        "from planner.parameters import fields_of; from planner.registry import find_plugin\n"
        "for field in fields_of(find_plugin('crowded-villages').params):\n"
        "    print(field.name, field.type, field.title, field.unit, field.default, field.minimum, field.maximum)\n"
    )
    shown = followed.run(sys.executable, "-c", script).stdout.splitlines()
    assert shown == ["least integer 至少 人 20 1 10000", "need choice 需求  None None None"]


def write_project(folder, package, entry, source):
    module = package.replace("-", "_")
    folder.mkdir()
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    (folder / "pyproject.toml").write_text(PROJECT.format(package=package, module=module, entry=entry))
    return folder


def test_broken_and_duplicate_packages_are_listed_while_others_work(followed, tmp_path):
    source = blocks("python")[0]
    twin = source.replace("def crowded_villages", "def coverage_gaps")
    site = Site(tmp_path / "site", tmp_path)
    site.install(
        followed.cwd,
        write_project(tmp_path / "a", "torn-pack", 'torn = "torn_pack:torn"', "import no_such_library\n"),
        write_project(tmp_path / "b", "twin-pack", 'coverage-gaps = "twin_pack:coverage_gaps"', twin),
        write_project(tmp_path / "c", "alias-pack", 'crowded = "alias_pack:crowded_villages"', source),
    )
    record = json.loads(site.planner("list", "--json").stdout)
    assert {"coverage-gaps", "crowded-villages"} <= {plugin["name"] for plugin in record["plugins"]}
    broken = {item["distribution"]: item for item in record["broken"]}
    assert set(broken) == {"torn-pack 2.0", "twin-pack 2.0", "alias-pack 2.0"}
    assert "缺少模块“no_such_library”" in broken["torn-pack 2.0"]["reason"]
    assert "pip install no_such_library" in broken["torn-pack 2.0"]["fix"]
    assert "名称重复" in broken["twin-pack 2.0"]["reason"]
    assert "ningxia-child-coverage" in broken["twin-pack 2.0"]["reason"]
    assert "pip uninstall twin-pack" in broken["twin-pack 2.0"]["fix"]
    assert "改为 crowded-villages" in broken["alias-pack 2.0"]["fix"]
    shown = site.planner("list").stdout
    assert "不能使用的插件" in shown
    assert "机构覆盖缺口" in shown
    assert "儿童较多的村" in site.planner("run", "crowded-villages", "--help").stdout
