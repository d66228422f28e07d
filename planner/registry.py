"""The installed plugins: entry points of the group `planner.plugins`, the good ones and the broken ones.

A package adds a plugin by one line of its project file:

    [project.entry-points."planner.plugins"]
    my-plugin = "my_package:my_plugin"

Whatever is wrong with one is told with the way to mend it, and never stops the others. Where two packages
give the same name the built-in one stays and the other is refused; without a built-in one all of them are,
since nothing tells which was meant.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions

from planner.errors import InputError, PluginError
from planner.parameters import fields_of
from planner.plugin import Plugin, declaration_problems

GROUP = "planner.plugins"
BUILT_IN = "ningxia-child-coverage"


@dataclass(frozen=True)
class BrokenPlugin:
    """A plugin that cannot be used: its name, the package it came with, why not, and what to do."""

    name: str
    distribution: str
    reason: str
    fix: str


@dataclass(frozen=True)
class Catalogue:
    """What was found: the plugins by name, and the broken ones."""

    plugins: dict[str, Plugin]
    broken: list[BrokenPlugin]


@dataclass(frozen=True)
class _Claim:
    """One entry point, and the package that brings it."""

    point: EntryPoint
    package: str
    version: str

    @property
    def distribution(self) -> str:
        return f"{self.package} {self.version}".strip()


def find_plugins() -> Catalogue:
    """Load every installed plugin, by their order, then by name."""
    claims, broken = _read_claims()
    plugins = {}
    for name in sorted(claims):
        loaded, refused = _settle(name, claims[name])
        broken += refused
        if loaded is not None:
            plugins[name] = loaded
    ordered = sorted(plugins.items(), key=lambda item: (item[1].order, item[0]))
    return Catalogue(dict(ordered), broken)


def find_plugin(name: str) -> Plugin:
    """Load the plugin of that name and no other.

    Raises InputError with the nearest names where there is none, or with reason and fix where it is broken.
    """
    claims, _ = _read_claims()
    if name not in claims:
        near = difflib.get_close_matches(name, claims, n=3, cutoff=0.5)
        known = "、".join(near or sorted(claims)) or "(没有安装任何插件)"
        raise InputError(f"没有名为“{name}”的插件", f"{'是否为' if near else '可用的插件:'}{known}")
    loaded, broken = _settle(name, claims[name])
    if loaded is None:
        raise InputError(f"插件“{name}”不能使用:{broken[0].reason}", broken[0].fix)
    return loaded


def _read_claims() -> tuple[dict[str, list[_Claim]], list[BrokenPlugin]]:
    """The entry points of the group by name, and the packages whose list of them cannot be read."""
    claims: dict[str, list[_Claim]] = {}
    broken = []
    for package in _packages():
        label = f"{package.name} {package.version}"
        try:
            points = list(package.entry_points.select(group=GROUP))
        except (TypeError, ValueError, AttributeError) as error:
            broken.append(
                BrokenPlugin(
                    "(未知)",
                    label,
                    f"这个包的 entry_points.txt 不能读:{_in_one_line(error)}",
                    f'每行写成 名称 = "模块:函数",改好后重新安装 {package.name}',
                )
            )
            continue
        for point in points:
            claims.setdefault(point.name, []).append(_Claim(point, package.name, package.version))
    return claims, broken


def _packages() -> Iterator[Distribution]:
    """The installed packages that name the group; of two copies the first on the path, as Python does."""
    seen = set()
    for package in distributions():
        if GROUP in (package.read_text("entry_points.txt") or "") and package.name not in seen:
            seen.add(package.name)
            yield package


def _settle(name: str, claims: list[_Claim]) -> tuple[Plugin | None, list[BrokenPlugin]]:
    """The plugin of a name, if one may be used, and the claims to it that are refused."""
    if len(claims) == 1:
        loaded = _load(claims[0])
        return (loaded, []) if isinstance(loaded, Plugin) else (None, [loaded])
    built_in = [claim for claim in claims if claim.package == BUILT_IN][:1]
    others = [claim for claim in claims if claim not in built_in]
    everyone = "、".join(claim.distribution for claim in claims)
    decision = "使用内置的一个" if built_in else "无法判断用哪一个,都不使用"
    refused = [
        BrokenPlugin(
            name,
            claim.distribution,
            f"名称重复:{everyone} 都提供“{name}”;{decision}",
            f"给插件函数改名后重新安装,或卸载其中一个:pip uninstall {claim.package}",
        )
        for claim in others
    ]
    if not built_in:
        return None, refused
    settled, failures = _settle(name, built_in)
    return settled, failures + refused


def _load(claim: _Claim) -> Plugin | BrokenPlugin:
    """Load one entry point; whatever its module does wrong is an answer, not an end."""
    point = claim.point

    def broken(reason: str, fix: str) -> BrokenPlugin:
        return BrokenPlugin(point.name, claim.distribution, reason, fix)

    reinstall = f"改好后重新安装 {claim.package},或卸载它:pip uninstall {claim.package}"
    try:
        loaded = point.load()
    except SyntaxError as error:
        place = f"{error.filename} 第{error.lineno}行"
        return broken(f"语法错误:{place}:{error.msg}", reinstall)
    except PluginError as error:
        return broken(_in_one_line(error), reinstall)
    except ModuleNotFoundError as error:
        return broken(f"缺少模块“{error.name}”", f"安装缺少的包:pip install {error.name};或{reinstall}")
    except (Exception, SystemExit) as error:
        return broken(f"不能导入“{point.value}”:{_in_one_line(error)}", reinstall)
    if not isinstance(loaded, Plugin):
        kind = type(loaded).__name__
        return broken(
            f"“{point.value}”不是插件,而是 {kind}", f"给函数加上 @plugin(…),并让入口指向它;{reinstall}"
        )
    if loaded.name != point.name:
        return broken(
            f"入口名“{point.name}”与插件名“{loaded.name}”不同",
            f"在 pyproject.toml 中把入口名改为 {loaded.name};{reinstall}",
        )
    try:
        if problems := declaration_problems(loaded):
            raise PluginError("声明有误", problems=problems)
        fields_of(loaded.params)
    except (PluginError, AttributeError, TypeError) as error:  # not every Plugin comes from the decorator
        return broken(_in_one_line(error), reinstall)
    return loaded


def _in_one_line(error: BaseException) -> str:
    text = ";".join(line.strip() for line in str(error).splitlines() if line.strip())
    return text if isinstance(error, PluginError) else f"{type(error).__name__} {text}".strip()
