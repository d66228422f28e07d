"""What the source files of a plugin import, and whether they say what they are."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

from planner.errors import Problem

# Of this program a plugin may use the public interface; the rest (store, files, pages) is not its business.
ALLOWED = ("planner.plugin", "planner.model", "planner.policy", "planner.roads", "planner.errors")
FORBIDDEN = ("planner", "plugins", "geodata", "streamlit", "folium", "sqlalchemy", "alembic", "sqlite3")
_GROUP = "planner.plugins"


def source_problems(module: str) -> Iterator[Problem]:
    """The breaches in the file of `module` and in the files of its own package that it imports, and so on."""
    strangers = _modules_of_other_plugins(module)
    for name, path in _own_files(module).items():
        tree = ast.parse(path.read_bytes(), str(path))
        for line, target in _imports(tree, name, is_package=path.name == "__init__.py"):
            if _within(target, strangers) and not _within(target, (_package_of(module),)):
                yield Problem(f"{path.name} 第{line}行导入了另一个插件:{target}", "插件之间只通过图层相连")
            elif _is_forbidden(target, module):
                yield Problem(
                    f"{path.name} 第{line}行导入了{target}",
                    f"插件只用 {'、'.join(ALLOWED)} 和求解所需的库",
                )
        yield from _undocumented(tree, path)


def _is_forbidden(target: str, module: str) -> bool:
    return (
        _within(target, FORBIDDEN)
        and not _within(target, ALLOWED)
        and not _within(target, (_package_of(module),))
    )


def _within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _package_of(module: str) -> str:
    """The package whose files are the plugin's own: the module itself where it is one, else what holds it."""
    found = sys.modules[module]
    return module if hasattr(found, "__path__") else module.rpartition(".")[0] or module


def _modules_of_other_plugins(module: str) -> tuple[str, ...]:
    others = {point.module for point in entry_points(group=_GROUP)}
    return tuple(sorted(other for other in others if not _within(module, (other,))))


def _own_files(module: str) -> dict[str, Path]:
    """The files by module name, found by following imports inside the plugin's own package."""
    package = _package_of(module)
    waiting, files = [module], {}
    while waiting:
        name = waiting.pop()
        path = _file_of(name)
        if name in files or path is None:
            continue
        files[name] = path
        targets = _imports(ast.parse(path.read_bytes()), name, is_package=path.name == "__init__.py")
        waiting += [target for _, target in targets if _within(target, (package,))]
    return files


def _file_of(name: str) -> Path | None:
    """The source of a module; None where `name` is something inside one, or there is no source."""
    loaded = sys.modules.get(name)
    try:
        spec = loaded.__spec__ if loaded is not None else importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return None
    origin = spec.origin if spec is not None else getattr(loaded, "__file__", None)
    return Path(origin) if origin is not None and origin.endswith(".py") else None


def _imports(tree: ast.Module, name: str, *, is_package: bool) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported anywhere in the file; relative names made absolute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                steps = name.split(".")
                here = steps[: len(steps) - node.level + int(is_package)]
                base = ".".join([*here, *([base] if base else [])])
            yield node.lineno, base
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def _undocumented(tree: ast.Module, path: Path) -> Iterator[Problem]:
    named = (ast.FunctionDef, ast.ClassDef)
    if not ast.get_docstring(tree):
        yield Problem(f"{path.name} 开头没有说明", "第一行写一句文档字符串")
    for node in tree.body:
        if isinstance(node, named) and not node.name.startswith("_") and not ast.get_docstring(node):
            yield Problem(f"{path.name} 第{node.lineno}行的 {node.name} 没有说明", "写一段文档字符串")
