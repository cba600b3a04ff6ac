from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from paretint.dashboard import create_app
from paretint.dashboard.files import download_names, file_address, inside
from paretint.dashboard.pages import load_pages
from paretint.store import Run

SECRET = b"nobody's business"


@pytest.fixture
def folder(run: Run) -> Path:
    """A trial's folder of files, with a secret beside the run's models and one beside the run."""
    folder = run.models("t0007")
    (folder / "faces").mkdir(parents=True)
    (folder / "model.mlpackage" / "Data").mkdir(parents=True)
    for name in ("model.onnx", "model.mlpackage/Manifest.json", "model.mlpackage/Data/weights"):
        (folder / name).write_bytes(name.encode())
    (folder / "recipe.yaml").write_text("<script>window.ran = 1</script>")
    (folder / "faces" / "1-before.webp").write_bytes(b"RIFF")
    (run.folder / "secret").write_bytes(SECRET)
    (run.folder.parent / "secret").write_bytes(SECRET)
    hidden = run.folder / "models" / ".t0008-half"
    hidden.mkdir()
    (hidden / "model.onnx").write_bytes(SECRET)
    return folder


class Client(FlaskClient):
    """Reads answers to their end, or files of the server would stay open."""

    def open(self, *asked: Any, **how: Any) -> Any:
        return super().open(*asked, **how | {"buffered": True})


@pytest.fixture
def client(run: Run) -> FlaskClient:
    server = create_app([run], load_pages()).server
    server.test_client_class = Client
    return server.test_client()


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("model.onnx", "application/octet-stream", True),
        ("recipe.yaml", "text/plain; charset=utf-8", False),
        ("faces/1-before.webp", "image/webp", False),
        ("model.mlpackage.zip", "application/zip", True),
    ],
)
def test_files_of_a_trial_are_given_out(
    client: FlaskClient, folder: Path, name: str, kind: str, kept: bool
) -> None:
    answer = client.get(file_address("made-up", "t0007", name))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    disposition = answer.headers.get("Content-Disposition", "")
    assert disposition.startswith("attachment") is kept
    if kind != "application/zip":
        assert answer.data == (folder / name).read_bytes()


def test_a_package_is_one_file_of_the_same_bytes_each_time(
    client: FlaskClient, folder: Path
) -> None:
    address = file_address("made-up", "t0007", "model.mlpackage.zip")
    first = client.get(address).data
    assert client.get(address).data == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == [
            "model.mlpackage/Data/weights",
            "model.mlpackage/Manifest.json",
        ]
        assert archive.read("model.mlpackage/Manifest.json") == b"model.mlpackage/Manifest.json"
    (folder / "model.mlpackage" / "linked").symlink_to(folder.parents[2] / "secret")
    with zipfile.ZipFile(io.BytesIO(client.get(address).data)) as archive:
        assert "model.mlpackage/linked" not in archive.namelist()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "path",
    [
        "../secret",
        "../../secret",
        "%2e%2e/secret",
        "..%2fsecret",
        "..%2f..%2fsecret",
        "t0007/../../secret",
        "t0007/%2e%2e/%2e%2e/secret",
        "t0007/..\\..\\secret",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "//etc/passwd",
        "t0007/model.onnx%00.yaml",
        ".t0008-half/model.onnx",
        "t0007",
        "t0007/",
        "t0007/nothing",
        "t0007/faces.zip",
        "t0007/model.mlpackage",
        "",
    ],
)
def test_no_path_leads_out_of_a_runs_models(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/files/made-up/models/{path}")
    assert SECRET not in answer.data
    assert b"root:" not in answer.data
    # What the browser or the server makes of `..` may be a page of the dashboard, never a file.
    assert answer.status_code == 404 or b"<title>made-up" in answer.data


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("run_name", ["other", "..", "made-up%2f..", "%2e%2e%2fruns%2fmade-up"])
def test_no_other_run_is_served(client: FlaskClient, run_name: str) -> None:
    answer = client.get(f"/files/{run_name}/models/t0007/model.onnx")
    assert answer.data != b"model.onnx"


def test_links_that_lead_out_are_not_followed(client: FlaskClient, run: Run, folder: Path) -> None:
    (folder / "out.onnx").symlink_to(run.folder / "secret")
    (folder / "within.onnx").symlink_to(folder / "model.onnx")
    (run.folder / "models" / "t0009").symlink_to(run.folder.parent)
    for name in ("t0007/out.onnx", "t0009/secret"):
        assert client.get(f"/files/made-up/models/{name}").status_code == 404
    assert client.get("/files/made-up/models/t0007/within.onnx").data == b"model.onnx"


def test_models_that_lie_elsewhere_are_not_served(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret").write_bytes(SECRET)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "models").symlink_to(tmp_path / "elsewhere")
    assert inside(tmp_path / "run", "secret") is None


def test_only_reading_is_allowed(client: FlaskClient, folder: Path) -> None:
    address = file_address("made-up", "t0007", "model.onnx")
    assert client.head(address).status_code == 200
    for ask in (client.post, client.put, client.delete):
        assert ask(address).status_code == 405
    assert (folder / "model.onnx").exists()


def test_names_are_written_for_an_address() -> None:
    assert file_address("a/b", "t?#%", "x y.onnx") == "/files/a%2Fb/models/t%3F%23%25/x%20y.onnx"


def test_what_can_be_had_of_a_trial(folder: Path) -> None:
    assert download_names(folder) == ["model.mlpackage.zip", "model.onnx", "recipe.yaml"]
    assert download_names(folder / "nothing") == []
