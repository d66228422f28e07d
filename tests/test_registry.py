"""Packages are made as files on the path: what importlib.metadata sees of an installed one."""

import sys

import pytest

from planner import registry
from planner.errors import InputError
from planner.registry import find_plugin, find_plugins

GOOD = '''
from pydantic import BaseModel, Field
from planner.model.layers import DIVISIONS, Layer, column
from planner.plugin import Result, plugin

class Params(BaseModel):
    share: float = Field(0.5, title="比例")

ROWS = Layer("rows", "行", {"code": column(str, "代码")})

@plugin("好的", params=Params, reads=(DIVISIONS,), makes=(ROWS,))
def NAME(context, params):
    """Makes nothing."""
    return Result(tables={"rows": ROWS.empty()})
'''


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Writes a package with one module and one entry point."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(package, entry, source, *, version="1.0"):
        module = package.replace("-", "_")
        (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
        info = tmp_path / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[planner.plugins]\n{entry.format(module=module)}\n")
        monkeypatch.delitem(sys.modules, module, raising=False)

    return write


def broken_of(name):
    return [item for item in find_plugins().broken if item.name == name]


def test_a_good_plugin_is_found_beside_the_built_in_ones(install):
    install("good-pack", "half-way = {module}:half_way", GOOD.replace("NAME", "half_way"))
    catalogue = find_plugins()
    order = [(plugin.order, name) for name, plugin in catalogue.plugins.items()]
    assert order == sorted(order)
    assert next(iter(catalogue.plugins)) == "coverage-gaps"
    assert {"coverage-gaps", "half-way"} <= set(catalogue.plugins)
    assert catalogue.broken == []
    assert find_plugin("half-way").title == "好的"


@pytest.mark.parametrize(
    ("entry", "source", "reason", "fix"),
    [
        ("bad-one = {module}:bad_one", "import nowhere_to_be_found", "缺少模块“nowhere_to_be_found”", "pip install nowhere"),
        ("bad-one = {module}:bad_one", "def (:", "语法错误", "第1行"),
        ("bad-one = {module}:bad_one", "1 / 0", "ZeroDivisionError", "重新安装 bad-pack"),
        ("bad-one = {module}:bad_one", "import sys; sys.exit(3)", "SystemExit 3", "pip uninstall bad-pack"),
        ("bad-one = {module}:absent", "x = 1", "AttributeError", "重新安装"),
        ("bad-one = {module}:bad_one", "def bad_one(): ...", "不是插件,而是 function", "@plugin"),
        ("bad-one = {module}:other", GOOD.replace("NAME", "other"), "与插件名“other”不同", "改为 other"),
        (
            "bad-one = {module}:bad_one",
            GOOD.replace("NAME", "bad_one").replace(', title="比例"', ""),
            "参数“share”没有标题",
            "重新安装",
        ),
        (
            "bad-one = {module}:bad_one",
            GOOD.replace("NAME", "bad_one").replace("share: float = Field(0.5", "share: list[int] = Field([1]"),
            "参数“share”的类型表单不能显示",
            "重新安装",
        ),
        (
            "bad-one = {module}:bad_one",
            "from planner.plugin import Plugin\n"
            "bad_one = Plugin('bad-one', '题', '说', dict, (), (), print, '1', 'm')",
            "AttributeError",
            "重新安装",
        ),
    ],
)  # fmt: skip
def test_a_broken_one_is_named_and_stops_nobody(install, entry, source, reason, fix):
    install("bad-pack", entry, source)
    install("good-pack", "half-way = {module}:half_way", GOOD.replace("NAME", "half_way"))
    catalogue = find_plugins()
    assert {"coverage-gaps", "half-way"} <= set(catalogue.plugins)
    (broken,) = catalogue.broken
    assert (broken.name, broken.distribution) == ("bad-one", "bad-pack 1.0")
    assert reason in broken.reason
    assert fix in f"{broken.reason}{broken.fix}"
    with pytest.raises(InputError, match="插件“bad-one”不能使用"):
        find_plugin("bad-one")


def test_two_strangers_of_one_name_are_both_refused(install):
    install("first-pack", "twin = {module}:twin", GOOD.replace("NAME", "twin"))
    install("second-pack", "twin = {module}:twin", GOOD.replace("NAME", "twin"))
    assert "twin" not in find_plugins().plugins
    broken = broken_of("twin")
    assert {item.distribution for item in broken} == {"first-pack 1.0", "second-pack 1.0"}
    assert all("first-pack 1.0" in item.reason and "second-pack 1.0" in item.reason for item in broken)
    with pytest.raises(InputError, match="名称重复"):
        find_plugin("twin")


def test_the_built_in_one_stays_when_a_stranger_takes_its_name(install):
    install("stranger", "coverage-gaps = {module}:coverage_gaps", GOOD.replace("NAME", "coverage_gaps"))
    assert find_plugins().plugins["coverage-gaps"].title == "机构覆盖缺口"
    assert find_plugin("coverage-gaps").title == "机构覆盖缺口"
    (broken,) = broken_of("coverage-gaps")
    assert broken.distribution == "stranger 1.0"
    assert registry.BUILT_IN in broken.reason
    assert "pip uninstall stranger" in broken.fix


def test_the_same_package_twice_on_the_path_is_one(install, tmp_path, monkeypatch):
    install("good-pack", "half-way = {module}:half_way", GOOD.replace("NAME", "half_way"))
    copy = tmp_path / "copy"
    copy.mkdir()
    (tmp_path / "good_pack-1.0.dist-info").rename(copy / "good_pack-0.9.dist-info")
    install("good-pack", "half-way = {module}:half_way", GOOD.replace("NAME", "half_way"))
    monkeypatch.syspath_prepend(str(copy))
    assert "half-way" in find_plugins().plugins
    assert find_plugins().broken == []


def test_an_unreadable_list_of_entry_points_is_named(install):
    install("garbled", "this line says nothing", "")
    catalogue = find_plugins()
    assert "coverage-gaps" in catalogue.plugins
    (broken,) = catalogue.broken
    assert broken.distribution == "garbled 1.0"
    assert "entry_points.txt" in broken.reason


def test_an_unknown_name_is_told_with_the_nearest():
    with pytest.raises(InputError, match="是否为coverage-gaps"):
        find_plugin("coverage_gap")
    with pytest.raises(InputError, match=r"可用的插件:.*coverage-gaps"):
        find_plugin("zzz")
