"""Each breach of the contract is found: one good plugin, and what becomes of it when a line is changed."""

import importlib
import sys

import pytest

from planner.errors import PluginError
from planner.model.duty_layers import CADRES
from planner.model.layers import DEMAND, DIVISIONS, INSTITUTION_STATES, INSTITUTIONS
from planner.testing import check_plugin, make_context, rows_behind, tiny_world

SOURCE = '''
"""Children by county."""

import numpy as np
from pydantic import BaseModel, Field

from planner.model.layers import DEMAND, DIVISIONS, Layer, column
from planner.plugin import Context, Metric, Result, Stopped, plugin

ROWS = Layer("rows", "各县儿童", {"code": column(str, "代码"), "children": column(int, "儿童", unit="人")})


class Params(BaseModel):
    """What may be chosen."""

    least: int = Field(1, title="至少", ge=0)


@plugin("各县儿童", params=Params, reads=(DIVISIONS, DEMAND), makes=(ROWS,))
def by_county(context: Context, params: Params) -> Result:
    """Counts the children of each county."""
    divisions = context.layer(DIVISIONS)
    demand = context.layer(DEMAND)
    rows = []
    for code in context.track(sorted(divisions[divisions["level"] == 6]["code"]), "各县"):
        rows.append((code, int(demand[demand["village"].str.startswith(code)]["children"].sum())))
        context.offer(result(rows))
    return result(rows)


def result(rows):
    """The rows as a result."""
    table = ROWS.empty()
    if rows:
        table = type(table)(rows, columns=["code", "children"])
    count = Metric("县", len(rows), "个", table="rows")
    return Result(tables={"rows": table}, metrics={"counties": count})
'''


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    names = []

    def write(*changes, name="authors_plugin", files=()):
        source = SOURCE
        for before, after in changes:
            assert before in source
            source = source.replace(before, after)
        path = tmp_path / f"{name}.py"
        if files:
            (tmp_path / name).mkdir()
            path = tmp_path / name / "__init__.py"
            for file, content in files:
                (tmp_path / name / file).write_text(content, encoding="utf-8")
        path.write_text(source, encoding="utf-8")
        importlib.invalidate_caches()
        names.append(name)
        return importlib.import_module(name).by_county

    yield write
    for name in list(sys.modules):
        if name.split(".")[0] in names:
            del sys.modules[name]


def breach(plugin):
    with pytest.raises(PluginError) as caught:
        check_plugin(plugin)
    return str(caught.value)


def test_a_good_plugin_passes(load):
    check_plugin(load())


RETURN = "    return result(rows)\n\n\ndef"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (', title="至少"', "", "参数“least”没有标题"),
        ("Field(1, ", "Field(-1, ", "默认值“-1”不能用"),
        ("least: int = Field(1", "least: str = Field(1", "默认值“1”不能用"),
        ('"rows", "各县儿童"', '"demand", "各县儿童"', "与输入图层同名"),
        ('unit="人")}', 'unit="人")}, key=("id",)', "key 不是它的列:id"),
        ("import numpy as np", "import streamlit", "第4行导入了streamlit"),
        ("import numpy as np", "from planner.documents import Stamp", "导入了planner.documents"),
        ("import numpy as np", "from plugins import coverage_gaps", "导入了另一个插件:plugins.coverage_gaps"),
        ('"""Children by county."""', "", "authors_plugin.py 开头没有说明"),
        ('    """The rows as a result."""\n', "", "的 result 没有说明"),
        (RETURN, "    return 1 / 0\n\n\ndef", "[小世界] 出错:ZeroDivisionError"),
        (RETURN, "    demand['children'].iloc[0]\n" + RETURN, "[没有数据的世界] 出错:IndexError"),
        ("columns=[\"code\", \"children\"]", "columns=[\"code\", \"people\"]", "结果与声明不符"),
        (RETURN, "    np.random.shuffle(rows)\n" + RETURN, "两次结果不同"),
        (RETURN, "    context.frames['demand']['children'] *= 2\n" + RETURN, "改动了给它的图层:demand"),
        ("len(rows), \"个\"", "len(rows) + 1, \"个\"", "对应的却有3行"),
        ("context.track(", "tracked(context, ", "要求停止后没有停下"),
        ("context.offer(result(rows))", "context.offer(Result(tables={'x': ROWS.empty()}))", "停止前给出的结果"),
        ("        context.offer(result(rows))", "        context.report(Progress('x', 2.0))", "进度不在0和1之间"),
    ],
)  # fmt: skip
def test_each_breach_is_named(load, before, after, told):
    helpers = (
        'ROWS = Layer(',
        "import random\nnp.random.seed(random.SystemRandom().randrange(2**32))\n\n"
        "from planner.plugin import Progress\n\n\n"
        "def tracked(context, items, doing):\n"
        '    """Goes on when it should stop."""\n'
        "    try:\n        yield from context.track(items, doing)\n    except Stopped:\n        pass\n\n\nROWS = Layer(",
    )  # fmt: skip
    changes = (
        [(before, after), helpers]
        if "np." in after or "tracked" in after or "Progress" in after
        else [(before, after)]
    )
    try:
        plugin = load(*changes)
    except PluginError as error:  # some breaches are told by the declaration itself
        assert told in str(error)  # noqa: PT017
    else:
        assert told in breach(plugin)


def test_a_plugin_that_never_tracks_is_not_asked_to_stop(load):
    check_plugin(load(("context.track(sorted(", "(sorted("), (', "各县"):', "):")))


def test_the_files_of_its_own_package_are_read_too(load):
    files = [
        ("shares.py", '"""Shares."""\nfrom . import deeper\n'),
        ("deeper.py", '"""D."""\nimport sqlalchemy\n'),
    ]
    plugin = load(("import numpy as np", "from .shares import deeper"), name="authors_package", files=files)
    assert "deeper.py 第2行导入了sqlalchemy" in breach(plugin)


def test_layers_of_other_plugins_are_given_or_empty(load):
    change = ("reads=(DIVISIONS, DEMAND)", "reads=(DIVISIONS, DEMAND, OTHER)")
    other = (
        "class Params",
        'OTHER = Layer("other", "别的", {"code": column(str, "代码")})\n\n\nclass Params',
    )
    use = ("    rows = []\n", "    rows = [] if len(context.layer(OTHER)) == 0 else 1 / 0\n")
    plugin = load(change, other, use)
    check_plugin(plugin)
    with pytest.raises(PluginError, match="ZeroDivisionError"):
        check_plugin(plugin, frames={"other": tiny_world()["divisions"][["code"]]})


def test_the_tiny_world_is_what_it_says():
    world = tiny_world()
    assert {DIVISIONS.name, DEMAND.name, INSTITUTIONS.name, INSTITUTION_STATES.name, CADRES.name} < set(world)
    assert (world["divisions"]["level"] == 6).sum() == 3
    assert world["demand"]["children"].sum() == 15
    assert world["demand"].geometry.isna().sum() == 1
    assert not world["demand"]["village"].str.startswith("640103").any()


def test_the_context_holds_the_declared_layers_alone(load):
    context = make_context(load(), tiny_world())
    assert set(context.frames) == {"divisions", "demand"}


def test_rows_behind_a_metric():
    institutions = tiny_world()["institutions"]
    assert len(rows_behind(institutions, {})) == 2
    assert rows_behind(institutions, {"state": "在建"})["county"].tolist() == ["640102"]
    assert len(rows_behind(institutions, {"services": None})) == 1
