"""The dashboard's server: pages that follow their runs while these are written."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from html import escape
from pathlib import Path

from dash import Dash
from flask import Flask, Response
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from paretint.dashboard.files import serve_files
from paretint.dashboard.follow import follow
from paretint.dashboard.pages import Page, load_pages
from paretint.dashboard.policy import content_policy
from paretint.dashboard.view import LiveRun, run_name
from paretint.errors import UserError
from paretint.store import Run

PORT = 8050
_PORTS = range(65536)
_PORTS_TRIED = 20
_LOOPBACK = ["127.0.0.1", "localhost"]
_INDEX = """<!doctype html>
<html lang="en">
<head>{%metas%}<title>{%title%}</title>{%favicon%}{%css%}</head>
<body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body>
</html>"""


def serve(
    folders: Sequence[Path],
    host: str = "127.0.0.1",
    port: int = PORT,
    say: Callable[[str], None] = print,
    dashboards: Path | None = None,
) -> None:
    """Serve the pages of the runs in ``folders`` until interrupted.

    ``dashboards`` is a folder of more pages (see `load_pages`). ``say`` is told the address, and
    when ``port`` is taken and the next free one is used; 0 is any that is free.

    Raises:
        UserError: a folder is no run, two have one name, a page cannot be loaded, or as `listen`.
    """
    app = create_app([Run.open(folder) for folder in folders], load_pages(dashboards), host)
    listener = listen(host, port)
    free = listener.getsockname()[1]
    if port and free != port:
        say(f"port {port} is in use; using {free}")
    with listener, suppress(KeyboardInterrupt):
        server = server_for(app, listener)
        say(f"http://{host}:{free}/ (Ctrl-C ends it)")
        server.serve_forever()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on ``port``, or on the next one that is free.

    Raises:
        UserError: there is no such port, none of the next ones is free, or the host is not this
            machine's.
    """
    if port not in _PORTS:
        raise UserError(f"--port {port}: give {_PORTS[0]} to {_PORTS[-1]}")
    for candidate in _PORTS[port : port + _PORTS_TRIED]:
        try:
            return socket.create_server((host, candidate))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise UserError(f"{host}:{candidate}: {error.strerror}; choose another") from None
    raise UserError(f"ports {port} to {candidate} are all in use; name another with --port")


class _Silent(WSGIRequestHandler):
    """Serves without a line on the terminal for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def server_for(app: Dash, listener: socket.socket) -> BaseWSGIServer:
    """A server of ``app`` on ``listener``, which must stay open as long as it serves."""
    host, port = listener.getsockname()[:2]
    return make_server(
        host, port, app.server, threaded=True, request_handler=_Silent, fd=listener.fileno()
    )


def create_app(runs: Sequence[Run], pages: Sequence[Page], host: str = "127.0.0.1") -> Dash:
    """The Dash application with ``pages`` of ``runs``; the first of both is shown at `/`.

    Raises:
        UserError: two runs have one name.
    """
    app = Dash(
        "paretint",
        assets_folder=str(Path(__file__).parent / "assets"),
        index_string=_INDEX,
        title=_title(runs),
        update_title="",
        add_log_handler=False,
    )
    follow(app, _by_name(runs), pages)
    serve_files(app.server, {run_name(run): run.folder for run in runs})
    _harden(app, host)
    return app


def _title(runs: Sequence[Run]) -> str:
    return escape(" · ".join([*(run_name(run) for run in runs), "Paretint"]))


def _by_name(runs: Sequence[Run]) -> dict[str, LiveRun]:
    live: dict[str, LiveRun] = {}
    for run in runs:
        if run_name(run) in live:
            raise UserError(f"two runs are named {run_name(run)!r}; rename the folder of one")
        live[run_name(run)] = LiveRun(run)
    return live


def _harden(app: Dash, host: str) -> None:
    """Let pages load from this server alone and, on this machine's own address, only by its name.

    Otherwise a web page elsewhere could read the dashboard through a name that points here.
    """
    server: Flask = app.server
    if host in _LOOPBACK:
        server.config["TRUSTED_HOSTS"] = _LOOPBACK
    policy = content_policy([app.renderer], "'self'")

    @server.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
