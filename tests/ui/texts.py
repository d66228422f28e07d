"""Every Chinese text that a page may show, read from the sources and from what plugins and layers declare."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import planner.model
from planner.jobs.duty_papers import PAPERS as DUTY_PAPERS
from planner.jobs.previews import Fate
from planner.jobs.scenarios import COMPARED
from planner.model.divisions import Level
from planner.model.field_titles import FIELD_TITLES
from planner.model.finding_words import FINDING_WORDS
from planner.model.layers import Layer
from planner.model.papers import PAPERS
from planner.model.roads import RoadClass, RoadSurface
from planner.parameters import fields_of
from planner.plugin import REASONS, Plugin
from planner.store.reads import counts, import_log
from planner.store.roles import Role
from planner.store.workspace import Workspace
from plugins.siting.options import Why

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What English keeps as it stands: clauses, the number of the document, the name of a column of an input file.
KEPT = re.compile(r"[一二三四五六]\([一二三四五六]\)|宁政发〔2017〕86号|“坐标系”")
PLACEHOLDER = re.compile(r"\{\w*\}")
# Names of languages, each in its own; a page shows them so in every language.
OWN_NAMES = {"语言 / Language", "中文"}
# What says what it is doing.
_WORKING = ("jobs/work", "jobs/ledgers", "jobs/rosters", "jobs/plans", "ledger/children")
# What an import of roads tells.
_ROADS = ("jobs/roads", "jobs/road_words", "roads/osm", "roads/line_files")
# What a move of a visit breaks.
_FAULTS = ("policy/visit_faults",)
# What is said of the gaps of the network.
_GAPS = ("model/network",)
# What the server itself answers, before there is a session with a language.
UNTRANSLATED = {ROOT / "planner" / "ui" / "server.py"}


def shape(text: str) -> str:
    """`text` with its placeholders unnamed, as a text put together by an f-string reads."""
    return PLACEHOLDER.sub("{}", text)


def page_texts() -> set[str]:
    """The Chinese texts in the sources of the pages; what is only raised is told in Chinese."""
    sources = sorted(set((ROOT / "planner" / "ui").rglob("*.py")) - UNTRANSLATED)
    sources += [ROOT / f"planner/{name}.py" for name in (*_ROADS, *_FAULTS, *_GAPS)]
    return set(chain.from_iterable(map(chinese_in, sources))) - OWN_NAMES


def chinese_in(source: Path) -> Iterator[str]:
    """The Chinese literals of a module, but for docstrings and errors; of an f-string its shape."""
    stack: list[ast.AST] = [ast.parse(source.read_text(encoding="utf-8"))]
    while stack:
        node = stack.pop()
        text = _literal(node)
        if text is not None:
            if CHINESE.search(text):
                yield text
        elif not isinstance(node, ast.Raise) and not _is_docstring(node):
            stack += ast.iter_child_nodes(node)
        if isinstance(node, ast.JoinedStr):
            stack += [part.value for part in node.values if isinstance(part, ast.FormattedValue)]


def _literal(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def built_in_plugins() -> list[Plugin]:
    """The plugins that the project names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = [value.split(":") for value in project["entry-points"]["planner.plugins"].values()]
    return [getattr(importlib.import_module(module), name) for module, name in points]


def declared_texts() -> set[str]:
    """What the built-in plugins and layers declare for a page to show, and the words for reasons and levels."""
    plugins = built_in_plugins()
    layers = {layer.name: layer for layer in [*_model_layers(), *_layers_of(plugins)]}
    texts = chain(
        chain.from_iterable(map(_texts_of_plugin, plugins)),
        chain.from_iterable(map(_texts_of_layer, layers.values())),
        REASONS.values(),
        (level.title for level in Level),
        Role,
        RoadClass,
        RoadSurface,
        Why,
        Fate,
        FINDING_WORDS.values(),
        FIELD_TITLES.values(),
        DUTY_PAPERS,
        (title for title, _ in COMPARED.values()),
    )
    return {text for text in texts if CHINESE.search(text)}


def _layers_of(plugins: list[Plugin]) -> Iterator[Layer]:
    for plugin in plugins:
        yield from (*plugin.reads, *plugin.makes)


def _model_layers() -> Iterator[Layer]:
    for module in pkgutil.iter_modules(planner.model.__path__, "planner.model."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Layer):
                yield value


def _texts_of_plugin(plugin: Plugin) -> Iterator[str]:
    yield from (plugin.title, plugin.summary, plugin.summary.splitlines()[0])
    for field in fields_of(plugin.params):
        yield from (field.title, field.unit, field.help)
        for choice in field.choices:
            yield from (choice.title, str(choice.value))  # a run is shown with the value


def _texts_of_layer(layer: Layer) -> Iterator[str]:
    yield layer.title
    yield from map(str, layer.tones)
    for name, column in layer.columns.items():
        yield from (str(column.title), layer.unit_of(name))
        for check in column.checks:
            yield from map(str, check.statistics.get("allowed_values", ()))


def result_texts(plugins: list[Plugin] | None = None) -> set[str]:
    """The shapes of what plugins (all built-in ones) write into results: figures, notes, what they are doing."""
    modules = [ROOT / Path(*plugin.module.split(".")) for plugin in plugins or built_in_plugins()]
    sources = [source for module in modules for source in sorted(module.glob("*.py"))]
    written = [source for source in sources if source.stem in ("metrics", "notes")]
    return {
        *chain.from_iterable(map(chinese_in, written)),
        *doings([*sources, *(ROOT / f"planner/{name}.py" for name in _WORKING)]),
    }


def doings(sources: list[Path]) -> set[str]:
    """What runs say they are doing: the texts given to `track` and `Progress`."""
    calls = (
        node
        for source in sources
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("track", "Progress")
    )
    given = (_literal(argument) for call in calls for argument in call.args)
    return {text for text in given if text and CHINESE.search(text)}


def store_texts(workspace: Workspace) -> set[str]:
    """What the store names in Chinese for the page of the data: the counts, the journal and its kinds."""
    log = import_log(workspace)
    return {*counts(workspace), *log.columns, *log["内容"], *PAPERS.values()}


def chinese_left(text: str) -> bool:
    """Whether Chinese is left in an English text beyond what is kept on purpose."""
    return CHINESE.search(KEPT.sub("", text)) is not None
