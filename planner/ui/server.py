"""The web server: Streamlit as one ASGI app, with our own assets, geometry and headers beside it.

It binds to this machine alone: until a certificate is configured nothing is announced beyond it (R-NET).
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
import threading
import time
import webbrowser
from pathlib import Path

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from planner.errors import InputError
from planner.jobs import spare
from planner.maps import ASSETS, asset_folders
from planner.ui import frame, shapes
from planner.ui.session import WORKSPACE_VARIABLE

_LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
_MAX_MESSAGE_BYTES = 64 * 1024 * 1024
_HEADERS = {
    # Streamlit and folium run scripts of their own making, so inline scripts stay allowed; other hosts do not.
    "content-security-policy": "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "connect-src 'self' ws: wss: data: blob:; frame-ancestors 'self'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


class PageHead:
    """Puts our language and title into every page that Streamlit serves, and our headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; rewrite the head of an HTML answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if _is_page(scope["path"]):  # left uncompressed, so that it can be read
            kept = [item for item in scope["headers"] if item[0] != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        start: Message | None = None
        body = b""

        async def rewrite(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                message["headers"] = _with_headers(message["headers"])
                start = message if _is_html(message["headers"]) else None
                if start is None:
                    await send(message)
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    page = _rewritten(body)
                    length = (b"content-length", str(len(page)).encode())
                    others = [
                        item for item in start["headers"] if item[0] not in (b"content-length", b"etag")
                    ]
                    await send({**start, "headers": [*others, length]})
                    await send({"type": "http.response.body", "body": page})

        await self.app(scope, receive, rewrite)


def _is_page(path: str) -> bool:
    last = path.rsplit("/", 1)[-1]
    return not path.startswith("/_stcore/") and ("." not in last or last.endswith(".html"))


def _is_html(headers: list[tuple[bytes, bytes]]) -> bool:
    values = dict(headers)
    return values.get(b"content-type", b"").startswith(b"text/html") and b"content-encoding" not in values


def _with_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    ours = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
    return [*headers, *ours]


def _rewritten(page: bytes) -> bytes:
    text = page.decode().replace('<html lang="en">', '<html lang="zh-CN">')
    return text.replace("<title>Streamlit</title>", "<title>困境儿童保障一张图</title>").encode()


def geometry(request: Request) -> Response:
    """A geometry file by its name; 404 for a name no page has made."""
    content = shapes.content(request.path_params["name"])
    if content is None:
        return Response(
            "没有这个图层文件,请刷新页面", status_code=404, media_type="text/plain; charset=utf-8"
        )
    headers = {"cache-control": "private, max-age=31536000, immutable"}  # the name holds the content's hash
    return Response(content, media_type="application/geo+json", headers=headers)


def _routes() -> list[BaseRoute]:
    mounts: list[BaseRoute] = [
        Mount(f"{ASSETS}/{name}", StaticFiles(directory=folder)) for name, folder in asset_folders().items()
    ]
    return [*mounts, Route(f"{shapes.ADDRESS}/{{name}}", geometry)]


def check_host(host: str) -> None:
    """Raises InputError for an address that other machines could reach."""
    if host not in _LOCAL_HOSTS:
        raise InputError(
            f"不能监听 {host}:没有配置证书,数据会以明文离开本机",
            "用 --host 127.0.0.1;要给别的机器用,请在前面放置带证书的反向代理",
        )


def check_port(host: str, port: int) -> None:
    """Raises InputError where the app cannot listen on the port, because somebody else does or it is reserved."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as trial:
        trial.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as the server does: one just ended is free
        try:
            trial.bind(address)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            problem = "已被别的程序占用" if error.errno == errno.EADDRINUSE else "要有系统管理员的权限才能用"
            raise InputError(
                f"端口{port}{problem}", "用 --port 换一个,如 --port 8502;或先结束占用它的程序"
            ) from error


def serve(folder: Path, host: str = "127.0.0.1", port: int = 8501, *, open_browser: bool = False) -> None:
    """Serve the workspace `folder` until interrupted. Raises as `check_host` and `check_port`.

    `open_browser` shows the app once it answers, where there is a screen.
    """
    check_host(host)
    check_port(host, port)
    if open_browser and (sys.platform != "linux" or {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ)):
        threading.Thread(target=_show_when_ready, args=(host, port), daemon=True).start()
    os.environ[WORKSPACE_VARIABLE] = str(folder.resolve())
    spare.keep()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # addresses of pages name runs and divisions
        ws_max_size=_MAX_MESSAGE_BYTES,
        server_header=False,
    )


def _show_when_ready(host: str, port: int) -> None:
    for _ in range(100):
        time.sleep(0.1)
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            webbrowser.open(f"http://{host}:{port}")
            return


app = st.App(
    Path(__file__).parent / "entry" / "main.py",
    routes=_routes(),
    middleware=[Middleware(PageHead)],
    on_script_error=frame.script_failed,
)
