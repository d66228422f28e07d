"""`planner serve`: the app in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from planner.cli.chinese import PORT, ChineseCommand
from planner.cli.workspace import folder_of, opened, workspace_option


@click.command("serve", cls=ChineseCommand)
@workspace_option
@click.option("--host", default="127.0.0.1", metavar="地址", help="监听的地址,默认只在本机")
@click.option("--port", type=PORT, default=8501, metavar="端口", help="端口,默认8501")
@click.option("--open", "open_browser", is_flag=True, help="准备好后在浏览器中打开")
def serve(workspace: Path | None, host: str, port: int, open_browser: bool) -> None:
    """打开网页(只在本机监听)。"""
    from planner.store.audit import Action, record
    from planner.store.runs import mark_broken_runs
    from planner.ui.server import check_host, check_port
    from planner.ui.server import serve as serve_app

    check_host(host)
    here = opened(workspace)
    check_port(host, port)
    mark_broken_runs(here)
    with here.writing() as connection:
        record(connection, Action.SERVE, detail={"port": port})
    click.echo(f"在浏览器中打开 http://{host}:{port} ,按 Ctrl-C 结束", err=True)
    serve_app(folder_of(workspace), host=host, port=port, open_browser=open_browser)
