"""Reading and taking out child files: `planner child list|show|find|reveal|export`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planner.cli.chinese import DAY, ChineseCommand, ChineseGroup, Parsed, one_of
from planner.cli.personal import read_values
from planner.cli.workspace import opened, workspace_option
from planner.model.demand import Category
from planner.model.words import Grade

if TYPE_CHECKING:
    import networkx as nx

    from planner.store.children import ChildFile, Choice
    from planner.store.workspace import Workspace


def _code(text: str) -> str:
    from planner.model.divisions import is_code

    if not is_code(text):
        raise ValueError(text)
    return text


_CODE = Parsed("代码", _code, "区划代码,如640323100(乡镇)或640323100201(村)")
_GRADE = Parsed("等级", one_of(list(Grade)), "、".join(Grade))
_CATEGORY = Parsed("类型", one_of(list(Category)), "、".join(Category))
JSON = click.option("--json", "as_json", is_flag=True, help="标准输出为一个 JSON 对象")
FILE = click.argument("file", metavar="档案编号")
REASON = click.option("--reason", required=True, metavar="理由", help="用途,记入审计")
AS_OF = click.option("--as-of", type=DAY, metavar="日期", help="截至日,默认数据最新的一天")
_NUMBERS = ("身份证号", "监护人身份证号", "残疾情况残疾证号")


def _choosing(command: Any) -> Any:
    """The options that say which files are meant."""
    for option in (
        click.option("--category", type=_CATEGORY, metavar="类型", help=f"只要这一类:{'、'.join(Category)}"),
        click.option("--grade", type=_GRADE, metavar="等级", help="只要这一风险等级:高、中、低"),
        click.option("--village", "--township", "area", type=_CODE, metavar="代码", help="只要这个村或乡镇"),
        AS_OF,
    ):
        command = option(command)
    return command


def _choice(area: str | None, grade: str | None, category: str | None, files: Iterable[str] = ()) -> Choice:
    from planner.store.children import Choice

    return Choice(
        area,
        None if grade is None else Grade(grade),
        None if category is None else Category(category),
        frozenset(files) or None,
    )


@click.group("child", cls=ChineseGroup)
def child() -> None:
    """困境儿童档案(一人一档):查看、查找、导出。"""


@child.command("list", cls=ChineseCommand)
@workspace_option
@_choosing
@JSON
def list_(
    workspace: Path | None,
    as_of: date | None,
    area: str | None,
    grade: str | None,
    category: str | None,
    as_json: bool,
) -> None:
    """列出管辖区域内的档案。"""
    from planner.store.children import read_files
    from planner.store.reads import newest_data_day

    here = opened(workspace)
    day = as_of or newest_data_day(here)
    files = read_files(here, as_of=day, choice=_choice(area, grade, category))
    _show_files(here, files, day, as_json=as_json)


@child.command("show", cls=ChineseCommand)
@FILE
@workspace_option
@click.option("--history", is_flag=True, help="列出全部版本")
@JSON
def show(file: str, workspace: Path | None, history: bool, as_json: bool) -> None:
    """查看一份档案的最新版本。"""
    from planner.store.children import read_file, read_history

    here = opened(workspace)
    versions = read_history(here, file) if history else [read_file(here, file)]
    tree = _tree(here, versions[-1].valid_from)
    told = [_whole(version, tree) for version in versions]
    if as_json:
        _echo_json({"file": file, "versions": told})
        return
    for version in told:
        click.echo(
            "\n".join(f"{title}:{value}" for title, value in version.items() if value not in (None, ""))
        )
        click.echo("")


@child.command("find", cls=ChineseCommand)
@workspace_option
@JSON
def find(workspace: Path | None, as_json: bool) -> None:
    """按身份证号查找。号码从标准输入读取,或按提示输入(不显示);不写在命令行上,以免留在历史记录里。"""
    from planner.store.children import find_by_index
    from planner.store.reads import newest_data_day

    here = opened(workspace)
    (number,) = read_values(["身份证号"])
    _show_files(here, find_by_index(here, number), newest_data_day(here), as_json=as_json)


@child.command("reveal", cls=ChineseCommand)
@FILE
@workspace_option
@REASON
@JSON
def reveal(file: str, workspace: Path | None, reason: str, as_json: bool) -> None:
    """查看完整的证件号(只限县民政);理由记入审计。"""
    from planner.store.children import reveal_file

    here = opened(workspace)
    whole = reveal_file(here, file, reason)
    told = _whole(whole, _tree(here, whole.valid_from))
    shown = {title: told[title] for title in ("档案编号", "姓名", *_NUMBERS)}
    if as_json:
        _echo_json(shown)
    else:
        click.echo("\n".join(f"{title}:{value or '—'}" for title, value in shown.items()))


@child.command("export", cls=ChineseCommand)
@click.argument("files", metavar="[档案编号]…", nargs=-1)
@workspace_option
@REASON
@_choosing
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="文件.xlsx",
    help="写到这个文件;给出文件夹时自动取名",
)
@JSON
def export(
    files: tuple[str, ...],
    workspace: Path | None,
    reason: str,
    as_of: date | None,
    area: str | None,
    grade: str | None,
    category: str | None,
    out: Path,
    as_json: bool,
) -> None:
    """导出档案为 xlsx:带编号、导出人和用途,身份证号遮盖。写出档案编号时只导出这几份。"""
    from planner.jobs.exports import export_files
    from planner.store.reads import newest_data_day

    here = opened(workspace)
    choice = _choice(area, grade, category, files)
    done = export_files(here, out, as_of=as_of or newest_data_day(here), reason=reason, choice=choice)
    if as_json:
        _echo_json({"serial": done.serial, "file": done.path.name, "rows": done.rows})
    else:
        click.echo(f"已导出{done.rows}份档案到 {done.path.name},编号 {done.serial}")


def _tree(here: Workspace, day: date) -> nx.DiGraph:
    from planner.store.reads import read_all_divisions

    return read_all_divisions(here, as_of=day)


def _show_files(here: Workspace, files: list[ChildFile], day: date, *, as_json: bool) -> None:
    from planner.documents.child_columns import name_of

    tree = _tree(here, day)
    told = [
        {
            "file": file.file,
            "name": file.content.get("name"),
            "id_number": file.content.get("id_number"),
            "township": file.township,
            "village": file.village,
            "place": name_of(file.area, tree),
            "grade": file.grade,
            "categories": list(file.categories),
            "since": file.valid_from.isoformat(),
        }
        for file in files
    ]
    if as_json:
        _echo_json({"as_of": day.isoformat(), "files": told})
        return
    for file, row in zip(files, told, strict=True):
        words = (row["file"], row["name"], row["id_number"] or "未上户", row["place"], row["grade"])
        click.echo("  ".join([*(str(word or "—") for word in words), "、".join(file.categories) or "—"]))
    click.echo(f"共{len(files)}份", err=True)


def _whole(file: ChildFile, tree: nx.DiGraph) -> dict[str, Any]:
    """A version under Chinese titles; of one held elsewhere no more than that there was one."""
    from planner.documents.child_columns import name_of, told
    from planner.store.child_records import record_of

    own = {
        "档案编号": file.file,
        "版本": file.version,
        "起始日期": file.valid_from.isoformat(),
        "终止日期": file.valid_to and file.valid_to.isoformat(),
        "登记时间": file.recorded_at.astimezone().isoformat(" ", "seconds"),
        "管理乡镇": name_of(file.township, tree),
        "核定类型": "、".join(file.categories),
        "核定等级": file.grade,
    }
    if "sex" not in file.content:
        return {**own, "姓名": file.content.get("name")}
    return {**own, **told(record_of(file), tree)}


def _echo_json(content: dict[str, Any]) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=2))
