from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from paretint.dashboard import create_app, listen, load_pages
from paretint.errors import UserError
from paretint.store import Run


def test_a_port_in_use_gives_the_next_free_one() -> None:
    with listen("127.0.0.1", 18050) as first:
        taken = first.getsockname()[1]
        with listen("127.0.0.1", taken) as second:
            assert second.getsockname()[1] > taken


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_there_is_not_is_a_mistake(port: int) -> None:
    with pytest.raises(UserError, match=f"^--port {port}: give 0 to 65535$"):
        listen("127.0.0.1", port)


def test_the_search_for_a_free_port_ends_at_the_last() -> None:
    with (
        listen("127.0.0.1", 65535),
        pytest.raises(UserError, match=r"^ports 65535 to 65535 are all in use"),
    ):
        listen("127.0.0.1", 65535)


def test_a_host_that_is_not_ours_is_a_mistake() -> None:
    with pytest.raises(UserError, match=r"192\.0\.2\.1:18050: .*; choose another"):
        listen("192.0.2.1", 18050)


def test_two_runs_of_one_name_are_a_mistake(run: Run) -> None:
    with pytest.raises(UserError, match="two runs are named 'made-up'"):
        create_app([run, run], load_pages())


def test_pages_may_load_from_this_server_alone(run: Run) -> None:
    client = create_app([run], load_pages()).server.test_client()
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert re.search(r"script-src 'self' 'sha256-[^ ]+';", policy)
    assert not re.findall(r'(?:src|href)="(?!/)', answer.text)


def test_another_sites_name_for_this_address_is_refused(run: Run) -> None:
    app = create_app([run], load_pages())
    asked = {"base_url": "http://evil.example:8050"}
    assert app.server.test_client().get("/", **asked).status_code == 400
    everywhere = create_app([run], load_pages(), host="0.0.0.0")
    assert everywhere.server.test_client().get("/", **asked).status_code == 200


@pytest.mark.parametrize(
    "path", ["/assets/../server.py", "/assets/%2e%2e/server.py", "/..%2f..%2f"]
)
def test_no_path_leads_out(run: Run, path: str) -> None:
    client = create_app([run], load_pages()).server.test_client()
    assert "def " not in client.get(path).text


SERVE = (
    "import sys; from pathlib import Path; from paretint.dashboard import serve;"
    "serve([Path(sys.argv[1])], port=int(sys.argv[2]), say=lambda s: print(s, flush=True))"
)


def test_port_0_is_any_that_is_free(run: Run) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(run.folder), "0"], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert re.match(r"http://127\.0\.0\.1:[1-9]\d*/ ", process.stdout.readline())
        process.send_signal(signal.SIGINT)


def test_serves_until_interrupted_and_says_where(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(run.folder), str(port)],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with process:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert re.fullmatch(rf"port {port} is in use; using \d+\n", said)
            url = process.stdout.readline().split()[0]
            with urllib.request.urlopen(url, timeout=60) as answer:
                assert b"<title>made-up \xc2\xb7 Paretint</title>" in answer.read()
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 0
